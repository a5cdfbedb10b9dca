import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { ClaimReceiver, ClaimSender } from './claim-check.ts';
import { StoreAwayError } from './contract.ts';
import type { ClaimEvent, Delivery, Message, PayloadStore, SenderOptions, SendOptions } from './contract.ts';
import { PostgresBook, schema } from './postgres-book.ts';

// A real PostgreSQL with one session.
let postgres: PGlite;
let book: PostgresBook;
beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(schema);
  book = new PostgresBook({ query: async <Row>(text: string, parameters: readonly unknown[]) => (await postgres.query<Row>(text, [...parameters])).rows });
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => { await postgres.exec('truncate claim'); });

interface Order { id: string }
const order: Order = { id: 'o1' };
const scan = (length = 200_000): Uint8Array => Uint8Array.from({ length }, (_, at) => at % 251);
const dayMs = 86_400_000;

class CrashError extends Error { override readonly name = 'CrashError'; }

/** Deletes by itself after its time. `does` is what it does with the next calls. */
class MemoryStore implements PayloadStore {
  readonly #clock: VirtualClock;
  readonly payloads = new Map<string, { bytes: Uint8Array; untilMs: number }>();
  readonly asked: string[] = [];
  does: 'answer' | 'fail' | 'hang' = 'answer';

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  async put(key: string, payload: Uint8Array, keepMs: number, signal: AbortSignal): Promise<void> {
    await this.#answer(`put ${key}`, signal);
    this.payloads.set(key, { bytes: payload.slice(), untilMs: this.#clock.now() + keepMs });
  }

  async get(key: string, signal: AbortSignal): Promise<Uint8Array | undefined> {
    await this.#answer(`get ${key}`, signal);
    return this.has(key) ? this.payloads.get(key)?.bytes.slice() : undefined;
  }

  async delete(key: string, signal: AbortSignal): Promise<void> {
    await this.#answer(`delete ${key}`, signal);
    this.payloads.delete(key);
  }

  has(key: string): boolean {
    return (this.payloads.get(key)?.untilMs ?? -Infinity) > this.#clock.now();
  }

  async #answer(call: string, signal: AbortSignal): Promise<void> {
    this.asked.push(call);
    if (this.does === 'hang') await this.#clock.sleep(1e9, signal);
    if (this.does === 'fail') throw new TypeError('fetch failed');
  }
}

/** A sender, a queue that keeps messages for seven days, and readers of it. */
function setUp(options: Partial<SenderOptions<Order>> = {}) {
  const clock = new VirtualClock();
  const store = new MemoryStore(clock);
  const queue: Message<Order>[] = [];
  const events: ClaimEvent[] = [];
  let keys = 0;
  const sender = new ClaimSender<Order>({
    store, book, send: async (message) => { queue.push(message); }, longestLifeMs: 7 * dayMs, keepMs: 8 * dayMs, inlineBytes: 1_000, timeoutMs: 5_000, clock, newKey: () => `k${++keys}`, ...options,
  });
  const receiver = (name: string): ClaimReceiver => new ClaimReceiver({ name, store, book, timeoutMs: 5_000, clock, onEvent: (event) => events.push(event) });
  const send = async (payload = scan(), sendOptions: SendOptions = {}): Promise<Message<Order>> => {
    await sender.send(order, payload, sendOptions);
    return queue.at(-1)!;
  };
  /** Delivers a message to a reader; says what became of it and what was worked on. */
  const deliver = async (message: Message<Order>, reader = receiver('invoices'), crash?: 'work' | 'ack' | 'after ack') => {
    const fate: string[] = [];
    const seen: Uint8Array[] = [];
    const delivery: Delivery<Order> = {
      message,
      ack: async () => {
        if (crash === 'ack') throw new CrashError('at ack');
        fate.push('ack');
        if (crash === 'after ack') throw new CrashError('after ack');
      },
      later: async () => { fate.push('later'); },
      aside: async (reason) => { fate.push(`aside: ${reason.name}`); },
    };
    await reader.receive(delivery, async (head, payload) => {
      expect(head).toEqual(order);
      if (crash === 'work') throw new CrashError('at work');
      seen.push(payload);
    }).catch((error: unknown) => { if (!(error instanceof CrashError)) throw error; fate.push('crashed'); });
    return { fate, seen };
  };
  return { clock, store, queue, events, sender, receiver, send, deliver };
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('resolved'), (error: unknown) => error);
}

describe('sending', () => {
  test('the message carries the head and a ticket, the store the bytes, and the reader gets what was sent', async () => {
    const { store, send, deliver } = setUp();
    const message = await send();
    expect(message).toEqual({ head: order, ticket: { key: 'k1', bytes: 200_000, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect(JSON.stringify(message).length).toBeLessThan(200);
    expect(store.has('k1')).toBe(true);
    expect((await deliver(message)).seen).toEqual([scan()]);
  });

  test('a small one travels in the message, and neither store nor book hears of it', async () => {
    const { store, send, deliver } = setUp();
    const message = await send(scan(1_000), { readers: ['invoices'] });
    expect(message).toEqual({ head: order, payload: scan(1_000) });
    expect(await deliver(message)).toEqual({ fate: ['ack'], seen: [scan(1_000)] });
    expect(store.asked).toEqual([]);
    expect((await postgres.query('select from claim')).rows).toEqual([]);
    expect((await send(scan(1_001))).ticket).toBeDefined();
  });

  test('what the caller does with its bytes afterwards changes nothing', async () => {
    const { store, sender, queue, deliver } = setUp();
    const bytes = scan();
    const sending = sender.send(order, bytes);
    bytes.fill(0);
    await sending;
    expect((await deliver(queue[0]!)).seen).toEqual([scan()]);
    expect(store.has('k1')).toBe(true);
  });

  test('with the store away nothing is sent', async () => {
    const { clock, store, sender, queue } = setUp();
    store.does = 'fail';
    expect(await rejection(sender.send(order, scan()))).toMatchObject({ name: 'StoreAwayError', cause: new TypeError('fetch failed') });
    store.does = 'hang';
    const sending = rejection(sender.send(order, scan()));
    while (!store.asked.includes('put k2')) await clock.advance(1);
    await clock.advance(5_000);
    expect(await sending).toBeInstanceOf(StoreAwayError);
    expect(queue).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test('a send that fails leaves the payload where it is: the message may have arrived', async () => {
    const { store, sender } = setUp({ send: async () => { throw new TypeError('no confirmation'); } });
    expect(await rejection(sender.send(order, scan()))).toEqual(new TypeError('no confirmation'));
    expect(store.has('k1')).toBe(true);
    expect(store.asked).toEqual(['put k1']);
  });

  test('a repeat with the same key leaves one payload', async () => {
    const { store, send, deliver } = setUp();
    const first = await send(scan(), { key: 'order-1', readers: ['invoices'] });
    const second = await send(scan(), { key: 'order-1', readers: ['invoices'] });
    expect([...store.payloads.keys()]).toEqual(['order-1']);
    expect((await deliver(first)).seen).toHaveLength(1);
    expect(await deliver(second)).toEqual({ fate: ['ack'], seen: [] });
  });

  test('a caller who leaves causes no message', async () => {
    const { clock, store, sender, queue } = setUp();
    const stop = new AbortController();
    store.does = 'hang';
    const sending = rejection(sender.send(order, scan(), { signal: stop.signal }));
    while (store.asked.length === 0) await clock.advance(1);
    stop.abort(new Error('closed the page'));
    expect(await sending).toEqual(new Error('closed the page'));
    expect(await rejection(sender.send(order, scan(), { signal: stop.signal }))).toEqual(new Error('closed the page'));
    expect(await rejection(sender.send(order, scan(10), { signal: stop.signal }))).toEqual(new Error('closed the page'));
    const meanwhile = new AbortController();
    const slow = setUp({ book: { open: async () => { meanwhile.abort(new Error('changed his mind')); }, isDone: async () => false, done: async () => false } });
    expect(await rejection(slow.sender.send(order, scan(), { signal: meanwhile.signal }))).toEqual(new Error('changed his mind'));
    expect(slow.store.asked).toEqual([]);
    const late = new AbortController();
    store.does = 'answer';
    const { put } = store;
    store.put = async (...parameters) => { await put.apply(store, parameters); late.abort(new Error('too late')); };
    expect(await rejection(sender.send(order, scan(), { signal: late.signal }))).toEqual(new Error('too late'));
    expect(queue).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});

test('of many payloads that are sent and fetched, no listener is left at a signal that lives long', async () => {
  const { sender, queue, receiver } = setUp();
  const { signal } = new AbortController();
  let listening = 0;
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (...args: Parameters<typeof add>) => { listening += 1; add(...args); };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => { listening -= 1; remove(...args); };
  for (let each = 0; each < 5; each += 1) {
    await sender.send(order, scan(), { signal });
    await receiver('invoices').open(queue[each]!, signal);
  }
  expect(listening).toBe(0);
});

describe('the order: store, then send', () => {
  const steps = ['before put', 'after put', 'after send'] as const;

  test('wherever the sender dies, no message refers to what is not there', async () => {
    for (const step of steps) {
      const { clock, store, queue, sender, deliver } = setUp({ send: async (message) => { queue.push(message); if (step === 'after send') throw new CrashError(step); } });
      const { put } = store;
      store.put = async (...parameters) => {
        if (step === 'before put') throw new CrashError(step);
        await put.apply(store, parameters);
        if (step === 'after put') throw new CrashError(step);
      };
      await sender.send(order, scan()).catch(() => {});
      for (const message of queue) expect((await deliver(message)).fate, step).toEqual(['ack']);
      expect(queue, step).toHaveLength(step === 'after send' ? 1 : 0);
      await clock.advance(8 * dayMs);
      expect(store.has('k1'), step).toBe(false);
    }
  });

  test('the other way round a message is lost: by a reader who is quick, and by a crash', async () => {
    for (const dies of [false, true]) {
      const { store, send, deliver } = setUp();
      const key = `crash: ${dies}`;
      const message = await send(scan(), { key });
      const { bytes } = store.payloads.get(key)!;
      store.payloads.clear();
      // The ticket is out before the payload is in.
      expect((await deliver(message)).fate).toEqual(['aside: PayloadGoneError']);
      if (!dies) await store.put(key, bytes, dayMs, new AbortController().signal);
      expect((await deliver(message)).fate).toEqual([dies ? 'aside: PayloadGoneError' : 'ack']);
    }
  });
});

describe('receiving', () => {
  test('with the store away the message comes again, and is not counted as bad', async () => {
    const { clock, store, send, deliver } = setUp();
    const message = await send();
    store.does = 'fail';
    expect(await deliver(message)).toEqual({ fate: ['later'], seen: [] });
    store.does = 'hang';
    const hanging = deliver(message);
    while (store.asked.length < 3) await clock.advance(1);
    await clock.advance(5_000);
    expect(await hanging).toEqual({ fate: ['later'], seen: [] });
    store.does = 'answer';
    expect((await deliver(message)).fate).toEqual(['ack']);
    expect(clock.pending).toBe(0);
  });

  test('a payload that is gone or another one is set aside, and nobody works on it', async () => {
    const { store, send, deliver } = setUp();
    const [gone, shorter, other] = [await send(), await send(), await send()];
    store.payloads.delete('k1');
    store.payloads.set('k2', { bytes: scan().slice(1), untilMs: Infinity });
    store.payloads.set('k3', { bytes: scan().reverse(), untilMs: Infinity });
    expect(await deliver(gone)).toEqual({ fate: ['aside: PayloadGoneError'], seen: [] });
    expect(await deliver(shorter)).toEqual({ fate: ['aside: PayloadChangedError'], seen: [] });
    expect(await deliver(other)).toEqual({ fate: ['aside: PayloadChangedError'], seen: [] });
  });

  test('it is kept for longer than the message can live: on the last day it is still there', async () => {
    const { clock, send, deliver } = setUp();
    const message = await send();
    await clock.advance(7 * dayMs);
    expect((await deliver(message)).fate).toEqual(['ack']);
    const late = await send();
    await clock.advance(8 * dayMs);
    expect((await deliver(late)).fate).toEqual(['aside: PayloadGoneError']);
  });

  test('a reader who leaves neither acks nor sets aside', async () => {
    const { clock, store, send, receiver } = setUp();
    const message = await send();
    const fate: string[] = [];
    const note = (what: string) => async (): Promise<void> => { fate.push(what); };
    const delivery: Delivery<Order> = { message, ack: note('ack'), later: note('later'), aside: note('aside') };
    const stop = new AbortController();
    store.does = 'hang';
    const receiving = rejection(receiver('invoices').receive(delivery, async () => { fate.push('work'); }, stop.signal));
    while (store.asked.length < 2) await clock.advance(1);
    stop.abort(new Error('shutting down'));
    expect(await receiving).toEqual(new Error('shutting down'));
    expect(await rejection(receiver('invoices').open(message, stop.signal))).toEqual(new Error('shutting down'));
    expect(fate).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});

describe('deleting: after all who were named', () => {
  const readers = ['invoices', 'archive'];

  test('the last one deletes, in any order; each is counted once', async () => {
    const { store, events, send, deliver, receiver } = setUp();
    const message = await send(scan(), { readers });
    await deliver(message, receiver('archive'));
    await book.done('k1', 'archive');
    expect(await deliver(message, receiver('archive'))).toEqual({ fate: ['ack'], seen: [] });
    expect(store.has('k1')).toBe(true);
    await deliver(message, receiver('invoices'));
    expect(store.has('k1')).toBe(false);
    expect(events).toEqual([{ reader: 'archive', atMs: 0, key: 'k1', type: 'copy' }, { reader: 'invoices', atMs: 0, key: 'k1', type: 'deleted' }]);
  });

  test('a copy that comes after the deletion is no fault', async () => {
    const { events, send, deliver, receiver } = setUp();
    const message = await send(scan(), { readers });
    for (const name of readers) await deliver(message, receiver(name));
    expect(await deliver(message, receiver('archive'))).toEqual({ fate: ['ack'], seen: [] });
    expect(events.at(-1)).toMatchObject({ reader: 'archive', type: 'copy' });
  });

  test('a replay on purpose, under the same name, is taken for copies; under another one it is worked on while the payload is kept', async () => {
    const { send, deliver, receiver } = setUp();
    const message = await send();
    await deliver(message, receiver('reports'));
    expect((await deliver(message, receiver('reports'))).seen).toEqual([]);
    expect((await deliver(message, receiver('reports, second run'))).seen).toEqual([scan()]);
  });

  test('nor is one whose payload goes while it fetches, because another copy is done first', async () => {
    const { store, events, send, deliver } = setUp();
    const message = await send(scan(), { readers: ['invoices'] });
    const { get } = store;
    store.get = async (...parameters) => {
      store.get = get;
      expect((await deliver(message)).fate).toEqual(['ack']);
      return get.apply(store, parameters);
    };
    expect(await deliver(message)).toEqual({ fate: ['ack'], seen: [] });
    expect(events.map(({ type }) => type)).toEqual(['deleted', 'copy']);
  });

  test('wherever a reader dies, its message can be worked on again', async () => {
    for (const crash of ['work', 'ack'] as const) {
      const { send, deliver, receiver } = setUp();
      const message = await send(scan(), { readers: ['invoices'], key: crash });
      expect((await deliver(message, receiver('invoices'), crash)).fate).toEqual(['crashed']);
      expect(await deliver(message)).toEqual({ fate: ['ack'], seen: [scan()] });
    }
  });

  test('who dies between ack and deletion leaves a payload to the store, and nothing worse', async () => {
    const { clock, store, send, deliver, receiver } = setUp();
    const message = await send(scan(), { readers: ['invoices'] });
    expect((await deliver(message, receiver('invoices'), 'after ack')).fate).toEqual(['ack', 'crashed']);
    expect(store.has('k1')).toBe(true);
    await clock.advance(8 * dayMs);
    expect(store.has('k1')).toBe(false);
  });

  test('if it cannot be deleted now, the message is done all the same', async () => {
    const { store, events, send, deliver, receiver } = setUp();
    const message = await send(scan(), { readers: ['invoices'] });
    store.delete = async () => { throw new TypeError('fetch failed'); };
    expect((await deliver(message, receiver('invoices'))).fate).toEqual(['ack']);
    expect(events).toMatchObject([{ type: 'left', error: { name: 'StoreAwayError' } }]);
  });

  test('with nobody named, or by somebody who is not named, nothing is deleted', async () => {
    const { store, send, deliver, receiver } = setUp();
    await deliver(await send(), receiver('invoices'));
    await deliver(await send(scan(), { readers }), receiver('reports'));
    expect([store.has('k1'), store.has('k2')]).toEqual([true, true]);
  });

  test('a message whose book entry is forgotten is worked on, not taken for a copy', async () => {
    const { store, send, deliver } = setUp();
    const message = await send(scan(), { readers: ['invoices'] });
    await postgres.exec('truncate claim');
    expect(await deliver(message)).toEqual({ fate: ['ack'], seen: [scan()] });
    expect(store.has('k1')).toBe(true);
  });
});

describe('the book', () => {
  test('a repeat of the same key keeps who is done and lengthens its time', async () => {
    await book.open('k', ['a', 'b'], -dayMs);
    expect(await book.done('k', 'a')).toBe(false);
    await book.open('k', ['c'], dayMs);
    await book.open('k', ['c'], -dayMs);
    expect(await book.isDone('k', 'a')).toBe(true);
    expect(await book.isDone('k', 'b')).toBe(false);
    expect(await book.forget()).toBe(0);
    expect(await book.done('k', 'b')).toBe(true);
    expect(await book.done('k', 'b')).toBe(true);
    expect((await postgres.query('select done from claim')).rows).toEqual([{ done: ['a', 'b'] }]);
  });

  test('forgets what the store has deleted by itself', async () => {
    await book.open('old', ['a'], -1);
    await book.open('new', ['a'], dayMs);
    expect(await book.forget()).toBe(1);
    expect(await book.done('old', 'a')).toBe(false);
    expect(await book.done('new', 'a')).toBe(true);
  });
});

test('needs few options', async () => {
  const clock = new VirtualClock();
  const store = new MemoryStore(clock);
  const sent: Message<Order>[] = [];
  await new ClaimSender<Order>({ store, book, send: async (message) => { sent.push(message); }, longestLifeMs: 1, keepMs: 60_000 }).send(order, scan(), { readers: ['invoices'] });
  await new ClaimReceiver({ name: 'invoices', store, book }).receive({ message: sent[0]!, ack: async () => {}, later: async () => {}, aside: async () => {} }, async () => {});
  expect(store.payloads.size).toBe(0);
});

test('refuses options that make no sense, with name, rule and value', () => {
  const refused: [Partial<SenderOptions<Order>>, string][] = [
    [{ keepMs: 7 * dayMs }, 'keepMs must be more than longestLifeMs, 604800000: current value is 604800000'],
    [{ keepMs: Number.NaN }, 'keepMs must be more than longestLifeMs, 604800000: current value is NaN'],
    [{ longestLifeMs: 0 }, 'longestLifeMs must be a positive number: current value is 0'],
    [{ inlineBytes: -1 }, 'inlineBytes must be at least 0: current value is -1'],
    [{ timeoutMs: 0 }, 'timeoutMs must be between 1 and 2147483647: current value is 0'],
  ];
  for (const [options, message] of refused) expect(() => setUp(options)).toThrow(message);
  expect(() => new ClaimReceiver({ name: 'a', store: new MemoryStore(new VirtualClock()), book, timeoutMs: Number.NaN })).toThrow('timeoutMs must be between 1');
});
