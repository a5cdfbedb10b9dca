import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { Composer, CompositionTimeoutError, RequiredPartError, TooManyRowsError } from './api-composition.ts';
import type { ComposerEvent, Owner } from './api-composition.ts';

interface Order { id: string; customer: string | undefined }
interface Call { ids: readonly string[]; atMs: number; signal: AbortSignal }

const list = (count: number, customer = (at: number): string | undefined => `c${at}`): Order[] => Array.from({ length: count }, (_, at) => ({ id: `o${at}`, customer: customer(at) }));

/** Accounts knows every customer but `c404`; it takes `tookMs` and fails for a batch with `bad`. */
function setUp({ tookMs = 20, shippingMs = 10, deadlineMs = 100, accounts = {}, shipping = {}, mostRows }: { tookMs?: number; shippingMs?: number; deadlineMs?: number; accounts?: Partial<Owner<Order, string>>; shipping?: Partial<Owner<Order, string>>; mostRows?: number } = {}) {
  const clock = new VirtualClock();
  const events: ComposerEvent[] = [];
  const calls: Record<'accounts' | 'shipping', Call[]> = { accounts: [], shipping: [] };
  let open = 0;
  let mostOpen = 0;
  const fetchMany = (owner: 'accounts' | 'shipping', ms: number) => async (ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> => {
    calls[owner].push({ ids, atMs: clock.now(), signal });
    if (owner === 'accounts') mostOpen = Math.max(mostOpen, ++open);
    try {
      await clock.sleep(ms, signal);
    } finally {
      if (owner === 'accounts') open -= 1;
    }
    if (ids.includes('bad')) throw new Error('accounts answers 500');
    return new Map(ids.filter((id) => id !== 'c404').toReversed().map((id) => [id, `${owner} of ${id}`]));
  };
  const composer = new Composer({
    owners: {
      accounts: { idOf: ({ customer }: Order) => customer, fetchMany: fetchMany('accounts', tookMs), mostIds: 10, ...accounts },
      shipping: { idOf: ({ id }: Order) => id, fetchMany: fetchMany('shipping', shippingMs), mostIds: 100, ...shipping },
    },
    deadlineMs, clock, onEvent: (event) => events.push(event), ...(mostRows !== undefined && { mostRows }),
  });
  return { composer, clock, events, calls, mostOpen: () => mostOpen };
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('resolved'), (error: unknown) => error);
}

describe('the join', () => {
  test('gives each row the parts of its own ids, although owners answer in another order', async () => {
    const { composer, clock } = setUp();
    const answer = composer.compose(async () => list(3));
    await clock.advance(20);
    const { rows, missing } = await answer;
    expect(rows.map(({ row, parts }) => [row.id, parts.accounts, parts.shipping])).toEqual([0, 1, 2].map((at) => [`o${at}`, { status: 'found', value: `accounts of c${at}` }, { status: 'found', value: `shipping of o${at}` }]));
    expect(missing).toEqual([]);
  });

  test('keeps the order of the rows, and a customer of two orders is in both', async () => {
    const { composer, clock, calls } = setUp();
    const answer = composer.compose(async () => list(4, () => 'c7').toReversed());
    await clock.advance(20);
    const { rows } = await answer;
    expect(rows.map(({ row }) => row.id)).toEqual(['o3', 'o2', 'o1', 'o0']);
    expect(rows.every(({ parts }) => parts.accounts.status === 'found')).toBe(true);
    expect(calls.accounts.map(({ ids }) => ids)).toEqual([['c7']]);
  });

  test('what the owner does not know is none and not missing; so is what the row does not refer to', async () => {
    const { composer, clock } = setUp();
    const answer = composer.compose(async () => list(2, (at) => (at === 0 ? 'c404' : undefined)));
    await clock.advance(20);
    const { rows, missing } = await answer;
    expect(rows.map(({ parts }) => parts.accounts)).toEqual([{ status: 'none' }, { status: 'none' }]);
    expect(missing).toEqual([]);
  });

  test('what nobody asked for is left aside', async () => {
    const { composer, clock } = setUp({ accounts: { fetchMany: async () => new Map([['c9', 'of another'], ['c0', 'own']]) } });
    const answer = composer.compose(async () => list(1));
    await clock.advance(10);
    expect((await answer).rows.map(({ parts }) => parts.accounts)).toEqual([{ status: 'found', value: 'own' }]);
  });

  test('no rows ask nobody', async () => {
    const { composer, calls } = setUp();
    expect(await composer.compose(async () => [])).toEqual({ rows: [], missing: [] });
    expect([calls.accounts, calls.shipping]).toEqual([[], []]);
  });
});

describe('fan-out', () => {
  test('owners are asked at the same moment, and the slowest decides', async () => {
    const { composer, clock, calls } = setUp({ tookMs: 30, shippingMs: 50 });
    const answer = composer.compose(async () => list(5));
    await clock.advance(50);
    await answer;
    expect([calls.accounts[0]?.atMs, calls.shipping[0]?.atMs]).toEqual([0, 0]);
    expect(clock.now()).toBe(50);
  });

  test('fifty rows are five calls of ten and not fifty', async () => {
    const { composer, clock, calls } = setUp();
    const answer = composer.compose(async () => list(50));
    await clock.advance(100);
    await answer;
    expect(calls.accounts.map(({ ids }) => ids.length)).toEqual([10, 10, 10, 10, 10]);
    expect(new Set(calls.accounts.flatMap(({ ids }) => ids)).size).toBe(50);
  });

  test('no more calls to an owner at the same time than it may have', async () => {
    const two = setUp();
    const answer = two.composer.compose(async () => list(50));
    await two.clock.advance(60);
    await answer;
    expect([two.mostOpen(), two.clock.now()]).toEqual([2, 60]);
    const four = setUp({ accounts: { mostCalls: 4 } });
    void four.composer.compose(async () => list(50));
    await four.clock.advance(20);
    expect(four.mostOpen()).toBe(4);
  });

  test('refuses more rows than it may fan out for, before it asks anybody', async () => {
    const { composer, calls } = setUp({ mostRows: 3 });
    expect(await rejection(composer.compose(async () => list(4)))).toBeInstanceOf(TooManyRowsError);
    expect(calls.accounts).toEqual([]);
  });
});

describe('gaps', () => {
  test('an owner that fails leaves a named gap, and the rest is shown', async () => {
    const { composer, clock, events } = setUp();
    const answer = composer.compose(async () => list(2, () => 'bad'));
    await clock.advance(20);
    const { rows, missing } = await answer;
    expect(rows[0]?.parts).toEqual({ accounts: { status: 'missing', reason: 'failed' }, shipping: { status: 'found', value: 'shipping of o0' } });
    expect(missing).toEqual(['accounts']);
    expect(events.map(({ type, owner, ids, tookMs }) => [type, owner, ids, tookMs])).toEqual([['answered', 'shipping', 2, 10], ['missing', 'accounts', 1, 20]]);
  });

  test('a batch that fails costs its own ids and no others', async () => {
    const { composer, clock } = setUp();
    const answer = composer.compose(async () => list(20, (at) => (at === 3 ? 'bad' : `c${at}`)));
    await clock.advance(40);
    const states = (await answer).rows.map(({ parts }) => parts.accounts.status);
    expect(states).toEqual([...Array.from({ length: 10 }, () => 'missing'), ...Array.from({ length: 10 }, () => 'found')]);
  });

  test('an owner that throws at once is a gap as well', async () => {
    const { composer, clock } = setUp({ accounts: { fetchMany: () => { throw new Error('no connection'); } } });
    const answer = composer.compose(async () => list(1));
    await clock.advance(20);
    expect((await answer).missing).toEqual(['accounts']);
  });

  test('at the deadline the answer goes out without the slow owner, whose call is told', async () => {
    const { composer, clock, calls } = setUp({ tookMs: 5_000 });
    const answer = composer.compose(async () => list(2));
    await clock.advance(100);
    const { rows } = await answer;
    expect(rows[1]?.parts).toEqual({ accounts: { status: 'missing', reason: 'late' }, shipping: { status: 'found', value: 'shipping of o1' } });
    expect(calls.accounts[0]?.signal.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test('batches that the deadline finds waiting are not sent any more', async () => {
    const { composer, clock, calls } = setUp({ tookMs: 60 });
    const answer = composer.compose(async () => list(50));
    await clock.advance(100);
    const states = (await answer).rows.map(({ parts }) => parts.accounts.status);
    expect(states.filter((state) => state === 'found')).toHaveLength(20);
    expect(calls.accounts).toHaveLength(4);
  });

  test('an owner deaf to the signal cannot hold the answer', async () => {
    const { composer, clock } = setUp({ accounts: { fetchMany: () => new Promise(() => {}) } });
    const answer = composer.compose(async () => list(1));
    await clock.advance(100);
    expect((await answer).missing).toEqual(['accounts']);
  });

  test('the deadline is one for rows and parts together', async () => {
    const { composer, clock } = setUp({ tookMs: 40 });
    const answer = composer.compose(async (signal) => {
      await clock.sleep(70, signal);
      return list(1);
    });
    await clock.advance(100);
    expect((await answer).rows[0]?.parts.accounts).toEqual({ status: 'missing', reason: 'late' });
  });
});

describe('no answer at all', () => {
  test('without a required part, which ends the other calls', async () => {
    const { composer, clock, calls } = setUp({ accounts: { required: true }, shippingMs: 90 });
    const error = rejection(composer.compose(async () => list(1, () => 'bad')));
    await clock.advance(20);
    expect(await error).toMatchObject({ owner: 'accounts', reason: 'failed', cause: new Error('accounts answers 500') });
    expect(await error).toBeInstanceOf(RequiredPartError);
    expect(calls.shipping[0]?.signal.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test('when a required part is late', async () => {
    const { composer, clock } = setUp({ accounts: { required: true }, tookMs: 300 });
    const error = rejection(composer.compose(async () => list(1)));
    await clock.advance(100);
    expect(await error).toMatchObject({ owner: 'accounts', reason: 'late' });
  });

  test('when the rows fail or are late', async () => {
    const { composer, clock } = setUp();
    expect(await rejection(composer.compose(async () => { throw new Error('orders is down'); }))).toEqual(new Error('orders is down'));
    const error = rejection(composer.compose(() => new Promise(() => {})));
    await clock.advance(100);
    expect(await error).toBeInstanceOf(CompositionTimeoutError);
    expect(clock.pending).toBe(0);
  });

  test('when the caller leaves, before or between, without a report of gaps', async () => {
    const { composer, clock, events, calls } = setUp();
    expect(await rejection(composer.compose(() => expect.fail('asked for rows'), AbortSignal.abort(new Error('gone'))))).toEqual(new Error('gone'));
    expect(calls.accounts).toEqual([]);
    const caller = new AbortController();
    const error = rejection(composer.compose(async () => list(1), caller.signal));
    await clock.advance(5);
    caller.abort(new Error('left'));
    expect(await error).toEqual(new Error('left'));
    await clock.advance(100);
    expect(events).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test('when the caller is a composer whose deadline has passed: that is no gap of this one', async () => {
    const { composer, clock, events } = setUp();
    const outer = new AbortController();
    const error = rejection(composer.compose(async () => list(1), outer.signal));
    await clock.advance(5);
    outer.abort(new CompositionTimeoutError('of the outer one'));
    expect(await error).toEqual(new CompositionTimeoutError('of the outer one'));
    expect(events).toEqual([]);
  });

  test('when the caller leaves while the rows are being asked for', async () => {
    const { composer } = setUp();
    const caller = new AbortController();
    const error = await rejection(composer.compose(() => {
      caller.abort(new Error('left'));
      return new Promise(() => {});
    }, caller.signal));
    expect(error).toEqual(new Error('left'));
  });
});

describe('settings', () => {
  test('errors say the name, the rule and the value', () => {
    const owner = { idOf: () => 'c', fetchMany: async () => new Map<string, string>() };
    for (const [deadlineMs, mostRows, mostIds, mostCalls, message] of [
      [0, 1, 1, 1, 'deadlineMs must be above 0 and at most 2147483647: current value is 0'],
      [2 ** 31, 1, 1, 1, 'deadlineMs must be above 0 and at most 2147483647: current value is 2147483648'],
      [1, 0, 1, 1, 'mostRows must be a positive integer: current value is 0'],
      [1, 1, 0.5, 1, 'mostIds of accounts must be a positive integer: current value is 0.5'],
      [1, 1, 1, 0, 'mostCalls of accounts must be a positive integer: current value is 0'],
    ] as const) {
      expect(() => new Composer({ owners: { accounts: { ...owner, mostIds, mostCalls } }, deadlineMs, mostRows })).toThrow(new RangeError(message));
    }
  });

  test('runs on the clock of the system when none is given', async () => {
    const composer = new Composer({ owners: { accounts: { idOf: (id: string) => id, fetchMany: async (ids) => new Map(ids.map((id) => [id, 1])), mostIds: 5 } }, deadlineMs: 1_000 });
    expect(await composer.compose(async () => ['a'])).toEqual({ rows: [{ row: 'a', parts: { accounts: { status: 'found', value: 1 } } }], missing: [] });
  });
});

describe('figures of the page', () => {
  test('five required owners with 99.9 % each, and fifty calls of which each is slow in one of a hundred', () => {
    expect((100 * 0.999 ** 5).toFixed(1)).toBe('99.5');
    expect((100 * (1 - 0.99 ** 50)).toFixed(0)).toBe('39');
  });
});
