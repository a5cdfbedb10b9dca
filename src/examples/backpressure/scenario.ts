import { count, defineScenario, plain, poissonArrivals } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { Receiver, Sender } from './backpressure.ts';

const slowStartMs = 6_000;
const restartMs = 2_000;

/** Orders has a log of events, and a relay that reads it and sends each event to two services. One of them gets slow for a while. */
export const scenario = defineScenario({
  title: 'The search index gets slow, and the relay goes on sending',
  durationMs: 40_000,
  frameMs: 500,
  parameters: {
    slowMs: { kind: 'number', label: 'Search takes for an event, while slow', unit: 'ms', min: 4, max: 200, step: 2, default: 50 },
    slowSeconds: { kind: 'number', label: 'How long', unit: 's', min: 0, max: 34, step: 1, default: 14 },
    perSecond: { kind: 'number', label: 'Events', unit: 'per second', min: 5, max: 120, step: 5, default: 60 },
    memory: { kind: 'number', label: 'Events that fit into the memory of a receiver', unit: 'events', min: 50, max: 3_000, step: 50, default: 300 },
    window: { kind: 'number', label: 'Window of a receiver', unit: 'events', min: 1, max: 200, step: 1, default: 40 },
    oneWayMs: { kind: 'number', label: 'Way from sender to receiver, and back', unit: 'ms', min: 1, max: 100, step: 1, default: 5 },
    readers: { kind: 'choice', label: 'Who reads the log', options: { one: 'one reader for both', each: 'a reader for each' }, default: 'one' },
  },
  variants: [{ id: 'without', label: 'buffer without a bound' }, { id: 'drop', label: 'window, excess is dropped' }, { id: 'with', label: 'window, the sender waits' }],
  charts: [
    { kind: 'level', series: 'buffered', title: 'Events in the memory of search', unit: 'events', most: { parameter: 'memory' } },
    { kind: 'sum', series: 'lost', title: 'Events lost' },
    { kind: 'level', series: 'unread', title: 'Events that still wait in the log', unit: 'events' },
    { kind: 'rate', series: 'shipping', title: 'Events that shipping has dealt with, per second' },
  ],
  stations: [
    { id: 'log', label: 'Log of orders', shape: 'store' },
    { id: 'relay', label: 'Relay', shape: 'gate' },
    { id: 'search', label: 'Search', shape: 'service', fill: { series: 'buffered', most: { parameter: 'memory' } }, lane: 'pace' },
    { id: 'shipping', label: 'Shipping', shape: 'service' },
  ],
  flows: [
    { from: 'log', to: 'relay', series: 'offered' },
    { from: 'relay', to: 'search', series: 'search', failing: 'lost' },
    { from: 'relay', to: 'shipping', series: 'shipping' },
  ],
  measure: { total: 'done', label: 'events dealt with, in both services together', better: 'more' },
  tries: [
    { id: 'slow', title: 'A slow receiver', settings: {}, notice: 'Without a bound the memory of search fills until its process is killed, and what was in it is gone. With a window that drops, memory is safe and the excess is lost at once. When the sender waits, nothing is lost: the events stay in the log and are caught up. The price is in the last chart: shipping gets its events later, because the relay waits for search.' },
    { id: 'held', title: 'Search stays slow, and memory would have been enough', settings: { slowSeconds: 34, memory: 3_000 }, hurts: true, notice: 'The relay waits for search before it reads the next event, so shipping gets no more than search can take. Without a bound shipping would have had all of its events.' },
    { id: 'each', title: 'The same, with a reader for each', settings: { slowSeconds: 34, memory: 3_000, readers: 'each' }, notice: 'Two readers, each with its own place in the log. Search is as late as before, shipping is not late at all, and memory stays small.' },
    { id: 'far', title: 'A window of four, to a region far away', settings: { slowSeconds: 0, window: 4, oneWayMs: 60 }, hurts: true, notice: 'Nobody is slow. But credit takes 120 ms there and back, and with four events under way the relay idles most of the time. The log grows without need.' },
    { id: 'wide', title: 'The same distance, with a window of forty', settings: { slowSeconds: 0, oneWayMs: 60 }, notice: 'A window has to cover what can be done while credit is on its way. Now the sender that waits does as much as the one without a bound. The one that drops still loses 24 events: a window without a wait is a small buffer.' },
  ],
  outcome({ totals }) {
    const { offered = 0, search = 0, shipping = 0, lost = 0 } = totals;
    return `Of ${count(offered, 'event')} search dealt with ${plain(search)} and shipping with ${plain(shipping)}; ${plain(lost)} lost.`;
  },
});

/** A service at the other end of a line. `send` resolves when the next event may come. */
interface Target { send: (event: number) => Promise<void>; buffered: () => number }

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { window, oneWayMs, memory } = settings;
  let isSlow = false;
  record.expect('offered', 'done', 'search', 'shipping', 'lost');
  record.state('pace', 'fast');
  simulation.schedule(slowStartMs, () => {
    isSlow = settings.slowSeconds > 0;
    if (isSlow) record.state('pace', 'slow');
  });
  simulation.schedule(slowStartMs + settings.slowSeconds * 1_000, () => {
    isSlow = false;
    record.state('pace', 'fast');
  });

  const deal = async (service: string, event: number): Promise<void> => {
    const usualMs = service === 'search' && isSlow ? settings.slowMs : 4;
    await simulation.sleep(simulation.stream(service, event).lognormal(usualMs, 0.3));
    record.count('done');
    record.count(service);
  };
  const later = (happen: () => void): void => void simulation.setTimeout(happen, oneWayMs);

  const windowed = (name: string): Target => {
    const sender: Sender<number> = new Sender({ name, clock: simulation, deliver: (event) => later(() => receiver.deliver(event)) });
    const receiver = new Receiver<number>({ name, window, grant: (items) => later(() => sender.grant(items)), cancel: () => sender.close() });
    simulation.spawn(async () => {
      for await (const event of receiver.items()) await deal(name, event);
    });
    const drop = (event: number): void => { if (!sender.offer(event)) record.count('lost'); };
    return { send: variant === 'with' ? (event) => sender.send(event) : async (event) => drop(event), buffered: () => receiver.buffered };
  };

  /** Takes whatever comes, until memory is full and the process is killed. */
  const unbounded = (name: string): Target => {
    let buffer: number[] = [];
    let isUp = true;
    let isBusy = false;
    const kill = (): void => {
      record.count('lost', buffer.length);
      buffer = [];
      isUp = false;
      simulation.schedule(restartMs, () => { isUp = true; });
    };
    const work = async (): Promise<void> => {
      isBusy = true;
      for (let event = buffer.shift(); event !== undefined; event = buffer.shift()) await deal(name, event);
      isBusy = false;
    };
    const arrive = (event: number): void => {
      if (!isUp) return record.count('lost');
      buffer.push(event);
      if (buffer.length > memory) kill();
      else if (!isBusy) simulation.spawn(work);
    };
    return { send: async (event) => later(() => arrive(event)), buffered: () => buffer.length };
  };

  const make = variant === 'without' ? unbounded : windowed;
  const [search, shipping] = [make('search'), make('shipping')];
  let written = 0;
  let wake = Promise.withResolvers<void>();
  poissonArrivals(simulation, settings.perSecond, () => {
    record.count('offered');
    written += 1;
    simulation.settles();
    wake.resolve();
    wake = Promise.withResolvers();
  });
  const read = (targets: Target[]): (() => number) => {
    let position = 0;
    simulation.spawn(async () => {
      for (;; position++) {
        while (position >= written) await wake.promise;
        for (const target of targets) await target.send(position);
      }
    });
    return () => written - position;
  };
  const readers = settings.readers === 'one' ? [read([search, shipping])] : [read([search]), read([shipping])];
  record.level('buffered', search.buffered);
  record.level('unread', () => Math.max(...readers.map((unread) => unread())));
}
