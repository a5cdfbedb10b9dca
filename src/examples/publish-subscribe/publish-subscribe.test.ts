import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { HandlerTimeoutError, MessageRefusedError, UnknownSubscriptionError } from './contract.ts';
import type { CursorTransaction, Delivery, TopicEvent, TopicOptions } from './contract.ts';
import { MemoryStore } from './memory-store.ts';
import { Topic } from './publish-subscribe.ts';
import { consume } from './subscriber.ts';
import type { Handle, SubscriberOptions } from './subscriber.ts';

/** Two subscriptions; leases of 10 s, three deliveries, waits of exactly 1 s, 2 s. */
async function setUp(options: Partial<TopicOptions> = {}, names = ['shipping', 'search']) {
  const clock = new VirtualClock();
  const store = new MemoryStore<string>();
  const events: TopicEvent[] = [];
  const open = (): Topic<string> => new Topic(store, { name: 'orders', leaseMs: 10_000, maxDeliveries: 3, baseDelayMs: 1_000, maxDelayMs: 8_000, clock, random: () => 1, onEvent: (event) => events.push(event), ...options });
  const topic = open();
  for (const name of names) await topic.subscribe(name);
  const publish = async (...bodies: string[]): Promise<void> => {
    for (const body of bodies) await topic.publish({ body, key: body[0]! });
  };
  const pull = async (name: string, most = 10): Promise<string[]> => bodiesOf(await topic.pull(name, most));
  return { topic, open, store, clock, events, publish, pull };
}

function bodiesOf(deliveries: readonly Delivery<string>[]): string[] {
  return deliveries.map(({ message }) => message.body);
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('resolved'), (error: unknown) => error);
}

describe('topic and subscriptions', () => {
  test('each subscription gets every message, at its own speed', async () => {
    const { topic, publish, pull } = await setUp();
    await publish('a1', 'b1');
    for (const delivery of await topic.pull('shipping', 10)) await topic.acknowledge(delivery);
    await publish('c1');
    expect(await pull('shipping')).toEqual(['c1']);
    expect(await pull('search')).toEqual(['a1', 'b1', 'c1']);
  });

  test('publish waits for nobody, and a subscription that nobody reads costs a cursor only', async () => {
    const { topic, publish, clock } = await setUp();
    await publish('a1', 'a2', 'a3');
    expect(await topic.standing('shipping')).toEqual({ unread: 3, open: 0, deadLetters: 0, ageMs: 0 });
    await clock.advance(500);
    expect((await topic.standing('shipping')).ageMs).toBe(500);
    expect(clock.pending).toBe(0);
  });

  test('places survive a restart of the broker: leases, counts and receipts are in the store', async () => {
    const { topic, open, publish, clock } = await setUp();
    await publish('a1', 'a2');
    const [first] = await topic.pull('shipping', 1);
    const restarted = open();
    expect(await restarted.pull('shipping', 10)).toEqual([]);
    expect(await restarted.acknowledge(first!)).toBe(true);
    expect(bodiesOf(await restarted.pull('shipping', 10))).toEqual(['a2']);
    await clock.advance(10_000);
    await restarted.pull('shipping', 10);
    await clock.advance(1_000);
    expect((await open().pull('shipping', 10)).map(({ deliveries }) => deliveries)).toEqual([2]);
  });

  test('a new subscription begins now or at the beginning, and a known one keeps its place', async () => {
    const { topic, publish, pull } = await setUp({ maxMessages: 3 });
    await publish('a1', 'b1', 'c1', 'd1');
    await topic.subscribe('now');
    await topic.subscribe('all', {}, 'beginning');
    expect(await pull('now')).toEqual([]);
    expect(await pull('all', 1)).toEqual(['b1']);
    await topic.subscribe('all', {}, 'beginning');
    expect(await pull('all')).toEqual(['c1', 'd1']);
  });

  test('after unsubscribe the place is gone', async () => {
    const { topic } = await setUp();
    await topic.unsubscribe('search');
    expect(await rejection(topic.pull('search', 1))).toMatchObject({ name: 'UnknownSubscriptionError', subscription: 'search' });
    expect(await rejection(topic.standing('search'))).toBeInstanceOf(UnknownSubscriptionError);
  });

  test('a receipt of a subscription that was removed settles nothing of the new one of its name', async () => {
    const { topic, publish } = await setUp();
    await publish('a1');
    const [old] = await topic.pull('shipping', 1);
    await topic.unsubscribe('shipping');
    await topic.subscribe('shipping');
    await publish('b1');
    const [fresh] = await topic.pull('shipping', 1);
    expect(fresh!.receipt).toBe(old!.receipt);
    expect(await topic.acknowledge(old!)).toBe(false);
    expect(await topic.acknowledge(fresh!)).toBe(true);
  });

  test('a caller that has left does not publish', async () => {
    const { topic, store } = await setUp();
    const reason = new Error('gone');
    expect(await rejection(topic.publish({ body: 'a1' }, AbortSignal.abort(reason)))).toBe(reason);
    expect(await topic.publish({ body: 'a2' }, new AbortController().signal)).toBe(1);
    expect(await store.append({ body: 'a3' }, 0)).toBe(2);
  });
});

describe('filter', () => {
  test('what does not match is never delivered, and does not fill the window', async () => {
    const { topic, pull } = await setUp({ window: 2 });
    await topic.subscribe('uk', { country: ['uk', 'ie'], kind: ['parcel'] });
    for (const body of ['1', '2', '3', '4', '5']) await topic.publish({ body, attributes: { country: 'fr', kind: 'parcel' } });
    await topic.publish({ body: 'no attributes' });
    await topic.publish({ body: 'letter', attributes: { country: 'uk', kind: 'letter' } });
    await topic.publish({ body: 'match', attributes: { country: 'ie', kind: 'parcel' } });
    expect(await pull('uk')).toEqual(['match']);
    expect(await topic.standing('uk')).toMatchObject({ unread: 0, open: 1 });
  });

  test('a new filter holds for what has not been read', async () => {
    const { topic, pull } = await setUp();
    await topic.subscribe('shipping', { country: ['uk'] });
    await topic.publish({ body: 'fr', attributes: { country: 'fr' } });
    expect(await pull('shipping')).toEqual([]);
    await topic.publish({ body: 'fr again', attributes: { country: 'fr' } });
    await topic.subscribe('shipping', {});
    expect(await pull('shipping')).toEqual(['fr again']);
  });
});

describe('order', () => {
  test('one of a key at a time, in order; other keys go on', async () => {
    const { topic, publish, pull } = await setUp();
    await publish('a1', 'a2', 'b1', 'a3');
    const [a1, b1] = await topic.pull('shipping', 10);
    expect(bodiesOf([a1!, b1!])).toEqual(['a1', 'b1']);
    expect(await pull('shipping')).toEqual([]);
    await topic.acknowledge(a1!);
    expect(await pull('shipping')).toEqual(['a2']);
  });

  test('a failure holds back its key alone', async () => {
    const { topic, publish, pull, clock } = await setUp();
    await publish('a1', 'a2', 'b1', 'b2');
    const [a1, b1] = await topic.pull('shipping', 10);
    await topic.giveBack(a1!, 'no stock');
    await topic.acknowledge(b1!);
    expect(await pull('shipping')).toEqual(['b2']);
    await clock.advance(1_000);
    expect(await pull('shipping')).toEqual(['a1']);
  });

  test('without a key all are handed out side by side', async () => {
    const { topic, pull } = await setUp();
    for (const body of ['1', '2', '3']) await topic.publish({ body });
    expect(await pull('shipping', 2)).toEqual(['1', '2']);
    expect(await pull('shipping', 2)).toEqual(['3']);
  });

  test('the window bounds what is open', async () => {
    const { topic, publish, pull } = await setUp({ window: 2 });
    await publish('a1', 'a2', 'b1');
    const [a1] = await topic.pull('shipping', 10);
    expect(await pull('shipping')).toEqual([]);
    expect(await topic.standing('shipping')).toMatchObject({ unread: 1, open: 2 });
    await topic.acknowledge(a1!);
    expect(await pull('shipping')).toEqual(['a2', 'b1']);
  });
});

describe('redelivery', () => {
  test('waits double up to the longest, from the failure on', async () => {
    const { topic, publish, clock, events } = await setUp({ maxDeliveries: 6, maxDelayMs: 3_000 });
    await publish('a1');
    const waits: number[] = [];
    for (let deliveries = 1; deliveries < 6; deliveries++) {
      const [delivery] = await topic.pull('shipping', 1);
      expect(delivery?.deliveries).toBe(deliveries);
      await topic.giveBack(delivery!, 'no stock');
      const failed = events.at(-1)!;
      if (failed.type === 'failed') waits.push(failed.delayMs);
      await clock.advance(waits.at(-1)! - 1);
      expect(await topic.pull('shipping', 1)).toEqual([]);
      await clock.advance(1);
    }
    expect(waits).toEqual([1_000, 2_000, 3_000, 3_000, 3_000]);
  });

  test('the wait is spread by the random numbers', async () => {
    const { topic, publish, events } = await setUp({ random: () => 0.25 });
    await publish('a1');
    const [delivery] = await topic.pull('shipping', 1);
    await topic.giveBack(delivery!, 'no stock');
    expect(events.at(-1)).toMatchObject({ type: 'failed', delayMs: 250, reason: 'no stock' });
  });

  test('a subscriber that says nothing loses its lease, and what it says later changes nothing', async () => {
    const { topic, publish, clock, events } = await setUp();
    await publish('a1');
    const [stale] = await topic.pull('shipping', 1);
    await clock.advance(9_999);
    expect(await topic.pull('shipping', 1)).toEqual([]);
    await clock.advance(1);
    await topic.pull('shipping', 1);
    await clock.advance(1_000);
    const [fresh] = await topic.pull('shipping', 1);
    expect(fresh).toMatchObject({ deliveries: 2, message: { position: 1 } });
    expect(await topic.acknowledge(stale!)).toBe(false);
    expect(events.at(-1)).toMatchObject({ type: 'late', position: 1 });
    expect(await topic.giveBack(stale!, 'too late')).toBe(false);
    expect(await topic.acknowledge(fresh!)).toBe(true);
  });
});

describe('dead letters', () => {
  test('a crash counts: a message that kills its subscriber dies itself, and its key goes on', async () => {
    const { topic, publish, clock, pull, events } = await setUp();
    await publish('a1', 'a2');
    for (let delivery = 1; delivery <= 3; delivery++) {
      expect(await pull('shipping')).toEqual(['a1']);
      await clock.advance(10_000);
      await topic.pull('shipping', 0);
      await clock.advance(8_000);
    }
    expect(events.filter(({ type }) => type === 'died')).toEqual([{ topic: 'orders', atMs: 46_000, type: 'died', subscription: 'shipping', position: 1, deliveries: 3 }]);
    expect(await pull('shipping')).toEqual(['a2']);
    expect(await pull('search')).toEqual(['a1']);
  });

  test('a hopeless message dies at once, with its reason', async () => {
    const { topic, publish, store, clock } = await setUp();
    await publish('a1');
    const [delivery] = await topic.pull('shipping', 1);
    await topic.giveBack(delivery!, 'not an order', true);
    const letters = await store.transaction('shipping', async ({ deadLetters }) => deadLetters);
    expect(letters).toEqual([{ message: delivery!.message, deliveries: 1, reason: 'not an order', diedMs: clock.now() }]);
  });

  test('redriven it comes again with fresh tries, in its place, to this subscription alone', async () => {
    const { topic, publish, pull } = await setUp();
    await publish('a1', 'a2');
    const [delivery] = await topic.pull('shipping', 1);
    await topic.giveBack(delivery!, 'bug', true);
    await topic.pull('search', 1);
    expect(await topic.redrive('shipping', 1)).toBe(true);
    expect(await topic.redrive('shipping', 1)).toBe(false);
    expect((await topic.pull('shipping', 10)).map(({ message, deliveries }) => [message.body, deliveries])).toEqual([['a1', 1]]);
    expect(await pull('search')).toEqual([]);
  });

  test('redriven while a later one of its key is in hand, it waits: one of a key at a time', async () => {
    const { topic, publish, pull } = await setUp();
    await publish('a1', 'a2', 'a3');
    const [a1] = await topic.pull('shipping', 1);
    await topic.giveBack(a1!, 'bug', true);
    const [a2] = await topic.pull('shipping', 1);
    await topic.redrive('shipping', 1);
    expect(await pull('shipping')).toEqual([]);
    await topic.acknowledge(a2!);
    expect(await pull('shipping')).toEqual(['a1']);
  });

  test('where there is no place for one more, nothing is lost: it is tried on', async () => {
    const { topic, publish, events, clock } = await setUp({ maxDeadLetters: 0 });
    await publish('a1');
    const [delivery] = await topic.pull('shipping', 1);
    await topic.giveBack(delivery!, 'not an order', true);
    expect(events.slice(-2)).toMatchObject([{ type: 'full', position: 1 }, { type: 'failed' }]);
    await clock.advance(1_000);
    expect(await topic.pull('shipping', 1)).toHaveLength(1);
  });

  test('a store that fails half way keeps the message: no acknowledgement without its dead letter', async () => {
    const { topic, publish, store, clock } = await setUp();
    await publish('a1');
    const [delivery] = await topic.pull('shipping', 1);
    const transaction = store.transaction.bind(store);
    store.transaction = (name, work) => transaction(name, async (open: CursorTransaction<string>) => {
      await work(open);
      throw new Error('disk full');
    });
    expect(await rejection(topic.giveBack(delivery!, 'not an order', true))).toMatchObject({ message: 'disk full' });
    store.transaction = transaction;
    expect(await topic.standing('shipping')).toMatchObject({ open: 1, deadLetters: 0 });
    await clock.advance(10_000);
    expect(await topic.acknowledge(delivery!)).toBe(true);
  });
});

describe('retention', () => {
  test('who falls too far behind loses the oldest and is told; the others and the publisher feel nothing', async () => {
    const { topic, publish, pull, events } = await setUp({ maxMessages: 3 });
    const handled: string[] = [];
    for (const body of ['a1', 'b1', 'c1', 'd1', 'e1']) {
      await publish(body);
      const [delivery] = await topic.pull('shipping', 1);
      handled.push(...bodiesOf([delivery!]));
      await topic.acknowledge(delivery!);
    }
    expect(handled).toHaveLength(5);
    expect(await pull('search')).toEqual(['c1', 'd1', 'e1']);
    expect(events.filter(({ type }) => type === 'lost')).toMatchObject([{ subscription: 'search', messages: 2 }]);
  });

  test('by age as well; what a subscription has open stays', async () => {
    const { topic, publish, clock, pull, events } = await setUp({ retentionMs: 60_000, window: 1 });
    await publish('a1', 'b1');
    const [first] = await topic.pull('shipping', 1);
    await clock.advance(60_001);
    await publish('c1');
    expect((await topic.standing('shipping')).ageMs).toBe(60_001);
    await topic.acknowledge(first!);
    expect(await topic.standing('search')).toMatchObject({ ageMs: 0 });
    expect(await pull('shipping')).toEqual(['c1']);
    expect(await pull('search')).toEqual(['c1']);
    expect(events.flatMap((event) => (event.type === 'lost' ? [[event.subscription, event.messages]] : []))).toEqual([['shipping', 1], ['search', 2]]);
  });
});

describe('consume', () => {
  async function subscriber(handle: Handle<string>, options: SubscriberOptions = {}, name = 'shipping', world?: Awaited<ReturnType<typeof setUp>>) {
    const { topic, clock, ...rest } = world ?? await setUp();
    const process = new AbortController();
    const errors: unknown[] = [];
    const ended = consume(topic, name, handle, process.signal, { pollMs: 1_000, clock, onError: (error) => errors.push(error), ...options });
    return { topic, clock, process, errors, ended, ...rest };
  }

  test('acknowledges after the work, then takes the next without waiting for the poll', async () => {
    const seen: string[] = [];
    const { publish, topic, clock } = await subscriber(async ({ message }) => {
      await clock.sleep(100);
      seen.push(message.body);
    });
    await publish('a1', 'a2', 'a3');
    await clock.advance(1_150);
    expect(seen).toEqual(['a1']);
    expect(await topic.standing('shipping')).toMatchObject({ open: 2 });
    await clock.advance(100);
    expect(seen).toEqual(['a1', 'a2']);
  });

  test('a slow subscriber holds up neither the publisher nor another subscriber', async () => {
    const world = await setUp();
    const { clock, publish } = world;
    const [slow, fast]: [string[], string[]] = [[], []];
    await subscriber(async ({ message }) => {
      await clock.sleep(8_000);
      slow.push(message.body);
    }, {}, 'search', world);
    await subscriber(({ message }) => void fast.push(message.body), {}, 'shipping', world);
    for (const body of ['a1', 'b1', 'c1', 'd1']) {
      await publish(body);
      await clock.advance(1_000);
    }
    expect(fast).toEqual(['a1', 'b1', 'c1', 'd1']);
    expect(slow).toEqual([]);
  });

  test('never takes more than it may work on', async () => {
    let [busy, most] = [0, 0];
    const { publish, topic, clock } = await subscriber(async () => {
      busy += 1;
      most = Math.max(most, busy);
      await clock.sleep(300);
      busy -= 1;
    }, { parallel: 2 });
    await publish('a1', 'b1', 'c1', 'd1', 'e1');
    await clock.advance(5_000);
    expect(most).toBe(2);
    expect(await topic.standing('shipping')).toMatchObject({ unread: 0, open: 0 });
  });

  test('a throw, also a synchronous one, gives the message back; a refusal buries it', async () => {
    let tries = 0;
    const { publish, topic, clock, events } = await subscriber(({ message }) => {
      if (message.body === 'b1') throw new MessageRefusedError('not an order');
      if (++tries === 1) throw new Error('no stock');
    });
    await publish('a1', 'b1');
    await clock.advance(5_000);
    expect(events.flatMap((event) => (event.type === 'failed' ? [event.reason] : []))).toEqual(['Error: no stock']);
    expect(await topic.standing('shipping')).toMatchObject({ open: 0, deadLetters: 1 });
  });

  test('a handler that hangs is told before the lease ends, and what it does later is ignored', async () => {
    const reasons: unknown[] = [];
    const { publish, clock, events } = await subscriber((_, signal) => new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reasons.push(signal.reason);
        clock.setTimeout(() => reject(new Error('late')), 50);
      });
    }));
    await publish('a1');
    await clock.advance(1_000 + 9_100);
    expect(reasons).toMatchObject([{ message: 'no end after 9000 ms' }]);
    expect(reasons[0]).toBeInstanceOf(HandlerTimeoutError);
    expect(events.at(-1)).toMatchObject({ type: 'failed', deliveries: 1 });
  });

  test('stops in good order: what is in hand is finished and acknowledged, nothing new is taken', async () => {
    const { publish, topic, process, ended, clock } = await subscriber(() => clock.sleep(500));
    await publish('a1', 'a2');
    await clock.advance(1_100);
    process.abort();
    await clock.advance(500);
    await ended;
    expect(await topic.standing('shipping')).toMatchObject({ open: 1 });
    expect(clock.pending).toBe(0);
  });

  test('goes on when the topic cannot be reached', async () => {
    const world = await setUp();
    const { topic, clock, publish } = world;
    const { pull, acknowledge } = { pull: topic.pull.bind(topic), acknowledge: topic.acknowledge.bind(topic) };
    const down = async (): Promise<never> => { throw new Error('connection refused'); };
    let handled = 0;
    topic.pull = down;
    const { errors } = await subscriber(() => void (handled += 1), {}, 'shipping', world);
    await publish('a1');
    await clock.advance(1_500);
    topic.pull = pull;
    topic.acknowledge = down;
    await clock.advance(1_000);
    topic.acknowledge = acknowledge;
    await clock.advance(15_000);
    expect(errors.length).toBeGreaterThanOrEqual(3);
    expect(handled).toBe(2);
    expect(await topic.standing('shipping')).toMatchObject({ open: 0 });
  });
});

describe('options', () => {
  test('an impossible one is refused with its name and value', () => {
    const wrong = { leaseMs: 0, baseDelayMs: Number.NaN, maxDelayMs: 999, retentionMs: Infinity, maxDeliveries: 0, window: 1.5, maxMessages: -1, maxDeadLetters: -1 };
    for (const [name, value] of Object.entries(wrong)) {
      expect(() => new Topic(new MemoryStore(), { name: 'orders', baseDelayMs: 1_000, [name]: value })).toThrow(new RegExp(`'${name}' must be .*: current value is ${value}`));
    }
  });

  test('a lease longer than a timer can be is refused: the handler would be aborted at once', () => {
    expect(() => new Topic(new MemoryStore(), { name: 'orders', leaseMs: 2 ** 31 })).toThrow("'leaseMs' must be above 0 and below 2147483648: current value is 2147483648");
  });

  test('and so is a number of messages that nobody can be given', async () => {
    const { topic, publish } = await setUp();
    await publish('a1', 'b1');
    for (const most of [Number.NaN, -1, 0.5, Infinity]) {
      expect(await rejection(topic.pull('shipping', most))).toMatchObject({ name: 'RangeError', message: `'most' must be an integer of at least 0: current value is ${most}` });
    }
    expect(await topic.standing('shipping')).toMatchObject({ open: 0 });
  });

  test('and those of a subscriber', async () => {
    const { topic } = await setUp();
    const run = (options: SubscriberOptions) => consume(topic, 'shipping', () => {}, AbortSignal.abort(), options);
    await run({});
    expect(await rejection(run({ parallel: 0 }))).toMatchObject({ message: "'parallel' must be a positive integer: current value is 0" });
    expect(await rejection(run({ pollMs: 2 ** 31 }))).toMatchObject({ name: 'RangeError' });
    const down = async (): Promise<never> => { throw new Error('connection refused'); };
    const process = new AbortController();
    const ended = consume({ ...topic, pull: down, acknowledge: down, giveBack: down }, 'shipping', () => {}, process.signal);
    process.abort();
    await ended;
    expect(await new Topic(new MemoryStore(), { name: 'orders' }).publish({ body: 'a1' })).toBe(1);
  });
});
