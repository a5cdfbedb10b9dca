import { tokenise } from './colours.ts';
import { parseDeclarations } from './dom-names.ts';

/** One selector with its declarations, scoped to a diagram type and themed. */
export interface StyleRule {
  readonly selector: string;
  readonly declarations: string;
}

export function ruleText(rule: StyleRule): string {
  return `${rule.selector}{${rule.declarations}}`;
}

/** The rules of Mermaid's sheet, which it scopes to the id of the drawing, scoped to a class instead. */
export function scopedRules(css: string, id: string, scope: string, unknownColours?: Set<string>): StyleRule[] {
  const rules: StyleRule[] = [];
  const flat = css.replace(/\/\*[^]*?\*\//g, '').replace(/@[\w-]*keyframes[^{]+\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, '');
  for (const [, selectors = '', body = ''] of flat.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
    const declarations = keptDeclarations(body, unknownColours);
    if (declarations === '') continue;
    for (const selector of selectors.split(',').map((part) => part.trim())) {
      if (!selector.includes(`#${id}`) || MEANINGLESS.test(selector)) continue;
      rules.push({ selector: selector.replaceAll(`#${id}`, scope).replace(/\s+/g, ' ').replace(/ ?> ?/g, '>'), declarations });
    }
  }
  return rules;
}

/** Only the rules that style something in this drawing. */
export function matchingRules(svg: Element, rules: readonly StyleRule[]): StyleRule[] {
  const parent = svg.parentElement;
  return rules.filter(({ selector }) => {
    try {
      return parent?.querySelector(selector) != null;
    } catch {
      return false;
    }
  });
}

/** Selectors for HTML labels, looks and parts that cleaned drawings do not have. */
const MEANINGLESS = /:root|div\.|mermaidTooltip|data-look|katex|\bspan\b|(^|\s|>)p$|foreignObject|>\*$|:hover|edgeLabel.* rect$/i;

/** Text measuring relies on font and size, so the site's sheet sets those; the rest of these moves HTML only. */
const DROPPED = new Set(
  'font-family background-color background text-align color border cursor filter line-height rx ry'.split(' '),
);

function keptDeclarations(body: string, unknownColours?: Set<string>): string {
  const kept: string[] = [];
  for (const [property, value] of parseDeclarations(body)) {
    if (DROPPED.has(property) || property.startsWith('--') || /url\(|drop-shadow/.test(value)) continue;
    kept.push(`${property}:${servedValue(property, tokenise(value, unknownColours))}`);
  }
  return kept.join(';');
}

/** The site serves weights 400 and 600 only, and text is measured with those. */
function servedValue(property: string, value: string): string {
  return property === 'font-weight' && /^(?:bold|bolder|700)$/.test(value) ? '600' : value;
}
