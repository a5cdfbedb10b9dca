import { beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { fulfilOrder } from './fulfil-order.ts';
import type { Order, Shop, Task } from './fulfil-order.ts';
import { MemoryDesk } from './memory-desk.ts';
import { Orchestrator, StepRefusedError } from './orchestration.ts';
import type { CaseStore, Flow, OrchestratorEvent, Run } from './orchestration.ts';

const hour = 3_600_000;
const kettle: Order = { item: 'kettle', totalCents: 4_200 };
let clock: VirtualClock;
let store: MemoryDesk;
/** Keys of what the services have done: each remembers its own, so a repeat is no second effect. */
let done: string[];
/** Every command that was sent. */
let sent: string[];
let broken: Partial<Record<Task, Error | 'silent'>>;
let events: OrchestratorEvent[];
const shop: Shop = (task) => async (key) => {
  sent.push(key);
  const trouble = broken[task];
  if (trouble === 'silent') return new Promise(() => {});
  if (trouble !== undefined) throw trouble;
  if (!done.includes(key)) done.push(key);
  return { by: task };
};
const options = { stepTimeoutMs: 1_000, leaseMs: 5_000, maxAttempts: 3, firstRetryMs: 1_000, longestRetryMs: 10_000, pollMs: 500 };
const newOrchestrator = (flows: Readonly<Record<string, Flow<never>>> = { 'order/1': fulfilOrder(shop) }, more = {}, on: CaseStore = store) =>
  new Orchestrator(on, flows, { ...options, clock, random: () => 0.5, onEvent: (event) => events.push(event), ...more });
let orchestrator: Orchestrator;
beforeEach(() => {
  clock = new VirtualClock();
  store = new MemoryDesk(clock);
  [done, sent, broken, events] = [[], [], {}, []];
  orchestrator = newOrchestrator();
});
const last = () => `${events.at(-1)?.type}: ${events.at(-1)?.reason}`;
const tasks = (keys: readonly string[]) => keys.map((key) => key.split('/')[1]);

describe('a process', () => {
  test('goes as far as it can, rests, and goes on when the message comes', async () => {
    await orchestrator.begin('o1', 'order/1', kettle);
    expect(await orchestrator.turn()).toBe(true);
    expect([tasks(done), last(), await orchestrator.turn()]).toEqual([['reserve', 'charge', 'ask the warehouse'], 'resting: waits for picked', false]);
    await store.deliver('o1', 'picked', { by: 'Ann' });
    await orchestrator.turn();
    expect([tasks(done).at(-1), last(), sent.length]).toEqual(['dispatch', 'ended: sent', 4]);
  });

  test('a message that came before anybody waited is not lost', async () => {
    await orchestrator.begin('o1', 'order/1', kettle);
    await store.deliver('o1', 'picked', { by: 'Ann' });
    await orchestrator.turn();
    expect(last()).toBe('ended: sent');
  });

  test('a deadline is owned: reminded once, then taken back', async () => {
    await orchestrator.begin('o1', 'order/1', kettle);
    await orchestrator.turn();
    await clock.advance(2 * hour - 1);
    expect(await orchestrator.turn()).toBe(false);
    await clock.advance(1);
    await orchestrator.turn();
    expect(tasks(done).at(-1)).toBe('remind the warehouse');
    await clock.advance(2 * hour);
    await orchestrator.turn();
    expect([tasks(done).slice(4), last()]).toEqual([['refund', 'release', 'tell the customer'], 'ended: cancelled']);
  });

  test('the reminder helps', async () => {
    await orchestrator.begin('o1', 'order/1', kettle);
    await orchestrator.turn();
    await clock.advance(2 * hour);
    await orchestrator.turn();
    await store.deliver('o1', 'picked', { by: 'Ann' });
    await orchestrator.turn();
    expect(last()).toBe('ended: sent');
  });

  test('a refusal is logged and handled, and is the same in every later turn', async () => {
    broken = { charge: new StepRefusedError('no money'), release: new Error('down') };
    await orchestrator.begin('o1', 'order/1', kettle);
    await orchestrator.turn();
    expect(last()).toBe('resting: release: Error: down');
    broken = {};
    await clock.advance(1_000);
    await orchestrator.turn();
    expect([tasks(sent), last()]).toEqual([['reserve', 'charge', 'release', 'release'], 'ended: refused']);
  });

  test('a case is started once, however often its caller asks', async () => {
    expect([await orchestrator.begin('o1', 'order/1', kettle), await orchestrator.begin('o1', 'order/1', kettle)]).toEqual([true, false]);
    await orchestrator.turn();
    expect([tasks(done).length, await orchestrator.turn()]).toEqual([3, false]);
  });
});

describe('the deadline survives', () => {
  test('a restart does not set it anew', async () => {
    await orchestrator.begin('o1', 'order/1', kettle);
    await orchestrator.turn();
    await clock.advance(hour);
    await store.deliver('o1', 'something else', null);
    orchestrator = newOrchestrator();
    await orchestrator.turn();
    await clock.advance(hour);
    await orchestrator.turn();
    expect(tasks(done).at(-1)).toBe('remind the warehouse');
  });

  test('what fell due while nobody ran is done as soon as somebody does', async () => {
    await orchestrator.begin('o1', 'order/1', kettle);
    await orchestrator.turn();
    await clock.advance(50 * hour);
    await newOrchestrator().turn();
    expect(tasks(done).at(-1)).toBe('remind the warehouse');
  });

  test('a message after the deadline changes nothing that was decided', async () => {
    const decided: unknown[] = [];
    const flow: Flow<null> = async (run) => {
      decided.push(await run.wait('a', 'answer', hour));
      await run.wait('b', 'never', hour);
    };
    orchestrator = newOrchestrator({ 'order/1': flow });
    await orchestrator.begin('o1', 'order/1', null);
    await orchestrator.turn();
    await clock.advance(hour);
    await orchestrator.turn();
    await store.deliver('o1', 'answer', 'too late');
    await orchestrator.turn();
    expect(decided).toEqual([undefined, undefined]);
  });

  test('a message without a value is a message', async () => {
    let woken: unknown = 'not yet';
    orchestrator = newOrchestrator({ 'order/1': async (run: Run) => { woken = await run.wait('a', 'answer', hour); await run.wait('b', 'never', hour); return run.id; } });
    await orchestrator.begin('o1', 'order/1', null);
    await orchestrator.turn();
    await store.deliver('o1', 'answer', undefined);
    await orchestrator.turn();
    expect(woken).toBe(null);
    await store.deliver('o1', 'never', null);
    await orchestrator.turn();
    expect([woken, last()]).toEqual([null, 'ended: o1']);
  });
});

describe('a step', () => {
  test('that fails is repeated with the same key, after stored pauses that grow', async () => {
    broken = { charge: new Error('down') };
    await orchestrator.begin('o1', 'order/1', kettle);
    await orchestrator.turn();
    await clock.advance(499);
    expect(await orchestrator.turn()).toBe(false);
    await clock.advance(1);
    await newOrchestrator().turn();
    await clock.advance(999);
    expect(await orchestrator.turn()).toBe(false);
    broken = {};
    await clock.advance(1);
    await orchestrator.turn();
    expect(sent).toEqual(['o1/reserve', 'o1/charge', 'o1/charge', 'o1/charge', 'o1/ask the warehouse']);
  });

  test('that nobody answers is given up after the limit, its signal is aborted, and no timer is left', async () => {
    let signal: AbortSignal | undefined;
    orchestrator = newOrchestrator({ 'order/1': (run: Run) => run.step('charge', (_key, given) => { signal = given; return new Promise(() => {}); }) });
    await orchestrator.begin('o1', 'order/1', kettle);
    const turn = orchestrator.turn();
    await clock.advance(999);
    expect(signal?.aborted).toBe(false);
    await clock.advance(1);
    await turn;
    expect([signal?.aborted, last(), clock.pending]).toEqual([true, 'resting: charge: StepTimeoutError: No answer to o1/charge within 1000 ms', 0]);
  });

  test('that throws at once is a step that fails, and leaves no timer', async () => {
    orchestrator = newOrchestrator({ 'order/1': (run: Run) => run.step('charge', () => { throw new Error('no such service'); }) });
    await orchestrator.begin('o1', 'order/1', kettle);
    await orchestrator.turn();
    expect([last(), clock.pending]).toEqual(['resting: charge: Error: no such service', 0]);
  });

  test('after the last attempt a flow may handle it, and otherwise a person does; then it begins anew', async () => {
    broken = { dispatch: new Error('down') };
    await orchestrator.begin('o1', 'order/1', kettle);
    await store.deliver('o1', 'picked', null);
    for (let turn = 0; turn < 5; turn += 1) {
      await orchestrator.turn();
      await clock.advance(10_000);
    }
    expect([tasks(sent).filter((task) => task === 'dispatch').length, last()]).toEqual([3, 'parked: StepGaveUpError: dispatch: Error: down']);
    expect((await store.open(10)).map(({ id, state, at }) => [id, state, at])).toEqual([['o1', 'parked', 'dispatch']]);
    broken = {};
    await store.resume('o1');
    await orchestrator.turn();
    expect([last(), await store.open(10)]).toEqual(['ended: sent', []]);
  });

  test('that was given up is no refusal: whoever handles only refusals leaves it to a person', async () => {
    broken = { charge: new Error('down') };
    orchestrator = newOrchestrator(undefined, { maxAttempts: 1 });
    await orchestrator.begin('o1', 'order/1', kettle);
    await orchestrator.turn();
    expect([last(), tasks(sent)]).toEqual(['parked: StepGaveUpError: charge: Error: down', ['reserve', 'charge']]);
  });

  test('that was given up and handled is given up in every later turn', async () => {
    let tries = 0;
    const flow: Flow<null> = async (run) => {
      const why = await run.step('a', () => { tries += 1; return Promise.reject(new Error('down')); }).catch(String);
      await run.wait('b', 'go', hour);
      return why;
    };
    orchestrator = newOrchestrator({ 'order/1': flow }, { maxAttempts: 1 });
    await orchestrator.begin('o1', 'order/1', null);
    await orchestrator.turn();
    await store.deliver('o1', 'go', null);
    await newOrchestrator({ 'order/1': flow }, { maxAttempts: 9 }).turn();
    expect([last(), tries]).toEqual(['ended: StepGaveUpError: a: Error: down', 1]);
  });

  test('answers the same now and in later turns', async () => {
    const seen: unknown[] = [];
    const flow: Flow<null> = async (run) => {
      seen.push(await run.step('a', async () => ({ at: new Date(0), none: undefined })), await run.step('b', async () => undefined));
      await run.wait('c', 'go', hour);
    };
    orchestrator = newOrchestrator({ 'order/1': flow });
    await orchestrator.begin('o1', 'order/1', null);
    await orchestrator.turn();
    await store.deliver('o1', 'go', null);
    await orchestrator.turn();
    expect(seen).toEqual([{ at: '1970-01-01T00:00:00.000Z' }, null, { at: '1970-01-01T00:00:00.000Z' }, null]);
  });
});

describe('crashes', () => {
  /** A process that dies at its `at`-th contact with the outside: from then on nothing that it asks is answered. */
  function mortal(at: number) {
    let contacts = 0;
    const die = async <Result>(act: () => Promise<Result>): Promise<Result> => {
      if (contacts >= at) return new Promise(() => {});
      contacts += 1;
      const result = await act();
      if (contacts >= at) return new Promise(() => {});
      contacts += 1;
      return result;
    };
    const connection = new Proxy(store, { get: (target, name) => (...given: never[]) => die(() => (target as never as Record<PropertyKey, (...all: never[]) => Promise<unknown>>)[name]!.apply(target, given)) });
    const services: Shop = (task, order) => (key, signal) => die(() => shop(task, order)(key, signal));
    const own = newOrchestrator({ 'order/1': fulfilOrder(services) }, {}, connection);
    void own.turn();
    return () => contacts < at;
  }

  test('wherever an instance dies, before or after an effect, the next one brings the case to the same end', async () => {
    let points = 0;
    for (let survived = false; !survived; points += 1) {
      store = new MemoryDesk(clock);
      [done, sent] = [[], []];
      await newOrchestrator().begin('o1', 'order/1', kettle);
      const isAlive = mortal(points);
      await clock.advance(0);
      survived = isAlive();
      await clock.advance(6_000);
      const next = newOrchestrator();
      await next.turn();
      await store.deliver('o1', 'picked', null);
      await next.turn();
      expect([tasks(done), await store.open(1)], `died at ${points}`).toEqual([['reserve', 'charge', 'ask the warehouse', 'dispatch'], []]);
    }
    // 26 points, the one behind the last of them, and one run that nothing happens to.
    expect(points).toBe(28);
  });

  test('a command that kills its sender is not repeated without end', async () => {
    await orchestrator.begin('o1', 'order/1', kettle);
    for (let time = 0; time < 5; time += 1) {
      // Before and after the claim, before and after the entry, and then in the command.
      mortal(5);
      await clock.advance(5_000);
    }
    expect([sent.length, (await store.open(1))[0]?.reason]).toEqual([3, 'StepGaveUpError: reserve: nobody has survived it']);
  });

  test('an instance that was thought dead writes nothing any more, and its flow cannot catch that', async () => {
    let finish = (): void => {};
    let isCaught = false;
    const slow: Flow<null> = (run) => run.step('slow', () => new Promise<void>((resolve) => { finish = resolve; })).catch(() => { isCaught = true; });
    // Its machine stands still, and so do its timers.
    const stalled = newOrchestrator({ 'order/1': slow }, { clock: new VirtualClock() });
    await stalled.begin('o1', 'order/1', null);
    const turn = stalled.turn();
    await clock.advance(5_000);
    await newOrchestrator({ 'order/1': (run: Run) => run.step('slow', async () => 'done') }).turn();
    expect(last()).toBe('ended: done');
    finish();
    await turn;
    expect([last(), isCaught]).toEqual(['lost: CaseLostError: Case o1 was taken over meanwhile', false]);
  });

  test('a store that fails parks nothing: the case is taken up again when its lease is over', async () => {
    for (const method of ['write', 'message', 'rest', 'close'] as const) {
      const id = `o ${method}`;
      const failing = new Proxy(store, { get: (target, name) => (name === method ? () => Promise.reject(new Error('connection lost')) : (target as never as Record<PropertyKey, () => unknown>)[name]!.bind(target)) });
      await orchestrator.begin(id, 'order/1', kettle);
      if (method === 'close') await store.deliver(id, 'picked', null);
      await expect(newOrchestrator({ 'order/1': fulfilOrder(shop) }, {}, failing).turn(), method).rejects.toThrow('connection lost');
      await clock.advance(5_000);
      await orchestrator.turn();
      await store.deliver(id, 'picked', null);
      await orchestrator.turn();
      expect(last(), method).toBe('ended: sent');
    }
  });
});

describe('versions', () => {
  const two: Flow<Order> = async (run, order) => {
    await run.step('charge', shop('charge', order));
    await run.step('reserve', shop('reserve', order));
    return 'sent by two';
  };

  test('a case keeps to the definition that it began with', async () => {
    await orchestrator.begin('old', 'order/1', kettle);
    await orchestrator.turn();
    orchestrator = newOrchestrator({ 'order/1': fulfilOrder(shop), 'order/2': two });
    await orchestrator.begin('new', 'order/2', kettle);
    await store.deliver('old', 'picked', null);
    await orchestrator.turn();
    await orchestrator.turn();
    expect(events.filter(({ type }) => type === 'ended').map(({ id, reason }) => [id, reason]).toSorted()).toEqual([['new', 'sent by two'], ['old', 'sent']]);
  });

  test('an instance leaves alone what it does not know', async () => {
    await orchestrator.begin('o1', 'order/1', kettle);
    expect(await newOrchestrator({ 'order/2': two }).turn()).toBe(false);
    for (const definition of ['order/7', 'toString']) expect(() => orchestrator.begin('o2', definition, kettle)).toThrow(`definition must be one of order/1: current value is ${definition}`);
  });

  test('a flow that was changed under a case sends nothing, cannot go on, and goes on with the right one', async () => {
    const changes: [Flow<Order>, string][] = [
      [two, "the flow asks for step 'charge' and the log has step 'reserve'"],
      [async () => 'nothing', "the flow ends, and the log goes on with step 'reserve'"],
      [async (run) => run.wait('reserve', 'x', 1), "the flow asks for wait 'reserve' and the log has step 'reserve'"],
      [async (run, order) => two(run, order).catch(() => 'all is well'), "the flow asks for step 'charge' and the log has step 'reserve'"],
    ];
    for (const [at, [changed, reason]] of changes.entries()) {
      const id = `o${at}`;
      await orchestrator.begin(id, 'order/1', kettle);
      await orchestrator.turn();
      await store.deliver(id, 'picked', null);
      const before = sent.length;
      await newOrchestrator({ 'order/1': changed }).turn();
      expect([last(), sent.length]).toEqual([`parked: FlowChangedError: ${reason}`, before]);
      await store.resume(id);
      await orchestrator.turn();
      expect(last()).toBe('ended: sent');
    }
  });

  test('a flow that asks for two things at once, or for one twice, or does not wait for what it asks, is parked', async () => {
    const pending = () => new Promise<never>(() => {});
    orchestrator = newOrchestrator({
      'order/1': (run: Run) => Promise.all([run.step('a', pending), run.step('b', pending)]),
      'order/2': async (run: Run) => { await run.step('a', async () => 1); await run.step('a', async () => 2); },
      'order/3': async (run: Run) => { void run.step('a', pending); },
    });
    for (const [definition, reason] of [['order/1', "the flow asks for step 'b' while another one is open: one thing at a time"], ['order/2', "the flow asks for step 'a' a second time: a case knows its steps by name"], ['order/3', 'the flow ends, and what it has asked for is still open: wait for each']] as const) {
      await orchestrator.begin(definition, definition, null);
      await orchestrator.turn();
      expect(last()).toBe(`parked: FlowChangedError: ${reason}`);
    }
  });

  test('a flow that throws before it has begun is parked and not tried without end', async () => {
    orchestrator = newOrchestrator({ 'order/1': () => { throw new TypeError('x is not a function'); } });
    await orchestrator.begin('o1', 'order/1', null);
    await orchestrator.turn();
    expect([last(), await orchestrator.turn()]).toEqual(['parked: TypeError: x is not a function', false]);
  });
});

describe('running', () => {
  test('works through what is due, sleeps when nothing is, and ends with its signal', async () => {
    const life = new AbortController();
    await orchestrator.begin('o1', 'order/1', kettle);
    const running = orchestrator.run(life.signal);
    await clock.advance(0);
    expect(tasks(done)).toEqual(['reserve', 'charge', 'ask the warehouse']);
    await store.deliver('o1', 'picked', null);
    await clock.advance(500);
    expect(last()).toBe('ended: sent');
    life.abort();
    await running;
    expect(clock.pending).toBe(0);
  });

  test('two instances share the cases and do none twice', async () => {
    for (let order = 0; order < 6; order += 1) await orchestrator.begin(`o${order}`, 'order/1', kettle);
    const other = newOrchestrator();
    for (let turn = 0; turn < 4; turn += 1) await Promise.all([orchestrator.turn(), other.turn()]);
    expect([sent.length, new Set(sent).size]).toEqual([18, 18]);
  });

  test('goes on after the store has failed', async () => {
    const life = new AbortController();
    let isDown = true;
    const flaky = new Proxy(store, { get: (target, name) => (name === 'claim' && isDown ? () => Promise.reject(new Error('connection lost')) : (target as never as Record<PropertyKey, () => unknown>)[name]!.bind(target)) });
    const running = newOrchestrator({ 'order/1': fulfilOrder(shop) }, {}, flaky).run(life.signal);
    await orchestrator.begin('o1', 'order/1', kettle);
    await clock.advance(0);
    expect(events).toEqual([{ type: 'broken', reason: 'Error: connection lost' }]);
    isDown = false;
    await clock.advance(500);
    expect(tasks(done)).toContain('charge');
    life.abort();
    await running;
  });

  test('nobody has to listen to its events', async () => {
    const quiet = new Orchestrator(store, { 'order/1': fulfilOrder(shop) });
    await quiet.begin('o1', 'order/1', kettle);
    expect(await quiet.turn()).toBe(true);
  });

  test('refuses options that make no sense', () => {
    for (const name of ['stepTimeoutMs', 'leaseMs', 'firstRetryMs', 'longestRetryMs', 'pollMs']) {
      for (const value of [0, -1, Number.NaN, Infinity]) expect(() => newOrchestrator({}, { [name]: value })).toThrow(`${name} must be above 0 and finite: current value is ${value}`);
    }
    for (const value of [0, 1.5]) expect(() => newOrchestrator({}, { maxAttempts: value })).toThrow(`maxAttempts must be a whole number from 1: current value is ${value}`);
    expect(() => newOrchestrator({}, { stepTimeoutMs: 5_000 })).toThrow('leaseMs must be more than stepTimeoutMs (5000): current value is 5000');
  });
});
