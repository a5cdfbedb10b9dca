import { count, defineScenario, plain, poissonArrivals, Service } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { bucketsOf, merge, quantile } from './buckets.ts';

const troubleStartMs = 8_000;
const instances = 4;
const windowMs = 5_000;
const layouts = { fit: [10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000], low: [5, 10, 25, 50, 100, 250], wide: [1_000, 10_000, 60_000] };

/** An alarm on one figure, and somebody who restarts the instance that looks worst. */
export const scenario = defineScenario({
  title: 'One of four instances makes some callers wait for two seconds',
  durationMs: 60_000,
  frameMs: 1_000,
  parameters: {
    trouble: { kind: 'choice', label: 'What goes wrong', options: { tail: 'some calls of one instance are slow', all: 'all calls are slow', none: 'nothing' }, default: 'tail' },
    slowPercent: { kind: 'number', label: 'Calls of the instance that are slow', unit: '%', min: 1, max: 100, step: 1, default: 15 },
    limitMs: { kind: 'number', label: 'Alarm above', unit: 'ms', min: 100, max: 2_000, step: 100, default: 500 },
    bounds: { kind: 'choice', label: 'Bounds of the buckets', options: { fit: '10 ms to 5 s, one at 500 ms', low: '5 to 250 ms', wide: '1, 10 and 60 s' }, default: 'fit' },
    perSecond: { kind: 'number', label: 'Requests', unit: 'per second', min: 20, max: 200, step: 10, default: 120 },
    restartMs: { kind: 'number', label: 'A restart takes', unit: 'ms', min: 1_000, max: 20_000, step: 1_000, default: 8_000 },
  },
  variants: [{ id: 'without', label: 'average' }, { id: 'with', label: '99th percentile from buckets' }],
  charts: [
    { kind: 'level', series: 'watched', title: 'What the alarm looks at', unit: 'ms', most: { parameter: 'limitMs' } },
    { kind: 'rate', series: 'late', title: 'Answers above the limit, per second' },
    { kind: 'lane', lane: 'operator', title: 'The person on call', tones: { quiet: 'good', called: 'between', restarting: 'bad' } },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'payments', label: 'Payments', shape: 'service', fill: { series: 'busy', most: { value: 16 } } },
    { id: 'alarm', label: 'Alarm', shape: 'gate', lane: 'operator' },
  ],
  flows: [{ from: 'shop', to: 'payments', series: 'offered', failing: 'late' }, { from: 'payments', to: 'alarm', series: 'alarms' }],
  measure: { total: 'late', label: 'answers above the limit', better: 'less' },
  tries: [
    { id: 'tail', title: 'A tail on one instance', settings: {}, notice: 'One call in 27 waits for two seconds. The average rises a little and stays below the limit for the whole minute; the percentile is above it within seconds, and a restart ends it.' },
    { id: 'low', title: 'The buckets end too early', settings: { bounds: 'low' }, notice: 'Everything slower than 250 ms is in the last bucket, so the percentile stops at 250 ms. Nobody is called, as with the average.' },
    { id: 'all', title: 'Everything is slow', settings: { trouble: 'all' }, notice: 'When all are slow the average tells it as well. Both call somebody, who restarts instances in vain: the figure says that something is wrong, not what.' },
    { id: 'wide', title: 'The first bucket is too wide', settings: { trouble: 'none', bounds: 'wide', perSecond: 170 }, hurts: true, notice: 'All answers take a tenth of a second and fall into the first bucket, up to one second. On the straight line their 99th percentile is 990 ms, whatever they took: a false alarm. Each restart takes a quarter of the capacity away, queues grow, and the alarm becomes true.' },
  ],
  outcome({ totals }) {
    const { offered = 0, late = 0, alarms = 0 } = totals;
    return `${plain(late)} of ${count(offered, 'answer')} above the limit, ${count(alarms, 'alarm')}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { trouble, limitMs } = settings;
  const all = Array.from({ length: instances }, () => ({ service: new Service(simulation, { workers: 4 }), isOut: false, isIll: false, seen: [] as { atMs: number; ms: number }[] }));
  const bounds = layouts[settings.bounds];
  record.expect('offered', 'late', 'alarms');
  record.level('busy', () => all.reduce((sum, { service }) => sum + service.busy, 0));
  record.state('operator', 'quiet');
  simulation.schedule(troubleStartMs, () => { for (const [at, each] of all.entries()) each.isIll = trouble === 'all' || (trouble === 'tail' && at === 1); });

  let next = 0;
  poissonArrivals(simulation, settings.perSecond, (request) => {
    const draws = simulation.stream('calls', request);
    const [workMs, isUnlucky] = [draws.lognormal(80, 0.4), draws.chance(settings.slowPercent / 100)];
    do next = (next + 1) % instances; while (all[next]!.isOut);
    const instance = all[next]!;
    const startMs = simulation.now();
    record.count('offered');
    instance.service.submit(workMs, () => {
      // It waits for a lock elsewhere, so no worker is held.
      const waitMs = instance.isIll && (trouble === 'all' || isUnlucky) ? 2_000 : 0;
      simulation.schedule(waitMs, () => {
        const ms = simulation.now() - startMs;
        instance.seen.push({ atMs: simulation.now(), ms });
        if (ms > limitMs) record.count('late');
      });
    });
  }, { stream: 'requests' });

  const valuesOf = ({ seen }: typeof all[number]): number[] => seen.map(({ ms }) => ms);
  const figure = (some: typeof all): number => {
    if (variant === 'with') return quantile(merge(some.map((each) => bucketsOf(bounds, valuesOf(each)))), 0.99)?.estimate ?? 0;
    const values = some.flatMap(valuesOf);
    return values.reduce((sum, ms) => sum + ms, 0) / Math.max(1, values.length);
  };
  let watched = 0;
  let isCalled = false;
  record.level('watched', () => watched);
  const look = (): void => {
    for (const each of all) each.seen = each.seen.filter(({ atMs }) => atMs > simulation.now() - windowMs);
    watched = figure(all);
    simulation.schedule(1_000, look);
    if (isCalled || watched <= limitMs || simulation.now() < windowMs) return;
    isCalled = true;
    record.count('alarms');
    record.state('operator', 'called');
    simulation.schedule(3_000, () => {
      const worst = all.reduce((one, other) => (figure([other]) > figure([one]) ? other : one));
      worst.isOut = true;
      record.state('operator', 'restarting');
      simulation.schedule(settings.restartMs, () => {
        worst.isOut = false;
        if (trouble === 'tail') worst.isIll = false;
        record.state('operator', 'quiet');
        // One look at the figures of the time after it, before the next call.
        simulation.schedule(windowMs, () => { isCalled = false; });
      });
    });
  };
  simulation.schedule(999, look);
}
