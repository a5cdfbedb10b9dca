import { elementName, isElement, parseDeclarations } from './dom-names.ts';

/** What moves text about, as a browser would compute it. */
export interface TextStyle {
  readonly fontSize: number;
  readonly fontWeight: number;
  readonly italic: boolean;
  readonly textAnchor: string;
  readonly textAlign: string;
  readonly baseline: string;
  readonly hidden: boolean;
}

/**
 * Computed text styles for one measurement. A reader is made for each call: Mermaid changes the
 * document between measurements, so nothing may be remembered for longer.
 */
export class StyleReader {
  readonly #rules: readonly Rule[];
  readonly #known = new Map<Element, TextStyle>();

  constructor(element: Element) {
    this.#rules = rulesFor(element);
  }

  of(node: Node | null): TextStyle {
    if (!isElement(node)) return INITIAL;
    const known = this.#known.get(node);
    if (known) return known;
    const style = computed(node, this.of(node.parentNode), this.#declared(node));
    this.#known.set(node, style);
    return style;
  }

  #declared(element: Element): Map<string, string> {
    const declared = new Map<string, string>();
    for (const property of PROPERTIES) {
      const value = element.getAttribute(property);
      if (value) declared.set(property, value);
    }
    for (const rule of this.#rules) {
      if (matches(element, rule.selector)) for (const [property, value] of rule.declarations) declared.set(property, value);
    }
    for (const [property, value] of parseDeclarations(element.getAttribute('style'))) {
      if (PROPERTIES.has(property)) declared.set(property, value);
    }
    return declared;
  }
}

/** A CSS or SVG length in user units, or `undefined` when it is none. */
export function parseLength(text: string | null | undefined, fontSize: number): number | undefined {
  const number = Number.parseFloat(text ?? '');
  if (Number.isNaN(number)) return undefined;
  const unit = /[a-z%]+$/i.exec((text ?? '').trim())?.[0]?.toLowerCase();
  if (unit === 'em') return number * fontSize;
  if (unit === 'rem') return number * INITIAL.fontSize;
  if (unit === 'ex') return number * fontSize * 0.516;
  if (unit === '%') return (number / 100) * fontSize;
  if (unit === 'pt') return (number * 4) / 3;
  return number;
}

interface Rule {
  readonly selector: string;
  readonly declarations: ReadonlyMap<string, string>;
  readonly specificity: number;
}

const PROPERTIES = new Set([
  'text-align',
  'font-size',
  'font-weight',
  'font-style',
  'text-anchor',
  'dominant-baseline',
  'alignment-baseline',
  'display',
]);

const INITIAL: TextStyle = {
  fontSize: 16,
  fontWeight: 400,
  italic: false,
  textAnchor: 'start',
  textAlign: 'start',
  baseline: 'auto',
  hidden: false,
};

const SIZE_WORDS: Record<string, number> = { small: 13, medium: 16, large: 18 };

const parsedSheets = new WeakMap<Element, { readonly text: string; readonly rules: readonly Rule[] }>();

/** The rules of the sheet that Mermaid puts first into each drawing. */
function rulesFor(element: Element): readonly Rule[] {
  let root: Element | undefined;
  for (let node: Node | null = element; isElement(node); node = node.parentNode) {
    if (elementName(node) === 'svg') root = node;
  }
  const sheet = [...(root?.children ?? [])].find((child) => elementName(child) === 'style');
  if (!sheet) return [];
  const text = sheet.textContent;
  const known = parsedSheets.get(sheet);
  if (known?.text === text) return known.rules;
  const rules = parseRules(text);
  parsedSheets.set(sheet, { text, rules });
  return rules;
}

function parseRules(css: string): Rule[] {
  const rules: Rule[] = [];
  const flat = css.replace(/\/\*[^]*?\*\//g, '').replace(/@[\w-]*keyframes[^{]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, '');
  for (const [, selectors = '', body = ''] of flat.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const declarations = new Map([...parseDeclarations(body)].filter(([property]) => PROPERTIES.has(property)));
    if (declarations.size === 0) continue;
    for (const selector of selectors.split(',').map((part) => part.trim())) {
      if (selector && !selector.startsWith('@')) rules.push({ selector, declarations, specificity: specificity(selector) });
    }
  }
  return rules.sort((a, b) => a.specificity - b.specificity);
}

function specificity(selector: string): number {
  const count = (pattern: RegExp): number => selector.match(pattern)?.length ?? 0;
  return count(/#/g) * 10_000 + count(/[.[:]/g) * 100 + count(/(^|[\s>+~])[a-z]/gi);
}

function matches(element: Element, selector: string): boolean {
  try {
    return element.matches(selector);
  } catch {
    // A selector that jsdom cannot parse styles nothing here.
    return false;
  }
}

function computed(element: Element, parent: TextStyle, declared: ReadonlyMap<string, string>): TextStyle {
  const value = (property: string): string | undefined => {
    const own = declared.get(property);
    return own === 'inherit' ? undefined : own;
  };
  const name = elementName(element);
  const isBold = name === 'b' || name === 'strong' || name === 'th';
  const isItalic = name === 'i' || name === 'em';
  const fontStyle = value('font-style');
  return {
    fontSize: size(value('font-size'), parent.fontSize),
    fontWeight: weight(value('font-weight'), isBold ? 600 : parent.fontWeight),
    italic: fontStyle ? fontStyle === 'italic' : isItalic || parent.italic,
    textAnchor: value('text-anchor') ?? parent.textAnchor,
    textAlign: value('text-align') ?? parent.textAlign,
    baseline: value('alignment-baseline') ?? value('dominant-baseline') ?? parent.baseline,
    hidden: value('display') === 'none',
  };
}

function size(text: string | undefined, parent: number): number {
  if (text === undefined) return parent;
  return SIZE_WORDS[text] ?? parseLength(text, parent) ?? parent;
}

function weight(text: string | undefined, inherited: number): number {
  if (text === 'bold' || text === 'bolder') return 600;
  if (text === 'normal') return 400;
  return Number.parseFloat(text ?? '') || inherited;
}
