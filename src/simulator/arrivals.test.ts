import { describe, expect, test } from 'vitest';
import { burst, closedLoop, poissonArrivals, ramp, varying } from './arrivals.ts';
import type { VaryingRate } from './arrivals.ts';
import { Simulation } from './simulation.ts';

async function arrivals(rate: number | VaryingRate, untilMs: number, stage: (simulation: Simulation) => void = () => {}): Promise<number[]> {
  const simulation = new Simulation(1);
  const times: number[] = [];
  poissonArrivals(simulation, rate, (number) => {
    expect(number).toBe(times.length);
    times.push(simulation.now());
  });
  stage(simulation);
  await simulation.run(untilMs);
  return times;
}

/** Rates within five standard errors. */
function expectRates(times: number[], expected: [fromMs: number, untilMs: number, perSecond: number][]): void {
  for (const [fromMs, untilMs, perSecond] of expected) {
    const mean = perSecond * (untilMs - fromMs) / 1000;
    const count = times.filter((ms) => ms >= fromMs && ms < untilMs).length;
    expect(Math.abs(count - mean), `${count} from ${fromMs} to ${untilMs} ms`).toBeLessThanOrEqual(5 * Math.sqrt(mean));
  }
}

describe('Poisson arrivals', () => {
  test('come at their rate, with a variance that equals the mean', async () => {
    const times = await arrivals(50, 400_000);
    const counts = new Array<number>(400).fill(0);
    for (const ms of times) counts[Math.floor(ms / 1000)] = (counts[Math.floor(ms / 1000)] ?? 0) + 1;
    const mean = times.length / 400;
    // Five standard errors: 5 × √(50 / 400), and 5 × 50 × √(2 / 400).
    expect(Math.abs(mean - 50)).toBeLessThan(1.8);
    expect(Math.abs(counts.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 399 - 50)).toBeLessThan(18);
  });

  test('follow a ramp, a burst and any other shape', async () => {
    const climbing = await arrivals(ramp(10, 110, 100_000, 300_000), 400_000);
    expectRates(climbing, [[0, 100_000, 10], [150_000, 175_000, 41.25], [250_000, 275_000, 91.25], [300_000, 400_000, 110]]);
    expectRates(await arrivals(ramp(50, 0, 0, 100_000), 200_000), [[0, 50_000, 37.5], [50_000, 100_000, 12.5], [100_000, 200_000, 0]]);
    expectRates(await arrivals(burst(10, 200, 50_000, 60_000), 110_000), [[0, 50_000, 10], [50_000, 60_000, 200], [60_000, 110_000, 10]]);
    expect(await arrivals(varying(5, () => 0), 10_000)).toEqual([]);
    expect(await arrivals(0, 10_000)).toEqual([]);
  });

  test('a rate beyond its peak fails the run with both numbers', async () => {
    await expect(arrivals(varying(10, () => 20), 10_000)).rejects.toThrow(/a rate of 20 per second at .* ms is beyond its peak of 10/);
  });

  test('come at the same times whatever else draws numbers', async () => {
    const busy = (simulation: Simulation): void => poissonArrivals(simulation, 100, () => simulation.stream('service').exponential(1), { stream: 'others' });
    expect(await arrivals(20, 50_000, busy)).toEqual(await arrivals(20, 50_000));
  });
});

test('users of a closed loop think, ask, wait for the answer or the error, and ask again', async () => {
  const simulation = new Simulation(1);
  const asked: [number, number][] = [];
  let [open, mostOpen] = [0, 0];
  closedLoop(simulation, { users: 3, thinkMs: 50 }, async (user, turn) => {
    asked.push([user, turn]);
    mostOpen = Math.max(mostOpen, ++open);
    await simulation.sleep(150);
    open--;
    if (turn % 2 === 1) throw new Error('an answer too');
  });
  await simulation.run(200_000);
  expect(mostOpen).toBe(3);
  // 200 s / (150 + 50) ms = 1000 turns each.
  for (const user of [0, 1, 2]) {
    const turns = asked.filter(([each]) => each === user).map(([, turn]) => turn);
    expect(turns).toEqual(Array.from(turns, (_, at) => at));
    expect(Math.abs(turns.length - 1000)).toBeLessThan(50);
  }
});
