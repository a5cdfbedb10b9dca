import { count, defineScenario, plain, poissonArrivals, Service, ServiceDownError, WorkerPool, withTimeLimit } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

const faultStartMs = 8_000;
const patienceMs = 2_000;
const workers = 20;
const shards = 4;

/** Orders serves two pages with the same workers. One of them needs payments, which fails for a while. */
export const scenario = defineScenario({
  title: 'Payments hangs, and orders has twenty workers',
  durationMs: 40_000,
  frameMs: 500,
  parameters: {
    fault: { kind: 'choice', label: 'What payments does', options: { hang: 'hangs', shard: 'fails on one shard of 4', blips: 'fails one call in ten' }, default: 'hang' },
    faultSeconds: { kind: 'number', label: 'How long', unit: 's', min: 0, max: 30, step: 1, default: 20 },
    checkouts: { kind: 'number', label: 'Checkouts', unit: 'per second', min: 1, max: 40, step: 1, default: 15 },
    timeoutMs: { kind: 'number', label: 'Timeout of a call', unit: 'ms', min: 200, max: 10_000, step: 100, default: 2_000 },
    failurePercent: { kind: 'number', label: 'Opens at failures of', unit: '%', min: 5, max: 100, step: 5, default: 50 },
    openMs: { kind: 'number', label: 'Stays open for', unit: 'ms', min: 500, max: 20_000, step: 500, default: 5_000 },
  },
  variants: [{ id: 'without', label: 'no breaker' }, { id: 'with', label: 'circuit breaker' }],
  charts: [
    { kind: 'rate', series: 'histories', title: 'Order histories shown within 2 s, per second' },
    { kind: 'level', series: 'busy', title: 'Busy workers of orders', unit: 'workers', most: { value: workers } },
    { kind: 'rate', series: 'calls', title: 'Calls that reach payments, per second' },
    { kind: 'lane', lane: 'breaker', title: 'State of the breaker', tones: { closed: 'good', 'half-open': 'between', open: 'bad' } },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'orders', label: 'Orders', shape: 'service', fill: { series: 'busy', most: { value: workers } } },
    { id: 'breaker', label: 'Breaker', shape: 'gate', lane: 'breaker', only: ['with'] },
    { id: 'payments', label: 'Payments', shape: 'service', lane: 'payments' },
  ],
  flows: [
    { from: 'shop', to: 'orders', series: 'offered', failing: 'failed' },
    { from: 'orders', to: 'breaker', series: 'attempts', failing: 'refused' },
    { from: 'breaker', to: 'payments', series: 'calls' },
  ],
  measure: { total: 'answered', label: 'pages answered within 2 s', better: 'more' },
  tries: [
    { id: 'hang', title: 'Payments hangs', settings: {}, notice: 'Without the breaker all workers wait for payments, and the order history, which never needed it, stops too. With it the history goes on. The price: checkouts are still refused for a few seconds after payments is well again.' },
    { id: 'timeout', title: 'A timeout of ten seconds', settings: { timeoutMs: 10_000 }, notice: 'No call fails before ten seconds have passed, so until then the breaker has nothing to count, and the history stops as it does without. Set the timeout first.' },
    { id: 'shard', title: 'One shard of four fails', settings: { fault: 'shard', failurePercent: 20 }, hurts: true, notice: 'Three quarters of the checkouts would have worked. The share that fails lies above the threshold, and while the breaker is open it refuses them all: a partial outage becomes a full one.' },
    { id: 'blips', title: 'Single, brief faults', settings: { fault: 'blips', faultSeconds: 30, failurePercent: 5 }, hurts: true, notice: 'One call in ten fails and the next would have worked. A threshold below the usual rate of faults opens the circuit all the time; this is work for a retry.' },
  ],
  outcome({ totals }) {
    const { histories = 0, historiesAsked = 0, paid = 0, paidAsked = 0, refused = 0, calls = 0 } = totals;
    const refusals = refused > 0 ? `, ${count(refused, 'checkout')} refused at once` : '';
    return `${plain(histories)} of ${count(historiesAsked, 'order history', 'order histories')} and ${plain(paid)} of ${count(paidAsked, 'checkout')} within 2 s${refusals}; ${count(calls, 'call')} to payments.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { fault } = settings;
  const payments = new Service(simulation, { workers: 40 });
  const pool = new WorkerPool(simulation, workers);
  let faulty = false;
  const breaker = variant === 'without' ? undefined : new CircuitBreaker({
    name: 'payments', failureRate: settings.failurePercent / 100, minimumCalls: 10, windowMs: 5_000, openMs: settings.openMs, probes: 2, clock: simulation,
    onEvent: (event) => {
      if (event.type === 'state') record.state('breaker', event.to);
      if (event.type === 'rejected') record.count('refused');
    },
  });
  record.expect('offered', 'answered', 'failed', 'histories', 'paid', 'attempts', 'refused', 'calls');
  record.level('busy', () => pool.busy);
  record.state('payments', 'healthy');
  if (breaker !== undefined) record.state('breaker', 'closed');
  simulation.schedule(faultStartMs, () => {
    faulty = true;
    record.state('payments', { hang: 'hanging', shard: 'one shard down', blips: 'flaky' }[fault]);
    if (fault === 'hang') payments.stall();
    simulation.schedule(settings.faultSeconds * 1000, () => {
      faulty = false;
      record.state('payments', 'healthy');
      if (fault === 'hang') payments.resume();
    });
  });

  const callPayments = async (checkout: number): Promise<void> => {
    record.count('calls');
    const random = simulation.stream('payments', checkout);
    const durationMs = random.lognormal(80, 0.4);
    const failing = { hang: 0, shard: 1 / shards, blips: 0.1 }[fault];
    if (faulty && random.chance(failing)) {
      await simulation.sleep(5);
      throw new ServiceDownError('payments is down');
    }
    await withTimeLimit(simulation, settings.timeoutMs, () => payments.serve(durationMs));
  };
  const page = (series: string, work: () => Promise<void>): void => {
    const startMs = simulation.now();
    record.count('offered');
    record.count(`${series}Asked`);
    simulation.spawn(async () => {
      const failed = await pool.run(work).then(() => false, () => true);
      if (failed || simulation.now() - startMs > patienceMs) return record.count('failed');
      record.count('answered');
      record.count(series);
    });
  };
  poissonArrivals(simulation, settings.checkouts, (checkout) => page('paid', async () => {
    record.count('attempts');
    const call = (): Promise<void> => callPayments(checkout);
    await (breaker === undefined ? call() : breaker.run(call));
  }), { stream: 'checkouts' });
  poissonArrivals(simulation, 15, (request) => page('histories', () => simulation.sleep(simulation.stream('history', request).exponential(20))), { stream: 'histories' });
}
