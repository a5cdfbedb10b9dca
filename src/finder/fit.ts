/** A word for how well a hit fits. No percentages: a score says which is better, not how likely it is. */
import type { Hit, Ranking } from './rank.ts';
import type { Slot } from './slots.ts';

export type Fit = 'strong' | 'likely' | 'possible' | 'weak';

export const fitLabels: Record<Fit, string> = { strong: 'Strong match', likely: 'Likely match', possible: 'Possible match', weak: 'Weak match' };

/**
 * Weighs how much of what the reader said the hit answers, and how many different words speak for it. `weak` is below the floor:
 * shown only as the closest when nothing fits well.
 */
export function fitOf({ slots }: Ranking, hit: Hit): Fit {
  const said = sum(slots.map(importance));
  const answered = sum(slots.map((slot, at) => ((hit.points[at] ?? 0) > 0 ? importance(slot) * bestMatch(slot) : 0)));
  const share = said === 0 ? 0 : answered / said;
  const words = slots.filter((slot, at) => (hit.points[at] ?? 0) > 0 && slot.rarity > common).length;
  if (words === 0 || (words === 1 && share < 0.5) || share < 0.2) return 'weak';
  if (share >= 0.6 && words >= 2) return 'strong';
  return share >= 0.4 ? 'likely' : 'possible';
}

/** Whether anything may be recommended, or the honest answer is that nothing fits well. */
export function anythingFits(ranking: Ranking): boolean {
  const [first] = ranking.patterns;
  return first !== undefined && fitOf(ranking, first) !== 'weak';
}

/** Rarity of a word that stands in about a third of all sentences. */
const common = 1;

function importance(slot: Slot): number {
  return slot.rarity;
}

function bestMatch(slot: Slot): number {
  return Math.max(0, ...slot.matches.values());
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
