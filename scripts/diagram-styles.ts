/**
 * Writes src/diagrams/mermaid.generated.css from Mermaid's own sheets, as far as the specimens use them.
 * Run it after an upgrade of Mermaid; `--check` only compares.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { generateSheet } from '../src/diagrams/generate-sheet.ts';
import { SHARED_SHEET } from '../src/diagrams/shared-sheet.ts';

const css = await generateSheet();
const current = existsSync(SHARED_SHEET) ? readFileSync(SHARED_SHEET, 'utf8') : '';
if (!process.argv.includes('--check')) {
  writeFileSync(SHARED_SHEET, css);
  console.log(`src/diagrams/mermaid.generated.css: ${css.length} bytes`);
} else if (current !== css) {
  console.error('src/diagrams/mermaid.generated.css is out of date: run node scripts/diagram-styles.ts');
  process.exitCode = 1;
}
// jsdom keeps timers alive.
process.exit();
