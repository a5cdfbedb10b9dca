/** The examples as files: their code as pages show it, and what their simulations say. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { filesBelow } from '../../src/catalogue/files.ts';
import type { SimulationText, SnippetText } from '../../src/citing/twin.ts';
import { cutRegion } from '../../src/components/regions.ts';
import { simulationText } from '../../src/components/simulation-text.ts';
import { runScenario } from '../../src/simulator/run-scenario.ts';
import type { Staged } from '../../src/simulator/scenario.ts';
import { defaultSeed, defaultSettings } from '../../src/simulator/settings.ts';

const folder = 'src/examples';

export function snippetOf(root: string, file: string, region: string | undefined): SnippetText {
  const text = readFileSync(join(root, folder, file), 'utf8');
  return { code: cutRegion(file, text, region), lines: text.trimEnd().split('\n').length, tests: testsOf(root, file.split('/')[0] ?? '') };
}

/** With the settings of the page before anybody moves a knob. */
export async function simulationOf(root: string, example: string): Promise<SimulationText> {
  const staged = await import(pathToFileURL(join(root, folder, example, 'scenario.ts')).href) as Staged;
  const settings = defaultSettings(staged.scenario);
  return simulationText({ scenario: staged.scenario, settings, outcome: await runScenario(staged, settings, defaultSeed) });
}

/** Tests of examples are plain calls, one a line. */
function testsOf(root: string, example: string): number {
  return filesBelow(root, `${folder}/${example}`, '.test.ts').reduce((count, file) => count + [...readFileSync(join(root, file), 'utf8').matchAll(/^\s*test\(/gm)].length, 0);
}
