import { beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { firstFact, hear, listeners, UndeclaredFactError } from './choreography.ts';
import type { Fact, Reaction } from './choreography.ts';
import { faultsOf, owing } from './flow.ts';
import { MemoryStore } from './memory-store.ts';
import { begins, ends, loyalty, orderFlow } from './order-flow.ts';
import type { Effect, Task } from './order-flow.ts';
import { Watch } from './watch.ts';
import type { WatchEvent } from './watch.ts';

const services = ['orders', 'inventory', 'payments', 'shipping', 'notifications', 'accounts'];
let clock: VirtualClock;
let stores: Record<string, MemoryStore>;
/** All that the outboxes have sent, in order. */
let published: Fact[];
/** What was really done, committed or not. */
let done: string[];
let refusing: Task[];
let failing: Task[];
const effect: Effect = async (task, process) => {
  if (failing.includes(task)) throw new Error(`${task} is down`);
  if (refusing.includes(task)) return false;
  done.push(`${task} ${process}`);
  return true;
};
let flow: readonly Reaction[];
let watch: Watch;
let events: WatchEvent[];
const newWatch = (mostReminders = 2) => new Watch(stores['orders']!, flow, { ends, deadlineMs: 1_000, mostReminders, clock, onEvent: (event) => events.push(event) });

beforeEach(() => {
  clock = new VirtualClock();
  [published, done, refusing, failing, events] = [[], [], [], [], []];
  stores = Object.fromEntries(services.map((service) => [service, new MemoryStore((fact) => published.push(fact))]));
  flow = orderFlow(effect);
  watch = newWatch();
});

const place = (process = 'o1') => stores['orders']!.transaction((open) => watch.begin(open, firstFact(process, 'OrderPlaced', { item: 'kettle' })));
const deliver = (reaction: Reaction, fact: Fact) => hear(stores[reaction.service]!, reaction, fact);
/** The broker: brings everything that was published to all who listen, until nothing new comes. */
let delivered = 0;
async function run({ copies = 1, lost = () => false, shuffled = false }: { copies?: number; lost?: (fact: Fact, reaction: Reaction) => boolean; shuffled?: boolean } = {}): Promise<void> {
  while (delivered < published.length) {
    const batch = shuffled ? published.slice(delivered).reverse() : published.slice(delivered, delivered + 1);
    delivered += batch.length;
    for (const fact of batch) {
      await watch.hear(fact);
      for (const reaction of listeners(flow, fact)) {
        if (!lost(fact, reaction)) for (let copy = 0; copy < copies; copy += 1) await deliver(reaction, fact);
      }
    }
  }
}
beforeEach(() => void (delivered = 0));
const told = () => published.map(({ type, reminder }) => (reminder > 0 ? `${type} again` : type));
const cases = async () => (await watch.open()).map(({ first, state, owing: owe }) => [first.process, state, owe]);

describe('the flow', () => {
  test('independent steps start from one fact, and the step that needs both waits for the second', async () => {
    await place();
    await run();
    expect(told()).toEqual(['OrderPlaced', 'StockReserved', 'PaymentTaken', 'ParcelSent']);
    expect(done).toEqual(['reserve o1', 'charge o1', 'dispatch o1', 'thank o1']);
    expect(await cases()).toEqual([]);
  });

  test('the order in which two facts arrive does not matter', async () => {
    await place();
    await run({ shuffled: true });
    expect(done).toEqual(['reserve o1', 'charge o1', 'dispatch o1', 'thank o1']);
  });

  test('two processes do not mix', async () => {
    await place('o1');
    await place('o2');
    await run({ shuffled: true });
    expect(done.toSorted()).toEqual(['charge o1', 'charge o2', 'dispatch o1', 'dispatch o2', 'reserve o1', 'reserve o2', 'thank o1', 'thank o2']);
  });

  test('each fact names its process and the fact that led to it', async () => {
    await place();
    await run();
    expect(published.map(({ id, process, causation }) => [id, process, causation])).toEqual([
      ['o1/OrderPlaced', 'o1', null], ['o1/StockReserved', 'o1', 'o1/OrderPlaced'], ['o1/PaymentTaken', 'o1', 'o1/OrderPlaced'], ['o1/ParcelSent', 'o1', 'o1/PaymentTaken'],
    ]);
  });

  test('what the broker brings three times is done and told once', async () => {
    await place();
    await run({ copies: 3 });
    expect([told().length, done]).toEqual([4, ['reserve o1', 'charge o1', 'dispatch o1', 'thank o1']]);
  });

  test('refusals lead back, whichever they are', async () => {
    for (const [refused, outcome] of [[['reserve'], 'PaymentReturned'], [['charge'], 'StockReleased'], [['reserve', 'charge'], 'OrderRejected']] as const) {
      const process = `without ${refused.join(' and ')}`;
      refusing = [...refused];
      await place(process);
      await run();
      expect(told().at(-1)).toBe(outcome);
    }
    expect(done).toEqual(['charge without reserve', 'refund without reserve', 'reserve without charge', 'release without charge', 'reject without reserve and charge']);
    expect(await cases()).toEqual([]);
  });

  test('the refusal overtakes the step that it takes back: released once it was reserved, and not before', async () => {
    refusing = ['charge'];
    await place();
    const late = listeners(flow, published[0]!).find(({ name }) => name === 'reserve')!;
    await run({ lost: (_fact, reaction) => reaction === late });
    expect([told(), done]).toEqual([['OrderPlaced', 'PaymentRefused'], []]);
    await deliver(late, published[0]!);
    await run();
    expect(done).toEqual(['reserve o1', 'release o1']);
  });

  test('a step that fails has not happened: nothing is told, nothing is remembered, and the fact can come again', async () => {
    failing = ['reserve'];
    await place();
    const [reserve] = listeners(flow, published[0]!);
    await expect(deliver(reserve!, published[0]!)).rejects.toThrow('reserve is down');
    failing = [];
    await run();
    expect(done.at(-1)).toBe('thank o1');
  });

  test('a fact that was not declared is refused, and rolls its step back', async () => {
    const rogue: Reaction = { name: 'rogue', service: 'payments', needs: ['OrderPlaced'], tells: [], act: async () => ({ type: 'StockReserved' }) };
    await expect(deliver(rogue, firstFact('o1', 'OrderPlaced', null))).rejects.toThrow(new UndeclaredFactError("payments: 'rogue' told StockReserved, which it has not declared"));
    expect(published).toEqual([]);
  });

  test('a new participant joins by listening', async () => {
    flow = [...flow, loyalty(effect)];
    await place();
    await run();
    expect(done).toContain('grant o1');
    expect(faultsOf(flow, { begins, ends })).toEqual([]);
  });
});

describe('the deadline', () => {
  test('without reminders a lost fact ends the process, and nothing anywhere fails', async () => {
    await place();
    await run({ lost: ({ type }) => type === 'StockReserved' });
    expect(await cases()).toEqual([['o1', 'open', ['shipping owes ParcelSent']]]);
    expect(events).toEqual([]);
  });

  test('whatever fact is lost, its owner asks once more, and each step is still done once', async () => {
    for (const type of ['OrderPlaced', 'StockReserved', 'PaymentTaken']) {
      await place(type);
      await run({ lost: (fact) => fact.type === type });
      await clock.advance(999);
      await watch.remind();
      expect(told().at(-1)).not.toBe('OrderPlaced again');
      await clock.advance(1);
      await watch.remind();
      await run({ copies: 2 });
      // A step that acts on a reminder has told its fact: the copy, and the second fact with the same number, tell it no second time.
      expect(published.filter((fact) => fact.process === type && fact.type === 'ParcelSent')).toHaveLength(1);
      await clock.advance(5_000);
      expect(await cases()).toEqual([]);
    }
    expect(done.toSorted()).toEqual(['OrderPlaced', 'PaymentTaken', 'StockReserved'].flatMap((type) => ['charge', 'dispatch', 'reserve', 'thank'].map((task) => `${task} ${type}`)).toSorted());
  });

  test('a reminder reaches the last step through all those that have done their part, and is told on once', async () => {
    await place();
    await run({ lost: (_fact, { name }) => name === 'thank' });
    published.push({ ...published[0]!, reminder: 1 });
    await run({ copies: 2 });
    expect(told().slice(4)).toEqual(['OrderPlaced again', 'StockReserved again', 'PaymentTaken again', 'ParcelSent again']);
    expect(done.filter((each) => each === 'thank o1')).toHaveLength(1);
  });

  test('when reminders do not help, a person is told who owes what', async () => {
    failing = ['dispatch'];
    const dispatch = flow.find(({ name }) => name === 'dispatch');
    await place();
    for (let time = 0; time < 5; time += 1) {
      await run({ lost: (_fact, reaction) => reaction === dispatch });
      await clock.advance(1_000);
      await watch.remind();
    }
    const owe = ['shipping owes ParcelSent'];
    expect(events).toEqual([
      { type: 'reminded', process: 'o1', owing: owe }, { type: 'reminded', process: 'o1', owing: owe }, { type: 'stuck', process: 'o1', owing: owe },
    ]);
    expect(await cases()).toEqual([['o1', 'stuck', owe]]);
    failing = [];
    await deliver(dispatch!, published.find(({ type }) => type === 'StockReserved')!);
    await deliver(dispatch!, published.find(({ type }) => type === 'PaymentTaken')!);
    await run();
    expect([await cases(), events.at(-1)?.type]).toEqual([[], 'ended']);
  });

  test('the deadline outlives the process that set it', async () => {
    await place();
    await run({ lost: () => true });
    watch = newWatch();
    await clock.advance(1_000);
    await watch.remind();
    expect(told()).toEqual(['OrderPlaced', 'OrderPlaced again']);
  });

  test('two instances remind once', async () => {
    await place();
    await run({ lost: () => true });
    await clock.advance(1_000);
    await Promise.all([watch.remind(), newWatch().remind()]);
    expect(told()).toEqual(['OrderPlaced', 'OrderPlaced again']);
  });

  test('an order that was not saved has no deadline and tells nothing', async () => {
    await expect(stores['orders']!.transaction(async (open) => {
      await watch.begin(open, firstFact('o1', 'OrderPlaced', null));
      throw new Error('rolled back');
    })).rejects.toThrow('rolled back');
    expect([published, await cases()]).toEqual([[], []]);
  });

  test('an ended process, and one that it does not know, change nothing any more', async () => {
    await place();
    await run();
    const before = events.length;
    await watch.hear(firstFact('o1', 'PaymentRefused', null));
    await watch.hear(firstFact('o9', 'ParcelSent', null));
    await clock.advance(9_000);
    await watch.remind();
    expect([events.length, await cases()]).toEqual([before, []]);
  });

  test('it keeps what it has heard, each once and in order', async () => {
    await place();
    await run({ copies: 2, lost: (_fact, { name }) => name === 'dispatch' });
    for (const fact of published) await watch.hear(fact);
    expect((await watch.open())[0]?.heard).toEqual(['OrderPlaced', 'StockReserved', 'PaymentTaken']);
  });

  test('refuses options that make no sense', () => {
    for (const deadlineMs of [0, -1, Number.NaN, Infinity]) expect(() => new Watch(stores['orders']!, flow, { ends, deadlineMs, mostReminders: 1 })).toThrow(`deadlineMs must be above 0 and finite: current value is ${deadlineMs}`);
    for (const most of [-1, 1.5]) expect(() => newWatch(most)).toThrow(`mostReminders must be a whole number from 0: current value is ${most}`);
  });

  test('nobody has to listen to what it tells of itself, and without reminders it goes to a person at once', async () => {
    watch = new Watch(stores['orders']!, flow, { ends, deadlineMs: 1_000, mostReminders: 0, clock });
    await place();
    await clock.advance(1_000);
    await watch.remind();
    expect([told(), (await cases())[0]?.[1]]).toEqual([['OrderPlaced'], 'stuck']);
  });
});

describe('the declared flow', () => {
  test('that of the order holds together', () => {
    expect(faultsOf(flow, { begins, ends })).toEqual([]);
  });

  test('each mistake has a sentence', () => {
    const act = async () => {};
    const broken: Reaction[] = [
      { name: 'a', service: 'a', needs: ['Start'], tells: ['Left', 'Nowhere'], act },
      { name: 'b', service: 'b', needs: ['Left', 'Never'], tells: ['Right'], act },
      { name: 'c', service: 'c', needs: ['Right'], tells: ['Left'], act },
    ];
    expect(faultsOf(broken, { begins: ['Start', 'Unheard'], ends: [] })).toEqual([
      'Never is waited for, and nobody tells it', 'Unheard is told, and nobody listens', 'Nowhere is told, and nobody listens',
      'Left is told by more than one reaction', 'Left leads back to itself', 'Right leads back to itself',
    ]);
  });

  test('who owes: those that could have acted, not those that wait and not those that tell nothing', () => {
    expect(owing(flow, ['OrderPlaced'])).toEqual(['inventory owes StockReserved or StockRefused', 'payments owes PaymentTaken or PaymentRefused']);
    expect(owing(flow, ['OrderPlaced', 'StockReserved', 'PaymentTaken', 'ParcelSent'])).toEqual([]);
  });
});
