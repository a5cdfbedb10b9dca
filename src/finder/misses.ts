/** Patterns that look right and are not, each with the reason. */
import type { Force } from '../catalogue/vocabulary.ts';
import type { Corpus } from './corpus.ts';
import { nearest } from './explain.ts';
import type { Answer, NotWhen } from './pages.ts';
import type { Hit, Ranking } from './rank.ts';

export interface Miss {
  slug: string;
  /** Either the author's `notWhen` that fits, or the force that speaks against it. */
  notWhen?: NotWhen;
  force?: Force;
  /** The reader made the force hard. */
  hard?: boolean;
}

const mostLookedAt = 4;
const mostShown = 3;
/** Further behind the best, nobody would think of it. */
const nearMiss = 0.4;
/** Words of the question in a `notWhen`, in rarities, before it may be said to fit. */
const leastWorth = 3;

/** The patterns worth looking at: those ruled out, then the next below those that are shown. Their answers have to be fetched. */
export function suspects({ patterns, ruledOut }: Ranking, shown: readonly string[]): Hit[] {
  const best = Math.max(patterns[0]?.score ?? 0, ruledOut[0]?.hit.score ?? 0);
  const near = ({ slug, score }: Hit): boolean => !shown.includes(slug) && score >= nearMiss * best;
  return [...ruledOut.map(({ hit }) => hit).filter(near), ...patterns.filter(near)].slice(0, mostLookedAt);
}

/** Without a reason of its own a pattern is only lower in the list, and is left out. */
export function missesOf(corpus: Corpus, ranking: Ranking, shown: readonly string[], answers: ReadonlyMap<string, Answer>): Miss[] {
  return suspects(ranking, shown).flatMap((hit): Miss[] => {
    const { slug } = hit;
    const hard = ranking.ruledOut.find((each) => each.hit.slug === slug)?.force;
    if (hard !== undefined) return [{ slug, force: hard, hard: true }];
    const notWhen = reasonAgainst(corpus, ranking, shown, answers.get(slug)?.notWhen ?? []);
    if (notWhen !== undefined) return [{ slug, notWhen }];
    const [against] = hit.moves.flatMap((move) => (move.kind === 'force' && move.answer !== 'not' && move.points < 0 ? [move] : [])).sort((a, b) => a.points - b.points);
    return against === undefined ? [] : [{ slug, force: against.force }];
  }).slice(0, mostShown);
}

/** One that sends the reader to a pattern that is shown is worth more than one that only shares words with the question. */
function reasonAgainst(corpus: Corpus, { slots }: Ranking, shown: readonly string[], all: readonly NotWhen[]): NotWhen | undefined {
  const leading = all.filter(({ see }) => see !== undefined && shown.slice(0, 3).includes(see));
  if (leading.length > 0) return nearest(corpus, slots, leading, ({ when }) => when)?.item ?? leading[0];
  const near = nearest(corpus, slots, all, ({ when }) => when);
  return near !== undefined && near.worth >= leastWorth ? near.item : undefined;
}
