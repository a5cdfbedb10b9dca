/** What a problem page derives from its entry. */
import type { Problem } from '../../catalogue/schema.ts';
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
  );
}
