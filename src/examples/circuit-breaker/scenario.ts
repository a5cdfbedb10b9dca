import { count, defineScenario, duration, plain, poissonArrivals, Service, ServiceDownError, WorkerPool, withTimeLimit } from '../../simulator/index.ts';
import { CircuitBreaker } from './circuit-breaker.ts';

const faultStartMs = 8_000;
const workers = 20;
const shards = 4;

/** Orders serves two pages with the same workers. One of them needs payments, which fails for a while. */
export const scenario = defineScenario({
  title: 'Payments hangs, and orders has twenty workers',
  durationMs: 40_000,
  frameMs: 500,
  parameters: {
    fault: { kind: 'choice', label: 'What payments does', options: { hang: 'hangs', refuse: 'refuses every call', shard: `fails on one shard of ${shards}`, blips: 'fails one call in ten' }, default: 'hang' },
    faultSeconds: { kind: 'number', label: 'How long', unit: 's', min: 0, max: 30, step: 1, default: 16 },
    checkouts: { kind: 'number', label: 'Checkouts', unit: 'per second', min: 1, max: 40, step: 1, default: 15 },
    timeoutMs: { kind: 'number', label: 'Timeout of a call', unit: 'ms', min: 200, max: 10_000, step: 100, default: 3_000 },
    failurePercent: { kind: 'number', label: 'Opens at failures of', unit: '%', min: 5, max: 100, step: 5, default: 50 },
    minimumCalls: { kind: 'number', label: 'Of at least', unit: 'calls', min: 1, max: 100, step: 1, default: 10 },
    openMs: { kind: 'number', label: 'Stays open for', unit: 'ms', min: 500, max: 20_000, step: 500, default: 5_000 },
    probes: { kind: 'number', label: 'Probes before it closes', unit: '', min: 1, max: 10, step: 1, default: 2 },
  },
  variants: [{ id: 'without', label: 'no breaker' }, { id: 'with', label: 'circuit breaker' }],
  charts: [
    { kind: 'rate', series: 'answered', title: 'Pages answered within 2 s, per second' },
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
    { id: 'hang', title: 'Payments hangs', settings: {}, notice: 'Without the breaker all workers wait for payments, and the order history, which never needed it, stops too. With it the history goes on, and checkouts get a clear no at once.' },
    { id: 'shard', title: 'One shard of four fails', settings: { fault: 'shard', failurePercent: 20 }, hurts: true, notice: 'Three quarters of the checkouts would have worked. The breaker sees only a share of failures above its threshold and refuses them all: a partial outage becomes a full one.' },
    { id: 'stampede', title: 'A breaker that never gets the chance', settings: { timeoutMs: 10_000, minimumCalls: 30 }, notice: 'The timeout is so long that hardly any call ends while payments hangs, so there is nothing to count. Set the timeout first.' },
    { id: 'blips', title: 'Single, brief faults', settings: { fault: 'blips', faultSeconds: 30, failurePercent: 5 }, hurts: true, notice: 'One call in ten fails and the next would have worked. A threshold below the usual rate of faults opens the circuit all day; this is work for a retry.' },
  ],
  stage({ simulation, record, settings, variant }) {
    const payments = new Service(simulation, { workers: 40 });
    const pool = new WorkerPool(simulation, workers);
    const faultEndMs = faultStartMs + settings.faultSeconds * 1000;
    const isFaulty = (): boolean => simulation.now() >= faultStartMs && simulation.now() < faultEndMs;
    const breaker = variant === 'without' ? undefined : new CircuitBreaker({
      name: 'payments', failureRate: settings.failurePercent / 100, minimumCalls: settings.minimumCalls, openMs: settings.openMs, probes: settings.probes, clock: simulation,
      onEvent: (event) => {
        if (event.type === 'state') record.state('breaker', event.to);
        if (event.type === 'rejected') record.count('refused');
      },
    });
    record.expect('offered', 'answered', 'failed', 'attempts', 'refused', 'calls');
    record.level('busy', () => pool.busy);
    record.state('payments', 'healthy');
    if (breaker !== undefined) record.state('breaker', 'closed');
    simulation.schedule(faultStartMs, () => {
      record.state('payments', { hang: 'hanging', refuse: 'down', shard: 'one shard down', blips: 'flaky' }[settings.fault]);
      if (settings.fault === 'hang') payments.stall();
    });
    simulation.schedule(faultEndMs, () => {
      record.state('payments', 'healthy');
      if (settings.fault === 'hang') payments.resume();
    });

    const callPayments = async (checkout: number): Promise<void> => {
      record.count('calls');
      const random = simulation.stream('payments', checkout);
      const durationMs = random.lognormal(80, 0.4);
      const shard = random.below(shards);
      if (isFaulty() && (settings.fault === 'refuse' || (settings.fault === 'shard' && shard === 0) || (settings.fault === 'blips' && random.chance(0.1)))) {
        await simulation.sleep(5);
        throw new ServiceDownError('payments is down');
      }
      await withTimeLimit(simulation, settings.timeoutMs, () => payments.serve(durationMs));
    };
    const page = (work: () => Promise<void>): void => {
      const startMs = simulation.now();
      record.count('offered');
      simulation.spawn(async () => {
        try {
          await pool.run(work);
          const tookMs = simulation.now() - startMs;
          record.duration('latency', tookMs);
          record.count(tookMs <= 2_000 ? 'answered' : 'failed');
        } catch {
          record.count('failed');
        }
      });
    };
    poissonArrivals(simulation, settings.checkouts, (checkout) => page(async () => {
      record.count('attempts');
      const call = (): Promise<void> => callPayments(checkout);
      await (breaker === undefined ? call() : breaker.run(call));
    }), { stream: 'checkouts' });
    poissonArrivals(simulation, 15, (request) => page(() => simulation.sleep(simulation.stream('history', request).exponential(20))), { stream: 'histories' });
  },
  outcome({ totals }, { timeoutMs }) {
    const { offered = 0, answered = 0, refused = 0, calls = 0 } = totals;
    const slowest = totals['latency.p99'] ?? 0;
    return `${plain(answered)} of ${count(offered, 'page')} answered within 2 s, p99 ${duration(slowest)}${refused > 0 ? `, ${plain(refused)} checkouts refused at once` : ''}; ${count(calls, 'call')} to payments, each for at most ${duration(timeoutMs)}.`;
  },
});
