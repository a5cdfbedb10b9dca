/**
 * The parts against queueing theory, with fixed seeds, within 2 %. Formulas as in L. Kleinrock, "Queueing Systems", volume 1,
 * 1975: M/M/1, M/M/m and M/M/1/K in chapter 3, M/G/1 (Pollaczek and Khinchine) in chapter 5, Little's law in chapter 2;
 * priorities (Cobham) in volume 2, 1976, chapter 3; closed loops by mean value analysis, M. Reiser and S. Lavenberg, 1980.
 * Units are one mean service time, 1000 ms.
 */
import { afterAll, describe, expect, test } from 'vitest';
import { closedLoop, poissonArrivals } from './arrivals.ts';
import { callOver } from './call-over.ts';
import { bimodalLatency, constantLatency, exponentialLatency } from './latency.ts';
import type { Latency } from './latency.ts';
import { Link } from './link.ts';
import { loadAmplification } from './metrics.ts';
import { Recorder } from './recorder.ts';
import { Service } from './service.ts';
import type { ServiceOptions } from './service.ts';
import { Simulation } from './simulation.ts';
import { withTimeLimit } from './time-limit.ts';

const unitMs = 1000;
const tolerance = 0.02;
const table: string[] = [];

afterAll(() => console.log([`${'model'.padEnd(34)}${'quantity'.padEnd(24)}${'theory'.padStart(10)}${'simulated'.padStart(11)}${'off'.padStart(9)}`, ...table].join('\n')));

/** Writes a line of the table, and holds it. */
function compare(model: string, quantity: string, theory: number, simulated: number): void {
  const off = simulated / theory - 1;
  table.push(`${model.padEnd(34)}${quantity.padEnd(24)}${theory.toFixed(4).padStart(10)}${simulated.toFixed(4).padStart(11)}${`${(off * 100).toFixed(2)} %`.padStart(9)}`);
  expect.soft(Math.abs(off), `${model}: ${quantity} ${simulated} against ${theory}`).toBeLessThan(tolerance);
}

interface Queue { rate: number; service: Latency; options?: ServiceOptions; customers: number; seeds: number; priorities?: number }
/** Means over customers, for each priority and for all; `inSystem` is a mean over time. */
interface Measured { inSystem: number; throughput: number; waited: number; lost: number; responses: Float64Array; response: number; wait: number; waits: number[] }

/**
 * Offers Poisson arrivals to a service and measures after a tenth of the time. Each seed runs twice, the second time with
 * the random numbers of arrivals and work exchanged: what made the one run busier makes the other calmer.
 */
async function measure({ rate, service, options = { workers: 1 }, customers, seeds, priorities = 1 }: Queue): Promise<Measured> {
  const responses = new Float64Array(customers * 1.1);
  const [waitSums, counts] = [[0, 0], [0, 0]];
  let [served, waited, lost, offered, area, measuredMs] = [0, 0, 0, 0, 0, 0];
  for (let run = 0; run < 2 * seeds; run++) {
    const simulation = new Simulation(1 + (run >> 1), Infinity);
    const names = run % 2 === 0 ? ['arrivals', 'service'] as const : ['service', 'arrivals'] as const;
    const random = simulation.stream(names[1]);
    const classes = simulation.stream('classes');
    const target = new Service(simulation, options);
    const durationMs = customers / (2 * seeds) / rate * unitMs;
    const startMs = durationMs / 10;
    let sinceMs = startMs;
    let level = 0;
    const moved = (): void => {
      const nowMs = simulation.now();
      if (nowMs > sinceMs) {
        area += level * (nowMs - sinceMs);
        sinceMs = nowMs;
      }
      level = target.busy + target.queued;
    };
    poissonArrivals(simulation, rate, () => {
      const arrivedMs = simulation.now();
      const isMeasured = arrivedMs >= startMs;
      const workMs = service(random);
      const priority = classes.below(priorities);
      moved();
      if (isMeasured) offered += 1;
      target.submit(workMs, (error) => {
        moved();
        if (!isMeasured) return;
        if (error !== undefined) return void (lost += 1);
        const responseMs = simulation.now() - arrivedMs;
        const waitMs = Math.max(0, responseMs - workMs);
        if (waitMs > 1e-6) waited += 1;
        responses[served++] = responseMs / unitMs;
        waitSums[priority] = (waitSums[priority] ?? 0) + waitMs / unitMs;
        counts[priority] = (counts[priority] ?? 0) + 1;
      }, priority);
      moved();
    }, { stream: names[0] });
    await simulation.run(durationMs);
    moved();
    measuredMs += durationMs - startMs;
  }
  const all = responses.subarray(0, served);
  const total = all.reduce((sum, each) => sum + each, 0);
  return {
    inSystem: area / measuredMs, throughput: served / measuredMs * unitMs, waited: waited / served, lost: lost / offered, responses: all, response: total / served,
    wait: ((waitSums[0] ?? 0) + (waitSums[1] ?? 0)) / served, waits: waitSums.map((sum, priority) => sum / (counts[priority] ?? 0)),
  };
}

function quantile(values: Float64Array, share: number): number {
  return values.toSorted()[Math.floor(values.length * share)] ?? Number.NaN;
}

function expectLittle(model: string, { inSystem, throughput, response }: Measured): void {
  compare(model, 'L = λ W', throughput * response, inSystem);
}

/** Probability that a customer waits, for `load` in units of workers; from Erlang's B by its recursion. */
function erlangC(workers: number, load: number): number {
  let inverse = 1;
  for (let each = 1; each <= workers; each++) inverse = 1 + inverse * each / load;
  const blocked = 1 / inverse;
  return blocked / (1 - load / workers * (1 - blocked));
}

const exponential = exponentialLatency(unitMs);

describe('one worker', { timeout: 120_000 }, () => {
  test.each([[0.5, 400_000], [0.8, 1_200_000], [0.9, 2_400_000]])('M/M/1 at load %d', async (rho, customers) => {
    const model = `M/M/1, ρ ${rho}`;
    const measured = await measure({ rate: rho, service: exponential, customers, seeds: 8 });
    const response = 1 / (1 - rho);
    compare(model, 'time in system W', response, measured.response);
    compare(model, 'wait Wq', rho * response, measured.wait);
    // At load 0.9 its standard error is beyond what a test has time for.
    if (rho < 0.9) compare(model, 'p99 of W', response * Math.log(100), quantile(measured.responses, 0.99));
    compare(model, 'in system L', rho / (1 - rho), measured.inSystem);
    expectLittle(model, measured);
  });

  test.each([[0.8, 5], [1.2, 5]])('M/M/1/K at load %d with room for %i', async (rho, room) => {
    const model = `M/M/1/${room}, ρ ${rho}`;
    const measured = await measure({ rate: rho, service: exponential, options: { workers: 1, queue: room - 1 }, customers: 400_000, seeds: 4 });
    compare(model, 'loss', (1 - rho) * rho ** room / (1 - rho ** (room + 1)), measured.lost);
    expectLittle(model, measured);
  });

  test('M/D/1', async () => {
    const measured = await measure({ rate: 0.8, service: constantLatency(unitMs), customers: 600_000, seeds: 4 });
    compare('M/D/1, ρ 0.8', 'wait Wq', 0.8 / (2 * (1 - 0.8)), measured.wait);
    expectLittle('M/D/1, ρ 0.8', measured);
  });

  test('M/G/1 with a fast and a slow path', async () => {
    const service = bimodalLatency(constantLatency(unitMs * 2 / 3), exponentialLatency(2 * unitMs), 0.25);
    const secondMoment = 0.75 * (2 / 3) ** 2 + 0.25 * 2 * 2 ** 2;
    const measured = await measure({ rate: 0.5, service, customers: 1_000_000, seeds: 4 });
    compare('M/G/1, bimodal, ρ 0.5', 'wait Wq', 0.5 * secondMoment / (2 * (1 - 0.5)), measured.wait);
    expectLittle('M/G/1, bimodal, ρ 0.5', measured);
  });

  test('last in, first out waits as long on the average, and longer at the 99th percentile', async () => {
    const measured = await measure({ rate: 0.7, service: exponential, options: { workers: 1, discipline: 'lifo' }, customers: 800_000, seeds: 4 });
    compare('M/M/1 LIFO, ρ 0.7', 'wait Wq', 0.7 / (1 - 0.7), measured.wait);
    expectLittle('M/M/1 LIFO, ρ 0.7', measured);
    expect(quantile(measured.responses, 0.99)).toBeGreaterThan(1.2 / (1 - 0.7) * Math.log(100));
  });

  test('two priorities that do not interrupt', async () => {
    const measured = await measure({ rate: 0.8, service: exponential, customers: 1_200_000, seeds: 8, priorities: 2 });
    const model = 'M/M/1 priorities, ρ 0.4 + 0.4';
    compare(model, 'wait Wq of the first', 0.8 / (1 - 0.4), measured.waits[0] ?? 0);
    compare(model, 'wait Wq of the second', 0.8 / ((1 - 0.4) * (1 - 0.8)), measured.waits[1] ?? 0);
    expectLittle(model, measured);
  });
});

describe('many workers', { timeout: 120_000 }, () => {
  test.each([[5, 0.8], [20, 0.8]])('M/M/%i at load %d', async (workers, rho) => {
    const model = `M/M/${workers}, ρ ${rho}`;
    const waits = erlangC(workers, workers * rho);
    const measured = await measure({ rate: workers * rho, service: exponential, options: { workers }, customers: 1_200_000, seeds: 4 });
    compare(model, 'share that waits C', waits, measured.waited);
    compare(model, 'wait Wq', waits / (workers * (1 - rho)), measured.wait);
    expectLittle(model, measured);
  });
});

describe('callers', { timeout: 120_000 }, () => {
  test.each([[4, 5], [20, 10]])('closed loop of %i users who think for %d', async (users, think) => {
    const model = `closed loop, N ${users}, Z ${think}`;
    const simulation = new Simulation(1, Infinity);
    const service = new Service(simulation, { workers: 1 });
    const random = simulation.stream('service');
    let [answers, sum] = [0, 0];
    closedLoop(simulation, { users, thinkMs: think * unitMs }, async () => {
      const startMs = simulation.now();
      await service.serve(exponential(random));
      answers += 1;
      sum += (simulation.now() - startMs) / unitMs;
    });
    const duration = 150_000;
    await simulation.run(duration * unitMs);
    let [queue, response] = [0, 0];
    for (let user = 1; user <= users; user++) {
      response = 1 + queue;
      queue = user / (response + think) * response;
    }
    compare(model, 'response time R', response, sum / answers);
    compare(model, 'throughput X', users / (response + think), answers / duration);
    compare(model, 'X = N / (R + Z)', users / (sum / answers + think), answers / duration);
  });

  test.each([[0.1, 3], [0.5, 3], [0.5, 5], [0.9, 4]])('retries: with failures of %d, at most %i attempts', async (failure, most) => {
    const simulation = new Simulation(1);
    const requests = 20_000;
    const record = new Recorder(simulation, requests, 1000);
    const [there, back] = [new Link(simulation, { latency: constantLatency(1), loss: failure, stream: 'there' }), new Link(simulation, { latency: constantLatency(1), stream: 'back' })];
    const attempt = (left: number): Promise<void> => {
      record.count('attempts');
      return withTimeLimit(simulation, 5, () => callOver(there, back, async () => {})).catch(() => (left > 1 ? attempt(left - 1) : undefined));
    };
    poissonArrivals(simulation, 1000, () => {
      record.count('offered');
      simulation.spawn(() => attempt(most));
    });
    await simulation.run(requests);
    compare(`retries, p ${failure}, n ${most}`, 'attempts per request', (1 - failure ** most) / (1 - failure), loadAmplification(record.recording().totals));
  });
});
