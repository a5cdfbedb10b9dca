/** What the site's sheets say of a drawing, written onto its elements: the drawing then needs no sheet, and no browser. */
import { readFileSync } from 'node:fs';
import { parseDeclarations } from './dom-names.ts';
import { SHARED_SHEET } from './shared-sheet.ts';

/** Declared values of one element, `var()` and all. Custom properties are inherited. */
export type Declared = ReadonlyMap<string, string>;

/** Reads what is declared for each element of a drawing, from attributes, sheets and style attributes, in their order of rank. */
export class Presentation {
  readonly #known = new Map<Element, Declared>();

  of(element: Element): Declared {
    const known = this.#known.get(element);
    if (known !== undefined) return known;
    const parent = element.parentElement === null ? figureTokens : [...this.of(element.parentElement)].filter(([name]) => name.startsWith('--'));
    const declared = new Map(parent);
    for (const name of shown) {
      const value = element.getAttribute(name);
      if (value !== null) declared.set(name, value);
    }
    for (const { selector, declarations } of rules) if (element.matches(selector)) for (const [name, value] of declarations) declared.set(name, value);
    for (const [name, value] of parseDeclarations(element.getAttribute('style'))) declared.set(name, value);
    this.#known.set(element, declared);
    return declared;
  }
}

/** Properties that are attributes, too. */
export const shown = [
  'fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linejoin', 'stroke-linecap', 'paint-order', 'opacity',
  'font-size', 'font-weight', 'font-style', 'text-anchor', 'dominant-baseline', 'text-decoration', 'display',
];

interface Rule { selector: string; declarations: ReadonlyMap<string, string>; specificity: number }

const sheet = withoutBlocks(readFileSync(new URL('./diagrams.css', import.meta.url), 'utf8'));

/** Mermaid's own stand in a layer, which every other rule outranks. */
const rules: readonly Rule[] = [
  ...byRank(rulesOf(withoutBlocks(readFileSync(SHARED_SHEET, 'utf8').replace(/@layer mermaid \{([^]*)\}/, '$1')))),
  ...byRank(rulesOf(sheet).filter(({ selector }) => selector.startsWith('.dg') && !selector.includes(':focus'))),
];

const figureTokens = [...(rulesOf(sheet).find(({ selector }) => selector === '.diagram')?.declarations ?? [])].filter(([name]) => name.startsWith('--'));

function byRank(list: Rule[]): Rule[] {
  return list.sort((a, b) => a.specificity - b.specificity);
}

/** What holds for print and for forced colours does not hold here. */
function withoutBlocks(css: string): string {
  return css.replaceAll(/\/\*[^]*?\*\//g, '').replaceAll(/@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, '');
}

function rulesOf(css: string): Rule[] {
  return [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].flatMap(([, selectors = '', body = '']) => topLevel(selectors).map((selector) => ({ selector, declarations: parseDeclarations(body), specificity: specificity(selector) })));
}

/** Splits at the commas that stand in no parenthesis. */
function topLevel(selectors: string): string[] {
  return selectors.split(/,(?![^(]*\))/).map((selector) => selector.trim());
}

/** `:is(…)` counts as the weightiest of its list. */
function specificity(selector: string): number {
  const plain = selector.replaceAll(/:is\(([^)]*)\)/g, (_, list: string) => list.split(',').sort((a, b) => specificity(b) - specificity(a))[0] ?? '');
  return (plain.match(/[.[:]/g)?.length ?? 0) * 100 + (plain.match(/(^|[\s>+~])[a-z]/gi)?.length ?? 0);
}
