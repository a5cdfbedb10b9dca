import { describe, expect, test } from 'vitest';
import { loadAmplification, recordAnswer } from './metrics.ts';
import { Recorder } from './recorder.ts';
import type { Recording } from './recorder.ts';
import { Simulation } from './simulation.ts';

async function record(durationMs: number, frameMs: number, stage: (record: Recorder, simulation: Simulation) => void): Promise<Recording> {
  const simulation = new Simulation(1);
  const recorder = new Recorder(simulation, durationMs, frameMs);
  stage(recorder, simulation);
  await simulation.run(durationMs);
  return recorder.recording();
}

test('counts fall into the frame of their time, the very last into the last', async () => {
  const { frames, totals } = await record(40, 10, (recorder, simulation) => {
    recorder.expect('nothing');
    for (const ms of [0, 9.9, 10, 39, 40]) simulation.schedule(ms, () => recorder.count('hits'));
    simulation.schedule(25, () => recorder.count('hits', 5));
  });
  expect(frames).toEqual({ nothing: [0, 0, 0, 0], hits: [2, 1, 5, 2] });
  expect(totals).toEqual({ nothing: 0, hits: 10 });
});

test('levels are read at the end of each frame, of a short last one and for late comers too', async () => {
  const { frames } = await record(35, 10, (recorder, simulation) => {
    recorder.level('clock', () => simulation.now());
    simulation.schedule(25, () => recorder.level('late', () => simulation.now()));
  });
  expect(frames).toEqual({ clock: [10, 20, 30, 35], late: [0, 0, 30, 35] });
});

test('durations give quantiles a frame and in all', async () => {
  const { frames, totals } = await record(20, 10, (recorder, simulation) => {
    simulation.schedule(5, () => { for (let ms = 1; ms <= 1000; ms++) recorder.duration('latency', ms); });
    simulation.schedule(15, () => recorder.duration('latency', 10));
  });
  expect(Object.keys(frames)).toEqual(['latency.p50', 'latency.p99']);
  for (const [name, truth] of [['p50', 500], ['p99', 990]] as const) {
    expect(Math.abs((totals[`latency.${name}`] ?? 0) / truth - 1)).toBeLessThan(0.016);
    expect(frames[`latency.${name}`]?.[1]).toBe(10);
  }
  expect([totals['latency.count'], totals['latency.max'], totals['latency.mean']]).toEqual([1001, 1000, 500.01]);
});

test('a lane has no gaps from the beginning to the end', async () => {
  const { lanes } = await record(100, 10, (recorder, simulation) => {
    simulation.schedule(5, () => recorder.state('breaker', 'closed'));
    simulation.schedule(30, () => recorder.state('breaker', 'open'));
    simulation.schedule(40, () => recorder.state('breaker', 'open'));
    simulation.schedule(60, () => recorder.state('breaker', 'closed'));
  });
  expect(lanes).toEqual({ breaker: [{ fromMs: 0, untilMs: 30, state: 'closed' }, { fromMs: 30, untilMs: 60, state: 'open' }, { fromMs: 60, untilMs: 100, state: 'closed' }] });
});

describe('metrics', () => {
  test('what comes too late is throughput and no goodput', async () => {
    const { totals } = await record(10, 10, (recorder) => {
      for (const ms of [5, 100, 101, 3000]) recordAnswer(recorder, ms, 100);
    });
    expect([totals['throughput'], totals['goodput'], totals['latency.count']]).toEqual([4, 2, 4]);
  });

  test('amplification is calls for each request that was wanted', () => {
    expect([loadAmplification({ attempts: 30, offered: 10 }), loadAmplification({ attempts: 0, offered: 0 }), loadAmplification({})]).toEqual([3, 1, 1]);
  });
});
