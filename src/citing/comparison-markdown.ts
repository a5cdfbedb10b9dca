/** Two to four patterns side by side. */
import { forces, tradeOffAxes } from '../catalogue/vocabulary.ts';
import type { Force, TradeOffAxis } from '../catalogue/vocabulary.ts';
import { blocks, bullets, link, plainLine, sentence, table } from './markdown.ts';
import { patternOf } from './pattern-facts.ts';
import type { Facts, PatternFacts } from './pattern-facts.ts';
import { patternOption, relationsBetween } from './pattern-option.ts';

export const fewestCompared = 2;
export const mostCompared = 4;

/** @throws RangeError for other than two to four different patterns of the catalogue */
export function comparedPatterns(facts: Facts, slugs: readonly string[]): PatternFacts[] {
  if (slugs.length < fewestCompared || slugs.length > mostCompared || new Set(slugs).size < slugs.length) {
    throw new RangeError(`a comparison takes ${fewestCompared} to ${mostCompared} different patterns; found ${slugs.length === 0 ? 'none' : slugs.join(', ')}`);
  }
  return slugs.map((slug) => patternOf(facts, slug));
}

/** @throws RangeError for other than two to four different patterns of the catalogue */
export function comparisonMarkdown(facts: Facts, slugs: readonly string[]): string {
  const compared = comparedPatterns(facts, slugs);
  const titles = compared.map(({ data }) => plainLine(data.title));
  const each = (list: (pattern: PatternFacts) => readonly string[]): string => blocks(...compared.map((pattern, at) => blocks(`${titles[at]}:`, bullets(list(pattern)))));
  return `${blocks(
    `# ${titles.join(' · ')}`,
    bullets(compared.map((pattern) => named(facts, pattern))),
    weighed('Forces', 'What is true of the system', titles, (Object.keys(forces) as Force[]).map((force) => [forces[force], compared.map(({ data }) => mark(data.forces[force] ?? 0))])),
    weighed('Trade-offs', 'What changes with the pattern', titles, (Object.keys(tradeOffAxes) as TradeOffAxis[]).map((axis) => [tradeOffAxes[axis], compared.map(({ data }) => {
      const { value = 0, why = '' } = data.tradeOffs[axis] ?? {};
      return value === 0 ? '' : `${mark(value)} ${plainLine(why)}`;
    })])),
    `## Use when\n\n${each(({ data }) => data.useWhen.map(sentence))}`,
    `## Not when\n\n${each(({ data }) => data.notWhen.map(({ when, instead }) => `${sentence(when)} Then: ${sentence(instead)}`))}`,
    section('What they have to do with each other', relationsBetween(facts, slugs).map(sentence)),
  )}\n`;
}

function named(facts: Facts, pattern: PatternFacts): string {
  const { title, description, page } = patternOption(facts, pattern, { because: [], but: [] });
  return `${page === undefined ? `${plainLine(title)} (its page is still to be written)` : `${link(title, page.address)}, version ${page.version}`}: ${sentence(description)}`;
}

/** What is empty for all is left out. */
function weighed(heading: string, first: string, titles: readonly string[], rows: readonly (readonly [string, readonly string[]])[]): string {
  const said = rows.filter(([, cells]) => cells.some((cell) => cell !== ''));
  return said.length === 0 ? '' : blocks(`## ${heading}`, 'From −− (speaks against it, much worse) to ++ (speaks for it, much better).', table([first, ...titles], said.map(([name, cells]) => [plainLine(name), ...cells])));
}

function mark(weight: number): string {
  return (weight > 0 ? '+' : '−').repeat(Math.abs(weight));
}

function section(heading: string, items: readonly string[]): string {
  return items.length === 0 ? '' : blocks(`## ${heading}`, bullets(items));
}
