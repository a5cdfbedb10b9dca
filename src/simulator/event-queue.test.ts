import { expect, test } from 'vitest';
import { EventQueue } from './event-queue.ts';
import { RandomStream } from './random-stream.ts';

const nothing = (): void => {};

test('takes events in order of time, then of creation, as a plain sort would, whatever is cancelled', () => {
  for (let seed = 1; seed <= 30; seed++) {
    const random = new RandomStream(seed, 'events');
    const queue = new EventQueue();
    let waiting: { atMs: number; id: number }[] = [];
    const taken: number[] = [];
    const expected: number[] = [];
    for (let step = 0; step < 600; step++) {
      if (random.chance(0.6)) {
        const atMs = random.below(20);
        const id: number = queue.add(atMs, () => taken.push(id));
        waiting.push({ atMs, id });
      } else if (random.chance(0.6)) {
        const [victim] = waiting.splice(random.below(waiting.length), 1);
        queue.cancel(victim?.id ?? 0);
      } else {
        const untilMs = random.below(20);
        waiting = waiting.toSorted((one, other) => one.atMs - other.atMs || one.id - other.id);
        if ((waiting[0]?.atMs ?? Infinity) <= untilMs) expected.push(waiting.shift()?.id ?? 0);
        queue.next(untilMs)?.callback();
      }
    }
    expect(taken).toEqual(expected);
    expect(taken.length).toBeGreaterThan(20);
  }
});

test('an event behind the limit stays', () => {
  const queue = new EventQueue();
  queue.add(5, nothing);
  expect(queue.next(4.999)).toBeUndefined();
  expect(queue.next(5)?.atMs).toBe(5);
  expect(queue.next(Infinity)).toBeUndefined();
});

test('cancelled events give their places back', () => {
  const queue = new EventQueue();
  const kept = Array.from({ length: 10 }, (_, at) => queue.add(at, nothing));
  for (let round = 0; round < 100_000; round++) queue.cancel(queue.add(1e9, nothing));
  expect(queue.size).toBeLessThan(100);
  expect(kept.map(() => queue.next(100)?.atMs)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('to cancel what is past, cancelled or unknown changes nothing', () => {
  const queue = new EventQueue();
  const [past, other] = [queue.add(1, nothing), queue.add(2, nothing)];
  queue.next(1);
  for (const id of [past, past, 0, -1, 999]) queue.cancel(id);
  expect(queue.next(2)?.atMs).toBe(2);
  queue.cancel(other);
  expect(queue.next(Infinity)).toBeUndefined();
});
