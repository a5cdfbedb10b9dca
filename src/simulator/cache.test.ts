import { expect, test } from 'vitest';
import { Cache } from './cache.ts';
import { Simulation } from './simulation.ts';

test('an entry is gone when its time is over, its own or that of the cache', async () => {
  const simulation = new Simulation(1);
  const cache = new Cache<string, number>(simulation, { ttlMs: 100 });
  cache.set('usual', 1);
  cache.set('short', 2, 40);
  const seen: unknown[] = [];
  for (const ms of [39, 40, 99, 100]) simulation.schedule(ms, () => seen.push([cache.get('usual'), cache.get('short')]));
  await simulation.run(200);
  expect(seen).toEqual([[1, 2], [1, undefined], [1, undefined], [undefined, undefined]]);
  expect([cache.hits, cache.misses, cache.size, cache.evictions]).toEqual([4, 4, 0, 0]);
});

test('the entry that was longest not used makes room', () => {
  const cache = new Cache<string, number>(new Simulation(1), { capacity: 2 });
  cache.set('a', 1);
  cache.set('b', 2);
  cache.get('a');
  cache.set('c', 3);
  expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([1, undefined, 3]);
  cache.set('a', 4);
  expect([cache.size, cache.evictions, cache.get('a')]).toEqual([2, 1, 4]);
  cache.delete('a');
  expect([cache.size, cache.get('a'), cache.get('c')]).toEqual([1, undefined, 3]);
  cache.clear();
  expect(cache.size).toBe(0);
});

test.each([0, 1, 7, 50])('agrees with a plain list of what was used last, and never holds more than %i', async (capacity) => {
  const simulation = new Simulation(3);
  const random = simulation.stream('keys');
  const cache = new Cache<number, number>(simulation, { capacity, ttlMs: 300 });
  let list: { key: number; value: number; untilMs: number }[] = [];
  const wrong: string[] = [];
  let hits = 0;
  for (let step = 0; step < 4000; step++) {
    simulation.schedule(step, () => {
      const key = Math.floor(random.below(100) * random.next());
      const found = list.find((each) => each.key === key);
      list = list.filter((each) => each !== found);
      if (random.chance(0.5)) {
        cache.set(key, step);
        list.push({ key, value: step, untilMs: step + 300 });
        list = capacity === 0 ? [] : list.slice(-capacity);
      } else {
        const expected = found !== undefined && found.untilMs > step ? found : undefined;
        if (cache.get(key) !== expected?.value) wrong.push(`${key} at ${step}`);
        if (expected !== undefined) {
          list.push(expected);
          hits++;
        }
      }
      if (cache.size > capacity || cache.size !== list.length) wrong.push(`size ${cache.size} at ${step}`);
    });
  }
  await simulation.run(5000);
  expect(wrong).toEqual([]);
  expect(cache.hits).toBe(hits);
  if (capacity > 0) expect(hits).toBeGreaterThan(20);
});
