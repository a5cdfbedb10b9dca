import { existsSync, readFileSync } from 'node:fs';
import { ruleText, type StyleRule } from './style-rules.ts';

export const SHARED_SHEET = new URL('./mermaid.generated.css', import.meta.url);

/** The shared sheet's text for the rules of each diagram type. */
export function writeSheet(rulesByType: ReadonlyMap<string, readonly StyleRule[]>): string {
  const parts = [...rulesByType].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, rules]) => groupedRules(rules));
  // In a layer, so that every rule of diagrams.css outranks these, whichever sheet comes first.
  return `/* Generated from Mermaid's own sheets by scripts/diagram-styles.ts. Do not edit. */\n@layer mermaid {\n${parts.join('')}}\n`;
}

/** Every rule of the shared sheet as `selector{declarations}`. */
export function readSheet(): ReadonlySet<string> {
  if (!existsSync(SHARED_SHEET)) return new Set();
  const rules = new Set<string>();
  for (const [, selectors = '', declarations = ''] of readFileSync(SHARED_SHEET, 'utf8').matchAll(/^(\.dg-[^{]+)\{([^}]*)\}$/gm)) {
    for (const selector of selectors.split(',')) rules.add(ruleText({ selector, declarations }));
  }
  return rules;
}

/** Neighbours with the same declarations share a line; others keep their order, which the cascade needs. */
function groupedRules(rules: readonly StyleRule[]): string {
  const groups: { selectors: string[]; declarations: string }[] = [];
  for (const { selector, declarations } of rules) {
    const last = groups.at(-1);
    if (last?.declarations === declarations) {
      if (!last.selectors.includes(selector)) last.selectors.push(selector);
    } else groups.push({ selectors: [selector], declarations });
  }
  return groups.map(({ selectors, declarations }) => `${selectors.join(',')}{${declarations}}\n`).join('');
}
