import { CallTimeoutError, count, defineScenario, duration, plain, poissonArrivals, Service, ServiceBusyError, ServiceDownError, withTimeLimit } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { RetryBudget } from './retry-budget.ts';
import { retry } from './retry-with-backoff.ts';

const workers = 4;
const capacity = 40;
const queue = 200;
const reserve = 40;
const faultStartMs = 6_000;

/** Checkouts call payments, which is away for a moment, or hangs and comes back to a long queue. */
export const scenario = defineScenario({
  title: 'Payments is away for a moment',
  durationMs: 30_000,
  frameMs: 500,
  parameters: {
    fault: { kind: 'choice', label: 'What payments does', options: { restart: 'restarts every ten seconds', hang: 'hangs once', flaky: 'resets one call in fifty' }, default: 'restart' },
    faultMs: { kind: 'number', label: 'How long', unit: 'ms', min: 100, max: 10_000, step: 100, default: 500 },
    checkouts: { kind: 'number', label: 'Checkouts (40 is the limit)', unit: 'per second', min: 1, max: 60, step: 1, default: 24 },
    inStep: { kind: 'number', label: 'More of them as the fault begins', unit: 'at once', min: 0, max: 100, step: 10, default: 0 },
    attempts: { kind: 'number', label: 'Attempts', unit: '', min: 1, max: 8, step: 1, default: 4 },
    pauseMs: { kind: 'number', label: 'Fixed pause', unit: 'ms', min: 0, max: 2_000, step: 100, default: 0 },
    baseMs: { kind: 'number', label: 'Backoff: first pause up to', unit: 'ms', min: 50, max: 2_000, step: 50, default: 400 },
    budget: { kind: 'flag', label: 'Budget: ten answers pay for a retry', default: true },
  },
  variants: [{ id: 'without', label: 'no retry' }, { id: 'fixed', label: 'fixed pause, no budget' }, { id: 'with', label: 'backoff, jitter, budget' }],
  charts: [
    { kind: 'rate', series: 'answered', title: 'Checkouts answered, per second' },
    { kind: 'rate', series: 'calls', title: 'Calls to payments, per second' },
    { kind: 'level', series: 'queued', title: 'Calls that wait at payments', unit: 'calls', most: { value: queue } },
    { kind: 'level', series: 'left', title: 'Retries left in the budget', unit: 'retries', most: { value: reserve } },
  ],
  stations: [
    { id: 'orders', label: 'Orders', shape: 'client' },
    { id: 'budget', label: 'Budget', shape: 'gate', lane: 'budget', only: ['with'] },
    { id: 'payments', label: 'Payments', shape: 'service', fill: { series: 'queued', most: { value: queue } }, lane: 'payments' },
  ],
  flows: [
    { from: 'orders', to: 'budget', series: 'offered', failing: 'failed' },
    { from: 'budget', to: 'payments', series: 'calls', failing: 'lost' },
  ],
  measure: { total: 'answered', label: 'checkouts answered', better: 'more' },
  tries: [
    { id: 'restart', title: 'Short restarts', settings: {}, notice: 'A restarting service refuses within milliseconds, so four attempts without a pause are over at once and save hardly anybody. Growing pauses outlast the restart; some customers wait for a second.' },
    { id: 'herd', title: 'Customers in step', settings: { inStep: 60, pauseMs: 1_000 }, notice: 'Sixty more arrive as payments goes down. A fixed pause brings all of them back in one moment, they fill the queue, run out of time and return together. Random pauses spread them, and the budget pays for only some.' },
    { id: 'storm', title: 'An overload that feeds itself', settings: { fault: 'hang', faultMs: 4_000 }, hurts: true, notice: 'After four seconds payments works again. Without a budget it stays useless to the end, busy with calls whose callers have left. The budget is soon spent, and payments recovers, seconds later than with no retry at all.' },
    { id: 'unbudgeted', title: 'Backoff without a budget', settings: { fault: 'hang', faultMs: 4_000, budget: false }, hurts: true, notice: 'The same hang. Pauses and jitter only put calls off: four for each customer are more than payments can do, so it never recovers. Without any retry it does.' },
  ],
  outcome({ totals }) {
    const { offered = 0, answered = 0, calls = 0 } = totals;
    return `${plain(answered)} of ${count(offered, 'checkout')} answered; 99 of 100 customers knew after ${duration(totals['latency.p99'] ?? 0)}; calls to payments per checkout: ${plain(calls / offered, 2)}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const payments = new Service(simulation, { workers, queue });
  const budget = settings.budget ? new RetryBudget({ reserve, successesPerRetry: 10 }) : undefined;
  record.expect('offered', 'answered', 'failed', 'calls', 'lost');
  record.level('queued', () => payments.queued);
  record.level('left', () => (variant === 'with' && budget?.left) || 0);
  const noteBudget = (): void => { if (budget !== undefined) record.state('budget', budget.left > 0 ? 'in credit' : 'spent'); };
  if (variant === 'with') noteBudget();
  record.state('payments', settings.fault === 'flaky' ? 'flaky' : 'healthy');
  const fail = (): void => {
    const hangs = settings.fault === 'hang';
    if (hangs) payments.stall();
    else {
      payments.crash();
      simulation.schedule(10_000, fail);
    }
    record.state('payments', hangs ? 'hanging' : 'down');
    simulation.schedule(settings.faultMs, () => {
      payments.resume();
      payments.restart();
      record.state('payments', 'healthy');
    });
  };
  if (settings.fault !== 'flaky') simulation.schedule(faultStartMs, fail);

  const call = async (checkout: number, attempt: number): Promise<void> => {
    record.count('calls');
    const random = simulation.stream('payments', checkout, attempt);
    const durationMs = random.lognormal(0.92 * workers * 1000 / capacity, 0.4);
    try {
      await simulation.sleep(2);
      if (settings.fault === 'flaky' && random.chance(0.02)) throw new ServiceDownError('the connection was reset');
      await withTimeLimit(simulation, 1_000, () => payments.serve(durationMs));
    } catch (error) {
      record.count('lost');
      throw error;
    }
  };
  const isRetryable = (error: unknown): boolean => [ServiceDownError, ServiceBusyError, CallTimeoutError].some((kind) => error instanceof kind);
  const withFixedPause = async (checkout: number): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await call(checkout, attempt);
      } catch (error) {
        if (attempt === settings.attempts) throw error;
        await simulation.sleep(settings.pauseMs);
      }
    }
  };
  const withBackoff = (checkout: number): Promise<void> => retry(({ number }) => call(checkout, number), {
    maxAttempts: settings.attempts, baseDelayMs: settings.baseMs, maxDelayMs: 2_000, deadlineMs: 6_000, isRetryable,
    ...(budget && { budget }), clock: simulation, random: simulation.stream('jitter', checkout).next, onEvent: noteBudget,
  });
  const run = { without: (checkout: number) => call(checkout, 1), fixed: withFixedPause, with: withBackoff }[variant];
  let checkouts = 0;
  const arrive = (): void => {
    const checkout = checkouts++;
    const startMs = simulation.now();
    record.count('offered');
    simulation.spawn(async () => {
      const end = await run?.(checkout).then(() => 'answered', () => 'failed') ?? 'failed';
      record.count(end);
      record.duration('latency', simulation.now() - startMs);
    });
  };
  poissonArrivals(simulation, settings.checkouts, arrive);
  simulation.schedule(faultStartMs + 1, () => { for (let each = 0; each < settings.inStep; each++) arrive(); });
}
