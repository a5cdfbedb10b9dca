import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { Broker } from './broker.ts';
import { record, UnexpectedRequestError, UnusedInteractionError } from './consumer.ts';
import { verify } from './consumer-driven-contract.ts';
import type { Provider } from './consumer-driven-contract.ts';
import type { Contract, Interaction, Json, Response } from './contract.ts';
import { eachLike, exampleOf, like, mismatches, namesAll, oneOf, text } from './matchers.ts';
import { readOrder, UnreadableError, withNote } from './reader.ts';

const anOrder: Interaction = {
  description: 'an order of two lines', given: 'order 17 is paid', request: { method: 'GET', path: '/orders/17' },
  response: { status: 200, body: { id: '17', totalCents: like(2_490), state: oneOf('paid', 'open') } },
};
const linesOf: Interaction = {
  description: 'what has to be packed', given: 'order 17 is paid', request: { method: 'GET', path: '/orders/17' },
  response: { status: 200, body: { id: '17', lines: eachLike({ sku: text('HAT-1', '[A-Z]+-[0-9]+'), count: 2 }) } },
};
const noOrder: Interaction = { description: 'an order that does not exist', given: 'there are no orders', request: { method: 'GET', path: '/orders/17' }, response: { status: 404 } };
const contractOf = (consumer: string, interactions: Interaction[], consumerVersion = '1'): Contract => ({ consumer, consumerVersion, provider: 'orders', interactions });
const webShop = contractOf('web shop', [anOrder, noOrder]);
const shipping = contractOf('shipping', [linesOf]);

const order17 = { id: '17', totalCents: 2_490, state: 'paid', lines: [{ sku: 'HAT-1', count: 2 }, { sku: 'MUG-22', count: 1 }], createdBy: 'ada' };

/** The real provider, with a store that states fill; `change` is what somebody does to its answers. */
function orders(change: (order: typeof order17) => Json = (order) => order): Provider & { stored: Map<string, typeof order17>; asked: string[] } {
  const stored = new Map<string, typeof order17>();
  const asked: string[] = [];
  return {
    name: 'orders', stored, asked,
    handle: async ({ method, path }) => {
      asked.push(`${method} ${path} of ${stored.size}`);
      const order = stored.get(path.split('/').at(-1)!);
      return order === undefined ? { status: 404 } : { status: 200, body: change(order) };
    },
    states: {
      'order 17 is paid': async () => { stored.set('17', order17); return async () => stored.clear(); },
      'there are no orders': async () => async () => {},
    },
  };
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('resolved'), (error: unknown) => error);
}

describe('the consumer', () => {
  const get = async (call: (request: { method: string; path: string }) => Promise<Response>): Promise<Response> => call({ method: 'GET', path: '/orders/17' });

  test('runs its real client against the examples of its contract, and publishes what the client can read', async () => {
    const seen: unknown[] = [];
    const contract = await record(webShop, async (call) => {
      const { body } = await get(call);
      seen.push(readOrder(body as { [key: string]: Json }));
      seen.push((await get(call)).status);
    });
    expect(seen).toEqual([{ id: '17', totalCents: 2_490, state: 'paid', note: '' }, 404]);
    expect(JSON.parse(JSON.stringify(contract))).toEqual(webShop); // it travels as JSON
  });

  test('publishes nothing when its client cannot read the example', async () => {
    const careless = contractOf('web shop', [{ ...anOrder, response: { status: 200, body: { id: '17', totalCents: like('24.90') } } }]);
    expect(await rejection(record(careless, async (call) => { readOrder((await get(call)).body as { [key: string]: Json }); }))).toBeInstanceOf(UnreadableError);
  });

  test('may not ask for what the contract does not have, also when the client swallows the error', async () => {
    const error = await rejection(record(webShop, async (call) => {
      await get(call);
      await get(call);
      await call({ method: 'DELETE', path: '/orders/17' }).catch(() => {});
    }));
    expect(error).toBeInstanceOf(UnexpectedRequestError);
    expect((error as Error).message).toBe('web shop asked for DELETE /orders/17, which its contract with orders does not have');
  });

  test('may not hold the provider to what the client never uses', async () => {
    const error = await rejection(record(webShop, async (call) => { await get(call); }));
    expect(error).toBeInstanceOf(UnusedInteractionError);
    expect((error as Error).message).toBe('web shop never used "an order that does not exist"');
  });

  test('may use one interaction twice', async () => {
    expect(await record(shipping, async (call) => { await get(call); await get(call); })).toBe(shipping);
  });

  test('sends no field that the contract does not name, and all that it names', async () => {
    const note: Interaction = { description: 'a note', request: { method: 'PUT', path: '/orders/17', body: { note: like('ring twice') } }, response: { status: 204 } };
    const put = (body?: Json) => record(contractOf('web shop', [note]), async (call) => { expect(await call({ method: 'PUT', path: '/orders/17', ...(body !== undefined && { body }) })).toEqual({ status: 204 }); });
    expect((await put({ note: 'leave at the door' })).consumer).toBe('web shop');
    for (const other of [{ note: 'x', token: 'secret' }, {}, { note: 7 }, undefined]) expect(await rejection(put(other))).toBeInstanceOf(UnexpectedRequestError);
  });
});

describe('the provider', () => {
  test('keeps what all consumers rely on, each interaction in a state of its own', async () => {
    const provider = orders();
    expect((await verify(provider, [webShop, shipping])).map(({ problems }) => problems)).toEqual([[], []]);
    expect(provider.asked).toEqual(['GET /orders/17 of 1', 'GET /orders/17 of 0', 'GET /orders/17 of 1']);
    expect(provider.stored.size).toBe(0);
  });

  test('that renames a field is told who breaks, where, and what to do; the other consumer is not concerned', async () => {
    const [web, ship] = await verify(orders(({ totalCents, ...order }) => ({ ...order, total_cents: totalCents })), [webShop, shipping]);
    expect(web!.problems).toEqual([{
      consumer: 'web shop', consumerVersion: '1', interaction: 'an order of two lines', field: '$.totalCents', expected: 'a number, such as 2490', found: 'nothing',
      mend: 'It may be called total_cents now: send both until this consumer reads the new one.',
    }]);
    expect(ship!.problems).toEqual([]);
  });

  test('finds a renamed field inside a list, and guesses nothing where there is nothing like it', async () => {
    const inside = await verify(orders((order) => ({ ...order, lines: order.lines.map(({ sku, count }) => ({ sku, itemCount: count })) })), [shipping]);
    expect(inside[0]!.problems.map(({ field, mend }) => [field, mend])).toEqual([
      ['$.lines[0].count', 'It may be called itemCount now: send both until this consumer reads the new one.'],
      ['$.lines[1].count', 'It may be called itemCount now: send both until this consumer reads the new one.'],
    ]);
    const gone = await verify(orders(({ totalCents, ...order }) => order), [webShop]);
    expect(gone[0]!.problems[0]!.mend).toBe('Keep the field until this consumer no longer asks for it.');
    const empty = await verify({ ...orders(), handle: async () => ({ status: 200 }) }, [contractOf('web shop', [{ ...anOrder, response: { status: 200, body: 'text' } }])]);
    expect(empty[0]!.problems).toMatchObject([{ field: '$', found: 'nothing', mend: 'Keep the field until this consumer no longer asks for it.' }]);
  });

  test('may add fields, and add a state that no consumer has named only where nobody switches over it', async () => {
    expect((await verify(orders((order) => ({ ...order, currency: 'EUR' })), [webShop, shipping])).flatMap(({ problems }) => problems)).toEqual([]);
    const [web, ship] = await verify(orders((order) => ({ ...order, state: 'refunded' })), [webShop, shipping]);
    expect(web!.problems).toMatchObject([{ field: '$.state', expected: 'one of "paid", "open"', found: '"refunded"', mend: 'Give the old form under the old name and the new one under a new name, until this consumer reads that.' }]);
    expect(ship!.problems).toEqual([]);
  });

  test('is not passed by a list without items', async () => {
    const [ship] = await verify(orders((order) => ({ ...order, lines: [] })), [shipping]);
    expect(ship!.problems).toMatchObject([{ field: '$.lines', expected: 'a list with at least one item', found: '[]' }]);
  });

  test('that answers with another status is told so', async () => {
    const provider = orders();
    const [web] = await verify({ ...provider, handle: async (request, signal) => { const answer = await provider.handle(request, signal); return answer.status === 404 ? { status: 200, body: null } : answer; } }, [webShop]);
    expect(web!.problems).toMatchObject([{ interaction: 'an order that does not exist', field: 'status', expected: '404', found: '200', mend: 'Answer with the status as before, or let the consumer learn the new one first.' }]);
  });

  test('that does not know a state is told which, and the rest is verified', async () => {
    const odd = contractOf('web shop', [{ ...anOrder, given: 'constructor' }, noOrder]);
    const provider = orders();
    const [web] = await verify(provider, [odd]);
    expect(web!.problems).toMatchObject([{ field: 'given', expected: 'constructor', found: 'no such state', mend: 'Teach orders the state "constructor", or agree on one that it has.' }]);
    expect(provider.asked).toEqual(['GET /orders/17 of 0']);
  });

  test('whose state cannot be brought about was not asked', async () => {
    const provider = orders();
    const [ship] = await verify({ ...provider, states: { 'order 17 is paid': async () => { throw new Error('no database'); } } }, [shipping]);
    expect(ship!.problems).toMatchObject([{ field: 'given', found: 'Error: no database', mend: 'Mend the state "order 17 is paid" of orders; nothing was asked.' }]);
    expect(provider.asked).toEqual([]);
  });

  test('that throws or hangs fails its interaction, and its state is taken back', async () => {
    const clock = new VirtualClock();
    const provider = orders();
    const throwing = await verify({ ...provider, handle: () => { throw new Error('no database'); } }, [shipping], { clock });
    expect(throwing[0]!.problems).toMatchObject([{ field: 'answer', expected: 'status 200', found: 'Error: no database' }]);
    let told: AbortSignal | undefined;
    const hanging = verify({ ...provider, handle: (_request, signal) => { told = signal; return new Promise(() => {}); } }, [shipping], { clock, timeoutMs: 200 });
    await clock.advance(200);
    expect((await hanging)[0]!.problems).toMatchObject([{ found: 'Error: no answer within 200 ms' }]);
    expect([told!.aborted, provider.stored.size, clock.pending]).toEqual([true, 0, 0]);
  });

  test('is sent the examples of a request, and a build that is stopped stops', async () => {
    const bodies: unknown[] = [];
    const stop = new AbortController();
    const put: Interaction = { description: 'a note', request: { method: 'PUT', path: '/orders/17', body: { note: like('ring twice') } }, response: { status: 204 } };
    const clock = new VirtualClock();
    const error = rejection(verify({ name: 'orders', states: {}, handle: async ({ body }) => { bodies.push(body); if (bodies.length === 2) stop.abort(new Error('stopped')); return { status: 204 }; } }, [contractOf('web shop', [put, put, put])], { clock, signal: stop.signal }));
    expect(await error).toEqual(new Error('stopped'));
    expect(bodies).toEqual([{ note: 'ring twice' }, { note: 'ring twice' }]);
    expect(clock.pending).toBe(0);
  });

  test('whose call is stopped half-way is no failure of the provider', async () => {
    const stop = new AbortController();
    const error = rejection(verify({ name: 'orders', states: {}, handle: () => { stop.abort(new Error('stopped')); return new Promise(() => {}); } }, [contractOf('web shop', [{ ...noOrder, given: undefined } as unknown as Interaction])], { clock: new VirtualClock(), signal: stop.signal }));
    expect(await error).toEqual(new Error('stopped'));
  });

  test('is not touched by a build that was stopped before', async () => {
    const provider = orders();
    const stopped = new Error('stopped');
    expect(await rejection(verify(provider, [shipping], { signal: AbortSignal.abort(stopped) }))).toBe(stopped);
    expect([provider.stored.size, provider.asked]).toEqual([0, []]);
    let touched = false;
    await rejection(verify({ ...provider, states: { 'order 17 is paid': async () => { touched = true; return async () => {}; } } }, [shipping], { signal: AbortSignal.abort(stopped) }));
    expect(touched).toBe(false);
  });

  test('does not hold a build that was stopped while a state was brought about', async () => {
    const stop = new AbortController();
    const stopped = new Error('stopped');
    const provider = { ...orders(), states: { 'order 17 is paid': async () => { stop.abort(stopped); return async () => {}; } }, handle: () => new Promise<never>(() => {}) };
    expect(await rejection(verify(provider, [shipping], { clock: new VirtualClock(), signal: stop.signal }))).toBe(stopped);
  });

  test('whose state cannot be taken back ends the verification, since the next would meet its data', async () => {
    const provider = orders();
    const stuck = { ...provider, states: { ...provider.states, 'order 17 is paid': async () => async () => { throw new Error('still there'); } } };
    expect(await rejection(verify(stuck, [shipping, webShop]))).toEqual(new Error('still there'));
    expect(provider.asked.length).toBe(1);
  });

  test('has the clock of the system as default', async () => {
    expect((await verify(orders(), [])).length).toBe(0);
  });
});

describe('what a contract cannot see', () => {
  const inEuros = orders((order) => ({ ...order, totalCents: order.totalCents / 100 }));

  test('a number that means something else now, where only its type was asked for', async () => {
    expect((await verify(inEuros, [webShop])).flatMap(({ problems }) => problems)).toEqual([]);
  });

  test('unless a state fixes the value, and the contract asks for the value itself', async () => {
    const exact = contractOf('web shop', [{ ...anOrder, response: { status: 200, body: { totalCents: 2_490 } } }]);
    expect((await verify(inEuros, [exact]))[0]!.problems).toMatchObject([{ field: '$.totalCents', expected: '2490', found: '24.9' }]);
    expect((await verify(orders(), [exact]))[0]!.problems).toEqual([]);
  });
});

describe('matchers', () => {
  test('compare values by default, types inside like, and whole texts', () => {
    expect(mismatches({ a: [1, { b: 'x' }] }, { a: [1, { b: 'x' }], c: 1 })).toEqual([]);
    expect(mismatches({ a: [1, { b: 'x' }] }, { a: [2, { b: 7 }] })).toEqual([{ field: '$.a[0]', expected: '1', found: '2' }, { field: '$.a[1].b', expected: '"x"', found: '7' }]);
    expect(mismatches(like({ a: [1, { b: null }] }), { a: [2, { b: null }] })).toEqual([]);
    expect(mismatches(like({ a: 'x', b: 1 }), { a: null })).toEqual([{ field: '$.a', expected: 'a string, such as "x"', found: 'null' }, { field: '$.b', expected: 'a number, such as 1', found: 'nothing' }]);
    expect(mismatches([1], [1, 2])).toEqual([{ field: '$', expected: 'a list of 1', found: '[1,2]' }]);
    expect(mismatches([1], { 0: 1 })).toMatchObject([{ expected: 'a list of 1' }]);
    expect(mismatches({ a: 1 }, [1])).toMatchObject([{ expected: 'an object' }]);
    expect(mismatches(like(JSON.parse('{ "__proto__": {} }') as Json), {})).toMatchObject([{ field: '$.__proto__', found: 'nothing' }]);
    expect(mismatches(text('A-1', '[A-Z]-[0-9]|none'), 'none')).toEqual([]);
    for (const other of ['A-1_RESULT', 'xA-1', 'none!', 7]) expect(mismatches(text('A-1', '[A-Z]-[0-9]|none'), other)).toMatchObject([{ expected: 'text of the form [A-Z]-[0-9]|none' }]);
    expect(mismatches(like(null), [1])).toMatchObject([{ expected: 'a null, such as null', found: '[1]' }]);
    expect(mismatches(eachLike(1), 'no list')).toMatchObject([{ expected: 'a list with at least one item' }]);
  });

  test('tell a field that nobody named, however deep', () => {
    const expected = { a: like({ b: 1 }), c: eachLike({ d: text('x', '.') }), e: [null, { f: oneOf(1, 2) }] };
    expect(namesAll(expected, { a: { b: 2 }, c: [{ d: 'x' }, { d: 'y' }], e: [null, { f: 2 }] })).toBe(true);
    for (const found of [{ a: { b: 2, z: 1 }, c: [], e: [null, { f: 1 }] }, { a: { b: 2 }, c: [{ d: 'x' }, { d: 'y', z: 1 }], e: [null, { f: 1 }] }, { a: { b: 2 }, c: [], e: [null, { f: 1, z: 1 }] }, { z: 1 }]) expect(namesAll(expected, found)).toBe(false);
  });

  test('give examples for the mock', () => {
    expect(exampleOf({ a: like({ b: oneOf(1, 2) }), c: eachLike({ d: text('x', '.') }), e: [null, 'f'] })).toEqual({ a: { b: 1 }, c: [{ d: 'x' }], e: [null, 'f'] });
  });
});

describe('the broker', () => {
  const pass = { problems: [] };
  const fail = { problems: [{ consumer: '', consumerVersion: '', interaction: '', field: '', expected: '', found: '', mend: '' }] };

  function company() {
    const broker = new Broker();
    const web1 = contractOf('web shop', [anOrder], '1');
    const web2 = contractOf('web shop', [anOrder, noOrder], '2');
    for (const contract of [web1, web2, shipping]) broker.publish(contract);
    broker.record('orders', '7', [{ contract: web1, ...pass }, { contract: web2, ...fail }, { contract: shipping, ...pass }]);
    broker.record('orders', '8', [{ contract: web1, ...pass }, { contract: web2, ...pass }, { contract: shipping, ...fail }]);
    broker.deployed('production', 'orders', '7');
    broker.deployed('production', 'web shop', '1');
    broker.deployed('production', 'shipping', '1');
    return { broker, web1, web2 };
  }

  test('says yes to what was tested with all that runs there, and no with names', () => {
    const { broker } = company();
    expect(broker.canIDeploy('web shop', '1', 'production')).toEqual({ ok: true, because: [] });
    expect(broker.canIDeploy('web shop', '2', 'production')).toEqual({ ok: false, because: ['orders 7 breaks web shop 2'] });
    expect(broker.canIDeploy('orders', '8', 'production')).toEqual({ ok: false, because: ['orders 8 breaks shipping 1'] });
    broker.record('orders', '9', []);
    expect(broker.canIDeploy('orders', '9', 'production').because).toEqual(['orders 9 was never tested with web shop 1', 'orders 9 was never tested with shipping 1']);
  });

  test('says no to a version that nobody has heard of, such as a mistyped one', () => {
    const { broker } = company();
    for (const application of ['web shop', 'orders']) {
      for (const environment of ['production', 'staging']) expect(broker.canIDeploy(application, '99', environment)).toEqual({ ok: false, because: [`nothing is known of ${application} 99`] });
    }
  });

  test('answers for one environment, and needs the provider to be there', () => {
    const { broker } = company();
    expect(broker.canIDeploy('web shop', '1', 'staging')).toEqual({ ok: false, because: ['orders does not run in staging, and web shop 1 needs it'] });
    expect(broker.canIDeploy('orders', '8', 'staging').ok).toBe(true); // nobody there relies on it
    broker.deployed('staging', 'orders', '8');
    expect(broker.canIDeploy('web shop', '2', 'staging').ok).toBe(true);
  });

  test('after a deployment the version before no longer counts; released versions stand side by side until they end', () => {
    const { broker, web1 } = company();
    broker.deployed('production', 'orders', '8');
    expect(broker.canIDeploy('web shop', '2', 'production').ok).toBe(true);
    const app = (version: string): Contract => ({ ...web1, consumer: 'app', consumerVersion: version, interactions: [{ ...anOrder, description: version }] });
    for (const version of ['3.0', '3.1']) { broker.publish(app(version)); broker.released('production', 'app', version); }
    broker.record('orders', '9', [{ contract: app('3.0'), ...fail }, { contract: app('3.1'), ...pass }, { contract: web1, ...pass }, { contract: shipping, ...pass }]);
    expect(broker.canIDeploy('orders', '9', 'production')).toEqual({ ok: false, because: ['orders 9 breaks app 3.0'] });
    broker.ended('production', 'app', '3.0');
    broker.ended('staging', 'app', '3.0'); // where it never was
    expect(broker.canIDeploy('orders', '9', 'production').ok).toBe(true);
  });

  test('a new version with the same contract needs no second test', () => {
    const { broker, web1 } = company();
    broker.publish({ ...web1, consumerVersion: '1.1' });
    expect(broker.canIDeploy('web shop', '1.1', 'production').ok).toBe(true);
  });

  test('a contract that runs nowhere is pending, so that a wish of a consumer does not stop the provider', () => {
    const { broker } = company();
    broker.publish({ ...webShop, provider: 'payments' });
    broker.deployed('production', 'payments', '2'); // another application of that version
    broker.publish(contractOf('shipping', [linesOf])); // published again by a second build
    expect(broker.contractsFor('orders').map(({ contract, pending }) => [contract.provider, contract.consumer, contract.consumerVersion, pending])).toEqual([['orders', 'web shop', '1', false], ['orders', 'web shop', '2', true], ['orders', 'shipping', '1', false]]);
  });
});

describe('a tolerant reader', () => {
  const old = { id: '17', totalCents: 2_490, state: 'open' };

  test('reads answers of last year and of next year', () => {
    expect(readOrder(old)).toEqual({ id: '17', totalCents: 2_490, state: 'open', note: '' });
    expect(readOrder({ ...old, state: 'refunded', note: 'ring twice', loyalty: { points: 3 } })).toEqual({ id: '17', totalCents: 2_490, state: 'other', note: 'ring twice' });
  });

  test('says which field is missing instead of going on without it', () => {
    expect(() => readOrder({ totalCents: 1 })).toThrow(new UnreadableError('An order has no id'));
    for (const totalCents of ['24.90', 24.9, null]) expect(() => readOrder({ id: '17', totalCents })).toThrow(new UnreadableError('Order 17 has no total in whole cents'));
  });

  test('keeps what it does not know when it writes back', () => {
    expect(withNote({ ...old, loyalty: { points: 3 } }, 'ring twice')).toEqual({ ...old, loyalty: { points: 3 }, note: 'ring twice' });
  });
});
