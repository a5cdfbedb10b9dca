import { expect, test } from 'vitest';
import { poissonArrivals } from './arrivals.ts';
import { ServiceBusyError } from './service.ts';
import { Simulation } from './simulation.ts';
import { WorkerPool } from './worker-pool.ts';

test('tasks hold a worker to their end, wait in order, and what does not fit is refused', async () => {
  const simulation = new Simulation(1);
  const pool = new WorkerPool(simulation, 2, 2);
  const log: string[] = [];
  const task = (name: string, ms: number) => (): void => simulation.spawn(() => pool.run(async () => {
    log.push(`${name} begins ${simulation.now()}`);
    await simulation.sleep(ms);
    if (name === 'b') throw new TypeError('no');
  }).catch((error: unknown) => log.push(`${name} ${String(error)}`)));
  for (const [at, name] of ['a', 'b', 'c', 'd', 'e'].entries()) simulation.schedule(at, task(name, 10));
  simulation.schedule(4, () => log.push(`${pool.busy} busy, ${pool.queued} queued`));
  await simulation.run(100);
  expect(log).toEqual(['a begins 0', 'b begins 1', `e ${String(new ServiceBusyError('all workers are busy and the queue is full'))}`, '2 busy, 2 queued', 'c begins 10', 'd begins 11', 'b TypeError: no']);
  expect([pool.busy, pool.queued]).toEqual([0, 0]);
});

test('never more than its workers are busy, and everything ends', async () => {
  const simulation = new Simulation(2);
  const pool = new WorkerPool(simulation, 4);
  const random = simulation.stream('work');
  let [underWork, most, ended, offered] = [0, 0, 0, 0];
  poissonArrivals(simulation, 90, () => {
    if (simulation.now() > 20_000) return;
    offered++;
    simulation.spawn(() => pool.run(async () => {
      most = Math.max(most, ++underWork, pool.busy);
      try {
        await simulation.sleep(random.exponential(40));
        if (random.chance(0.1)) throw new Error('a bad moment');
      } finally {
        underWork--;
      }
    }).catch(() => {}).then(() => ended++));
  });
  await simulation.run(60_000);
  expect(most).toBe(4);
  expect(offered).toBeGreaterThan(1500);
  expect([ended, pool.busy, pool.queued]).toEqual([offered, 0, 0]);
});
