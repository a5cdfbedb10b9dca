import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { Simulation } from './simulation.ts';
import { withTimeLimit } from './time-limit.ts';

/** Makes one call with a limit of 100 ms, and says how and when it ended, and what it left behind. */
async function call(work: (simulation: Simulation) => Promise<string>, abortMs = Infinity): Promise<{ end: string; listeners: number; laterEvents: number }> {
  const simulation = new Simulation(1);
  const abort = new AbortController();
  let end = 'never';
  simulation.spawn(async () => {
    const how = await withTimeLimit(simulation, 100, () => work(simulation), abort.signal).catch(String);
    end = `${how} at ${simulation.now()}`;
  });
  if (abortMs < Infinity) simulation.schedule(abortMs, () => abort.abort('left'));
  await simulation.run(99);
  const executed = simulation.executed;
  const early = end;
  await simulation.run(1000);
  return { end, listeners: getEventListeners(abort.signal, 'abort').length, laterEvents: early === 'never' ? 0 : simulation.executed - executed };
}

test.each<[string, string, (simulation: Simulation) => Promise<string>, number?]>([
  ['an answer in time', 'answer at 40', (simulation) => simulation.sleep(40).then(() => 'answer')],
  ['an error in time', 'TypeError: no at 40', (simulation) => simulation.sleep(40).then(() => { throw new TypeError('no'); })],
  ['a throw at once', 'TypeError: now at 0', () => { throw new TypeError('now'); }],
  ['no answer', 'TimeoutError: no answer within 100 ms at 100', () => new Promise(() => {})],
  ['an answer too late', 'TimeoutError: no answer within 100 ms at 100', (simulation) => simulation.sleep(140).then(() => 'late')],
  ['an error too late', 'TimeoutError: no answer within 100 ms at 100', (simulation) => simulation.sleep(140).then(() => { throw new TypeError('late'); })],
  ['a caller who leaves', 'left at 30', () => new Promise(() => {}), 30],
])('%s: ends once, and leaves neither timer nor listener', async (_, expected, work, abortMs) => {
  const { end, listeners, laterEvents } = await call(work, abortMs);
  expect(end).toBe(expected);
  expect(listeners).toBe(0);
  expect(laterEvents).toBe(0);
});

test('a caller who has left before makes no call', async () => {
  let calls = 0;
  await expect(withTimeLimit(new Simulation(1), 100, async () => { calls++; }, AbortSignal.abort('before'))).rejects.toBe('before');
  expect(calls).toBe(0);
});
