/** What the twins tell, gathered once for a build. */
import { readComparisons } from '../catalogue/comparisons.ts';
import { bibliography, contributionPages, guidePages, knownPatterns, problemPages } from '../catalogue/entries.ts';
import { readGlossary } from '../catalogue/glossary.ts';
import { absolute } from '../citing/addresses.ts';
import type { Atlas } from '../citing/twin.ts';
import { attributesOf } from '../components/attributes.ts';
import { exampleText, simulatedExamples, testCount } from '../components/examples.ts';
import { places, plateText } from '../components/plate-places.ts';
import { cutRegion } from '../components/regions.ts';
import { defaultRun } from '../components/scenarios.ts';
import { simulationText } from '../components/simulation-text.ts';

let gathered: Promise<Atlas> | undefined;

export function atlas(): Promise<Atlas> {
  // While somebody edits, a page may have changed since.
  if (import.meta.env.DEV) return gather();
  gathered ??= gather();
  return gathered;
}

async function gather(): Promise<Atlas> {
  const simulations = new Map(await Promise.all(simulatedExamples.map(async (example) => [example, simulationText(await defaultRun(example))] as const)));
  return {
    absolute: (path) => absolute(import.meta.env.SITE, import.meta.env.BASE_URL, path),
    patterns: await knownPatterns(),
    problems: await problemPages(),
    guides: await guidePages(),
    sources: await bibliography(),
    comparisons: readComparisons(),
    terms: readGlossary(),
    snippet: (file, region) => {
      const text = exampleText(file);
      return { code: cutRegion(file, text, region), lines: text.trimEnd().split('\n').length, tests: testCount(file.split('/')[0] ?? '') };
    },
    simulation: (example) => {
      const simulation = simulations.get(example);
      if (simulation === undefined) throw new Error(`src/examples/${example}/scenario.ts does not exist`);
      return simulation;
    },
    contributions: (await contributionPages()).map(({ address, data: { title, description } }) => ({ path: address, title, description })),
    attributes: attributesOf,
    plate: { text: plateText, problems: places.map(({ slug }) => slug) },
  };
}
