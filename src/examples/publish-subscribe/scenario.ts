import { count, defineScenario, duration, plain, plannedOutages, poissonArrivals, ServiceDownError, varying, withTimeLimit } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { MemoryStore } from './memory-store.ts';
import { Topic } from './publish-subscribe.ts';
import { consume } from './subscriber.ts';

const listeners = ['inventory', 'notifications', 'shipping'] as const;
type Listener = (typeof listeners)[number];
const lastOrderMs = 40_000;
const durationMs = 60_000;
const faultStartMs = 8_000;

/** Three services have to hear of every order, and one of them is not well. */
export const scenario = defineScenario({
  title: 'Three services listen for orders, and notifications is not well',
  durationMs,
  frameMs: 500,
  parameters: {
    fault: { kind: 'choice', label: 'Notifications', options: { slow: 'is slow', down: 'is away', dies: 'dies of some orders', none: 'is well' }, default: 'down' },
    faultSeconds: { kind: 'number', label: 'How long', unit: 's', min: 0, max: 30, step: 1, default: 20 },
    slowMs: { kind: 'number', label: 'When slow, it takes', unit: 'ms', min: 100, max: 5_000, step: 100, default: 1_500 },
    orders: { kind: 'number', label: 'Orders', unit: 'per second', min: 1, max: 10, step: 1, default: 5 },
    withinMs: { kind: 'number', label: 'Each must hear within', unit: 'ms', min: 100, max: 30_000, step: 100, default: 20_000 },
    pollMs: { kind: 'number', label: 'Subscribers look every', unit: 'ms', min: 50, max: 2_000, step: 50, default: 500 },
    kept: { kind: 'number', label: 'The topic keeps', unit: 'orders', min: 10, max: 1_000, step: 10, default: 500 },
  },
  variants: [{ id: 'calls', label: 'calls in the request' }, { id: 'emitter', label: 'event emitter' }, { id: 'topic', label: 'topic with subscriptions' }],
  charts: [
    { kind: 'level', series: 'others', title: 'Not handled by the two that are well', unit: 'messages' },
    { kind: 'level', series: 'ill', title: 'Not handled by notifications', unit: 'messages' },
    { kind: 'duration', series: 'reply', title: 'Customer waits, 99th percentile' },
    { kind: 'lane', lane: 'notifications', title: 'Notifications', tones: { well: 'good', slow: 'between', away: 'bad' } },
  ],
  stations: [
    { id: 'shop', label: 'Web shop', shape: 'client' },
    { id: 'orders', label: 'Orders', shape: 'service' },
    { id: 'topic', label: 'Topic', shape: 'queue', only: ['topic'] },
    { id: 'notifications', label: 'Notifications', shape: 'service', lane: 'notifications' },
  ],
  flows: [
    { from: 'shop', to: 'orders', series: 'offered' },
    { from: 'orders', to: 'topic', series: 'offered' },
    { from: 'topic', to: 'notifications', series: 'asked', failing: 'failed' },
  ],
  measure: { total: 'inTime', label: 'messages handled in time', better: 'more' },
  tries: [
    { id: 'down', title: 'One listener is away', settings: {}, notice: 'Calls and emitter lose for it whatever happens meanwhile. Its subscription waits, and is read when it comes back.' },
    { id: 'slow', title: 'One listener is slow', settings: { fault: 'slow' }, notice: 'Called in the request, it makes every customer wait for a second, until the time limit. The emitter answers at once, but all listeners stand behind the slow one. The topic holds up nobody else, and notifications catches up.' },
    { id: 'dies', title: 'Orders that kill the listener', settings: { fault: 'dies' }, notice: 'Each death takes other messages along: they are lost with the calls, and delivered again by the topic. The deadly ones are dead letters after three deliveries, because the topic counts.' },
    { id: 'kept', title: 'Away longer than the topic remembers', settings: { kept: 50 }, notice: 'The topic keeps 50 orders, and about a hundred are placed: the oldest are lost to notifications, and the topic says how many. The others lose nothing.' },
    { id: 'fresh', title: 'All are well, and 200 ms are too long', settings: { fault: 'none', withinMs: 200 }, hurts: true, notice: 'Who is called has heard before the customer has the answer. Subscribers that look twice a second hear later, and a page that opens at once shows the old state.' },
  ],
  outcome({ totals }, { withinMs }) {
    const { offered = 0, inTime = 0, late = 0, missed = 0, lost = 0, dead = 0 } = totals;
    const parts = [`${plain(inTime)} of ${count(offered * 3, 'message')} handled within ${duration(withinMs)}, ${plain(late)} later, ${plain(missed)} not`, ...(lost > 0 ? [`${plain(lost)} dropped by the topic`] : []), ...(dead > 0 ? [count(dead, 'dead letter')] : [])];
    return `${parts.join(', ')}; a customer waited up to ${duration(totals['reply.p99'] ?? 0)} (p99).`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { fault, faultSeconds, slowMs, withinMs, pollMs, kept } = settings;
  const placedMs: number[] = [];
  const handled = new Set<string>();
  const done = { others: 0, ill: 0 };
  let [isFault, isUp] = [false, true];
  let life = new AbortController();
  record.expect('offered', 'asked', 'failed', 'inTime', 'late', 'missed', 'lost', 'dead');
  record.level('others', () => placedMs.length * 2 - done.others);
  record.level('ill', () => placedMs.length - done.ill);
  record.state('notifications', 'well');

  /** What a listener does with an order, however it hears of it. */
  const work = async (listener: Listener, order: number, signal?: AbortSignal): Promise<void> => {
    const random = simulation.stream(listener, order);
    const tookMs = random.lognormal(30, 0.3);
    if (listener !== 'notifications') await simulation.sleep(tookMs, signal);
    else {
      record.count('asked');
      try {
        if (!isUp) throw new ServiceDownError('connection refused');
        const process = life.signal;
        const isDeadly = fault === 'dies' && random.chance(0.03);
        await simulation.sleep(isFault && fault === 'slow' ? slowMs : tookMs, signal === undefined ? process : AbortSignal.any([signal, process]));
        if (isDeadly) die(500);
        process.throwIfAborted();
      } catch (error) {
        record.count('failed');
        throw error;
      }
    }
    if (handled.has(listener + order)) return;
    handled.add(listener + order);
    done[listener === 'notifications' ? 'ill' : 'others'] += 1;
    record.count(simulation.now() - placedMs[order]! <= withinMs ? 'inTime' : 'late');
  };

  const topic = new Topic<number>(new MemoryStore(), {
    name: 'orders', leaseMs: 6_000, maxDeliveries: 3, baseDelayMs: 250, maxDelayMs: 5_000, maxMessages: kept, clock: simulation, random: simulation.stream('jitter').next,
    onEvent: (event) => {
      if (event.type === 'lost') record.count('lost', event.messages);
      if (event.type === 'died') record.count('dead');
    },
  });
  const start = (listener: Listener): void => {
    const { signal } = listener === 'notifications' ? life : new AbortController();
    /** A dead process says nothing more. */
    const alive = async <Result>(ask: () => Promise<Result>): Promise<Result> => {
      signal.throwIfAborted();
      return ask();
    };
    const connection = {
      pull: (name: string, most: number) => alive(() => topic.pull(name, most)),
      acknowledge: (delivery: Parameters<typeof topic.acknowledge>[0]) => alive(() => topic.acknowledge(delivery)),
      giveBack: (...told: Parameters<typeof topic.giveBack>) => alive(() => topic.giveBack(...told)),
    };
    simulation.spawn(() => consume(connection, listener, ({ message }, limit) => work(listener, message.body, limit), signal, { parallel: 4, pollMs, clock: simulation }));
  };
  function die(forMs: number): void {
    if (!isUp) return;
    isUp = false;
    record.state('notifications', 'away');
    life.abort(new ServiceDownError('the process died'));
    simulation.settles();
    simulation.setTimeout(() => {
      isUp = true;
      life = new AbortController();
      record.state('notifications', 'well');
      if (variant === 'topic') start('notifications');
    }, forMs);
  }

  let emitted = Promise.resolve();
  const announce: Record<string, (order: number) => Promise<unknown>> = {
    calls: async (order) => {
      for (const listener of listeners) await withTimeLimit(simulation, 1_000, () => work(listener, order)).catch(() => {});
    },
    emitter: async (order) => {
      emitted = emitted.then(async () => {
        for (const listener of listeners) await work(listener, order).catch(() => {});
      });
    },
    topic: (order) => simulation.sleep(3).then(() => topic.publish({ body: order, key: String(order) })),
  };
  if (variant === 'topic') {
    simulation.spawn(async () => {
      for (const listener of listeners) await topic.subscribe(listener);
      for (const listener of listeners) start(listener);
    });
  }
  poissonArrivals(simulation, varying(settings.orders, (atMs) => (atMs < lastOrderMs ? settings.orders : 0)), (order) => {
    record.count('offered');
    placedMs[order] = simulation.now();
    simulation.spawn(async () => {
      await announce[variant]!(order);
      record.duration('reply', simulation.now() - placedMs[order]!);
    });
  });
  plannedOutages(simulation, [[faultStartMs, faultStartMs + faultSeconds * 1_000]], () => {
    isFault = true;
    if (fault === 'down') die(faultSeconds * 1_000);
    if (fault === 'slow') record.state('notifications', 'slow');
  }, () => {
    isFault = false;
    if (fault === 'slow') record.state('notifications', 'well');
  });
  simulation.setTimeout(() => record.count('missed', placedMs.length * 3 - done.others - done.ill), durationMs);
}
