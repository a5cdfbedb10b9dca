import { readdirSync, readFileSync } from 'node:fs';
import { createDraw } from './draw.ts';
import { writeSheet } from './shared-sheet.ts';
import { ruleText, type StyleRule } from './style-rules.ts';

const SPECIMENS = new URL('./specimens/', import.meta.url);

/** Names and texts of the diagrams that stand for everything the site's pages draw. */
export function specimens(): { name: string; source: string }[] {
  return readdirSync(SPECIMENS)
    .sort()
    .map((file) => ({ name: file.replace('.mmd', ''), source: readFileSync(new URL(file, SPECIMENS), 'utf8') }));
}

/** The shared sheet as Mermaid and the specimens of today make it. */
export async function generateSheet(): Promise<string> {
  const draw = await createDraw(new Set());
  const rules = new Map<string, Map<string, StyleRule>>();
  for (const { name, source } of specimens()) {
    const drawing = await draw({ source, id: `dg-${name}` });
    const ofType = rules.get(drawing.type) ?? new Map<string, StyleRule>();
    for (const rule of drawing.rules) ofType.set(ruleText(rule), rule);
    rules.set(drawing.type, ofType);
  }
  return writeSheet(new Map([...rules].map(([type, ofType]) => [type, [...ofType.values()]])));
}
