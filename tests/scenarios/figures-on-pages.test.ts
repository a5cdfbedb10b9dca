/** Ranges over many seeds that a page tells: computed again, and compared with its sentence. */
import { expect, test } from 'vitest';
import { read } from '../architecture/repository.ts';
import { outcomeOf, scenarios } from './every-scenario.ts';

const seeds = Array.from({ length: 20 }, (_, at) => at + 1);

test('the page on cached fallbacks tells how many sales are at a price that had changed', async () => {
  const sentence = /with seeds 1 to 20, between (\d+) and (\d+) of ([\d,]+) to ([\d,]+) sales .* every ten minutes, between (\d+) and (\d+) are, and the shop would have done better to fail each time/.exec(read('content/docs/patterns/resilience/cache-fallback.mdx'));
  const staged = scenarios.find(({ slug }) => slug === 'cache-fallback');
  if (staged === undefined) throw new Error('the example has no scenario');
  const outcomes = async (id: string) => Promise.all(seeds.map((seed) => outcomeOf(staged, staged.scenario.tries.find((each) => each.id === id), seed)));
  const range = (counts: readonly number[]): number[] => [Math.min(...counts), Math.max(...counts)];
  const [calm, volatile] = [await outcomes('prices'), await outcomes('volatile')];
  const counted = (all: typeof calm, total: string): number[] => range(all.map((outcome) => outcome['with']?.totals[total] ?? NaN));
  expect(sentence?.slice(1).map((figure) => Number(figure.replace(',', '')))).toEqual([...counted(calm, 'wrong'), ...counted(calm, 'sold'), ...counted(volatile, 'wrong')]);
  expect(volatile.every((outcome) => (outcome['with']?.totals['worth'] ?? NaN) < (outcome['without']?.totals['worth'] ?? NaN))).toBe(true);
}, 60_000);

test('the page on fallbacks tells how often the flat rate sells to an address where nobody delivers', async () => {
  const sentence = /as it is set at first, the flat rate sells (\d+) times/.exec(read('content/docs/patterns/resilience/fallback.mdx'));
  const staged = scenarios.find(({ slug }) => slug === 'fallback');
  if (staged === undefined) throw new Error('the example has no scenario');
  expect(Number(sentence?.[1])).toBe((await outcomeOf(staged, staged.scenario.tries.find((each) => each.id === 'flat')))['with']?.totals['wrong']);
});
