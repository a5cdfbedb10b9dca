/** Every scenario of the examples, by the slug of its folder. */
import { readdirSync } from 'node:fs';
import type { Outcome } from '../../src/simulator/run-scenario.ts';
import { runScenario } from '../../src/simulator/run-scenario.ts';
import type { Scenario, Settings, Staged, Try } from '../../src/simulator/scenario.ts';
import { defaultSeed, defaultSettings } from '../../src/simulator/settings.ts';

const folders = new URL('../../src/examples/', import.meta.url);
const slugs = readdirSync(folders, { withFileTypes: true }).filter((entry) => entry.isDirectory() && readdirSync(new URL(`${entry.name}/`, folders)).includes('scenario.ts')).map(({ name }) => name).sort();

export const scenarios: (Staged & { slug: string })[] = await Promise.all(slugs.map(async (slug) => {
  const { scenario, stage } = await import(new URL(`${slug}/scenario.ts`, folders).href) as Staged;
  return { slug, scenario, stage };
}));

export function settingsOf(scenario: Scenario, each?: Try): Settings {
  return { ...defaultSettings(scenario), ...each?.settings } as Settings;
}

export function outcomeOf(staged: Staged, each?: Try, seed = defaultSeed): Promise<Outcome> {
  return runScenario(staged, settingsOf(staged.scenario, each), seed);
}

/** What a golden file keeps: all totals, and of the frames enough to notice any other number. */
export function summaryOf(outcome: Outcome): Record<string, { totals: Record<string, number>; frames: string }> {
  return Object.fromEntries(Object.entries(outcome).map(([variant, { totals, frames, lanes }]) => [variant, { totals: Object.fromEntries(Object.entries(totals).sort(([a], [b]) => (a < b ? -1 : 1))), frames: fingerprint(JSON.stringify([frames, lanes])) }]));
}

function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
