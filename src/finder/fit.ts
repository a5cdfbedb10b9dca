/** A word for how well a hit fits. No percentages: a score says which is better, not how likely it is. */
import { pointsPerClaim, pointsPerWeight } from './evidence.ts';
import { levelPoints } from './levels.ts';
import type { Hit, Ranking } from './rank.ts';

export type Fit = 'strong' | 'likely' | 'possible' | 'weak';

export const fitLabels: Record<Fit, string> = { strong: 'Strong match', likely: 'Likely match', possible: 'Possible match', weak: 'Weak match' };

/**
 * Weighs how much of what the reader said the hit answers (unknown words count as said), how many telling words speak for it,
 * and how far it lies behind the best. A sentence that the reader confirmed counts as two words. `weak` is below the floor: shown only as the closest when nothing fits well.
 */
export function fitOf(ranking: Ranking, hit: Hit): Fit {
  return fitsOf(ranking, ranking.patterns).get(hit) ?? fitsOf(ranking, ranking.problems).get(hit) ?? 'weak';
}

/** Answers may lift one above another that has more of the words: no word below is better than one above. */
function fitsOf(ranking: Ranking, rivals: readonly Hit[]): ReadonlyMap<Hit, Fit> {
  const known = fits.get(rivals);
  if (known !== undefined) return known;
  let worst: Fit = 'strong';
  const found = new Map(rivals.map((hit): [Hit, Fit] => {
    const own = fitByItself(ranking, rivals, hit);
    if (own === 'weak') return [hit, own];
    if (order.indexOf(own) > order.indexOf(worst)) worst = own;
    return [hit, worst];
  }));
  fits.set(rivals, found);
  return found;
}

/** Worked out once a ranking: an answer asks for each of its hits, several times. */
const fits = new WeakMap<readonly Hit[], ReadonlyMap<Hit, Fit>>();

const order: readonly Fit[] = ['strong', 'likely', 'possible', 'weak'];

function fitByItself({ slots }: Ranking, rivals: readonly Hit[], hit: Hit): Fit {
  const behind = hit.score / (rivals[0]?.score ?? hit.score);
  const confirmed = hit.moves.filter((move) => move.kind === 'claim' && move.holds);
  const said = slots.reduce((sum, { rarity }) => sum + rarity, 0) + confirmed.length * pointsPerClaim;
  // What is true of the system tells better from worse, not what the problem is.
  if (said === 0) return hit.moves.length > 0 && behind >= 0.5 ? 'possible' : 'weak';
  const answers = slots.map((_, at) => Math.min(1, (hit.points[at] ?? 0) / levelPoints[2]));
  const answered = answers.reduce((sum, answer, at) => sum + answer * (slots[at]?.rarity ?? 0), 0) + confirmed.reduce((sum, { points }) => sum + points, 0);
  const share = answered / Math.max(said, Number.EPSILON);
  // A phrase whose words tell something themselves is no witness of its own.
  const witnesses = slots.filter(({ rarity }, at) => rarity > common && (answers[at] ?? 0) > 0.4);
  const words = witnesses.filter((slot) => !witnesses.some((other) => other !== slot && slot.words.includes(other.words))).length;
  const telling = words + 2 * confirmed.filter(({ points }) => points >= 0.4 * pointsPerClaim).length;

  const several = slots.length + confirmed.length > 1;
  if (share < 0.2 || behind < 0.5 || (several && (telling === 0 || (telling === 1 && share < 0.6)))) return 'weak';
  const opposed = hit.moves.some(({ kind, points }) => kind === 'force' && points <= -2 * pointsPerWeight);
  if (share >= 0.6 && behind >= 0.8 && (telling >= 3 || (telling >= 1 && share >= 0.9 && slots.length > 1))) return opposed ? 'likely' : 'strong';
  return !opposed && share >= 0.4 && behind >= 0.6 && (telling >= 3 || (telling >= 2 && share >= 0.6)) ? 'likely' : 'possible';
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
