/** Style rules by which radio buttons, a list of names, pointer and focus work on map and table without a script. */
import type { Category, RelationKind } from '../catalogue/vocabulary.ts';
import type { Chart } from './charted.ts';
import { marks } from './marks.ts';

/**
 * @returns CSS for what stands in `.relation-map`: lines and rows that do not fit go, plates that no line is left for step back.
 * A plate is pointed at, or its pattern is chosen in the list; then only what it has a line to keeps its place.
 */
export function filterRules(chart: Chart): string {
  const categories = [...new Set(chart.patterns.map(({ category }) => category))];
  const kinds = [...new Set(chart.relations.map(({ as }) => as))];
  const { numberOf } = marks(chart);
  const numbers = chart.patterns.map(({ slug }) => {
    const number = numberOf(slug);
    return { number, chosen: has(`[value=${slug}]:checked`), looked: [has(`[value=${slug}]:checked`), has(`.is-${number}${pointed}`)] };
  });
  return [
    rule('display:none', [
      ...categories.map((category) => `${map}${inCategory(category)} .line:not(.of-${category})`),
      ...kinds.map((kind) => `${map}${ofKind(kind)} .line:not(.as-${kind})`),
      ...numbers.map(({ number, chosen }) => `${map}${chosen} .line:not(.${number})`),
    ]),
    rule('--name:var(--muted);--drawing:.3;--ground:transparent', [
      ...categories.map((category) => `${map}${inCategory(category)} .plate:not(.of-${category})`),
      ...kinds.map((kind) => `${map}${ofKind(kind)} .plate:not(.as-${kind})`),
      ...categories.flatMap((category) => kinds.map((kind) => `${map}${inCategory(category)}${ofKind(kind)} .plate:not(.${category}-${kind})`)),
      ...numbers.flatMap(({ number, looked }) => looked.flatMap((look) => [`${map}${look} .plate:not(.${number})`, ...kinds.map((kind) => `${map}${ofKind(kind)}${look} .plate:not(.${number}-${kind})`)])),
      // The line to a plate outside the category is left only if the other end is inside.
      ...categories.map((category) => `${map}${inCategory(category)}:has(.plate:not(.in-${category})${pointed},option:not(.in-${category},[value=""]):checked) .plate:not(.in-${category})`),
    ]),
    rule('--name:initial!important;--drawing:initial!important;--ground:initial!important', numbers.flatMap(({ number, looked }) => looked.map((look) => `${map}${look} .is-${number}`))),
    rule('opacity:.12', numbers.map(({ number, looked }) => `${map}${looked[1]} g.line:not(.${number})`)),
    rule('display:block', numbers.flatMap(({ number, looked }) => looked.map((look) => `${map}${look} .word.${number}`))),
  ].join('');
}

const map = '.relation-map';
const pointed = ':is(:hover,:focus-visible)';

function inCategory(category: Category): string {
  return has(`[value=${category}]:checked`);
}

function ofKind(kind: RelationKind): string {
  return has(`[value=${kind}]:checked`);
}

function has(held: string): string {
  return `:has(${held})`;
}

function rule(declarations: string, selectors: readonly string[]): string {
  return selectors.length === 0 ? '' : `${selectors.join(',')}{${declarations}}`;
}
