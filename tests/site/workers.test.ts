/** What a reader's browser runs has gone through bundler, minifier and src/integrations; it says the same as the source. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Reply, Request } from '../../src/elements/simulator-worker.ts';
import { defaultSeed } from '../../src/simulator/settings.ts';
import { scenarios, settingsOf, summaryOf } from '../scenarios/every-scenario.ts';
import { siteText, workerOf } from './built-site.ts';

test.each(scenarios)('the worker of $slug gives the recorded numbers of everything to try', { timeout: 120_000 }, async ({ slug, scenario }) => {
  const { durationMs, frameMs, variants } = scenario;
  const ask = started(siteText(workerOf(slug).slice(1)));
  const summaries: Record<string, unknown> = {};
  for (const [at, each] of scenario.tries.entries()) {
    const reply = await ask({ id: at + 1, frame: { durationMs, frameMs, variants }, settings: settingsOf(scenario, each), seed: defaultSeed });
    expect(reply, each.id).toHaveProperty('outcome');
    if ('outcome' in reply) summaries[each.id] = summaryOf(reply.outcome);
  }
  expect(`${JSON.stringify(summaries, null, 1)}\n`).toBe(readFileSync(new URL(`../scenarios/golden/${slug}.json`, import.meta.url), 'utf8'));
});

test('a worker says what went wrong', async () => {
  const ask = started(siteText(workerOf('publish-subscribe').slice(1)));
  expect(await ask({ id: 1, frame: { durationMs: 1_000, frameMs: 500, variants: [{ id: 'topic' }] }, settings: { kept: 0 }, seed: 1 }))
    .toEqual({ id: 1, failure: "RangeError: 'maxMessages' must be a positive integer: current value is 0" });
});

/** Runs the script of a worker here, as a browser would. */
function started(script: string): (request: Request) => Promise<Reply> {
  const listeners: ((event: { data: Request }) => void)[] = [];
  const replies: ((reply: Reply) => void)[] = [];
  const greeting: Reply[] = [];
  new Function('addEventListener', 'postMessage', script)(
    (_type: string, listener: (event: { data: Request }) => void) => listeners.push(listener),
    (reply: Reply) => (replies.shift() ?? ((first) => greeting.push(first)))(structuredClone(reply)),
  );
  expect(greeting).toEqual([{ id: 0, outcome: {} }]);
  return (request) => new Promise((resolve) => {
    replies.push(resolve);
    for (const listener of listeners) listener({ data: structuredClone(request) });
  });
}
