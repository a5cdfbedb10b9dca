/** What a problem page derives from its entry. */
import type { Problem } from '../../catalogue/schema.ts';
import { tradeOffAxes } from '../../catalogue/vocabulary.ts';
import type { TradeOffAxis } from '../../catalogue/vocabulary.ts';
import { blocks, bullets, plainLine, table } from '../markdown.ts';
import type { Atlas } from './atlas.ts';
import { patternName } from './names.ts';

/** What people say who have the problem. */
export function reports({ symptoms }: Problem): string {
  return bullets(symptoms.map((symptom) => `“${plainLine(symptom.replace(/\.$/, ''))}”`));
}

export function tellApart({ questions, candidates }: Problem, atlas: Atlas): string {
  return blocks(
    bullets(questions.map(({ ask, tells }) => `**${plainLine(ask)}** ${plainLine(tells)}`)),
    table(['If', 'then', 'because'], candidates.map(({ when, pattern, do: act = '', because }) => [plainLine(when), pattern === undefined ? plainLine(act) : patternName(atlas, pattern), plainLine(because)])),
    candidatesWeighed(candidates.flatMap(({ pattern }) => pattern ?? []), atlas),
  );
}

/** The candidates on the axes, as far as their pages weigh them. */
function candidatesWeighed(slugs: readonly string[], atlas: Atlas): string {
  const weighed = [...new Set(slugs)].flatMap((slug) => atlas.patterns.filter((pattern) => pattern.slug === slug && Object.keys(pattern.data.tradeOffs).length > 0));
  if (weighed.length < 2) return '';
  const rows = (Object.keys(tradeOffAxes) as TradeOffAxis[]).map((axis) => [tradeOffAxes[axis], ...weighed.map(({ data }) => weight(data.tradeOffs[axis]))]);
  return blocks(
    'What changes with each, from −− (much worse) to ++ (much better):',
    table(['Axis', ...weighed.map(({ slug }) => patternName(atlas, slug))], rows.filter(([, ...cells]) => cells.some((cell) => cell !== ''))),
  );
}

function weight(given: { value: number; why: string } | undefined): string {
  if (given === undefined) return '';
  const { value, why } = given;
  return `${value === 0 ? '·' : (value > 0 ? '+' : '−').repeat(Math.abs(value))} ${plainLine(why)}`;
}
