import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FewAtOnce } from './few-at-once.ts';

test('no more than so much is under way, all of it is done, in its order', async () => {
  const few = new FewAtOnce(2);
  const begun: number[] = [];
  let running = 0;
  let most = 0;
  const results = await Promise.all([1, 2, 3, 4, 5].map((each) => few.run(async () => {
    begun.push(each);
    most = Math.max(most, ++running);
    await setImmediate();
    running--;
    return each * 10;
  })));
  expect({ results, begun, most }).toEqual({ results: [10, 20, 30, 40, 50], begun: [1, 2, 3, 4, 5], most: 2 });
});

test('what fails gives its place to the next', async () => {
  const few = new FewAtOnce(1);
  const failed = few.run(() => Promise.reject(new Error('broken')));
  const next = few.run(() => Promise.resolve('done'));
  await expect(failed).rejects.toThrow('broken');
  expect(await next).toBe('done');
});

test('what begins by hand keeps its place until it ends', async () => {
  const few = new FewAtOnce(1);
  await few.begin();
  let second = false;
  const waiting = few.begin().then(() => { second = true; });
  await setImmediate();
  expect(second).toBe(false);
  few.end();
  await waiting;
  expect(second).toBe(true);
  few.end();
});
