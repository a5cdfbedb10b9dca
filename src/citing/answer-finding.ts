/** The finder's answer as it is taken along: the same in the browser and in the terminal. */
import { forces } from '../catalogue/vocabulary.ts';
import { combinationsOf } from '../finder/combinations.ts';
import type { Corpus } from '../finder/corpus.ts';
import type { Evidence } from '../finder/evidence.ts';
import { explain, sentenceOf } from '../finder/explain.ts';
import { anythingFits, fitLabels, fitOf, recommended } from '../finder/fit.ts';
import { missesOf, suspects } from '../finder/misses.ts';
import type { Answer } from '../finder/pages.ts';
import type { Hit, Ranking } from '../finder/rank.ts';
import { pathOf, underBase } from './addresses.ts';
import type { Finding, Option } from './finding.ts';
import { midSentence } from './markdown.ts';
import { wrongChoice } from './pattern-option.ts';
import { pinned } from './pinned.ts';

export interface Asked {
  corpus: Corpus;
  ranking: Ranking;
  evidence: Evidence;
  query: string;
  /** Where the same answer is found again. */
  address: string;
  /** Absolute address of the home page, base path included. */
  home: string;
  /** At most so many options. */
  most: number;
}

/** The patterns whose sentences the finding quotes. */
export function quoted({ ranking, most }: Asked): string[] {
  const shown = recommended(ranking, most).map(({ slug }) => slug);
  return [...shown, ...(anythingFits(ranking) ? suspects(ranking, shown).map(({ slug }) => slug) : [])];
}

/** @param answers of the patterns that are quoted */
export function answerFinding(asked: Asked, answers: ReadonlyMap<string, Answer>): Finding {
  const { corpus, ranking, evidence, query, address, most } = asked;
  const hits = recommended(ranking, most);
  const shown = hits.map(({ slug }) => slug);
  const titleOf = (slug: string): string => corpus.patterns.find((card) => card.slug === slug)?.title ?? slug;
  return {
    query, address,
    origin: 'The question, with its answers, is at',
    problems: recognised(asked, answers),
    drivers: [...evidence.forces].map(([force, answer]) => ({ text: answer === 'not' ? `Does not apply: ${forces[force]}` : forces[force], hard: answer === 'must', speaksFor: [], speaksAgainst: [] })),
    observations: evidence.claims.map(({ claim, holds }) => ({ text: claim.text, seen: holds })),
    asks: [],
    options: hits.flatMap((hit) => {
      const answer = answers.get(hit.slug);
      return answer === undefined ? [] : [option(asked, hit, titleOf(hit.slug), answer)];
    }),
    misses: anythingFits(ranking) ? missesOf(corpus, ranking, shown, answers).map(({ slug, notWhen, force, hard }) => ({
      title: titleOf(slug),
      why: notWhen !== undefined ? wrongChoice(notWhen) : `${hard === true ? 'ruled out by' : 'against it speaks'}: ${force === undefined ? '' : forces[force]}`,
    })) : [],
    combinations: combinationsOf(shown, answers).map(({ first, second, as, why }) => `${titleOf(first)} ${as === 'requires' ? 'requires' : 'goes with'} ${titleOf(second)}: ${why}`),
  };
}

/** The version of a problem is known where a pattern that was found is its candidate. */
function recognised({ corpus, ranking, home }: Asked, answers: ReadonlyMap<string, Answer>): Finding['problems'] {
  const [found] = ranking.problems;
  if (found === undefined || !['strong', 'likely'].includes(fitOf(ranking, found))) return [];
  const version = [...answers.values()].flatMap(({ conditions }) => conditions).find(({ problem }) => problem === found.slug)?.version;
  return corpus.problems.filter(({ slug }) => slug === found.slug).map(({ slug, title }) => ({
    title, address: version === undefined ? underBase(home, pathOf('problem', slug)) : pinned(home, 'problem', slug, version),
  }));
}

function option({ corpus, ranking, home }: Asked, hit: Hit, title: string, answer: Answer): Option {
  const { because, but, moves } = explain(corpus, ranking, hit, answer);
  const speaking = (sign: number): string[] => moves.filter(({ points }) => points * sign > 0).map(sentenceOf);
  return {
    title,
    isPattern: true,
    description: answer.description,
    fit: fitLabels[fitOf(ranking, hit)],
    ...(answer.version === undefined ? {} : { page: { address: pinned(home, 'pattern', hit.slug, answer.version), version: answer.version } }),
    because: [...(because === undefined ? [] : [because.text]), ...speaking(1)],
    but: [
      ...speaking(-1),
      ...(but === undefined ? [] : [wrongChoice(but)]),
      ...answer.companions.filter(({ as }) => as === 'requires').map((companion) => `it requires ${companion.title}: ${midSentence(companion.why)}`),
    ],
    tradeOffs: answer.tradeOffs,
    watch: answer.watch ?? [],
  };
}
