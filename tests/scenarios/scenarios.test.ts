/** What every simulator promises to a reader. */
import { describe, expect, test } from 'vitest';
import { runScenario } from '../../src/simulator/run-scenario.ts';
import { Simulation } from '../../src/simulator/simulation.ts';
import { readSettings, writeSettings } from '../../src/simulator/settings.ts';
import type { Scenario } from '../../src/simulator/scenario.ts';
import { outcomeOf, scenarios, settingsOf, summaryOf } from './every-scenario.ts';

describe.each(scenarios)('$slug', ({ slug, ...staged }) => {
  const { scenario } = staged;

  test('has at least three things to try, the first with the defaults, one that hurts', () => {
    const { tries } = scenario;
    expect(tries.length).toBeGreaterThanOrEqual(3);
    expect(tries[0]?.settings).toEqual({});
    expect(tries.some(({ hurts }) => hurts)).toBe(true);
    expect(new Set(tries.map(({ id }) => id)).size).toBe(tries.length);
  });

  test('everything to try uses settings that a reader can choose', () => {
    for (const each of scenario.tries) {
      const settings = settingsOf(scenario, each);
      expect(readSettings(scenario, writeSettings(scenario, { settings, seed: 1 })), each.id).toEqual({ settings, seed: 1, complaints: [] });
    }
  });

  test('the same traffic in every variant, and something of it', async () => {
    for (const each of scenario.tries) {
      const [first, ...others] = Object.values(await outcomeOf(staged, each));
      expect(first?.totals['offered'], each.id).toBeGreaterThan(0);
      for (const other of others) expect(other.frames['offered'], each.id).toEqual(first?.frames['offered']);
    }
  });

  test('each figure has its numbers in every variant, one a frame', async () => {
    const recordings = Object.values(await outcomeOf(staged));
    const frameCount = Math.ceil(scenario.durationMs / scenario.frameMs);
    for (const chart of scenario.charts) {
      if (chart.kind === 'lane') expect(recordings.filter(({ lanes }) => chart.lane in lanes).flatMap(({ lanes }) => lanes[chart.lane]?.map(({ state }) => state).filter((state) => !(state in chart.tones))), chart.title).toEqual([]);
      else for (const { frames } of recordings) expect(frames[chart.kind === 'duration' ? `${chart.series}.p99` : chart.series], chart.title).toHaveLength(frameCount);
    }
  });

  test('the pattern helps by default, and hurts where it is said to', async () => {
    for (const each of scenario.tries) {
      const outcome = await outcomeOf(staged, each);
      const gain = gainOf(scenario, outcome[scenario.variants[0].id]?.totals ?? {}, outcome[scenario.variants.at(-1)?.id ?? '']?.totals ?? {});
      if (each === scenario.tries[0]) expect(gain, each.id).toBeGreaterThan(0);
      if (each.hurts) expect(gain, each.id).toBeLessThan(0);
    }
  });

  test('no promise is settled behind the back of the simulation', async () => {
    for (const each of scenario.tries) expect(await runScenario(staged, settingsOf(scenario, each), 1, () => new CautiousSimulation(1)), each.id).toEqual(await outcomeOf(staged, each));
  });

  test('one seed gives one outcome, the recorded one; another seed gives another', async () => {
    const summaries: Record<string, unknown> = {};
    for (const each of scenario.tries) summaries[each.id] = summaryOf(await outcomeOf(staged, each));
    await expect(`${JSON.stringify(summaries, null, 1)}\n`).toMatchFileSnapshot(`golden/${slug}.json`);
    expect(summaryOf(await outcomeOf(staged, undefined, 2))).not.toEqual(summaries[scenario.tries[0]?.id ?? '']);
  });
});

/** How much better the second is, whichever way is better. */
function gainOf({ measure }: Scenario, before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): number {
  const more = (after[measure.total] ?? Number.NaN) - (before[measure.total] ?? Number.NaN);
  return measure.better === 'more' ? more : -more;
}

/** Waits for all promises after every event, whatever the event says. */
class CautiousSimulation extends Simulation {
  override schedule(delayMs: number, callback: () => void): number {
    return super.schedule(delayMs, () => {
      this.settles();
      callback();
    });
  }
}
