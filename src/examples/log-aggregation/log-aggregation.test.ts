import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { LinesRefusedError, LogShipper } from './log-aggregation.ts';
import type { ShipperOptions, ShippingEvent } from './log-aggregation.ts';

describe('while the collector is there', () => {
  test('lines go in batches, after the time that they may wait', async () => {
    const { clock, shipper, batches } = start();
    expect([shipper.write('a'), shipper.write('b')]).toEqual([true, true]);
    await clock.advance(99);
    expect(batches).toEqual([]);
    await clock.advance(1);
    expect(batches).toEqual([['a', 'b']]);
    expect(shipper.held).toBe(0);
    expect(clock.pending).toBe(0);
  });

  test('what comes while a batch is on its way goes with the next, at once and in order', async () => {
    const { clock, shipper, batches } = start({ mostPerBatch: 2, send: async (lines) => void (await clock.sleep(50), batches.push([...lines])) });
    for (const line of ['a', 'b', 'c', 'd', 'e']) shipper.write(line);
    await clock.advance(60);
    shipper.write('f');
    await clock.advance(90);
    expect(batches).toEqual([['a', 'b'], ['c', 'd'], ['e', 'f']]);
  });

  test('a full batch waits for nobody, and neither does a buffer that is full before', async () => {
    for (const full of [{ mostPerBatch: 3 }, { mostLines: 3 }]) {
      const { clock, shipper, batches } = start(full);
      shipper.write('a');
      shipper.write('b');
      await clock.advance(0);
      expect(batches).toEqual([]);
      shipper.write('c');
      expect(batches).toEqual([]);
      await clock.advance(0);
      expect(batches).toEqual([['a', 'b', 'c']]);
      expect(clock.pending).toBe(0);
    }
  });

  test('what matters goes first', async () => {
    const { clock, shipper, batches } = start();
    shipper.write('routine');
    shipper.write('error', true);
    await clock.advance(100);
    expect(batches).toEqual([['error', 'routine']]);
  });

  test('a line that comes in the moment in which shipping ends is not left behind', async () => {
    for (let moments = 0; moments < 10; moments += 1) {
      const later = async (): Promise<void> => {
        for (let moment = 0; moment < moments; moment += 1) await undefined;
        if (batches.length === 1) shipper.write('b');
      };
      const { clock, shipper, batches } = start({ onEvent: () => void later() });
      shipper.write('a');
      await clock.advance(200);
      expect(batches).toEqual([['a'], ['b']]);
    }
  });

  test('the next line after a quiet time has a timer of its own', async () => {
    const { clock, shipper, batches } = start();
    shipper.write('a');
    await clock.advance(100);
    shipper.write('b');
    await clock.advance(100);
    expect(batches).toEqual([['a'], ['b']]);
  });
});

describe('when the buffer is full', () => {
  test('a routine line is dropped and counted, and whoever writes goes on', async () => {
    const { shipper, events } = start({ mostLines: 2 });
    expect(['a', 'b', 'c'].map((line) => shipper.write(line))).toEqual([true, true, false]);
    expect(shipper.dropped).toBe(1);
    expect(shipper.held).toBe(2);
    expect(events).toEqual([{ type: 'dropped', important: false }]);
  });

  test('an important line takes the place of the oldest routine line, and of no other important one', async () => {
    const { clock, shipper, batches, events } = start({ mostLines: 2 });
    expect([shipper.write('a'), shipper.write('b'), shipper.write('error 1', true), shipper.write('error 2', true), shipper.write('error 3', true)]).toEqual([true, true, true, true, false]);
    await clock.advance(100);
    expect(batches).toEqual([['3 lost', 'error 1', 'error 2']]);
    expect(events.filter(({ type }) => type === 'dropped')).toEqual([{ type: 'dropped', important: false }, { type: 'dropped', important: false }, { type: 'dropped', important: true }]);
  });

  test('of the routine lines the oldest goes', async () => {
    const { clock, shipper, batches } = start({ mostLines: 2 });
    shipper.write('a');
    shipper.write('b');
    shipper.write('error', true);
    await clock.advance(100);
    expect(batches).toEqual([['1 lost', 'error', 'b']]);
  });

  test('lines on their way count, so memory has one bound', async () => {
    const { clock, shipper } = start({ mostLines: 2, send: () => clock.sleep(50) });
    shipper.write('a');
    shipper.write('b');
    await clock.advance(10);
    expect([shipper.held, shipper.write('c')]).toEqual([2, false]);
    await clock.advance(50);
    expect(shipper.write('d')).toBe(true);
  });

  test('what is lost while a loss is being told is told the next time', async () => {
    const { clock, shipper, batches } = start({ mostLines: 1, send: async (lines) => void (await clock.sleep(50), batches.push([...lines])) });
    for (const line of ['a', 'b']) shipper.write(line);
    await clock.advance(10);
    expect(shipper.write('c')).toBe(false);
    await clock.advance(200);
    expect(batches).toEqual([['1 lost', 'a'], ['1 lost']]);
  });

  test('the loss is told once, when the collector is back', async () => {
    const { clock, shipper, batches, collector } = start({ mostLines: 2 });
    collector.down = true;
    for (const line of ['a', 'b', 'c', 'd']) shipper.write(line);
    await clock.advance(200);
    collector.down = false;
    await clock.advance(1_000);
    shipper.write('e');
    await clock.advance(100);
    expect(batches).toEqual([['2 lost', 'a', 'b'], ['e']]);
  });
});

describe('while the collector is away', () => {
  test('pauses double up to the most, with chance in their upper half', async () => {
    const { clock, shipper, pauses, collector } = start({ random: () => 0 });
    collector.down = true;
    shipper.write('a');
    await clock.advance(60_000);
    expect(pauses().slice(0, 6)).toEqual([500, 1_000, 2_000, 4_000, 5_000, 5_000]);
    const other = start({ random: () => 1 - 2 ** -53 });
    other.collector.down = true;
    other.shipper.write('a');
    await other.clock.advance(60_000);
    expect(other.pauses().slice(0, 5).map(Math.round)).toEqual([1_000, 2_000, 4_000, 8_000, 10_000]);
  });

  test('nothing is lost that the buffer holds, and after a success the pause is short again', async () => {
    const { clock, shipper, batches, pauses, collector } = start({ random: () => 0 });
    collector.down = true;
    shipper.write('a');
    await clock.advance(2_000);
    collector.down = false;
    await clock.advance(2_000);
    expect(batches).toEqual([['a']]);
    collector.down = true;
    shipper.write('b');
    await clock.advance(150);
    expect(pauses().at(-1)).toBe(500);
  });

  test('one batch that gets through makes the next pause short, with others still waiting', async () => {
    const answers = [false, false, true, false, true];
    const { clock, shipper, pauses } = start({ random: () => 0, mostPerBatch: 1, send: () => (answers.shift() ? Promise.resolve() : Promise.reject(new Error('busy'))) });
    shipper.write('a');
    shipper.write('b');
    await clock.advance(10_000);
    expect(pauses()).toEqual([500, 1_000, 500]);
  });

  test('after a thousand failures the pause is still the most', async () => {
    const { clock, shipper, pauses, collector } = start({ random: () => 0 });
    collector.down = true;
    shipper.write('a');
    await clock.advance(6_000_000);
    expect(pauses().length).toBeGreaterThan(1_000);
    expect(pauses().at(-1)).toBe(5_000);
  });

  test('lines that could not be sent come first, in their order', async () => {
    const { clock, shipper, batches, collector } = start({ mostPerBatch: 2 });
    collector.down = true;
    for (const line of ['a', 'b', 'c']) shipper.write(line);
    for (const line of ['error 1', 'error 2', 'error 3']) shipper.write(line, true);
    await clock.advance(150);
    collector.down = false;
    await clock.advance(2_000);
    expect(batches).toEqual([['error 1', 'error 2'], ['error 3', 'a'], ['b', 'c']]);
  });

  test('a collector that hangs costs one limit, is told to stop, and its late refusal is heard by nobody', async () => {
    const { clock, shipper, batches, events } = start({
      send: (lines, signal) => new Promise((resolve, reject) => {
        if (signal.aborted || batches.length > 0) return resolve();
        batches.push([...lines]);
        signal.addEventListener('abort', () => clock.setTimeout(() => reject(new Error('late')), 10));
      }),
    });
    shipper.write('a');
    await clock.advance(100 + 2_000);
    expect(events.at(-1)).toMatchObject({ type: 'failed', error: new Error('no answer within 2000 ms') });
    await clock.advance(5_000);
    expect(events.at(-1)).toEqual({ type: 'accepted', lines: 1 });
    expect(clock.pending).toBe(0);
  });

  test('a send that throws at once has failed', async () => {
    const { clock, shipper, events } = start({ send: () => { throw new Error('no socket'); } });
    shipper.write('a');
    await clock.advance(100);
    expect(events).toMatchObject([{ type: 'failed', error: new Error('no socket') }]);
  });

  test('lines that are refused for good do not hold up the others, and count as lost', async () => {
    const { clock, shipper, batches, events } = start({
      mostPerBatch: 1,
      send: (lines) => (lines.includes('bad') ? Promise.reject(new LinesRefusedError('400')) : Promise.resolve(void batches.push([...lines]))),
    });
    shipper.write('bad');
    shipper.write('good');
    await clock.advance(100);
    expect(batches).toEqual([['1 lost', 'good']]);
    expect(events[0]).toEqual({ type: 'refused', lines: 1, error: expect.any(LinesRefusedError) });
    expect(shipper.dropped).toBe(1);
  });

  test('a collector that refuses everything is not asked again until there is something to send', async () => {
    let asked = 0;
    const { clock, shipper } = start({ send: () => Promise.reject(new LinesRefusedError(String(asked++))) });
    shipper.write('a');
    await clock.advance(10_000);
    expect(asked).toBe(1);
    expect(clock.pending).toBe(0);
  });

  test('who listens may throw', async () => {
    const { clock, shipper } = start({ mostLines: 1, onEvent: () => { throw new Error('broken metric'); } });
    shipper.write('a');
    expect(shipper.write('b')).toBe(false);
    await clock.advance(100);
    expect(shipper.held).toBe(0);
  });
});

describe('at the end of the process', () => {
  test('what waits is sent without waiting for its time, and nothing is taken any more', async () => {
    const { clock, shipper, batches } = start();
    shipper.write('a');
    expect(await shipper.close(1_000)).toBe(0);
    expect(batches).toEqual([['a']]);
    expect(clock.pending).toBe(0);
    expect(shipper.write('b')).toBe(false);
  });

  test('a line that comes in the moment in which shipping ends, just before the end, is sent too', async () => {
    for (let moments = 0; moments < 10; moments += 1) {
      let left: Promise<number> | undefined;
      const later = async (): Promise<void> => {
        for (let moment = 0; moment < moments; moment += 1) await undefined;
        if (left === undefined && shipper.write('b')) left = shipper.close(1_000);
      };
      const { clock, shipper, batches } = start({ onEvent: () => void later() });
      shipper.write('a');
      await clock.advance(100);
      expect(await left).toBe(0);
      expect(batches).toEqual([['a'], ['b']]);
    }
  });

  test('a pause is cut short', async () => {
    const { clock, shipper, batches, collector } = start();
    collector.down = true;
    shipper.write('a');
    await clock.advance(150);
    collector.down = false;
    const left = shipper.close(1_000);
    await clock.advance(0);
    expect(await left).toBe(0);
    expect(batches).toEqual([['a']]);
  });

  test('a collector that stays away gets the time that is left, with pauses, and the rest is told', async () => {
    const { clock, shipper, events, collector } = start({ random: () => 0 });
    collector.down = true;
    shipper.write('a');
    shipper.write('b');
    await clock.advance(150);
    const left = shipper.close(3_000);
    await clock.advance(3_000);
    expect(await left).toBe(2);
    expect(events.filter(({ type }) => type === 'failed')).toHaveLength(3);
    expect(clock.pending).toBe(0);
  });

  test('a collector that hangs is left when the time is over', async () => {
    const { clock, shipper } = start({ send: () => new Promise(() => {}), timeoutMs: 60_000 });
    shipper.write('a');
    const left = shipper.close(1_000);
    await clock.advance(1_000);
    expect(await left).toBe(1);
    expect(clock.pending).toBe(0);
  });
});

test('options that cannot be meant are refused by name', () => {
  expect(() => start({ mostLines: 0 })).toThrow('mostLines must be a positive integer: current value is 0');
  expect(() => start({ mostPerBatch: 1.5 })).toThrow('mostPerBatch must be a positive integer: current value is 1.5');
  expect(() => start({ everyMs: NaN })).toThrow('everyMs must be a positive number: current value is NaN');
  expect(() => start({ timeoutMs: Infinity })).toThrow('timeoutMs must be a positive number: current value is Infinity');
  expect(() => start({ retryMs: [-1, 10] })).toThrow('firstMs must be a positive number: current value is -1');
  expect(() => start({ retryMs: [1, 0] })).toThrow('mostMs must be a positive number: current value is 0');
});

test('clock, chance and listener have defaults', async () => {
  const sent: string[] = [];
  const shipper = new LogShipper({ mostLines: 1, mostPerBatch: 1, everyMs: 1, timeoutMs: 1_000, retryMs: [1, 1], describeLoss: String, send: (lines) => Promise.resolve(void sent.push(...lines)) });
  shipper.write('a');
  shipper.write('b');
  expect(await shipper.close(1_000)).toBe(0);
  expect(sent).toEqual(['1', 'a']);
});

function start(options: Partial<ShipperOptions> = {}) {
  const clock = new VirtualClock();
  const events: ShippingEvent[] = [];
  const batches: string[][] = [];
  const collector = { down: false };
  const send = (lines: readonly string[]): Promise<void> => (collector.down ? Promise.reject(new Error('connection refused')) : Promise.resolve(void batches.push([...lines])));
  const shipper = new LogShipper({
    mostLines: 100, mostPerBatch: 10, everyMs: 100, timeoutMs: 2_000, retryMs: [1_000, 10_000], send, clock,
    describeLoss: (dropped) => `${dropped} lost`, onEvent: (event) => events.push(event), ...options,
  });
  const pauses = (): number[] => events.flatMap((event) => (event.type === 'failed' ? [event.nextMs] : []));
  return { clock, events, batches, collector, shipper, pauses };
}
