/** Computes scenarios beside the page. Each example comes in a chunk of its own, with what runs of it and not a word of what is said. */
import { runScenario } from '../simulator/run-scenario.ts';
import type { Frame, Outcome } from '../simulator/run-scenario.ts';
import type { Settings, Stage } from '../simulator/scenario.ts';

/** Without a run: load the example, so that the first run need not wait for it. */
export interface Request { id: number; example: string; run?: Run }
export interface Run { frame: Frame; settings: Settings; seed: number }
export type Reply = { id: number; outcome: Outcome } | { id: number; failure: string };

const stages = import.meta.glob<Stage>('/src/examples/*/scenario.ts', { import: 'stage' });

addEventListener('message', ({ data }: MessageEvent<Request>) => {
  answer(data).then(
    (outcome) => postMessage({ id: data.id, outcome } satisfies Reply),
    (error: unknown) => postMessage({ id: data.id, failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error) } satisfies Reply),
  );
});

async function answer({ example, run }: Request): Promise<Outcome> {
  const load = stages[`/src/examples/${example}/scenario.ts`];
  if (load === undefined) throw new Error(`the example ${example} has no scenario`);
  const stage = await load();
  return run === undefined ? {} : runScenario({ scenario: run.frame, stage }, run.settings, run.seed);
}
