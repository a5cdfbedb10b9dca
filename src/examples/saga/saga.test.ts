import { PGlite } from '@electric-sql/pglite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { perform, undo } from './participant.ts';
import { OrderPendingError, changeAddress, openOrder, orderSchema, placeOrder } from './place-order.ts';
import type { Order, Participants } from './place-order.ts';
import { SagaOrchestrator, StepRefusedError, StepTimeoutError } from './saga.ts';
import type { Command, Database, Definition, Options, SagaEvent, Send } from './saga.ts';
import { participantSchema, sagaSchema } from './schema.ts';
import { participants, shopSchema } from './shop.ts';
import { figures, forgetEnded, forgetTaken, release } from './upkeep.ts';

// Longer than 500 lines: all of it needs the same shop in the same PostgreSQL, and each start of one takes seconds.
// A real PostgreSQL with one session; its now() follows Date.now, so leases and pauses run on virtual time.
let postgres: PGlite;
let database: Database;
let nowMs: number;
beforeAll(async () => {
  postgres = await PGlite.create();
  await postgres.exec(sagaSchema + participantSchema + orderSchema + shopSchema);
  database = {
    transaction: (work) => postgres.transaction((open) => work({
      query: async <Row>(text: string, parameters: readonly unknown[]) => (await open.query<Row>(text, [...parameters])).rows,
    })),
  };
}, 120_000);
afterAll(() => postgres.close());
beforeEach(async () => {
  nowMs = Date.parse('2030-01-01T00:00:00Z');
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
  await fillShop();
});
afterEach(() => vi.restoreAllMocks());

const fillShop = () => postgres.exec(`
  truncate saga, saga_step, step_taken, orders, stock, card, payment, parcel;
  insert into stock values ('kettle', 5); insert into card values ('visa', 10000)`);
const kettle: Order = { item: 'kettle', pieces: 2, card: 'visa', totalCents: 4_200, address: '1 Mill Lane' };

/** An instance of the orders service; what it tells the participants is noted. */
function instance({ services = participants(database), data = database, ...options }: Options & { services?: Participants; data?: Database } = {}) {
  const events: SagaEvent[] = [];
  const sent: string[] = [];
  const noting = (name: string, send: Send<Order>): Send<Order> => (command, signal) => {
    sent.push(`${name} ${command.key}`);
    return send(command, signal);
  };
  const { inventory, payments, shipping } = services;
  const definition = placeOrder({
    inventory: { reserve: noting('reserve', inventory.reserve), release: noting('release', inventory.release) },
    payments: { authorise: noting('authorise', payments.authorise), void: noting('void', payments.void), capture: noting('capture', payments.capture) },
    shipping: { dispatch: noting('dispatch', shipping.dispatch) },
  });
  const orchestrator = new SagaOrchestrator(data, definition, { random: () => 1, onEvent: (event) => void events.push(event), ...options });
  const place = (id: string, order: Order = kettle) => data.transaction(async (open) => {
    await openOrder(open, id, order);
    return orchestrator.start(open, id, order);
  });
  return { orchestrator, events, sent, place, types: () => events.map(({ type, step }) => (step === undefined ? type : `${type} ${step}`)) };
}
/** The services, some of whose handlers are replaced. */
function servicesWith(changes: Partial<Record<'reserve' | 'release' | 'authorise' | 'void' | 'dispatch' | 'capture', (real: Send<Order>) => Send<Order>>>): Participants {
  const { inventory, payments, shipping } = participants(database);
  const changed = (name: keyof typeof changes, real: Send<Order>): Send<Order> => changes[name]?.(real) ?? real;
  return {
    inventory: { reserve: changed('reserve', inventory.reserve), release: changed('release', inventory.release) },
    payments: { authorise: changed('authorise', payments.authorise), void: changed('void', payments.void), capture: changed('capture', payments.capture) },
    shipping: { dispatch: changed('dispatch', shipping.dispatch) },
  };
}
const unreachable = (): Promise<never> => Promise.reject(new Error('connect ECONNREFUSED'));
const first = (count: number, wrong: Send<Order>) => (real: Send<Order>): Send<Order> => (...call) => (count-- > 0 ? wrong(...call) : real(...call));
/** It does its work, and the answer never comes. */
const loseReply = (real: Send<Order>): Send<Order> => async (...call) => {
  await real(...call);
  throw new Error('socket hang up');
};

/** What is left of an order everywhere, in one line. */
async function shopAfter(id: string): Promise<string> {
  const { rows } = await postgres.query<{ said: string }>(`
    select concat_ws(', ', (select state from orders where id = $1), (select free from stock) || ' kettles', (select free_cents from card) || ' cents',
           coalesce((select state from payment where order_id = $1), 'no payment'), (select count(*) from parcel where order_id = $1) || ' parcels') as said`, [id]);
  return rows[0]!.said;
}
const allDone = 'confirmed, 3 kettles, 5800 cents, captured, 1 parcels';
const nothingLeft = ['cancelled, 5 kettles, 10000 cents, no payment, 0 parcels', 'cancelled, 5 kettles, 10000 cents, voided, 0 parcels'];
const logOf = async (id: string) => (await postgres.query<{ entry: string }>("select step || ' ' || state as entry from saga_step where saga = $1 order by step", [id])).rows.map(({ entry }) => entry);
/** Takes up the saga whenever it is due, until it ends. */
async function untilOver({ orchestrator }: ReturnType<typeof instance>, id: string): Promise<string | undefined> {
  let progress: string | undefined = 'waiting';
  for (let turn = 0; turn < 50 && (progress === 'waiting' || progress === undefined); turn += 1) {
    nowMs += 60_000;
    progress = await orchestrator.proceed(id);
  }
  return progress;
}

describe('forwards', () => {
  test('the steps run in order, each with a key of its own, and the owner closes the order at the end', async () => {
    const orders = instance();
    expect(await orders.place('o1')).toBe(true);
    expect(await orders.orchestrator.proceed('o1')).toBe('completed');
    expect(orders.sent).toEqual(['reserve o1/reserve', 'authorise o1/authorise', 'dispatch o1/dispatch', 'capture o1/capture']);
    expect(await shopAfter('o1')).toBe(allDone);
    expect(orders.types()).toEqual(['sent reserve', 'done reserve', 'sent authorise', 'done authorise', 'sent dispatch', 'done dispatch', 'sent capture', 'done capture', 'completed']);
  });

  test('a saga exists if and only if the transaction of its order commits, and once', async () => {
    const orders = instance();
    await expect(database.transaction(async (open) => {
      await openOrder(open, 'o1', kettle);
      await orders.orchestrator.start(open, 'o1', kettle);
      throw new Error('the web server gave up');
    })).rejects.toThrow('gave up');
    expect(await orders.orchestrator.proceed('o1')).toBeUndefined();
    await orders.place('o1');
    expect(await database.transaction((open) => orders.orchestrator.start(open, 'o1', kettle))).toBe(false);
  });

  test('a command is in the log before it is sent', async () => {
    const seen: string[][] = [];
    const looking = (real: Send<Order>): Send<Order> => async (...call) => {
      seen.push(await logOf('o1'));
      return real(...call);
    };
    const orders = instance({ services: servicesWith({ reserve: looking, authorise: looking, release: looking, dispatch: () => () => Promise.reject(new StepRefusedError('no')) }) });
    await orders.place('o1');
    await orders.orchestrator.proceed('o1');
    expect(seen).toEqual([['reserve sent'], ['authorise sent', 'reserve done'], ['authorise undone', 'dispatch refused', 'reserve undoing']]);
  });

  test('a step gets the answers of those before it', async () => {
    const commands: Command<Order>[] = [];
    const orders = instance({ services: servicesWith({ dispatch: (real) => (command, signal) => {
      commands.push(command);
      return real(command, signal);
    } }) });
    await orders.place('o1');
    await orders.orchestrator.proceed('o1');
    expect(commands).toEqual([{ saga: 'o1', key: 'o1/dispatch', input: kettle, results: { reserve: { item: 'kettle', pieces: 2 }, authorise: { card: 'visa', cents: 4_200 } } }]);
  });

  test('an answer reaches the next step as it is stored, so it is the same before and after a crash', async () => {
    const seen: unknown[] = [];
    const orders = instance({ services: servicesWith({
      reserve: (real) => async (...call) => ({ ...await real(...call) as object, until: new Date(0) }),
      dispatch: (real) => (...call) => {
        seen.push(call[0].results['reserve']);
        return seen.length === 1 ? unreachable() : real(...call);
      },
    }) });
    await orders.place('o1');
    await orders.orchestrator.proceed('o1');
    expect(await untilOver(orders, 'o1')).toBe('completed');
    expect(seen).toEqual(Array(2).fill({ item: 'kettle', pieces: 2, until: '1970-01-01T00:00:00.000Z' }));
  });

  test('a lost reply costs a repeat with the same key, and the effect happens once', async () => {
    const orders = instance({ services: servicesWith({ authorise: (real) => first(1, loseReply(real))(real) }) });
    await orders.place('o1');
    expect(await orders.orchestrator.proceed('o1')).toBe('waiting');
    expect(await untilOver(orders, 'o1')).toBe('completed');
    expect(orders.sent.filter((line) => line.startsWith('authorise'))).toEqual(['authorise o1/authorise', 'authorise o1/authorise']);
    expect(await shopAfter('o1')).toBe(allDone);
  });

  test('pauses before repeats double up to the longest, with jitter, and survive in the database', async () => {
    let jitter = 1;
    const orders = instance({ services: servicesWith({ reserve: () => unreachable }), firstRetryMs: 400, longestRetryMs: 1_000, maxAttempts: 9, random: () => jitter });
    await orders.place('o1');
    const pauses: unknown[] = [];
    for (jitter of [1, 1, 1, 0.25]) {
      await orders.orchestrator.proceed('o1');
      const { rows } = await postgres.query<{ ms: number }>('select (extract(epoch from due_at - now()) * 1000)::integer as ms from saga');
      pauses.push(rows[0]!.ms);
      nowMs += rows[0]!.ms;
    }
    expect(pauses).toEqual([400, 800, 1_000, 250]);
  });
});

describe('backwards', () => {
  test('a refusal at the point of no return takes back what was done, the last first, and not what was refused', async () => {
    const orders = instance();
    await orders.place('o1', { ...kettle, address: 'PO box 7' });
    expect(await orders.orchestrator.proceed('o1')).toBe('compensated');
    expect(orders.sent.slice(3)).toEqual(['void o1/authorise', 'release o1/reserve']);
    expect(await shopAfter('o1')).toBe('cancelled, 5 kettles, 10000 cents, voided, 0 parcels');
    expect(await logOf('o1')).toEqual(['authorise undone', 'dispatch refused', 'reserve undone']);
    expect(orders.types().slice(5, 7)).toEqual(['refused dispatch', 'turned dispatch']);
  });

  test('a refused first step leaves nothing to take back', async () => {
    const orders = instance();
    await orders.place('o1', { ...kettle, pieces: 6 });
    expect(await orders.orchestrator.proceed('o1')).toBe('compensated');
    expect([orders.sent, await shopAfter('o1')]).toEqual([['reserve o1/reserve'], nothingLeft[0]]);
  });

  test('a step of unknown outcome is taken back after the last attempt: it was done', async () => {
    const orders = instance({ services: servicesWith({ authorise: loseReply }), maxAttempts: 3 });
    await orders.place('o1');
    expect(await untilOver(orders, 'o1')).toBe('compensated');
    expect(orders.sent).toEqual(['reserve o1/reserve', ...Array(3).fill('authorise o1/authorise'), 'void o1/authorise', 'release o1/reserve']);
    expect(await shopAfter('o1')).toBe(nothingLeft[1]);
  });

  test('a step of unknown outcome is taken back after the last attempt: it was never done', async () => {
    const orders = instance({ services: servicesWith({ authorise: () => unreachable }), maxAttempts: 2 });
    await orders.place('o1');
    expect(await untilOver(orders, 'o1')).toBe('compensated');
    expect([orders.sent.at(-2), await shopAfter('o1')]).toEqual(['void o1/authorise', nothingLeft[0]]);
  });

  test('a command that arrives after its own compensation is refused', async () => {
    const late: (() => Promise<unknown>)[] = [];
    const orders = instance({ maxAttempts: 1, services: servicesWith({ authorise: (real) => (...call) => {
      late.push(() => real(...call));
      return unreachable();
    } }) });
    await orders.place('o1');
    expect(await untilOver(orders, 'o1')).toBe('compensated');
    await expect(late[0]!()).rejects.toThrow(new StepRefusedError('it was taken back before'));
    expect(await shopAfter('o1')).toBe(nothingLeft[0]);
  });

  test('an earlier copy of a refused command is refused as well, although it would now be accepted', async () => {
    const late: (() => Promise<unknown>)[] = [];
    const orders = instance({ services: servicesWith({ reserve: (real) => first(1, (...call) => {
      late.push(() => real(...call));
      return unreachable();
    })(real) }) });
    await postgres.exec('update stock set free = 0');
    await orders.place('o1');
    expect(await untilOver(orders, 'o1')).toBe('compensated');
    await postgres.exec('update stock set free = 5');
    await expect(late[0]!()).rejects.toThrow(new StepRefusedError('out of stock'));
  });

  test('a compensation that fails is repeated, then parked with its reason; released, it goes on', async () => {
    let isDown = true;
    const orders = instance({ maxAttempts: 3, services: servicesWith({ void: (real) => (...call) => (isDown ? unreachable() : real(...call)) }) });
    await orders.place('o1', { ...kettle, address: 'PO box 7' });
    expect(await untilOver(orders, 'o1')).toBe('parked');
    expect(orders.sent.filter((line) => line.startsWith('void'))).toHaveLength(3);
    expect(orders.sent.filter((line) => line.startsWith('release'))).toEqual([]);
    expect((await postgres.query('select state, reason from saga')).rows).toEqual([{ state: 'compensating', reason: 'Error: connect ECONNREFUSED' }]);
    nowMs += 3_600_000;
    expect(await orders.orchestrator.proceed()).toBeUndefined();
    isDown = false;
    expect([await release(database, 'o1'), await release(database, 'o1')]).toEqual([true, false]);
    expect(await untilOver(orders, 'o1')).toBe('compensated');
    expect(await shopAfter('o1')).toBe(nothingLeft[1]);
  });

  test('a compensation that is refused is a failure like any other', async () => {
    const orders = instance({ maxAttempts: 1, services: servicesWith({ void: () => () => Promise.reject(new StepRefusedError('too old')) }) });
    await orders.place('o1', { ...kettle, address: 'PO box 7' });
    expect([await untilOver(orders, 'o1'), orders.types().at(-1)]).toEqual(['parked', 'parked']);
  });
});

describe('the point of no return', () => {
  test('with an unknown outcome it is repeated and then parked, never turned back', async () => {
    let isLost = true;
    const orders = instance({ maxAttempts: 3, services: servicesWith({ dispatch: (real) => (...call) => (isLost ? loseReply(real)(...call) : real(...call)) }) });
    await orders.place('o1');
    expect(await untilOver(orders, 'o1')).toBe('parked');
    expect(await shopAfter('o1')).toBe('pending, 3 kettles, 5800 cents, held, 1 parcels');
    isLost = false;
    await release(database, 'o1');
    expect(await untilOver(orders, 'o1')).toBe('completed');
    expect(await shopAfter('o1')).toBe(allDone);
  });

  test('behind it a step is repeated although it was refused', async () => {
    const orders = instance({ services: servicesWith({ capture: first(2, () => Promise.reject(new StepRefusedError('try again'))) }) });
    await orders.place('o1');
    expect(await untilOver(orders, 'o1')).toBe('completed');
    expect(await shopAfter('o1')).toBe(allDone);
  });
});

describe('crashes', () => {
  test('a crash between any two steps leads to the same end, when all goes well', async () => {
    const { ends, points } = await crashAtEachPoint(kettle);
    expect(points).toBe(38);
    expect(ends).toEqual({ [allDone]: points });
  }, 120_000);

  test('a crash between any two steps leads to the same end, when the last step is refused', async () => {
    const { ends, points } = await crashAtEachPoint({ ...kettle, address: 'PO box 7' });
    expect(points).toBe(46);
    expect(ends).toEqual({ [nothingLeft[1]!]: points });
  }, 120_000);

  test('the same crashes leave calls in a try block, without a log, in the middle of most orders', async () => {
    const { ends, points } = await crashInTryBlock();
    const inTheMiddle = Object.entries(ends).filter(([end]) => ![allDone, ...nothingLeft].includes(end));
    expect([points, inTheMiddle.reduce((sum, [, count]) => sum + count, 0)]).toEqual([24, 22]);
  }, 120_000);

  test('a saga is taken over when its lease has ended, and not before', async () => {
    const dead = instance({ data: dyingAfter(5).data, leaseMs: 30_000 });
    await instance().place('o1');
    await expect(dead.orchestrator.proceed('o1')).rejects.toThrow('crash');
    const other = instance();
    nowMs += 29_999;
    expect(await other.orchestrator.proceed()).toBeUndefined();
    nowMs += 1;
    expect(await other.orchestrator.proceed()).toBe('completed');
  });

  test('an instance that was only slow writes nothing more and sends nothing more', async () => {
    const other = instance();
    const slow = instance({ services: servicesWith({ reserve: (real) => async (...call) => {
      const answer = await real(...call);
      nowMs += 30_000;
      expect(await other.orchestrator.proceed('o1')).toBe('completed');
      return answer;
    } }) });
    await slow.place('o1');
    expect(await slow.orchestrator.proceed('o1')).toBe('lost');
    expect([slow.sent, slow.types()]).toEqual([['reserve o1/reserve'], ['sent reserve', 'lost']]);
    expect([other.sent[0], await shopAfter('o1')]).toEqual(['reserve o1/reserve', allDone]);
  });

  test('losing the saga before its last transaction leaves the end to the other instance', async () => {
    await instance().place('o1');
    let transactions = 0;
    const slow = instance({ data: { transaction: async (work) => {
      if ((transactions += 1) === 10) {
        nowMs += 30_000;
        expect(await instance().orchestrator.proceed('o1')).toBe('completed');
      }
      return database.transaction(work);
    } } });
    expect(await slow.orchestrator.proceed('o1')).toBe('lost');
    expect(await shopAfter('o1')).toBe(allDone);
  });

  test('an instance that dies at each send uses up the attempts as well', async () => {
    await instance().place('o1');
    for (let turn = 0; turn < 2; turn += 1) {
      const dying = dyingAfter(6);
      await expect(instance({ data: dying.data, services: dying.services }).orchestrator.proceed('o1')).rejects.toThrow('crash');
      nowMs += 30_000;
    }
    const survivor = instance({ maxAttempts: 2 });
    expect(await survivor.orchestrator.proceed('o1')).toBe('compensated');
    expect([survivor.sent, await shopAfter('o1')]).toEqual([['release o1/reserve'], nothingLeft[0]]);
  });
});

describe('time', () => {
  test('a participant that never answers is given up after the timeout, with its signal aborted and no timer left', async () => {
    const clock = new VirtualClock();
    let given: AbortSignal | undefined;
    const orders = instance({ clock, stepTimeoutMs: 300, services: servicesWith({ reserve: () => (_command, signal) => {
      given = signal;
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('a late rejection nobody waits for'))));
    } }) });
    await orders.place('o1');
    const progress = orders.orchestrator.proceed('o1');
    await until(clock, () => clock.pending === 1);
    await clock.advance(300);
    expect(await progress).toBe('waiting');
    expect(orders.events.at(-2)).toEqual({ type: 'failed', saga: 'o1', step: 'reserve', error: new StepTimeoutError('No answer to o1/reserve within 300 ms') });
    expect([given!.aborted, clock.pending]).toEqual([true, 0]);
  });

  test('a call that throws before it returns a promise is a failure like any other, and leaves no timer', async () => {
    const clock = new VirtualClock();
    const orders = instance({ clock, services: servicesWith({ reserve: () => () => {
      throw new TypeError('Invalid URL');
    } }) });
    await orders.place('o1');
    expect([await orders.orchestrator.proceed('o1'), clock.pending]).toEqual(['waiting', 0]);
  });

  test('shutdown lets the command in flight be answered and hands the saga over at once', async () => {
    const stop = new AbortController();
    const orders = instance({ services: servicesWith({ reserve: (real) => (...call) => {
      stop.abort();
      return real(...call);
    } }) });
    await orders.place('o1');
    expect(await orders.orchestrator.proceed('o1', stop.signal)).toBe('released');
    const other = instance();
    expect(await other.orchestrator.proceed()).toBe('completed');
    expect(other.sent[0]).toBe('authorise o1/authorise');
  });

  test('the loop polls for sagas that are due, and survives a lost database connection', async () => {
    const clock = new VirtualClock();
    let isLost = true;
    const orders = instance({ clock, pollMs: 500, data: { transaction: (work) => (isLost ? Promise.reject(new Error('Connection terminated')) : database.transaction(work)) } });
    const stop = new AbortController();
    const running = orders.orchestrator.run(stop.signal);
    await until(clock, () => clock.pending === 1);
    isLost = false;
    await orders.place('o1');
    await clock.advance(500);
    await until(clock, () => orders.types().at(-1) === 'completed' && clock.pending === 1);
    stop.abort();
    await running;
    expect([orders.types()[0], clock.pending]).toEqual(['broken', 0]);
  });

  test('a listener that returns something does not turn the loop into one without pauses', async () => {
    const clock = new VirtualClock();
    let tries = 0;
    const orders = instance({ clock, pollMs: 500, onEvent: () => 'noted', data: { transaction: () => Promise.reject(new Error(`no connection, ${tries += 1}`)) } });
    const stop = new AbortController();
    const running = orders.orchestrator.run(stop.signal);
    for (let turn = 0; turn < 50; turn += 1) await clock.advance(0);
    expect([tries, clock.pending]).toEqual([1, 1]);
    stop.abort();
    await running;
  });

  test('a saga of another definition is left to whoever knows it', async () => {
    await instance().place('o1');
    const definition: Definition<Order> = { name: 'place order, version 2', steps: [{ name: 'reserve', kind: 'retriable', run: unreachable }], end: async () => {} };
    const newer = new SagaOrchestrator(database, definition);
    expect(await newer.proceed()).toBeUndefined();
    await database.transaction((open) => newer.start(open, 'o2', kettle));
    expect(await newer.proceed()).toBe('waiting');
  });
});

describe('the semantic lock', () => {
  test('an order is not changed while its saga has it, and may be afterwards', async () => {
    const orders = instance();
    await orders.place('o1');
    const move = () => database.transaction((open) => changeAddress(open, 'o1', '2 Mill Lane'));
    await expect(move()).rejects.toThrow(new OrderPendingError('Order o1 cannot be changed while it is being placed'));
    await orders.orchestrator.proceed('o1');
    await move();
    expect((await postgres.query('select address from orders')).rows).toEqual([{ address: '2 Mill Lane' }]);
  });

  test('whoever ignores the lock is found out at the end, and nothing is overwritten', async () => {
    const orders = instance({ maxAttempts: 2 });
    await orders.place('o1');
    await postgres.exec("update orders set state = 'blocked by fraud check'");
    expect(await untilOver(orders, 'o1')).toBe('parked');
    expect(orders.events.filter(({ type }) => type === 'failed')).toEqual(Array(2).fill({ type: 'failed', saga: 'o1', error: new Error('Order o1 is no longer pending') }));
    expect(await shopAfter('o1')).toContain('blocked by fraud check');
  });
});

describe('participants', () => {
  const once = (key: string, effect: () => Promise<unknown>) => database.transaction((open) => perform(open, key, effect));
  const back = (key: string, seen: unknown[]) => database.transaction((open) => undo(open, key, async (result) => seen.push(result)));

  test('a step is done once and answers alike, also when it has nothing to say', async () => {
    let runs = 0;
    const silent = async () => void (runs += 1);
    expect([await once('k', silent), await once('k', silent), runs]).toEqual([
      { state: 'done', result: undefined, repeated: false }, { state: 'done', result: null, repeated: true }, 1,
    ]);
  });

  test('what a refused effect had changed by then is rolled back, and the refusal is kept', async () => {
    const refusing = () => database.transaction((open) => perform(open, 'k', async () => {
      await open.query("update stock set free = 0 where item = 'kettle'", []);
      throw new StepRefusedError('second line out of stock');
    }));
    expect([await refusing(), await refusing()]).toEqual([
      { state: 'refused', result: 'second line out of stock', repeated: false }, { state: 'refused', result: 'second line out of stock', repeated: true },
    ]);
    expect((await postgres.query('select free from stock')).rows).toEqual([{ free: 5 }]);
  });

  test('an effect that fails otherwise leaves no trace, so that a repeat may succeed', async () => {
    await expect(once('k', unreachable)).rejects.toThrow('ECONNREFUSED');
    expect(await once('k', async () => 'second try')).toEqual({ state: 'done', result: 'second try', repeated: false });
  });

  test('a step is taken back once, with what it gave; a refused one never', async () => {
    const seen: unknown[] = [];
    await once('done', async () => ({ pieces: 2 }));
    await once('refused', () => Promise.reject(new StepRefusedError('no')));
    expect([await back('done', seen), await back('done', seen), await back('refused', seen), await back('refused', seen), seen]).toEqual([true, false, true, false, [{ pieces: 2 }]]);
  });

  test('taking back what never came is allowed, reverses nothing, and stands in its way for ever after', async () => {
    const seen: unknown[] = [];
    expect([await back('k', seen), await back('k', seen), seen]).toEqual([true, false, []]);
    expect(await once('k', unreachable)).toEqual({ state: 'refused', result: 'it was taken back before', repeated: true });
  });
});

describe('upkeep', () => {
  test('the figures tell what runs, goes back, hangs, and since when', async () => {
    expect(await figures(database)).toEqual({ running: 0, compensating: 0, parked: 0, oldestMs: 0 });
    await instance().place('o1');
    nowMs += 90_000;
    const failing = instance({ maxAttempts: 1, services: servicesWith({ void: () => unreachable }) });
    await failing.place('o2', { ...kettle, address: 'PO box 7' });
    await failing.orchestrator.proceed('o2');
    expect(await figures(database)).toEqual({ running: 1, compensating: 1, parked: 1, oldestMs: 90_000 });
  });

  test('what has ended is deleted a batch at a time, what is open never, and tombstones in their own time', async () => {
    const orders = instance();
    for (const id of ['o1', 'o2', 'o3']) await orders.place(id, { ...kettle, pieces: 1 });
    for (const id of ['o1', 'o2']) await orders.orchestrator.proceed(id);
    nowMs += 8 * 24 * 3_600_000;
    const sevenDaysMs = 7 * 24 * 3_600_000;
    expect([await forgetEnded(database, sevenDaysMs, 1), await forgetEnded(database, sevenDaysMs), await forgetEnded(database, sevenDaysMs)]).toEqual([1, 1, 0]);
    expect([await forgetTaken(database, sevenDaysMs, 5), await forgetTaken(database, sevenDaysMs)]).toEqual([5, 3]);
    expect((await postgres.query('select id from saga')).rows).toEqual([{ id: 'o3' }]);
    await expect(forgetEnded(database, -1)).rejects.toThrow("'olderThanMs' must be finite and not negative: current value is -1");
    await expect(forgetEnded(database, Number.POSITIVE_INFINITY)).rejects.toThrow('current value is Infinity');
  });

  test('options and steps outside the rules are refused with name, rule and value', () => {
    const withOptions = (options: Options) => () => instance(options);
    expect(withOptions({ pollMs: Number.NaN })).toThrow("Cannot run sagas as 'pollMs' must be above 0 and up to 2147483647: current value is NaN");
    expect(withOptions({ firstRetryMs: 2 ** 31 })).toThrow("'firstRetryMs' must be above 0 and up to 2147483647: current value is 2147483648");
    expect(withOptions({ leaseMs: 5_000 })).toThrow("'leaseMs' must be greater than 'stepTimeoutMs' (5000): current value is 5000");
    expect(withOptions({ maxAttempts: 0 })).toThrow("'maxAttempts' must be a positive integer: current value is 0");
    const step = (kind: string, name = kind) => ({ name, kind, run: unreachable, undo: unreachable }) as Definition<Order>['steps'][number];
    const withSteps = (...steps: Definition<Order>['steps']) => () => new SagaOrchestrator(database, { name: 'x', steps, end: async () => {} });
    expect(withSteps()).toThrow("Cannot run saga 'x' as 'steps' must not be empty: current value is []");
    expect(withSteps(step('compensatable'), step('compensatable'))).toThrow("'steps' must have different names: current value is compensatable, compensatable");
    expect(withSteps(step('pivot'), step('compensatable'))).toThrow("'steps' must be compensatable, then at most one pivot, then retriable: current value is pivot, compensatable");
    expect(withSteps(step('pivot'), step('pivot', 'second'))).toThrow('current value is pivot, pivot');
    expect(withSteps(step('compensatable'), step('retriable'))).not.toThrow();
  });
});

/** A process that dies at a point of its way: before, inside and after each transaction, before and after each call. */
function dyingAfter(points: number) {
  let passed = 0;
  const point = (): void => {
    if ((passed += 1) > points) throw new Error('crash');
  };
  const data: Database = { transaction: async (work) => {
    point();
    const result = await database.transaction(async (open) => {
      const inside = await work(open);
      point();
      return inside;
    });
    point();
    return result;
  } };
  const call = (real: Send<Order>): Send<Order> => async (...command) => {
    point();
    const answer = await real(...command).then((result) => () => result, (error: unknown) => () => { throw error; });
    point();
    return answer();
  };
  return { data, services: servicesWith({ reserve: call, release: call, authorise: call, void: call, dispatch: call, capture: call }), passed: () => passed };
}

/** @returns how orders ended of which another instance took care after a crash, one crash for each point */
async function crashAtEachPoint(order: Order) {
  const ends: Record<string, number> = {};
  for (let points = 0; ; points += 1) {
    await fillShop();
    await instance().place('o1', order);
    const dying = dyingAfter(points);
    const crashed = await instance({ data: dying.data, services: dying.services }).orchestrator.proceed('o1').then(() => false, () => true);
    if (!crashed) return { ends, points };
    const progress = await untilOver(instance(), 'o1');
    const end = `${await shopAfter('o1')}`;
    // Nothing to claim: the crash came after the end.
    expect(['completed', 'compensated', undefined]).toContain(progress);
    ends[end] = (ends[end] ?? 0) + 1;
  }
}

/** What is seen most: one call after the other, and a catch that takes back what is remembered in memory. */
async function crashInTryBlock() {
  const ends: Record<string, number> = {};
  let total = 0;
  for (const order of [kettle, { ...kettle, address: 'PO box 7' }]) {
    for (let points = 0; ; points += 1) {
      await fillShop();
      await database.transaction((open) => openOrder(open, 'o1', order));
      const { data, services: { inventory, payments, shipping } } = dyingAfter(points);
      const command = (step: string): Command<Order> => ({ saga: 'o1', key: `o1/${step}`, input: order, results: {} });
      const { signal } = new AbortController();
      const close = (state: string) => data.transaction((open) => open.query('update orders set state = $1', [state]));
      const place = async () => {
        const undo: (() => Promise<unknown>)[] = [];
        try {
          await inventory.reserve(command('reserve'), signal);
          undo.unshift(() => inventory.release(command('reserve'), signal));
          await payments.authorise(command('authorise'), signal);
          undo.unshift(() => payments.void(command('authorise'), signal));
          await shipping.dispatch(command('dispatch'), signal);
          await payments.capture(command('capture'), signal);
        } catch {
          for (const each of undo) await each();
          return close('cancelled');
        }
        return close('confirmed');
      };
      if (await place().then(() => true, () => false)) break;
      total += 1;
      const end = await shopAfter('o1');
      ends[end] = (ends[end] ?? 0) + 1;
    }
  }
  return { ends, points: total };
}

/** PostgreSQL answers in its own time, while the virtual clock stands still. */
async function until(clock: VirtualClock, condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 20_000 && !condition(); turn += 1) await clock.advance(0);
  expect(condition()).toBe(true);
}
