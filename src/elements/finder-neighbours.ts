/** What belongs to the findings, and what looks like one and is not. */
import { combinationsOf } from '../finder/combinations.ts';
import type { Combination } from '../finder/combinations.ts';
import type { Corpus } from '../finder/corpus.ts';
import { forceTexts } from '../finder/force-texts.ts';
import { missesOf } from '../finder/misses.ts';
import type { Miss } from '../finder/misses.ts';
import type { Ranking } from '../finder/rank.ts';
import type { Answered } from './answered.ts';
import { named, notWhenLine } from './finder-reasons.ts';
import { node } from './nodes.ts';

const mostCombinations = 2;

/** @param answers of those shown and of the suspects */
export function neighbours(corpus: Corpus, ranking: Ranking, shown: readonly string[], answers: ReadonlyMap<string, Answered>): HTMLElement[] {
  const pairs = combinationsOf(shown, answers).slice(0, mostCombinations);
  const misses = missesOf(corpus, ranking, shown, answers);
  return [
    ...(pairs.length === 0 ? [] : [node('div', 'finder-together', ...pairs.map((pair) => combination(corpus, pair)))]),
    ...(misses.length === 0 ? [] : [node('div', 'finder-misses', node('h3', '', 'What not to use'), node('ul', '', ...misses.map((miss) => missed(corpus, miss))))]),
  ];
}

function combination(corpus: Corpus, { first, second, as, why }: Combination): HTMLElement {
  return node('p', '', node('strong', '', 'They work together: '), named(corpus, first), as === 'requires' ? ' requires ' : ' goes with ', named(corpus, second), `. ${why.replace(/\.$/, '')}.`);
}

function missed(corpus: Corpus, { slug, notWhen, force, hard }: Miss): HTMLElement {
  const item = node('li', '', named(corpus, slug), ': ');
  if (notWhen !== undefined) item.append('not when ', ...notWhenLine(corpus, { ...notWhen, when: lowered(notWhen.when) }));
  else if (force !== undefined) item.append(`${hard === true ? 'ruled out, since you said that this must hold' : 'speaks against it'}: ${forceTexts[force]}.`);
  return item;
}

/** In the middle of a sentence; a word with more capitals is a name. */
function lowered(text: string): string {
  return /^(The|A|An|You|Your|It|There|One|Two|No|Nothing|Nobody|All|Each|Every)\b/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
