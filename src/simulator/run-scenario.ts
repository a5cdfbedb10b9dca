import { Recorder } from './recorder.ts';
import type { Recording } from './recorder.ts';
import type { Parameters, Settings, Stage } from './scenario.ts';
import { Simulation } from './simulation.ts';

/** What a run has to know of its scenario; a worker is told it. */
export interface Frame { durationMs: number; frameMs: number; variants: readonly { id: string }[] }

/** One recording for each variant, by its id, all of the same traffic. */
export type Outcome = Record<string, Recording>;

/**
 * Computes the whole scenario at once; playing it back is reading frames.
 * @param begin makes the simulation of each variant
 * @throws whatever the example or the scenario throws, SimulationStuckError among it
 */
export async function runScenario<P extends Parameters>({ scenario: { durationMs, frameMs, variants }, stage }: { scenario: Frame; stage: Stage<P> }, settings: Settings<P>, seed: number, begin = (): Simulation => new Simulation(seed)): Promise<Outcome> {
  const outcome: Outcome = {};
  for (const { id } of variants) {
    const simulation = begin();
    const record = new Recorder(simulation, durationMs, frameMs);
    stage({ simulation, record, settings, variant: id });
    await simulation.run(durationMs);
    outcome[id] = record.recording();
  }
  return outcome;
}
