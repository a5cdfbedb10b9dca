/** Computes the scenario of an example beside the page. What is said of it, the page loads: there is not a word of it here. */
import { runScenario } from '../simulator/run-scenario.ts';
import type { Frame, Outcome } from '../simulator/run-scenario.ts';
import type { Settings, Stage } from '../simulator/scenario.ts';

export interface Request { id: number; frame: Frame; settings: Settings; seed: number }
/** The first reply, of the number 0, says that the worker is there. */
export type Reply = { id: number; outcome: Outcome } | { id: number; failure: string };

/** What the worker of an example does; see src/integrations/scenario-workers.ts. */
export function serve(stage: Stage): void {
  // Thousands of calls fail in a simulation, and nobody reads where: V8 need not write down the stack of each.
  Error.stackTraceLimit = 0;
  addEventListener('message', ({ data: { id, frame, settings, seed } }: MessageEvent<Request>) => {
    runScenario({ scenario: frame, stage }, settings, seed).then(
      (outcome) => postMessage({ id, outcome } satisfies Reply),
      (error: unknown) => postMessage({ id, failure: String(error) } satisfies Reply),
    );
  });
  postMessage({ id: 0, outcome: {} } satisfies Reply);
}
