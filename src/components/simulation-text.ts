/** What the figure of a simulation says, as text for those who have no browser. */
import type { SimulationText } from '../citing/twin.ts';
import { tablesOf } from '../simulator/figure-table.ts';
import { comparison, readout } from '../simulator/figure-words.ts';
import { defaultSeed } from '../simulator/settings.ts';
import type { DefaultRun } from './scenarios.ts';

/** As many as the page shows without a script. */
const rows = 5;

export function simulationText({ scenario, settings, outcome }: DefaultRun): SimulationText {
  return {
    title: scenario.title,
    comparison: comparison(scenario, outcome),
    outcomes: scenario.variants.flatMap(({ id, label }) => {
      const recording = outcome[id];
      return recording === undefined ? [] : [{ label, text: scenario.outcome(recording, settings) }];
    }),
    settings: [
      ...Object.entries(scenario.parameters).map(([id, parameter]) => ({ label: parameter.label, value: readout(parameter, settings[id] ?? parameter.default) })),
      { label: 'Traffic number', value: String(defaultSeed) },
    ],
    tries: scenario.tries.map(({ title, notice, hurts = false }) => ({ title, notice, hurts })),
    tables: tablesOf({ described: scenario, outcome, settings }, rows),
  };
}
