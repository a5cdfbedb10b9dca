import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { HandlerTimeoutError, MessageRefusedError } from './contract.ts';
import type { DeadLetter, Message } from './contract.ts';
import { consume } from './dead-letter-queue.ts';
import type { ConsumerEvent, ConsumerOptions, Handle } from './dead-letter-queue.ts';
import { watch } from './depth-alarm.ts';
import type { Alarm } from './depth-alarm.ts';
import { MemoryBroker, MemoryDeadLetters } from './memory-broker.ts';
import { redrive } from './redrive.ts';
import type { RedriveOptions } from './redrive.ts';
import { countInMemory, forget, requeue } from './unsafe-consumers.ts';

const never = new AbortController().signal;

function setUp() {
  const clock = new VirtualClock();
  const broker = new MemoryBroker<string>('orders', clock);
  const letters = new MemoryDeadLetters<string>();
  const events: ConsumerEvent[] = [];
  const start = (handle: Handle<string>, options: ConsumerOptions = {}) => {
    const stop = new AbortController();
    const ended = consume(broker, letters, handle, stop.signal, { clock, random: () => 1, leaseMs: 1_000, retryMs: 100, onEvent: (event) => events.push(event), ...options });
    return { stop, ended };
  };
  const told = (...types: ConsumerEvent['type'][]) => events.filter(({ type }) => types.includes(type));
  /** A process that takes a message and dies of it. */
  const die = async (): Promise<number> => {
    const { deliveries } = await broker.receive(1_000, never);
    await clock.advance(1_000);
    return deliveries;
  };
  return { clock, broker, letters, events, start, told, die };
}

const refuseBad: Handle<string> = ({ message }) => {
  if (message.body === 'bad') throw new MessageRefusedError('no such field: product');
};

describe('a message that fails', () => {
  test('is tried again with growing pauses, and then set aside with all that one needs to know', async () => {
    const { clock, broker, letters, start, told } = setUp();
    const begun: number[] = [];
    start(() => {
      begun.push(clock.now());
      throw new Error('stock is locked');
    }, { maxDeliveries: 4, maxRetryMs: 300 });
    broker.send('order 1', 'kettle');
    await clock.advance(5_000);
    expect(begun).toEqual([0, 100, 300, 600]);
    expect(await letters.list()).toEqual([{ message: { id: 'order 1', body: 'kettle', redrives: 0 }, origin: 'orders', reason: 'exhausted', error: 'Error: stock is locked', deliveries: 4, diedMs: 600 }]);
    expect([broker.backlog, clock.pending, told('failed').length, told('set aside').length]).toEqual([0, 0, 3, 1]);
  });

  test('waits a random part of its pause, so that those which failed together do not return together', async () => {
    const { clock, broker, start, told } = setUp();
    const draws = [0.25, 0.75];
    start(() => { throw new Error('locked'); }, { random: () => draws.shift() ?? 1 });
    broker.send('order 1', 'kettle');
    await clock.advance(30);
    expect(told('failed')).toMatchObject([{ delayMs: 25 }, { delayMs: 150 }]);
  });

  test('for good is set aside after one attempt', async () => {
    const { clock, broker, letters, start } = setUp();
    start(refuseBad);
    broker.send('order 1', 'bad');
    broker.send('order 2', 'good');
    await clock.advance(0);
    expect(await letters.list()).toMatchObject([{ message: { id: 'order 1', body: 'bad' }, reason: 'refused', deliveries: 1, error: 'MessageRefusedError: no such field: product' }]);
    expect(broker.backlog).toBe(0);
  });

  test('for good is what the caller says: other errors can be hopeless too', async () => {
    const { clock, broker, letters, start } = setUp();
    start(() => JSON.parse('{'), { isHopeless: (error) => error instanceof SyntaxError });
    broker.send('order 1', 'bad');
    await clock.advance(0);
    expect(letters.size).toBe(1);
  });

  test('lets the others pass while it rests', async () => {
    const { clock, broker, start, told } = setUp();
    start(({ message }) => {
      if (message.body === 'bad') throw new Error('locked');
    });
    broker.send('order 1', 'bad');
    for (let order = 2; order <= 20; order++) broker.send(`order ${order}`, 'good');
    await clock.advance(50);
    expect(told('done')).toHaveLength(19);
  });

  test('with an endless error has a short letter', async () => {
    const { clock, broker, letters, start } = setUp();
    start(() => { throw new MessageRefusedError('x'.repeat(50_000)); });
    broker.send('order 1', 'bad');
    await clock.advance(0);
    expect((await letters.list())[0]?.error).toHaveLength(1_000);
  });
});

describe('a message that kills', () => {
  test('has its deaths counted by the broker, and is set aside without another victim', async () => {
    const { clock, broker, letters, start, die } = setUp();
    broker.send('order 1', 'deadly');
    expect([await die(), await die(), await die()]).toEqual([1, 2, 3]);
    start(() => expect.fail('one more victim'), { maxDeliveries: 3 });
    await clock.advance(0);
    expect(await letters.list()).toMatchObject([{ reason: 'deadly', deliveries: 4, error: 'no word of how the delivery before ended' }]);
    expect(broker.backlog).toBe(0);
  });

  test('kills for ever where each consumer counts in its own memory', async () => {
    const { clock, broker, letters } = setUp();
    let deaths = 0;
    broker.send('order 1', 'deadly');
    const live = async (): Promise<void> => {
      const life = new AbortController();
      const process = countInMemory(broker, letters, async () => {
        deaths += 1;
        life.abort();
        await new Promise(() => {});
      }, life.signal, 1_000, 3);
      await Promise.race([process, clock.sleep(1_000)]);
    };
    for (let restart = 0; restart < 50; restart++) {
      void live();
      await clock.advance(1_000);
    }
    expect([deaths, letters.size, broker.backlog]).toEqual([50, 0, 1]);
  });

  test('and one that fails add up: deaths and failures spend the same attempts', async () => {
    const { clock, broker, letters, start, die } = setUp();
    broker.send('order 1', 'bad');
    await die();
    await die();
    start(() => { throw new Error('locked'); }, { maxDeliveries: 3 });
    await clock.advance(0);
    expect(await letters.list()).toMatchObject([{ reason: 'exhausted', deliveries: 3 }]);
  });
});

describe('a dead letter', () => {
  test('is stored before its message is acknowledged: if it cannot be, the message stays in the queue', async () => {
    const { clock, broker, letters, start, told } = setUp();
    const put = letters.put.bind(letters);
    let isUp = false;
    letters.put = async (letter) => (isUp ? put(letter) : Promise.reject(new Error('connection refused')));
    start(refuseBad, { maxDeliveries: 3 });
    broker.send('order 1', 'bad');
    await clock.advance(5_000);
    expect([broker.backlog, letters.size, told('set aside', 'late')]).toEqual([1, 0, []]);
    expect(told('not set aside').length).toBeGreaterThan(3);
    isUp = true;
    await clock.advance(60_000);
    expect([broker.backlog, letters.size]).toEqual([0, 1]);
  });

  test('that is stored although its consumer dies before the acknowledgement is one letter in the end', async () => {
    const { clock, broker, letters, start, told } = setUp();
    const acknowledge = broker.acknowledge.bind(broker);
    let isFirst = true;
    broker.acknowledge = async (delivery) => {
      if (!isFirst) return acknowledge(delivery);
      isFirst = false;
      throw new Error('connection reset');
    };
    start(refuseBad);
    broker.send('order 1', 'bad');
    await clock.advance(500);
    expect([letters.size, broker.backlog, told('error').length]).toEqual([1, 1, 1]);
    await clock.advance(1_000);
    expect([letters.size, broker.backlog]).toEqual([1, 0]);
  });
});

describe('a lease that ran out', () => {
  const slow = (clock: VirtualClock, error?: Error): Handle<string> => async () => {
    await clock.sleep(1_500);
    if (error !== undefined) throw error;
  };

  test('is told as late, whether the work succeeded, failed or was refused, and nobody else loses the message', async () => {
    for (const error of [undefined, new Error('locked'), new MessageRefusedError('bad')]) {
      const { clock, broker, start, told } = setUp();
      start(slow(clock, error));
      broker.send('order 1', 'kettle');
      await clock.advance(1_400);
      const other = await broker.receive(60_000, never);
      await clock.advance(200);
      expect(told('late'), String(error)).toEqual([{ type: 'late', id: 'order 1', deliveries: 1 }]);
      expect(await broker.acknowledge(other), String(error)).toBe(true);
    }
  });

  test('was announced to the handler before', async () => {
    const { clock, broker, start, told } = setUp();
    let reason: unknown;
    start(async (_, signal) => {
      await clock.sleep(5_000, signal).catch((error: unknown) => {
        reason = error;
        throw error;
      });
    });
    broker.send('order 1', 'kettle');
    await clock.advance(900);
    expect(reason).toEqual(new HandlerTimeoutError('no end after 900 ms'));
    expect(told('failed')).toHaveLength(1);
  });

  test('makes a receipt void, and so does giving back', async () => {
    const { clock, broker } = setUp();
    broker.send('order 1', 'kettle');
    const first = await broker.receive(100, never);
    expect([await broker.giveBack(first, 50), await broker.acknowledge(first)]).toEqual([true, false]);
    await clock.advance(50);
    const second = await broker.receive(100, never);
    await clock.advance(100);
    const third = await broker.receive(100, never);
    expect([await broker.acknowledge(second), await broker.giveBack(first, 0), await broker.acknowledge(third)]).toEqual([false, false, true]);
  });
});

describe('the consumer', () => {
  test('ends when its message is settled, and at once where it has none', async () => {
    const { clock, broker, letters, start, told } = setUp();
    const { stop, ended } = start(() => clock.sleep(500));
    const idle = start(() => {});
    broker.send('order 1', 'kettle');
    await clock.advance(100);
    stop.abort();
    idle.stop.abort();
    await idle.ended;
    broker.send('order 2', 'kettle');
    await clock.advance(400);
    await ended;
    await consume(broker, letters, () => expect.fail('it had ended'), AbortSignal.abort());
    await expect(broker.receive(1_000, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect([broker.backlog, clock.pending, told('error')]).toEqual([1, 0, []]);
  });

  test('tells that neither the letter could be stored nor the message be given back, and goes on', async () => {
    const { clock, broker, letters, start, told } = setUp();
    const [put, giveBack] = [letters.put.bind(letters), broker.giveBack.bind(broker)];
    letters.put = () => Promise.reject(new Error('connection refused'));
    broker.giveBack = () => Promise.reject(new Error('connection reset'));
    start(refuseBad);
    broker.send('order 1', 'bad');
    await clock.advance(0);
    expect(told('not set aside', 'error').map(({ type }) => type)).toEqual(['not set aside', 'error']);
    [letters.put, broker.giveBack] = [put, giveBack];
    await clock.advance(1_000);
    expect([letters.size, broker.backlog]).toEqual([1, 0]);
  });

  test('tells of an acknowledgement that failed although it is to end', async () => {
    const { clock, broker, start, told } = setUp();
    broker.acknowledge = () => Promise.reject(new Error('connection reset'));
    const { stop, ended } = start(() => clock.sleep(500));
    broker.send('order 1', 'kettle');
    await clock.advance(100);
    stop.abort();
    await clock.advance(400);
    await ended;
    expect(told('error')).toEqual([{ type: 'error', error: new Error('connection reset') }]);
  });

  test('outlives a broker that cannot be reached', async () => {
    const { clock, broker, start, told } = setUp();
    const receive = broker.receive.bind(broker);
    let isUp = false;
    broker.receive = async (...asked) => (isUp ? receive(...asked) : Promise.reject(new Error('connection refused')));
    const { stop, ended } = start(() => {});
    broker.send('order 1', 'kettle');
    await clock.advance(350);
    expect(told('error')).toHaveLength(4);
    isUp = true;
    await clock.advance(100);
    expect(broker.backlog).toBe(0);
    isUp = false;
    broker.send('order 2', 'kettle');
    stop.abort();
    await ended;
    const other = start(() => {});
    await clock.advance(50);
    other.stop.abort();
    await other.ended;
    expect(clock.pending).toBe(0);
  });

  test('has the system clock and chance where nothing else is said, and refuses what makes no sense', async () => {
    const { broker, letters } = setUp();
    const start = (options: ConsumerOptions): Promise<void> => consume(broker, letters, () => {}, AbortSignal.abort(), options);
    for (const maxDeliveries of [0, 1.5, Infinity]) await expect(start({ maxDeliveries })).rejects.toEqual(new RangeError(`maxDeliveries must be a positive integer: current value is ${maxDeliveries}`));
    for (const name of ['leaseMs', 'retryMs', 'maxRetryMs'] as const) for (const value of [0, Number.NaN, 2 ** 31]) await expect(start({ [name]: value })).rejects.toEqual(new RangeError(`${name} must be above 0 and below 2147483648: current value is ${value}`));
    for (const [id, body] of [['order 1', 'good'], ['order 2', 'locked'], ['order 3', 'bad'], ['order 4', 'last']] as const) broker.send(id, body);
    const stop = new AbortController();
    await consume(broker, letters, (delivery) => {
      if (delivery.message.body === 'locked') throw new Error('locked');
      if (delivery.message.body === 'last') stop.abort();
      return refuseBad(delivery, never);
    }, stop.signal);
    expect([broker.backlog, letters.size]).toEqual([1, 1]);
    letters.put = () => Promise.reject(new Error('down'));
    const [slow, again] = [new MemoryBroker<string>('slow', new VirtualClock()), new AbortController()];
    slow.send('order 5', 'bad');
    await consume(slow, letters, (delivery) => {
      again.abort();
      return refuseBad(delivery, never);
    }, again.signal);
    expect(slow.backlog).toBe(1);
  });
});

describe('a redrive', () => {
  const die = (id: string, redrives = 0, reason: DeadLetter<string>['reason'] = 'exhausted'): DeadLetter<string> => ({ message: { id, body: 'kettle', redrives }, origin: 'orders', reason, error: 'locked', deliveries: 5, diedMs: 0 });
  const back = (broker: MemoryBroker<string>) => async (_: string, { id, body, redrives }: Message<string>): Promise<void> => broker.send(id, body, redrives);

  test('gives each letter a new life in its queue, with all its attempts', async () => {
    const { clock, broker, letters, start } = setUp();
    let isMended = false;
    let attempts = 0;
    start(() => {
      attempts += 1;
      if (!isMended && attempts < 7) throw new Error('locked');
    }, { maxDeliveries: 3 });
    broker.send('order 1', 'kettle');
    await clock.advance(1_000);
    expect([attempts, letters.size]).toEqual([3, 1]);
    const origins: string[] = [];
    const ended = redrive(letters, async (origin, message) => {
      origins.push(origin);
      await back(broker)(origin, message);
    }, never, { clock });
    await clock.advance(2_000);
    expect([await ended, origins, attempts, letters.size]).toEqual([{ sent: 1, kept: 0 }, ['orders'], 6, 1]);
    expect((await letters.list())[0]).toMatchObject({ deliveries: 3, message: { redrives: 1 } });
    isMended = true;
    void redrive(letters, back(broker), never, { clock });
    await clock.advance(2_000);
    expect([letters.size, broker.backlog]).toEqual([0, 0]);
  });

  test('does not go on for ever: what dies again meanwhile stays, and so does what was sent too often', async () => {
    const { clock, broker, letters, start } = setUp();
    start(() => { throw new MessageRefusedError('still bad'); });
    for (let order = 1; order <= 5; order++) await letters.put(die(`order ${order}`));
    for (const expected of [{ sent: 5, kept: 0 }, { sent: 5, kept: 0 }, { sent: 0, kept: 5 }]) {
      const ended = redrive(letters, back(broker), never, { clock, maxRedrives: 2 });
      await clock.advance(5_000);
      expect(await ended).toEqual(expected);
    }
    expect([letters.size, broker.backlog]).toEqual([5, 0]);
  });

  test('never removes the letter of a message that has died again since', async () => {
    const { clock, broker, letters, start } = setUp();
    start(refuseBad);
    await letters.put({ ...die('order 1'), message: { id: 'order 1', body: 'bad', redrives: 0 } });
    const ended = redrive(letters, async (origin, message) => {
      await back(broker)(origin, message);
      await clock.sleep(50); // long enough to die of it
    }, never, { clock });
    await clock.advance(1_000);
    await ended;
    expect(await letters.list()).toMatchObject([{ message: { id: 'order 1', redrives: 1 } }]);
    expect([await letters.remove(die('order 1')), await letters.remove(die('order 9'))]).toEqual([false, false]);
  });

  test('sends first and removes then: what cannot be sent stays a dead letter', async () => {
    const { letters, clock } = setUp();
    await letters.put(die('order 1'));
    await expect(redrive(letters, () => Promise.reject(new Error('connection refused')), never, { clock })).rejects.toThrow('connection refused');
    expect(letters.size).toBe(1);
  });

  test('keeps its pace, takes what it is told to, and can be ended', async () => {
    const { clock, letters } = setUp();
    for (let order = 1; order <= 6; order++) await letters.put(die(`order ${order}`, 0, order % 2 === 0 ? 'refused' : 'exhausted'));
    const sent: [string, number][] = [];
    const stop = new AbortController();
    const ended = redrive(letters, async (_, { id }) => void sent.push([id, clock.now()]), stop.signal, { clock, perSecond: 2, which: ({ reason }) => reason === 'exhausted' });
    await clock.advance(700);
    stop.abort(new Error('enough'));
    await expect(ended).rejects.toThrow('enough');
    expect(sent).toEqual([['order 1', 0], ['order 3', 500]]);
    expect([letters.size, clock.pending]).toEqual([4, 0]);
    await expect(redrive(letters, async () => expect.fail('it had ended'), stop.signal)).rejects.toThrow('enough');
  });

  test('refuses options that make no sense', async () => {
    const { letters } = setUp();
    const start = (options: RedriveOptions<string>) => redrive(letters, async () => {}, never, options);
    for (const maxRedrives of [0, 1.5]) await expect(start({ maxRedrives })).rejects.toEqual(new RangeError(`maxRedrives must be a positive integer: current value is ${maxRedrives}`));
    for (const perSecond of [0, Infinity, 1e-7]) await expect(start({ perSecond })).rejects.toEqual(new RangeError(`perSecond must be a positive number whose pause a timer can hold: current value is ${perSecond}`));
    expect(await start({})).toEqual({ sent: 0, kept: 0 });
  });
});

describe('the alarm', () => {
  const letter = (id: string, diedMs: number, reason: DeadLetter<string>['reason']): DeadLetter<string> => ({ message: { id, body: '', redrives: 0 }, origin: 'orders', reason, error: '', deliveries: 1, diedMs });

  test('goes off with the first letter and each further one, and once more when the oldest has lain too long', async () => {
    const { clock, letters } = setUp();
    const alarms: [number, Alarm][] = [];
    const stop = new AbortController();
    const ended = watch(letters, (alarm) => alarms.push([clock.now(), alarm]), stop.signal, { clock, everyMs: 100, mostAgeMs: 1_000 });
    await clock.advance(250);
    await letters.put(letter('order 1', 250, 'refused'));
    await clock.advance(200);
    await letters.put(letter('order 2', 450, 'exhausted'));
    await letters.put(letter('order 3', 450, 'exhausted'));
    await clock.advance(2_000);
    expect(alarms).toEqual([
      [300, { count: 1, oldestMs: 50, byReason: { refused: 1 } }],
      [500, { count: 3, oldestMs: 250, byReason: { refused: 1, exhausted: 2 } }],
      [1_300, { count: 3, oldestMs: 1_050, byReason: { refused: 1, exhausted: 2 } }],
    ]);
    for (const each of await letters.list()) await letters.remove(each);
    await clock.advance(200);
    await letters.put(letter('order 4', clock.now(), 'deadly'));
    await clock.advance(100);
    expect(alarms).toHaveLength(4);
    // Sent again and dead again between two looks: as many as before, and news all the same.
    await letters.put({ ...letter('order 4', clock.now(), 'deadly'), message: { id: 'order 4', body: '', redrives: 1 } });
    await clock.advance(200);
    expect(alarms).toHaveLength(5);
    stop.abort(new Error('stop'));
    await expect(ended).rejects.toThrow('stop');
    expect(clock.pending).toBe(0);
  });

  test('says when it cannot count, and goes on', async () => {
    const { clock, letters } = setUp();
    const errors: unknown[] = [];
    const list = letters.list.bind(letters);
    let isUp = false;
    const alarms: Alarm[] = [];
    const store = { list: async () => (isUp ? list() : Promise.reject(new Error('down'))) };
    void watch(store, (alarm) => alarms.push(alarm), never, { clock, onError: (error) => errors.push(error) });
    await clock.advance(60_000);
    await letters.put(letter('order 1', 0, 'refused'));
    isUp = true;
    await clock.advance(60_000);
    expect([errors.length, alarms.length]).toEqual([2, 1]);
    await expect(watch({ list: async () => Promise.reject(new Error('down')) }, () => {}, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    await expect(watch(letters, () => {}, never, { everyMs: 0 })).rejects.toEqual(new RangeError('everyMs must be above 0 and below 2147483648: current value is 0'));
  });
});

describe('what others do', () => {
  test('giving back at once spins on one bad message, and nothing else gets through', async () => {
    const { clock, broker } = setUp();
    const seen: string[] = [];
    broker.send('order 1', 'bad');
    broker.send('order 1', 'bad');
    broker.send('order 2', 'good');
    void requeue(broker, async ({ message }) => {
      seen.push(message.id);
      await clock.sleep(10);
      throw new Error('bad');
    }, never, 1_000);
    await clock.advance(1_000);
    expect(new Set(seen)).toEqual(new Set(['order 1']));
    expect([seen.length > 90, broker.backlog]).toEqual([true, 2]);
  });

  test('acknowledging what failed loses it', async () => {
    const { clock, broker, letters } = setUp();
    broker.send('order 1', 'bad');
    broker.send('order 2', 'good');
    void forget(broker, refuseBad, never, 1_000);
    await clock.advance(60_000);
    expect([broker.backlog, letters.size]).toEqual([0, 0]);
  });

  test('counting in memory is enough as long as nobody dies', async () => {
    const { clock, broker, letters } = setUp();
    broker.send('order 1', 'bad');
    void countInMemory(broker, letters, refuseBad, never, 1_000, 3);
    await clock.advance(5_000);
    expect([broker.backlog, letters.size]).toEqual([0, 1]);
  });
});
