import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { HelperError, LocalHop, NotListeningError } from './local-hop.ts';
import type { LocalHopOptions } from './local-hop.ts';
import { Unit } from './sidecar.ts';
import type { UnitOptions } from './sidecar.ts';

describe('starting', () => {
  test('each helper comes up before the next one starts, and all before the service', async () => {
    const { clock, unit, proxy, agent, told, stop } = start();
    const outcome = unit.run(stop.signal);
    await clock.advance(1_000);
    expect(told()).toEqual(['started proxy']);
    proxy.isUp = true;
    await clock.advance(100);
    expect(told()).toEqual(['started proxy', 'up proxy', 'started agent']);
    expect(unit.isReady).toBe(false);
    agent.isUp = true;
    await clock.advance(100);
    expect(told().slice(3)).toEqual(['up agent', 'started orders']);
    expect(unit.isReady).toBe(true);
    stop.abort();
    await clock.advance(1_000);
    expect(await outcome).toBe('stopped');
  });

  test('a helper that does not come up in time keeps the service from starting, and what runs is stopped', async () => {
    const { clock, unit, proxy, told, stop } = start();
    proxy.isUp = true;
    const outcome = unit.run(stop.signal);
    await clock.advance(5_000);
    expect(await outcome).toBe('not started');
    expect(told()).toEqual(['started proxy', 'up proxy', 'started agent', 'stopping agent', 'ended agent', 'stopping proxy', 'ended proxy']);
    expect(clock.pending).toBe(0);
  });

  test('a helper that comes up while it is being stopped is not asked any more', async () => {
    const { clock, proxy, unit, told, stop } = start();
    proxy.drainMs = 2_000;
    void unit.run(stop.signal);
    await clock.advance(5_000);
    proxy.isUp = true;
    await clock.advance(2_000);
    expect(told()).toEqual(['started proxy', 'stopping proxy', 'ended proxy']);
  });

  test('an order to stop while helpers come up is obeyed', async () => {
    const { clock, unit, told, stop } = start();
    const outcome = unit.run(stop.signal);
    await clock.advance(200);
    stop.abort();
    await clock.advance(0);
    expect(await outcome).toBe('stopped');
    expect(told()).toEqual(['started proxy', 'stopping proxy', 'ended proxy']);
    const late = start();
    late.stop.abort();
    expect(await late.unit.run(late.stop.signal)).toBe('stopped');
    expect(late.told()).not.toContain('started orders');
  });

  test('an answer that does not come is asked for again', async () => {
    const { clock, unit, proxy, told, stop } = start();
    proxy.asked = new Promise(() => {});
    void unit.run(stop.signal);
    await clock.advance(150);
    proxy.asked = undefined;
    proxy.isUp = true;
    await clock.advance(100);
    expect(told()).toEqual(['started proxy', 'up proxy', 'started agent']);
  });

  test('a helper whose answer fails is not up yet, and one that crashes at first comes up later', async () => {
    const { clock, unit, proxy, agent, told, stop } = start();
    proxy.isUp = agent.isUp = true;
    proxy.answerFails = true;
    proxy.crashes = 1;
    void unit.run(stop.signal);
    await clock.advance(1_500);
    expect(told()).toEqual(['started proxy', 'restarting proxy', 'started proxy']);
    proxy.answerFails = false;
    await clock.advance(100);
    expect(told()).toContain('started orders');
  });
});

describe('stopping', () => {
  test('the service goes first and may use its helpers to the end; they go in reverse order', async () => {
    const { clock, unit, orders, told, stop } = await running();
    orders.drainMs = 3_000;
    stop.abort();
    expect(unit.isReady).toBe(true);
    await clock.advance(2_999);
    expect(unit.isReady).toBe(false);
    expect(told()).toEqual([]);
    await clock.advance(1);
    expect(told()).toEqual(['ended orders', 'stopping agent', 'ended agent', 'stopping proxy', 'ended proxy']);
  });

  test('a helper that takes its time holds up the one before it', async () => {
    const { clock, agent, told, stop, outcome } = await running();
    agent.drainMs = 2_000;
    stop.abort();
    await clock.advance(1_999);
    expect(told()).toEqual(['ended orders', 'stopping agent']);
    await clock.advance(1);
    expect(told().slice(2)).toEqual(['ended agent', 'stopping proxy', 'ended proxy']);
    expect(await outcome).toBe('stopped');
    expect(clock.pending).toBe(0);
  });

  test('all share one time: a service that does not end is killed, and its helpers get nothing any more', async () => {
    const { clock, orders, agent, told, stop, outcome } = await running();
    orders.drainMs = Infinity;
    agent.drainMs = 1;
    stop.abort();
    await clock.advance(10_000);
    expect(await outcome).toBe('killed');
    expect(told()).toEqual(['killed orders', 'stopping agent', 'killed agent', 'stopping proxy', 'ended proxy']);
  });

  test('a helper that does not end is killed when the time is over, whatever the service left of it', async () => {
    const { clock, orders, proxy, told, stop, outcome } = await running();
    orders.drainMs = 4_000;
    proxy.drainMs = Infinity;
    stop.abort();
    await clock.advance(9_999);
    expect(told().at(-1)).toBe('stopping proxy');
    await clock.advance(1);
    expect(told().at(-1)).toBe('killed proxy');
    expect(await outcome).toBe('stopped');
  });
});

describe('a service that ends by itself', () => {
  test('takes its helpers along: the job is done', async () => {
    const { clock, orders, told, outcome } = await running();
    orders.end();
    await clock.advance(0);
    expect(await outcome).toBe('completed');
    expect(told()).toEqual(['ended orders', 'stopping agent', 'ended agent', 'stopping proxy', 'ended proxy']);
    expect(clock.pending).toBe(0);
  });

  test('and one that crashes says so', async () => {
    const { clock, orders, outcome } = await running();
    orders.crash();
    await clock.advance(0);
    expect(await outcome).toBe('failed');
  });
});

describe('a helper that crashes', () => {
  test('is started again, the service runs on, and no traffic comes meanwhile', async () => {
    const { clock, unit, proxy, told } = await running();
    proxy.isUp = false;
    proxy.crash();
    await clock.advance(0);
    expect(told()).toEqual(['restarting proxy']);
    expect(unit.isReady).toBe(false);
    await clock.advance(1_000);
    proxy.isUp = true;
    await clock.advance(100);
    expect(told()).toEqual(['restarting proxy', 'started proxy', 'up proxy']);
    expect(unit.isReady).toBe(true);
  });

  test('a helper that ends without a crash is started again too', async () => {
    const { clock, agent, told } = await running();
    agent.end();
    await clock.advance(1_000);
    expect(told()).toContain('started agent');
  });

  test('pauses double up to the most, and are short again once it was up', async () => {
    const { clock, proxy, pauses } = await running();
    proxy.isUp = false;
    proxy.crashes = 5;
    proxy.crash();
    await clock.advance(60_000);
    expect(pauses()).toEqual([1_000, 2_000, 4_000, 5_000, 5_000, 5_000]);
    proxy.isUp = true;
    await clock.advance(200);
    proxy.crash();
    await clock.advance(0);
    expect(pauses().at(-1)).toBe(1_000);
  });

  test('is not started again after the order to stop', async () => {
    const { clock, proxy, orders, told, stop, outcome } = await running();
    orders.drainMs = 500;
    proxy.crash();
    stop.abort();
    await clock.advance(500);
    expect(await outcome).toBe('stopped');
    expect(told()).toEqual(['restarting proxy', 'ended orders', 'stopping agent', 'ended agent', 'stopping proxy', 'ended proxy']);
    expect(clock.pending).toBe(0);
  });

  test('an answer that was asked for before the crash does not count for the next start', async () => {
    const { clock, unit, proxy, told } = await running();
    let answer = (_: boolean): void => {};
    proxy.isUp = false;
    proxy.crash();
    await clock.advance(900);
    proxy.asked = new Promise((resolve) => { answer = resolve; });
    await clock.advance(100);
    proxy.crash();
    await clock.advance(0);
    proxy.asked = undefined;
    answer(true);
    await clock.advance(100);
    expect(unit.isReady).toBe(false);
    expect(told()).not.toContain('up proxy');
  });
});

test('options of a unit that cannot be meant are refused by name', () => {
  expect(() => start({ startMs: 0 })).toThrow('startMs must be a positive number: current value is 0');
  expect(() => start({ graceMs: NaN })).toThrow('graceMs must be a positive number: current value is NaN');
  expect(() => start({ askEveryMs: Infinity })).toThrow('askEveryMs must be a positive number: current value is Infinity');
  expect(() => start({ restartMs: [1, -1] })).toThrow('mostMs must be a positive number: current value is -1');
});

test('a unit without helpers is a process, and clock and listener have defaults', async () => {
  const unit = new Unit({ main: { name: 'job', run: async () => {} }, helpers: [], startMs: 1, askEveryMs: 1, graceMs: 1_000, restartMs: [1, 1] });
  expect(await unit.run(new AbortController().signal)).toBe('completed');
});

describe('the local hop', () => {
  test('passes on what the helper answers, and what it reports as failed, once', async () => {
    const { hop, calls, answers } = startHop();
    answers.push(() => Promise.resolve('secret'), () => Promise.reject(new Error('503 from payments')));
    expect(await hop.call('get')).toBe('secret');
    await expect(hop.call('get')).rejects.toThrow('503 from payments');
    expect(calls).toEqual([0, 0]);
  });

  test('waits for a helper that starts', async () => {
    const { clock, hop, calls, answers } = startHop();
    answers.push(refuse, refuse, () => Promise.resolve('secret'));
    const answer = hop.call('get');
    await clock.advance(200);
    expect(await answer).toBe('secret');
    expect(calls).toEqual([0, 100, 200]);
    expect(clock.pending).toBe(0);
  });

  test('does not wait longer than its limit, and says who is to blame', async () => {
    const { clock, hop, calls } = startHop();
    const answer = hop.call('get').catch((error: unknown) => error);
    await clock.advance(250);
    const error = await answer;
    expect(error).toBeInstanceOf(HelperError);
    expect(error).toMatchObject({ reason: 'not listening', message: 'vault: not listening', cause: expect.any(NotListeningError) });
    expect(calls).toEqual([0, 100, 200]);
    expect(clock.pending).toBe(0);
  });

  test('a helper that hangs is not asked again, is told to stop, and its late failure is heard by nobody', async () => {
    const { clock, hop, calls, answers, signals } = startHop();
    answers.push(() => new Promise((_, reject) => clock.setTimeout(() => reject(new Error('late')), 500)));
    const answer = hop.call('get').catch((error: unknown) => error);
    await clock.advance(250);
    expect(await answer).toMatchObject({ reason: 'too slow' });
    expect(signals[0]?.aborted).toBe(true);
    await clock.advance(500);
    expect(calls).toEqual([0]);
  });

  test('one that hangs after it had refused is too slow', async () => {
    const { clock, hop, answers } = startHop();
    answers.push(refuse, () => new Promise(() => {}));
    const answer = hop.call('get').catch((error: unknown) => error);
    await clock.advance(250);
    expect(await answer).toMatchObject({ reason: 'too slow', cause: undefined });
  });

  test('who gives up gets the own reason, before a call, in a pause and in a call', async () => {
    const { clock, hop, calls, answers } = startHop();
    const reason = new Error('user left');
    await expect(hop.call('get', AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(calls).toEqual([]);
    for (const answer of [refuse, () => new Promise<string>(() => {})]) {
      answers.push(answer);
      const caller = new AbortController();
      const call = hop.call('get', caller.signal).catch((error: unknown) => error);
      await clock.advance(50);
      caller.abort(reason);
      expect(await call).toBe(reason);
      expect(clock.pending).toBe(0);
    }
  });

  test('a send that throws at once has failed', async () => {
    const { hop, answers } = startHop();
    answers.push(() => { throw new Error('no address'); });
    await expect(hop.call('get')).rejects.toThrow('no address');
  });

  test('options that cannot be meant are refused by name', () => {
    expect(() => startHop({ limitMs: 0 })).toThrow('limitMs must be a positive number: current value is 0');
    expect(() => startHop({ pauseMs: NaN })).toThrow('pauseMs must be a positive number: current value is NaN');
    expect(() => new LocalHop({ helper: 'vault', send: () => Promise.resolve(''), limitMs: 1, pauseMs: 1 })).not.toThrow();
  });
});

/** A process that does as it is told. */
class Puppet {
  readonly name: string;
  isUp = false;
  answerFails = false;
  asked: Promise<boolean> | undefined;
  drainMs = 0;
  crashes = 0;
  readonly #clock: VirtualClock;
  end = (): void => {};
  crash = (): void => {};

  constructor(name: string, clock: VirtualClock) {
    this.name = name;
    this.#clock = clock;
  }

  run(stop: AbortSignal): Promise<void> {
    if (this.crashes > 0) {
      this.crashes -= 1;
      throw new Error('crash');
    }
    return new Promise((resolve, reject) => {
      this.end = resolve;
      this.crash = () => reject(new Error('crash'));
      const drain = (): void => {
        if (this.drainMs === 0) resolve();
        else if (this.drainMs < Infinity) this.#clock.setTimeout(resolve, this.drainMs);
      };
      if (stop.aborted) drain();
      else stop.addEventListener('abort', drain);
    });
  }

  answer(): boolean | Promise<boolean> {
    if (this.answerFails) throw new Error('no answer');
    return this.asked ?? this.isUp;
  }
}

function start(options: Partial<UnitOptions> = {}) {
  const clock = new VirtualClock();
  const [orders, proxy, agent] = [new Puppet('orders', clock), new Puppet('proxy', clock), new Puppet('agent', clock)];
  const stop = new AbortController();
  const events: { type: string; process: string; nextMs?: number }[] = [];
  const helper = (puppet: Puppet) => ({ name: puppet.name, run: (signal: AbortSignal) => puppet.run(signal), isUp: () => puppet.answer() });
  const unit = new Unit({
    main: orders, helpers: [helper(proxy), helper(agent)], startMs: 5_000, askEveryMs: 100, graceMs: 10_000, restartMs: [1_000, 5_000],
    onEvent: (event) => events.push(event), clock, ...options,
  });
  const told = (): string[] => events.map(({ type, process }) => `${type} ${process}`);
  const pauses = (): number[] => events.flatMap(({ nextMs }) => nextMs ?? []);
  return { clock, orders, proxy, agent, stop, events, unit, told, pauses };
}

/** All are up, and what was told so far is forgotten. */
async function running() {
  const all = start();
  all.proxy.isUp = all.agent.isUp = true;
  const outcome = all.unit.run(all.stop.signal);
  await all.clock.advance(0);
  all.events.splice(0);
  return { ...all, outcome };
}

function refuse(): Promise<string> {
  return Promise.reject(new NotListeningError('connection refused'));
}

function startHop(options: Partial<LocalHopOptions<string, string>> = {}) {
  const clock = new VirtualClock();
  const calls: number[] = [];
  const signals: AbortSignal[] = [];
  const answers: (() => Promise<string>)[] = [];
  const send = (_: string, signal: AbortSignal): Promise<string> => {
    calls.push(clock.now());
    signals.push(signal);
    return (answers.shift() ?? refuse)();
  };
  return { clock, calls, signals, answers, hop: new LocalHop<string, string>({ helper: 'vault', send, limitMs: 250, pauseMs: 100, clock, ...options }) };
}
