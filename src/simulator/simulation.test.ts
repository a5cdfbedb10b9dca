import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { Simulation, SimulationStuckError } from './simulation.ts';

async function hops(count: number): Promise<void> {
  for (let hop = 0; hop < count; hop++) await undefined;
}

test('events run in order of time, then of creation, at their time', async () => {
  const simulation = new Simulation(1);
  const seen: [string, number][] = [];
  const note = (name: string) => (): void => { seen.push([name, simulation.now()]); };
  simulation.schedule(5, note('late'));
  simulation.setTimeout(note('early'), 2);
  simulation.schedule(2, () => {
    note('early too')();
    simulation.schedule(0, note('at once, behind what was there'));
    simulation.schedule(-3, note('not before now'));
  });
  simulation.setTimeout(note('early as well'), 2);
  await simulation.run(10);
  expect(seen).toEqual([['early', 2], ['early too', 2], ['early as well', 2], ['at once, behind what was there', 2], ['not before now', 2], ['late', 5]]);
});

test('a cleared timer does not fire, not even one that is due at the same moment', async () => {
  const simulation = new Simulation(1);
  const seen: string[] = [];
  const timer = simulation.setTimeout(() => seen.push('never'), 3);
  simulation.schedule(3, () => simulation.clearTimeout(other));
  const other = simulation.setTimeout(() => seen.push('not either'), 3);
  simulation.clearTimeout(timer);
  await simulation.run(10);
  expect(seen).toEqual([]);
});

test('what a timer, a sleep or an activity leads to has happened before the next event', async () => {
  const simulation = new Simulation(1);
  const times: number[] = [];
  const follow = (): void => void hops(500).then(() => times.push(simulation.now()));
  simulation.setTimeout(follow, 1);
  void simulation.sleep(2).then(follow);
  simulation.schedule(3, () => simulation.spawn(() => hops(500).then(() => times.push(simulation.now()))));
  simulation.schedule(4, () => {
    simulation.settles();
    follow();
  });
  for (let ms = 0; ms < 10; ms += 0.25) simulation.schedule(ms, () => {});
  await simulation.run(10);
  expect(times).toEqual([1, 2, 3, 4]);
});

test('what happened before the run has come to rest before its first event', async () => {
  const simulation = new Simulation(1);
  const seen: string[] = [];
  simulation.schedule(0, () => seen.push('event'));
  void hops(100).then(() => seen.push('chain'));
  await simulation.run(1);
  expect(seen).toEqual(['chain', 'event']);
});

test('time stands at the end, events behind it wait, and a run can go on', async () => {
  const simulation = new Simulation(1);
  const seen: number[] = [];
  for (const ms of [10, 10.5, 20]) simulation.schedule(ms, () => seen.push(simulation.now()));
  await simulation.run(10);
  expect([seen, simulation.now()]).toEqual([[10], 10]);
  await simulation.run(30);
  expect([seen, simulation.now()]).toEqual([[10, 10.5, 20], 30]);
  await simulation.run(5);
  expect(simulation.now()).toBe(30);
});

test('an aborted sleep rejects at once with the reason, and leaves neither timer nor listener', async () => {
  const simulation = new Simulation(1);
  const abort = new AbortController();
  const heard: string[] = [];
  const { signal } = abort;
  simulation.sleep(50, signal).catch((error: unknown) => heard.push(`${String(error)} at ${simulation.now()}`));
  await simulation.sleep(0, AbortSignal.abort('before')).catch((error: unknown) => heard.push(String(error)));
  const short = simulation.sleep(5, signal).then(() => getEventListeners(signal, 'abort').length);
  simulation.schedule(20, () => abort.abort('changed my mind'));
  await simulation.run(20);
  expect(heard).toEqual(['before', 'changed my mind at 20']);
  expect(await short).toBe(1);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  const executed = simulation.executed;
  await simulation.run(100);
  expect(simulation.executed).toBe(executed);
});

test('a failed activity fails the run with its error, the first of several, and nothing runs after it', async () => {
  const simulation = new Simulation(1);
  const seen: number[] = [];
  simulation.spawn(async () => {
    await simulation.sleep(5);
    throw new TypeError('first');
  });
  simulation.spawn(async () => {
    await simulation.sleep(5);
    throw new TypeError('second');
  });
  simulation.schedule(6, () => seen.push(6));
  await expect(simulation.run(10)).rejects.toThrow(new TypeError('first'));
  expect(seen).toEqual([]);
});

test('an activity that fails with the last event fails the run too, and so does an event that throws', async () => {
  const last = new Simulation(1);
  last.spawn(() => last.sleep(10).then(() => hops(50)).then(() => { throw new TypeError('late'); }));
  await expect(last.run(10)).rejects.toThrow(new TypeError('late'));
  const event = new Simulation(1);
  event.schedule(1, () => { throw new RangeError('event'); });
  await expect(event.run(10)).rejects.toThrow(new RangeError('event'));
});

test.each<[string, (simulation: Simulation) => void]>([
  ['sleeps', (simulation) => simulation.spawn(async () => { for (;;) await simulation.sleep(0); })],
  ['timers', (simulation) => { const again = (): void => { simulation.setTimeout(again, 0); }; again(); }],
  ['events', (simulation) => { const again = (): void => { simulation.schedule(0, again); }; again(); }],
])('a loop of %s that lets no time pass ends with an error', async (_, loop) => {
  const simulation = new Simulation(1, 20_000);
  simulation.schedule(7, () => loop(simulation));
  const error = await simulation.run(10).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SimulationStuckError);
  expect(String(error)).toContain('7 ms');
});

test('one seed gives one trace, another seed another', async () => {
  const trace = async (seed: number): Promise<string[]> => {
    const simulation = new Simulation(seed);
    const lines: string[] = [];
    for (let activity = 0; activity < 20; activity++) {
      const random = simulation.stream('activity', activity);
      simulation.spawn(async () => {
        for (let step = 0; step < 20; step++) {
          await simulation.sleep(random.exponential(5));
          lines.push(`${activity}.${step} ${simulation.now()}`);
        }
      });
    }
    await simulation.run(1000);
    return lines;
  };
  const first = await trace(3);
  expect(first).toHaveLength(400);
  expect(await trace(3)).toEqual(first);
  expect(await trace(4)).not.toEqual(first);
});
