import { expect, test } from 'vitest';
import { Fifo } from './fifo.ts';
import { RandomStream } from './random-stream.ts';

test.each([1, 2, 3])('does what an array does, seed %i', (seed) => {
  const random = new RandomStream(seed, 'fifo');
  const fifo = new Fifo<number>();
  let array: number[] = [];
  const differences: string[] = [];
  for (let step = 0; step < 30_000; step++) {
    const action = random.next();
    // It fills up in the first half and empties in the second.
    if (action < (step < 15_000 ? 0.6 : 0.3)) {
      fifo.push(step);
      array.push(step);
    } else if (action < 0.9) {
      if (fifo.shift() !== array.shift()) differences.push(`shift ${step}`);
    } else if (action < 0.95) {
      if (fifo.pop() !== array.pop()) differences.push(`pop ${step}`);
    } else if (action < 0.98) {
      fifo.unshift(step);
      array.unshift(step);
    } else if (action < 0.9998) {
      const item = random.chance(0.8) ? array[random.below(array.length)] ?? -1 : -1;
      if (fifo.remove(item) !== array.includes(item)) differences.push(`remove ${step}`);
      array = array.filter((each) => each !== item);
    } else {
      if (`${fifo.drain()}` !== `${array}`) differences.push(`drain ${step}`);
      array = [];
    }
    if (fifo.length !== array.length) differences.push(`length ${step}`);
  }
  expect(differences).toEqual([]);
});
