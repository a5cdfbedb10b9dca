/** A word for how well a hit fits. No percentages: a score says which is better, not how likely it is. */
import type { Hit, Ranking } from './rank.ts';

export type Fit = 'strong' | 'likely' | 'possible' | 'weak';

export const fitLabels: Record<Fit, string> = { strong: 'Strong match', likely: 'Likely match', possible: 'Possible match', weak: 'Weak match' };

/**
 * Weighs how much of what the reader said the hit answers (unknown words count as said), how many telling words speak for it,
 * and how far it lies behind the best. `weak` is below the floor: shown only as the closest when nothing fits well.
 */
export function fitOf({ slots, patterns, problems }: Ranking, hit: Hit): Fit {
  const said = slots.reduce((sum, { rarity }) => sum + rarity, 0);
  const answers = slots.map(({ rarity }, at) => (rarity === 0 ? 0 : Math.min(1, (hit.points[at] ?? 0) / rarity)));
  const share = answers.reduce((sum, answer, at) => sum + answer * (slots[at]?.rarity ?? 0), 0) / Math.max(said, Number.EPSILON);
  // A phrase whose words tell something themselves is no witness of its own.
  const witnesses = slots.filter(({ rarity }, at) => rarity > common && (answers[at] ?? 0) > 0.4);
  const telling = witnesses.filter((slot) => !witnesses.some((other) => other !== slot && slot.words.includes(other.words))).length;
  const rivals = patterns.includes(hit) ? patterns : problems;
  const behind = hit.score / (rivals[0]?.score ?? hit.score);

  if (share < 0.25 || behind < 0.5 || (slots.length > 1 && (telling === 0 || (telling === 1 && share < 0.6)))) return 'weak';
  if (share >= 0.6 && behind >= 0.8 && (telling >= 3 || (telling >= 1 && share >= 0.9 && slots.length > 1))) return 'strong';
  return share >= 0.4 && behind >= 0.6 && (telling >= 3 || (telling >= 2 && share >= 0.6)) ? 'likely' : 'possible';
}

/** Whether anything may be recommended, or the honest answer is that nothing fits well. */
export function anythingFits(ranking: Ranking): boolean {
  const [first] = ranking.patterns;
  return first !== undefined && fitOf(ranking, first) !== 'weak';
}

/** The patterns that fit, at most so many; when nothing fits well, the closest three. */
export function recommended(ranking: Ranking, most: number): readonly Hit[] {
  return anythingFits(ranking) ? ranking.patterns.filter((hit) => fitOf(ranking, hit) !== 'weak').slice(0, most) : ranking.patterns.slice(0, 3);
}

/** Rarity of a word that stands on about two thirds of all pages. */
const common = 0.4;
