/** The scenarios of the examples, run while the site is built: the figure is there without a script. */
import { nearestWord } from '../catalogue/violations.ts';
import { runScenario } from '../simulator/run-scenario.ts';
import type { Outcome } from '../simulator/run-scenario.ts';
import type { Scenario, Settings, Staged } from '../simulator/scenario.ts';
import { defaultSeed, defaultSettings } from '../simulator/settings.ts';

const workers: Record<string, string> = import.meta.glob('/src/examples/*/scenario.ts', { query: '?worker&url', import: 'default', eager: true });
const files = import.meta.glob<Staged>('/src/examples/*/scenario.ts');

export interface DefaultRun { scenario: Scenario; settings: Settings; outcome: Outcome }

const runs = new Map<string, Promise<DefaultRun>>();

/** @throws when the example has no scenario, with the nearest that has one */
export function defaultRun(slug: string): Promise<DefaultRun> {
  const run = runs.get(slug) ?? compute(slug);
  runs.set(slug, run);
  return run;
}

/** Address of the worker that runs the example. */
export function workerOf(slug: string): string | undefined {
  return workers[`/src/examples/${slug}/scenario.ts`];
}

async function compute(slug: string): Promise<DefaultRun> {
  const load = files[`/src/examples/${slug}/scenario.ts`];
  if (load === undefined) {
    const near = nearestWord(slug, Object.keys(files).map((path) => path.split('/')[3] ?? ''));
    throw new Error(`src/examples/${slug}/scenario.ts does not exist.${near === undefined ? '' : ` Did you mean "${near}"?`}`);
  }
  const staged = await load();
  const settings = defaultSettings(staged.scenario);
  return { scenario: staged.scenario, settings, outcome: await runScenario(staged, settings, defaultSeed) };
}
