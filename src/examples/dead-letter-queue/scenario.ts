import { count, defineScenario, plain, poissonArrivals, varying } from '../../simulator/index.ts';
import type { World } from '../../simulator/index.ts';
import { MessageRefusedError } from './contract.ts';
import type { DeadLetters, Queue } from './contract.ts';
import { consume } from './dead-letter-queue.ts';
import type { Handle } from './dead-letter-queue.ts';
import { MemoryBroker, MemoryDeadLetters } from './memory-broker.ts';
import { redrive } from './redrive.ts';
import { countInMemory, forget, requeue } from './unsafe-consumers.ts';

const durationMs = 90_000;
const lastOrderMs = 60_000;
const consumers = 3;
const leaseMs = 3_000;
const maxDeliveries = 5;

/** Inventory handles orders with three consumers, and some orders cannot be handled. */
export const scenario = defineScenario({
  title: 'Three consumers, and orders that cannot be handled',
  durationMs,
  frameMs: 1_000,
  parameters: {
    fault: { kind: 'choice', label: 'From the 8th second on', options: { unreadable: 'some orders cannot be read', deadly: 'some orders kill their consumer', away: 'the database is away', nothing: 'nothing' }, default: 'unreadable' },
    faultSeconds: { kind: 'number', label: 'How long', unit: 's', min: 0, max: 50, step: 1, default: 10 },
    share: { kind: 'number', label: 'Such orders', unit: '%', min: 1, max: 50, step: 1, default: 10 },
    orders: { kind: 'number', label: 'Orders', unit: 'per second', min: 1, max: 15, step: 1, default: 6 },
    restartMs: { kind: 'number', label: 'A process that died is back after', unit: 'ms', min: 500, max: 10_000, step: 500, default: 3_000 },
    told: { kind: 'flag', label: 'Handlers say what no attempt can mend', default: true },
    redriveSeconds: { kind: 'number', label: 'Mended, and sent again at (0: never)', unit: 's', min: 0, max: 80, step: 5, default: 0 },
    withinSeconds: { kind: 'number', label: 'Wanted within', unit: 's', min: 1, max: 90, step: 1, default: 60 },
  },
  variants: [{ id: 'requeue', label: 'put back at once' }, { id: 'memory', label: 'counted in the consumer' }, { id: 'forget', label: 'logged and acknowledged' }, { id: 'with', label: 'counted by the broker, set aside' }],
  charts: [
    { kind: 'level', series: 'backlog', title: 'Orders that wait', unit: 'orders' },
    { kind: 'rate', series: 'failed', title: 'Attempts that fail or kill, per second' },
    { kind: 'level', series: 'aside', title: 'Dead letters', unit: 'orders' },
    { kind: 'level', series: 'lost', title: 'Orders that are nowhere any more', unit: 'orders' },
  ],
  stations: [
    { id: 'orders', label: 'Orders', shape: 'service' },
    { id: 'queue', label: 'Queue', shape: 'queue', fill: { series: 'backlog', most: { value: 100 } } },
    { id: 'inventory', label: 'Inventory', shape: 'service' },
    { id: 'aside', label: 'Dead letters', shape: 'queue', only: ['memory', 'with'], fill: { series: 'aside', most: { value: 20 } } },
  ],
  flows: [
    { from: 'orders', to: 'queue', series: 'offered' },
    { from: 'queue', to: 'inventory', series: 'begun', failing: 'failed' },
    { from: 'inventory', to: 'aside', series: 'buried' },
  ],
  measure: { total: 'inTime', label: 'orders handled in time', better: 'more' },
  tries: [
    { id: 'unreadable', title: 'Orders that cannot be read', settings: {}, notice: 'Put back at once, three such orders are enough: each consumer spins on one of them, and nothing else gets through for good. Acknowledged, they are gone. Set aside at the first attempt, they cost nobody anything, and somebody can look at them.' },
    { id: 'deadly', title: 'Orders that kill', settings: { fault: 'deadly' }, notice: 'A count in the memory of the consumer dies with it: the same orders kill one process after the other, and the queue hardly moves. Acknowledging after a failure does not help either, since nobody lives to do it. The broker’s count ends it after five deaths each.' },
    { id: 'untold', title: 'Every error is tried again', settings: { told: false }, notice: 'The same unreadable orders, and nobody says that they are hopeless. Each is tried five times, with growing pauses, before it is set aside: thirty attempts where six would do, and half a minute of work for a consumer if each took a second.' },
    { id: 'away', title: 'The database is away', settings: { fault: 'away', faultSeconds: 30 }, hurts: true, notice: 'Now nothing is wrong with any order. Five attempts take less time than the database does, so about a hundred good orders become dead letters; the simple loop, which never gives up, has handled them all. Pause the consumer when everything fails.' },
    { id: 'redrive', title: 'The same, and sent again afterwards', settings: { fault: 'away', faultSeconds: 30, redriveSeconds: 45 }, notice: 'At 45 seconds the letters are sent again, ten a second, each with all its attempts: every order is handled.' },
    { id: 'mended', title: 'Mended, then sent again', settings: { redriveSeconds: 45 }, notice: 'A release that can read the orders goes out, and the letters are sent again. Of those who acknowledged, nothing is left to send.' },
  ],
  outcome({ totals }) {
    const { offered = 0, inTime = 0, late = 0, buried = 0, left = 0, gone = 0, deaths = 0 } = totals;
    const parts = [`${plain(inTime)} of ${count(offered, 'order')} handled in time`, ...(late > 0 ? [`${plain(late)} later`] : []), ...(buried > 0 ? [`${count(buried, 'letter')} written`] : []), `${plain(left)} still in the queue`, `${plain(gone)} lost`];
    return `${parts.join(', ')}${deaths > 0 ? `; ${count(deaths, 'process death')}` : ''}.`;
  },
});

export function stage({ simulation, record, settings, variant }: World<typeof scenario.parameters>): void {
  const { fault, share, restartMs, told, redriveSeconds, withinSeconds } = settings;
  const [faultStartMs, faultEndMs] = [8_000, 8_000 + settings.faultSeconds * 1_000];
  const broker = new MemoryBroker<number>('orders', simulation);
  const letters = new MemoryDeadLetters<number>();
  const placedMs: number[] = [];
  const handledMs: number[] = [];
  let [handled, isMended] = [0, false];
  const lost = (): number => placedMs.length - handled - broker.backlog - letters.size;
  record.expect('offered', 'begun', 'failed', 'deaths', 'inTime', 'late', 'buried', 'left', 'gone');
  record.level('backlog', () => broker.backlog);
  record.level('aside', () => letters.size);
  record.level('lost', lost);
  const inFault = (atMs: number): boolean => atMs >= faultStartMs && atMs < faultEndMs;
  const isBad = (order: number): boolean => inFault(placedMs[order]!) && simulation.stream('bad', order).chance(share / 100) && !isMended;
  const start = (consumer: number): void => {
    const life = new AbortController();
    const { signal } = life;
    const handle: Handle<number> = async ({ message: { body } }) => {
      record.count('begun');
      await simulation.sleep(simulation.stream('work', body).lognormal(150, 0.4), signal);
      if (fault === 'unreadable' && isBad(body)) {
        record.count('failed');
        throw told ? new MessageRefusedError('no such field') : new Error('no such field');
      }
      if (fault === 'away' && inFault(simulation.now())) {
        record.count('failed');
        throw new Error('connection refused');
      }
      if (fault === 'deadly' && isBad(body)) {
        record.count('failed');
        record.count('deaths');
        life.abort(new Error('out of memory'));
        simulation.setTimeout(() => start(consumer), restartMs);
        signal.throwIfAborted();
      }
      if (handledMs[body] !== undefined) return;
      handledMs[body] = simulation.now();
      handled += 1;
    };
    /** A dead process says nothing more. */
    const alive = async <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
      signal.throwIfAborted();
      return ask();
    };
    const queue: Queue<number> = {
      name: broker.name,
      receive: (...asked) => broker.receive(...asked),
      acknowledge: (delivery) => alive(() => broker.acknowledge(delivery)),
      giveBack: (...asked) => alive(() => broker.giveBack(...asked)),
    };
    const aside: Pick<DeadLetters<number>, 'put'> = { put: (letter) => alive(() => {
      record.count('buried');
      return letters.put(letter);
    }) };
    const run: Record<string, () => Promise<void>> = {
      requeue: () => requeue(queue, handle, signal, leaseMs),
      memory: () => countInMemory(queue, aside, handle, signal, leaseMs, maxDeliveries),
      forget: () => forget(queue, handle, signal, leaseMs),
      with: () => consume(queue, aside, handle, signal, { leaseMs, maxDeliveries, retryMs: 500, clock: simulation, random: simulation.stream('jitter', consumer).next }),
    };
    simulation.spawn(() => run[variant]!().catch(() => {}));
  };
  for (let consumer = 0; consumer < consumers; consumer++) start(consumer);

  poissonArrivals(simulation, varying(settings.orders, (atMs) => (atMs < lastOrderMs ? settings.orders : 0)), (order) => {
    record.count('offered');
    simulation.settles();
    placedMs[order] = simulation.now();
    broker.send(`order ${order}`, order);
  });
  if (redriveSeconds > 0) {
    simulation.setTimeout(() => {
      isMended = true;
      simulation.spawn(() => redrive(letters, async (_, { id, body, redrives }) => broker.send(id, body, redrives), new AbortController().signal, { clock: simulation }));
    }, redriveSeconds * 1_000);
  }
  simulation.setTimeout(() => {
    for (const [order, atMs] of handledMs.entries()) if (atMs !== undefined) record.count(atMs - placedMs[order]! <= withinSeconds * 1_000 ? 'inTime' : 'late');
    record.count('left', broker.backlog);
    record.count('gone', lost());
  }, durationMs);
}
