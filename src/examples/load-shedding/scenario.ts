import { count, defineScenario, plain, poissonArrivals, Service, varying } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { LoadShedder } from './load-shedding.ts';

const workers = 8;
const usefulMs = 1_000;
const riseStartMs = 5_000;
const topMs = 20_000;
const fallEndMs = 30_000;
const kinds = [{ name: 'checkouts', share: 0.25 }, { name: 'pages', share: 0.45 }, { name: 'crawlers', share: 0.3 }] as const;

/** Orders can do about 86 requests a second. What is asked for rises to more than twice that, and falls again. */
export const scenario = defineScenario({
  title: 'The load rises beyond what orders can do, and falls again',
  durationMs: 40_000,
  frameMs: 500,
  parameters: {
    base: { kind: 'number', label: 'Requests before and after', unit: 'per second', min: 10, max: 100, step: 10, default: 40 },
    peak: { kind: 'number', label: 'Requests at the top', unit: 'per second', min: 20, max: 300, step: 20, default: 200 },
    slots: { kind: 'number', label: 'Slots; orders has 8 workers', unit: '', min: 1, max: 200, step: 1, default: 8 },
    waitMs: { kind: 'number', label: 'Longest wait for a slot', unit: 'ms', min: 10, max: 3_000, step: 10, default: 200 },
    decisionMs: { kind: 'number', label: 'Work before the decision', unit: 'ms', min: 0, max: 60, step: 2, default: 0 },
  },
  variants: [{ id: 'without', label: 'no shedding' }, { id: 'equal', label: 'shedding, all alike' }, { id: 'with', label: 'shedding by importance' }],
  charts: [
    { kind: 'rate', series: 'offered', title: 'Requests, per second' },
    { kind: 'rate', series: 'answered', title: 'Answered within 1 s, per second' },
    { kind: 'rate', series: 'checkouts', title: 'Of these, checkouts' },
    { kind: 'level', series: 'waiting', title: 'Requests that wait', unit: 'requests' },
  ],
  stations: [
    { id: 'callers', label: 'Callers', shape: 'client' },
    { id: 'door', label: 'Door', shape: 'gate', only: ['equal', 'with'] },
    { id: 'orders', label: 'Orders', shape: 'service', fill: { series: 'busy', most: { value: workers } } },
  ],
  flows: [
    { from: 'callers', to: 'door', series: 'offered', failing: 'refused' },
    { from: 'door', to: 'orders', series: 'begun', failing: 'late' },
  ],
  measure: { total: 'answered', label: 'requests answered within 1 s', better: 'more' },
  tries: [
    { id: 'peak', title: 'More than it can do', settings: {}, notice: 'Without shedding the answers in time fall to nothing soon after the load has crossed what orders can do, and stay there after it has fallen: the queue is old. With shedding they stay at what orders can do. By importance, checkouts hardly notice.' },
    { id: 'late', title: 'A no that costs half as much as an answer', settings: { decisionMs: 40 }, notice: 'Each request is parsed and its token checked before the decision, which takes a worker 40 ms. At the top that is all the time there is, and hardly anybody gets an answer: refuse before the work, or in front of the service. At least it ends with the peak.' },
    { id: 'high', title: 'A bound that is too high', settings: { slots: 200 }, notice: '200 slots for eight workers: requests wait inside, where nobody counts it as waiting, and each of them is late. It looks like shedding and is the old queue, with an end.' },
    { id: 'low', title: 'A bound that is too low', settings: { slots: 3, peak: 80 }, hurts: true, notice: 'The load never exceeds what orders can do, and without shedding everything is answered. With three slots for eight workers more than a third is refused while five workers idle.' },
  ],
  outcome({ totals }) {
    const { offered = 0, answered = 0, refused = 0, late = 0, checkouts = 0, checkoutsAsked = 0 } = totals;
    return `${plain(answered)} of ${count(offered, 'request')} answered within 1 s, ${plain(refused)} refused, ${plain(late)} worked on for nothing; ${plain(checkouts)} of ${count(checkoutsAsked, 'checkout')}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { base, peak, slots, waitMs, decisionMs } = settings;
  const orders = new Service(simulation, { workers });
  const shedder = new LoadShedder({ name: 'orders', slots, holdMs: 93, waitMs, clock: simulation, random: simulation.stream('come back').next });
  record.expect('offered', 'answered', 'refused', 'late', 'begun', 'checkouts', 'checkoutsAsked');
  record.level('waiting', () => orders.queued + shedder.waiting);
  record.level('busy', () => orders.busy);

  const request = (number: number): void => {
    const startMs = simulation.now();
    const random = simulation.stream('request', number);
    const drawn = random.next();
    const priority = drawn < kinds[0].share ? 0 : drawn < kinds[0].share + kinds[1].share ? 1 : 2;
    const workMs = random.lognormal(86, 0.4);
    record.count('offered');
    if (priority === 0) record.count('checkoutsAsked');
    const work = (): Promise<void> => {
      record.count('begun');
      return orders.serve(workMs, { priority: 1 });
    };
    const done = (): void => {
      if (simulation.now() - startMs > usefulMs) return record.count('late');
      record.count('answered');
      if (priority === 0) record.count('checkouts');
    };
    const decide = (): void => {
      if (variant === 'without') {
        record.count('begun');
        return orders.submit(workMs, done, 1);
      }
      const withinMs = usefulMs - (simulation.now() - startMs);
      simulation.spawn(async () => {
        if (withinMs > 0) await shedder.run(work, { priority: variant === 'with' ? priority : 0, withinMs }).then(done, () => record.count('refused'));
        else record.count('late');
      });
    };
    if (decisionMs > 0) orders.submit(decisionMs, decide, 0);
    else decide();
  };
  const rate = varying(Math.max(base, peak), (atMs) => {
    if (atMs < riseStartMs || atMs >= fallEndMs) return base;
    return atMs < topMs ? base + (peak - base) * (atMs - riseStartMs) / (topMs - riseStartMs) : peak + (base - peak) * (atMs - topMs) / (fallEndMs - topMs);
  });
  poissonArrivals(simulation, rate, request);
}
