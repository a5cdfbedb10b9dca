import { describe, expect, test } from 'vitest';
import { poissonArrivals } from './arrivals.ts';
import { atRandom, Balancer, leastOutstanding, powerOfTwo, roundRobin } from './balancer.ts';
import type { Choice } from './balancer.ts';
import { Service } from './service.ts';
import { Simulation } from './simulation.ts';

const random = (name: string): ReturnType<Simulation['stream']> => new Simulation(1).stream(name);

describe('choices', () => {
  const shares = (choose: Choice, outstanding: number[]): number[] => {
    const counts = outstanding.map(() => 0);
    for (let call = 0; call < 12_000; call++) {
      const at = choose(outstanding);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    return counts.map((count) => count / 12_000);
  };
  /** Within 0.015, four standard errors. */
  const expectNear = (actual: number[], expected: number[]): void => expect(actual.map((share, at) => Math.abs(share - (expected[at] ?? 0)) < 0.015), `${actual}`).toEqual(expected.map(() => true));

  test('round robin takes all in turn, whatever their load', () => {
    const choose = roundRobin();
    expect([0, 0, 9, 0].map(() => choose([5, 0, 9]))).toEqual([0, 1, 2, 0]);
  });

  test('at random all are as likely, whatever their load', () => {
    expectNear(shares(atRandom(random('choice')), [5, 0, 9, 1]), [0.25, 0.25, 0.25, 0.25]);
  });

  test('the idlest, in turn among equals', () => {
    expect(shares(leastOutstanding(), [2, 1, 5, 1])).toEqual([0, 0.5, 0, 0.5]);
    const choose = leastOutstanding();
    expect([0, 0, 0, 0].map(() => choose([3, 3, 3]))).toEqual([0, 1, 2, 0]);
  });

  test('of two different ones the idler: the busiest of four never, the idlest half of the time', () => {
    const [busiest = 1, ...others] = shares(powerOfTwo(random('choice')), [3, 0, 2, 1]);
    expect(busiest).toBe(0);
    expectNear(others, [1 / 2, 1 / 6, 1 / 3]);
    expect(powerOfTwo(random('alone'))([4])).toBe(0);
  });
});

test('a balancer counts what is outstanding, until the answer or the error', async () => {
  const balancer = new Balancer(['a', 'b'], roundRobin());
  const open: { end: () => void; fail: (error: unknown) => void }[] = [];
  const call = (instance: string): Promise<string> => new Promise((end, fail) => open.push({ end: () => end(instance), fail }));
  const calls = [balancer.run(call), balancer.run(call), balancer.run(call)];
  expect(balancer.outstanding).toEqual([2, 1]);
  open[0]?.end();
  open[1]?.fail(new TypeError('no'));
  expect(await calls[0]).toBe('a');
  await expect(calls[1]).rejects.toThrow(new TypeError('no'));
  expect(balancer.outstanding).toEqual([1, 0]);
  await balancer.run(() => { throw new TypeError('at once'); }).catch(() => {});
  expect(balancer.outstanding).toEqual([1, 0]);
  expect(() => new Balancer([], roundRobin())).toThrow('at least one instance');
});

test('waits shrink from random over two choices to the idlest, and one slow instance hurts whoever does not look', async () => {
  const meanMs = async (choose: (simulation: Simulation) => Choice): Promise<number> => {
    const simulation = new Simulation(1);
    const instances = Array.from({ length: 5 }, () => new Service(simulation, { workers: 1 }));
    const balancer = new Balancer(instances, choose(simulation));
    let [sumMs, answers] = [0, 0];
    poissonArrivals(simulation, 80, (request) => {
      const startMs = simulation.now();
      simulation.spawn(async () => {
        await balancer.run((instance) => instance.serve(simulation.stream('work', request).exponential(50)));
        sumMs += simulation.now() - startMs;
        answers++;
      });
    });
    await simulation.run(120_000);
    return sumMs / answers;
  };
  const [chance, turn, two, idlest] = [await meanMs((simulation) => atRandom(simulation.stream('choice'))), await meanMs(roundRobin), await meanMs((simulation) => powerOfTwo(simulation.stream('choice'))), await meanMs(leastOutstanding)];
  // Random splitting makes five queues M/M/1 at load 0.8, 250 ms each.
  expect(chance).toBeGreaterThan(200);
  expect(turn).toBeLessThan(chance * 0.85);
  expect(two).toBeLessThan(turn * 0.85);
  expect(idlest).toBeLessThan(two);
});
