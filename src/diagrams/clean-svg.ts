import { cleanAttributes } from './attributes.ts';
import { nearestTint } from './colours.ts';
import type { FontMetrics } from './font-metrics.ts';
import { referredIdentifiers, renameIdentifiers } from './identifiers.ts';
import type { LabelLayout } from './label-layout.ts';
import { labelsToText } from './labels-to-text.ts';
import { simplifyOutlines } from './outlines.ts';
import { refine } from './refinements.ts';
import { matchingRules, ruleText, scopedRules, type StyleRule } from './style-rules.ts';

export interface CleaningOptions {
  readonly id: string;
  readonly type: string;
  readonly layouts: ReadonlyMap<Element, LabelLayout>;
  readonly metrics: FontMetrics;
  /** Rules of the shared sheet, as text. */
  readonly sharedRules: ReadonlySet<string>;
}

export interface CleaningReport {
  /** Literal colours that will not follow the theme. */
  readonly unknownColours: string[];
  readonly warnings: string[];
  /** Mermaid's rules that style something in this drawing. */
  readonly rules: StyleRule[];
}

/** Turns Mermaid's drawing, in place, into what the page ships. */
export function cleanSvg(svg: Element, options: CleaningOptions): CleaningReport {
  const unknown = new Set<string>();
  for (const block of svg.querySelectorAll('rect.rect')) block.setAttribute('fill', nearestTint(block.getAttribute('fill') ?? ''));
  const css = removeSheets(svg);
  const warnings = labelsToText(svg, options.layouts, options.metrics);
  for (const stray of svg.querySelectorAll(NEVER_SHIPPED)) stray.remove();
  simplifyOutlines(svg);
  for (const element of [svg, ...svg.querySelectorAll('*')]) cleanAttributes(element, unknown);
  separateLines(svg);
  refine(svg, options.metrics);
  removeUnused(svg);
  renameIdentifiers(svg, options.id);

  svg.setAttribute('class', `dg dg-${options.type}`);
  const rules = matchingRules(svg, scopedRules(css, options.id, `.dg-${options.type}`, unknown));
  const unshared = rules.filter((rule) => !options.sharedRules.has(ruleText(rule)));
  for (const rule of unshared) styleElements(svg, rule);
  return { unknownColours: [...unknown], warnings, rules };
}

const NEVER_SHIPPED = 'div,span,p,script,iframe,object,embed,img,image,style,animate,set';

function removeSheets(svg: Element): string {
  const sheets = [...svg.querySelectorAll('style')];
  for (const sheet of sheets) sheet.remove();
  return sheets.map((sheet) => sheet.textContent).join('\n');
}

/** Lines of one label are separate words for copying, find-in-page and screen readers. */
function separateLines(svg: Element): void {
  for (const line of svg.querySelectorAll('tspan + tspan[x]')) {
    const previous = line.previousElementSibling;
    if (previous?.parentElement?.localName === 'text' && !/\s$/.test(previous.textContent)) previous.append(' ');
  }
}

function removeUnused(svg: Element): void {
  const referred = referredIdentifiers(svg.querySelectorAll('*'));
  for (const definition of svg.querySelectorAll('marker,filter,linearGradient,symbol,clipPath')) {
    if (!referred.has(definition.id)) definition.remove();
  }
  // Removing one empty group may empty its parent.
  for (let removed = true; removed; ) {
    removed = false;
    for (const element of svg.querySelectorAll('g,defs,text,tspan,rect')) {
      const isEmpty = element.localName === 'rect' ? !element.getAttribute('width') : element.childNodes.length === 0;
      if (!isEmpty) continue;
      element.remove();
      removed = true;
    }
  }
}

/**
 * A rule that the shared sheet does not hold stays with the elements that it styles, so a sheet that
 * lags behind Mermaid makes drawings bigger and not wrong.
 */
function styleElements(svg: Element, rule: StyleRule): void {
  const targets = [...(svg.parentElement?.querySelectorAll(rule.selector) ?? [])];
  for (const element of targets) {
    const own = element.getAttribute('style');
    element.setAttribute('style', own ? `${rule.declarations};${own}` : rule.declarations);
  }
}
