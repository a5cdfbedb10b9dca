import { count, defineScenario, duration, plain, plannedOutages, poissonArrivals, Service, varying, withTimeLimit } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { MemoryBroker } from './memory-broker.ts';
import { Requester } from './messaging.ts';
import { receive } from './receiver.ts';

const durationMs = 90_000;
const lastMs = 70_000;
const faultStartMs = 10_000;
const workers = 2;
const hopMs = 4;
const limitMs = 2_000;
const channel = 'notifications';

/** Accounts signs up customers, and notifications sends each of them a mail. */
export const scenario = defineScenario({
  title: 'Customers sign up, and notifications is away for a while',
  durationMs,
  frameMs: 1_000,
  parameters: {
    fault: { kind: 'choice', label: 'Notifications, from the 10th second on', options: { away: 'is away', slow: 'takes four times as long', none: 'is well' }, default: 'away' },
    faultSeconds: { kind: 'number', label: 'How long', unit: 's', min: 0, max: 60, step: 1, default: 20 },
    customers: { kind: 'number', label: 'Customers', unit: 'per second', min: 1, max: 15, step: 1, default: 6 },
    workMs: { kind: 'number', label: 'A mail takes', unit: 'ms', min: 50, max: 500, step: 10, default: 220 },
    need: { kind: 'choice', label: 'The sign-up', options: { later: 'does not need the answer', answer: 'waits for the answer' }, default: 'later' },
    expires: { kind: 'flag', label: 'A request expires with the wait for its answer', default: true },
  },
  variants: [{ id: 'call', label: 'call and wait' }, { id: 'with', label: 'message' }],
  charts: [
    { kind: 'duration', series: 'wait', title: 'Customer waits, 99th percentile' },
    { kind: 'rate', series: 'failed', title: 'Sign-ups that fail, per second' },
    { kind: 'level', series: 'backlog', title: 'Messages that wait', unit: 'messages' },
    { kind: 'sum', series: 'wasted', title: 'Mails sent for customers who had gone' },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'accounts', label: 'Accounts', shape: 'service' },
    { id: 'queue', label: 'Channel', shape: 'queue', only: ['with'], fill: { series: 'backlog', most: { value: 150 } } },
    { id: 'notifications', label: 'Notifications', shape: 'service' },
  ],
  flows: [
    { from: 'shop', to: 'accounts', series: 'offered', failing: 'failed' },
    { from: 'accounts', to: 'queue', series: 'offered' },
    { from: 'queue', to: 'notifications', series: 'begun' },
  ],
  measure: { total: 'right', label: 'sign-ups that went through and have their mail', better: 'more' },
  tries: [
    { id: 'away', title: 'The receiver is away', settings: {}, notice: 'Called, notifications makes twenty seconds of sign-ups fail, although nobody needs the mail at once. The messages wait, and within a minute all are sent; no customer has noticed.' },
    { id: 'slow', title: 'The receiver is slow', settings: { fault: 'slow' }, notice: 'Called, its slowness is that of the sign-up, and then its failure. With messages only the mails are late.' },
    { id: 'answer', title: 'The sign-up waits for the answer', settings: { need: 'answer' }, notice: 'A question over messages needs both sides up, as a call does. What is asked in the last two seconds before notifications is back is still answered; all others fail too, and each of them waits two seconds for it.' },
    { id: 'stale', title: 'Answers awaited, and requests that do not expire', settings: { need: 'answer', expires: false }, hurts: true, notice: 'After the outage notifications works off questions whose askers have gone, oldest first. New ones stand behind them and time out too, for the rest of the run, while every worker is busy.' },
  ],
  outcome({ totals }) {
    const { offered = 0, right = 0, failed = 0, wasted = 0 } = totals;
    return `${plain(right)} of ${count(offered, 'sign-up')} went through with a mail, ${plain(failed)} failed${wasted > 0 ? `, ${count(wasted, 'mail')} sent for customers who had gone` : ''}; a customer waited up to ${duration(totals['wait.p99'] ?? 0)} (p99).`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { fault, need, expires } = settings;
  const service = new Service(simulation, { workers, queue: 8 });
  const broker = new MemoryBroker(simulation);
  const through = new Set<number>();
  const failed = new Set<number>();
  const mailed = new Set<number>();
  let [slowness, isUp, ids] = [1, true, 0];
  record.expect('offered', 'begun', 'failed', 'wasted', 'right');
  record.level('backlog', () => broker.backlog(channel));

  const workMs = (customer: number): number => slowness * simulation.stream('mail', customer).lognormal(settings.workMs, 0.3);
  const mail = (customer: number): void => {
    mailed.add(customer);
    if (failed.has(customer)) record.count('wasted');
  };
  /** Everything to the broker takes a hop. */
  const wire = {
    send: async (...sent: Parameters<MemoryBroker['send']>) => {
      await simulation.sleep(hopMs);
      const [name, { ttlMs, ...message }] = sent;
      await broker.send(name, expires && ttlMs !== undefined ? { ...message, ttlMs } : message);
    },
    receive: async (...asked: Parameters<MemoryBroker['receive']>) => {
      const delivery = await broker.receive(...asked);
      await simulation.sleep(hopMs);
      return delivery;
    },
    acknowledge: (...told: Parameters<MemoryBroker['acknowledge']>) => broker.acknowledge(...told),
    giveBack: (...told: Parameters<MemoryBroker['giveBack']>) => broker.giveBack(...told),
  };
  const requester = new Requester(wire, { replyTo: 'answers', newId: () => String((ids += 1)), timeoutMs: limitMs, clock: simulation });
  let life = new AbortController();
  const start = (): void => {
    const { signal } = life;
    for (let worker = 0; worker < workers; worker++) {
      simulation.spawn(() => receive<number, void>(wire, channel, async (customer) => {
        record.count('begun');
        await simulation.sleep(workMs(customer), signal);
        mail(customer);
      }, signal, { clock: simulation, leaseMs: 10_000, retryMs: 500 }));
    }
  };
  if (variant === 'with') {
    start();
    if (need === 'answer') simulation.spawn(() => requester.listen(new AbortController().signal));
  }
  const tell: Record<string, (customer: number) => Promise<unknown>> = {
    call: (customer) => withTimeLimit(simulation, limitMs, async () => {
      record.count('begun');
      await service.serve(workMs(customer)).then(() => mail(customer));
    }),
    later: (customer) => wire.send(channel, { id: String(customer), body: customer }),
    answer: (customer) => requester.request(channel, customer),
  };
  poissonArrivals(simulation, varying(settings.customers, (atMs) => (atMs < lastMs ? settings.customers : 0)), (customer) => {
    record.count('offered');
    const startMs = simulation.now();
    simulation.spawn(async () => {
      try {
        await tell[variant === 'call' ? 'call' : need]!(customer);
        through.add(customer);
      } catch {
        failed.add(customer);
        record.count('failed');
      }
      record.duration('wait', simulation.now() - startMs);
    });
  });
  plannedOutages(simulation, [[faultStartMs, faultStartMs + settings.faultSeconds * 1_000]], () => {
    if (fault === 'slow') {
      slowness = 4;
      service.slowDown(4);
    }
    if (fault !== 'away') return;
    isUp = false;
    service.crash();
    simulation.settles();
    life.abort(new Error('the process stopped'));
  }, () => {
    slowness = 1;
    service.resume();
    if (isUp) return;
    service.restart();
    simulation.settles();
    life = new AbortController();
    if (variant === 'with') start();
  });
  simulation.setTimeout(() => record.count('right', [...through].filter((customer) => mailed.has(customer)).length), durationMs);
}
