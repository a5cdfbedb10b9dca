import { describe, expect, test } from 'vitest';
import { poissonArrivals } from './arrivals.ts';
import { Service, ServiceBusyError, ServiceDownError } from './service.ts';
import type { ServiceOptions } from './service.ts';
import { Simulation } from './simulation.ts';

/** Serves `[arrival, work, priority]` and says when each ended, and how if not well. */
async function serve(options: ServiceOptions, jobs: [number, number, number?][], stage: (simulation: Simulation, service: Service) => void = () => {}): Promise<(number | string)[]> {
  const simulation = new Simulation(1);
  const service = new Service(simulation, options);
  const ends: (number | string)[] = jobs.map(() => 'never');
  for (const [at, [arrivalMs, workMs, priority = 0]] of jobs.entries()) {
    simulation.setTimeout(() => simulation.spawn(async () => {
      try {
        await service.serve(workMs, { priority });
        ends[at] = simulation.now();
      } catch (error) {
        ends[at] = `${(error as Error).name} at ${simulation.now()}`;
      }
    }), arrivalMs);
  }
  stage(simulation, service);
  await simulation.run(1000);
  return ends;
}

test('workers serve side by side, the queue in order, and what does not fit is refused', async () => {
  expect(await serve({ workers: 2, queue: 1 }, [[0, 10], [0, 20], [1, 5], [2, 5], [11, 30]])).toEqual([10, 20, 15, 'ServiceBusyError at 2', 45]);
});

test('last in, first out', async () => {
  expect(await serve({ workers: 1, discipline: 'lifo' }, [[0, 10], [1, 10], [2, 10], [3, 10]])).toEqual([10, 40, 30, 20]);
});

test('the lower priority number first, in order among equals, without interrupting', async () => {
  expect(await serve({ workers: 1 }, [[0, 10], [1, 10, 1], [2, 10, 1], [3, 10], [4, 10, 5]])).toEqual([10, 30, 40, 20, 50]);
});

test('a priority that is no whole number from 0 is refused with its value', () => {
  const service = new Service(new Simulation(1), { workers: 1 });
  expect(() => service.submit(1, () => {}, -1)).toThrow('priority must be a whole number from 0: current value is -1');
  expect(() => service.submit(1, () => {}, 0.5)).toThrow(RangeError);
});

test('a stall keeps what is done of the work', async () => {
  const jobs: [number, number][] = [[0, 10], [5, 10]];
  expect(await serve({ workers: 1 }, jobs, (simulation, service) => {
    simulation.setTimeout(() => service.stall(), 4);
    simulation.setTimeout(() => service.resume(), 100);
  })).toEqual([106, 116]);
});

test('a slow-down stretches what is left, and what comes', async () => {
  expect(await serve({ workers: 1 }, [[0, 10], [0, 10], [0, 10]], (simulation, service) => {
    simulation.setTimeout(() => service.slowDown(3), 5);
    simulation.setTimeout(() => service.resume(), 35);
  })).toEqual([20, 40, 50]);
});

test('a crash loses all work, refuses what comes, and a restart ends both, and a stall', async () => {
  const ends = await serve({ workers: 1 }, [[0, 10], [1, 10], [8, 10], [20, 10]], (simulation, service) => {
    simulation.setTimeout(() => service.stall(), 2);
    simulation.setTimeout(() => service.crash(), 5);
    simulation.setTimeout(() => service.restart(), 15);
  });
  expect(ends).toEqual(['ServiceDownError at 5', 'ServiceDownError at 5', 'ServiceDownError at 8', 30]);
});

test('an abort gives up the place in the queue or the worker, and nothing of it is left', async () => {
  const simulation = new Simulation(1);
  const service = new Service(simulation, { workers: 1, queue: 1 });
  const ends: string[] = [];
  const aborts = ['running', 'waiting', 'next'].map((name) => {
    const abort = new AbortController();
    service.serve(10, { signal: abort.signal }).then(() => ends.push(`${name} ${simulation.now()}`), (error: unknown) => ends.push(`${name} ${String(error)}`));
    return abort;
  });
  simulation.schedule(2, () => aborts[1]?.abort('left'));
  simulation.schedule(3, () => void service.serve(10).then(() => ends.push(`late ${simulation.now()}`)));
  simulation.schedule(4, () => aborts[0]?.abort('left too'));
  simulation.schedule(5, () => ends.push(`${service.busy} busy, ${service.queued} queued`));
  await service.serve(10, { signal: AbortSignal.abort('before') }).catch((error: unknown) => ends.push(String(error)));
  await simulation.run(100);
  expect(ends).toEqual([`next ${String(new ServiceBusyError('the queue is full'))}`, 'before', 'waiting left', 'running left too', '1 busy, 0 queued', 'late 14']);
});

describe('whatever crashes, stalls, slows down or leaves', () => {
  async function badDay(seed: number, options: ServiceOptions): Promise<{ trace: string[]; counts: Record<string, number>; service: Service; offered: number; mostBusy: number; mostQueued: number }> {
    const simulation = new Simulation(seed);
    const service = new Service(simulation, options);
    const chance = simulation.stream('chance');
    const counts: Record<string, number> = { answered: 0, ServiceBusyError: 0, ServiceDownError: 0, gone: 0 };
    const trace: string[] = [];
    let [offered, mostBusy, mostQueued] = [0, 0, 0];
    const end = (number: number, how: string): void => {
      counts[how] = (counts[how] ?? 0) + 1;
      trace.push(`${number} ${how} ${simulation.now()}`);
    };
    poissonArrivals(simulation, 100, (number) => {
      const abort = new AbortController();
      offered += 1;
      simulation.spawn(() => service.serve(chance.exponential(35), { priority: chance.below(3), signal: abort.signal }).then(() => end(number, 'answered'), (error: unknown) => end(number, error instanceof Error ? error.name : 'gone')));
      if (chance.chance(0.2)) simulation.setTimeout(() => abort.abort('gone'), chance.exponential(40));
      mostBusy = Math.max(mostBusy, service.busy);
      mostQueued = Math.max(mostQueued, service.queued);
    });
    const faults = [() => service.crash(), () => service.restart(), () => service.stall(), () => service.resume(), () => service.slowDown(2), () => service.resume(), () => service.restart()];
    for (let atMs = 200; atMs < 19_000; atMs += 300) simulation.setTimeout(() => faults[chance.below(faults.length)]?.(), atMs);
    await simulation.run(20_000);
    return { trace, counts, service, offered, mostBusy, mostQueued };
  }

  test.each([1, 2, 3, 4, 5, 6])('everything is answered, failed or still inside, and no bound is passed (seed %i)', async (seed) => {
    const options = { workers: 3, queue: 10, discipline: seed % 2 === 0 ? 'lifo' : 'fifo' } as const;
    const { counts, service, offered, mostBusy, mostQueued } = await badDay(seed, options);
    expect(offered).toBeGreaterThan(1500);
    expect(Object.values(counts).reduce((sum, each) => sum + each, service.busy + service.queued)).toBe(offered);
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(5);
    expect([mostBusy, mostQueued]).toEqual([3, 10]);
  });

  test('one seed gives one trace', async () => {
    const { trace } = await badDay(9, { workers: 2, queue: 5 });
    expect((await badDay(9, { workers: 2, queue: 5 })).trace).toEqual(trace);
  });
});

test('a crash under a callback that asks again does not end', () => {
  const service = new Service(new Simulation(1), { workers: 1 });
  const ends: unknown[] = [];
  service.submit(10, () => service.submit(10, (error) => ends.push(error)));
  service.crash();
  expect(ends).toEqual([new ServiceDownError('connection refused')]);
});
