/** Computes scenarios beside the page. Each example comes in a chunk of its own. */
import { describe } from '../simulator/figure-words.ts';
import type { Described, Sentences } from '../simulator/figure-words.ts';
import { runScenario } from '../simulator/run-scenario.ts';
import type { Outcome } from '../simulator/run-scenario.ts';
import type { Scenario, Settings } from '../simulator/scenario.ts';

export interface Request {
  id: number;
  example: string;
  /** Nothing: say what the scenario is. Settings and seed: run it. Settings and an outcome: say it in words. */
  settings?: Settings;
  seed?: number;
  outcome?: Outcome;
}
export interface Answer { described: Described; outcome?: Outcome; sentences: Sentences }
export type Reply = { id: number; answer: Answer } | { id: number; failure: string };

const files = import.meta.glob<{ scenario: Scenario }>('/src/examples/*/scenario.ts');

addEventListener('message', ({ data }: MessageEvent<Request>) => {
  answer(data).then(
    (answered) => postMessage({ id: data.id, answer: answered } satisfies Reply),
    (error: unknown) => postMessage({ id: data.id, failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error) } satisfies Reply),
  );
});

async function answer({ example, settings, seed, outcome }: Request): Promise<Answer> {
  const load = files[`/src/examples/${example}/scenario.ts`];
  if (load === undefined) throw new Error(`the example ${example} has no scenario`);
  const { scenario } = await load();
  const described = describe(scenario);
  if (settings === undefined) return { described, sentences: {} };
  const came = outcome ?? await runScenario(scenario, settings, seed ?? 1);
  return { described, outcome: came, sentences: Object.fromEntries(Object.entries(came).map(([variant, recording]) => [variant, scenario.outcome(recording, settings)])) };
}
