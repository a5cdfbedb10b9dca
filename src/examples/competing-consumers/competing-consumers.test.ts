import { describe, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { consume } from './competing-consumers.ts';
import type { ConsumerEvent, ConsumerOptions, Handle } from './competing-consumers.ts';
import { HandlerTimeoutError, LeaseLostError, WorkerStoppingError } from './contract.ts';
import type { Delivery } from './contract.ts';
import { MemoryBroker } from './memory-broker.ts';
import { acknowledgeFirst, leaseOnce } from './unsafe-consumers.ts';

const never = new AbortController().signal;

function setUp(maxDeliveries?: number) {
  const clock = new VirtualClock();
  const broker = new MemoryBroker<number>(clock, maxDeliveries);
  const send = (count: number, key?: (at: number) => string): void => {
    for (let at = 1; at <= count; at++) broker.send(`job ${at}`, at, key?.(at));
  };
  const start = (handle: Handle<number>, options: ConsumerOptions = {}) => {
    const events: ConsumerEvent[] = [];
    const stop = new AbortController();
    const ended = consume(broker, handle, stop.signal, { clock, leaseMs: 1_000, onEvent: (event) => events.push(event), ...options });
    const told = (...types: ConsumerEvent['type'][]) => events.filter(({ type }) => types.includes(type));
    return { events, stop, ended, told };
  };
  return { clock, broker, send, start };
}

/** A handler that takes `ms` on the clock, however it is called, and says what it did. */
function slow(clock: VirtualClock, ms: number, done: number[] = []): Handle<number> {
  return async ({ body }) => {
    await clock.sleep(ms);
    done.push(body);
  };
}

describe('several consumers', () => {
  test('share the messages, each to one of them, and are as many times faster', async () => {
    const { clock, broker, send, start } = setUp();
    const done: number[] = [];
    const consumers = [1, 2, 3, 4].map(() => start(slow(clock, 500, done)));
    send(20);
    await clock.advance(2_500);
    expect(done.sort((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    expect(consumers.map(({ told }) => told('done').length)).toEqual([5, 5, 5, 5]);
    expect([broker.backlog, clock.pending]).toEqual([0, 0]);
  });

  test('take no more than they work on, so a slow one does not sit on what others could do', async () => {
    const { clock, send, start } = setUp();
    const [slowOne, quickOne] = [start(slow(clock, 10_000), { parallel: 2 }), start(slow(clock, 100))];
    send(12);
    await clock.advance(2_000);
    expect([slowOne.told('taken').length, quickOne.told('done').length]).toEqual([2, 10]);
  });
});

describe('the acknowledgement', () => {
  test('comes after the work: a consumer that vanishes leaves its message to another, once its lease is over', async () => {
    const { clock, broker, send, start } = setUp();
    send(1);
    await broker.receive(1_000, never);
    const done: number[] = [];
    start(slow(clock, 100, done));
    await clock.advance(999);
    expect(done).toEqual([]);
    await clock.advance(101);
    expect([done, broker.backlog]).toEqual([[1], 0]);
  });

  test('of a delivery whose lease has run out is refused, and takes nothing from its new consumer', async () => {
    const { clock, broker, send } = setUp();
    send(1);
    const stale = await broker.receive(100, never);
    await clock.advance(100);
    const current = await broker.receive(1_000, never);
    expect([stale.deliveries, current.deliveries]).toEqual([1, 2]);
    expect([await broker.acknowledge(stale), await broker.giveBack(stale, 0), await broker.renew(stale, 9_000)]).toEqual([false, false, false]);
    expect([await broker.acknowledge(current), await broker.acknowledge(current)]).toEqual([true, false]);
  });

  test('counts for what is in hand only: what was given back is not held by who gave it', async () => {
    const { clock, broker, send } = setUp();
    send(1);
    const delivery = await broker.receive(1_000, never);
    expect([await broker.giveBack(delivery, 500), await broker.renew(delivery, 9_000), await broker.acknowledge(delivery)]).toEqual([true, false, false]);
    await clock.advance(500);
    expect((await broker.receive(1_000, never)).deliveries).toBe(2);
  });

  test('of work that came too late is told, and so is a failure', async () => {
    const { clock, broker, send, start } = setUp();
    broker.renew = async () => false;
    const fails = start(async (_, signal) => clock.sleep(5_000, signal));
    send(1);
    await clock.advance(1_000);
    expect(fails.told('late')).toHaveLength(0);
    const deaf = setUp();
    deaf.broker.renew = async () => false;
    const ignores = deaf.start(slow(deaf.clock, 1_500));
    const other = deaf.start(slow(deaf.clock, 1_500));
    deaf.send(1);
    await deaf.clock.advance(1_500);
    expect([...ignores.told('late'), ...other.told('late')]).toEqual([{ type: 'late', id: 'job 1', deliveries: 1 }]);
  });

  test('of a failure whose message is in other hands gives nothing back', async () => {
    const { clock, broker, send, start } = setUp();
    broker.renew = async () => false;
    const { told } = start(async () => {
      await clock.sleep(1_200);
      throw new Error('too late');
    });
    start(slow(clock, 400));
    send(1);
    await clock.advance(1_400);
    expect(told('late', 'failed')).toEqual([{ type: 'late', id: 'job 1', deliveries: 1 }]);
    expect(broker.backlog).toBe(0);
  });
});

describe('the lease', () => {
  test('is renewed while the work goes on, so work may take many times as long', async () => {
    const { clock, broker, send, start } = setUp();
    const done: number[] = [];
    const consumers = [start(slow(clock, 10_000, done)), start(slow(clock, 10_000, done))];
    send(1);
    await clock.advance(10_000);
    expect([done, broker.backlog]).toEqual([[1], 0]);
    expect(consumers.flatMap(({ told }) => told('taken'))).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  test('that is refused aborts the handler, with the reason', async () => {
    const { clock, broker, send, start } = setUp();
    broker.renew = async () => false;
    let reason: unknown;
    start(async (_, signal) => {
      await clock.sleep(5_000, signal).catch(() => {});
      reason = signal.reason;
      throw reason;
    });
    send(1);
    await clock.advance(334);
    expect(reason).toBeInstanceOf(LeaseLostError);
    expect(String(reason)).toContain("'job 1'");
  });

  test('that cannot be renewed aborts the handler before it runs out, and is tried until then', async () => {
    const { clock, broker, send, start } = setUp();
    let tries = 0;
    broker.renew = async () => {
      tries += 1;
      throw new Error('connection refused');
    };
    let [abortedMs, reason]: [number, unknown] = [0, undefined];
    const { told } = start(async (_, signal) => {
      await clock.sleep(5_000, signal).catch(() => {});
      [abortedMs, reason] = [clock.now(), signal.reason];
      throw signal.reason;
    });
    send(1);
    await clock.advance(950);
    expect([tries, abortedMs, reason]).toEqual([2, 900, expect.any(LeaseLostError)]);
    expect(told('error')).toHaveLength(2);
  });

  test('counts from the question, and not from an answer that was long on its way', async () => {
    const { clock, broker, send, start } = setUp();
    const renew = broker.renew.bind(broker);
    let asked = 0;
    broker.renew = async (delivery, leaseMs) => {
      const renewed = await renew(delivery, leaseMs);
      asked += 1;
      await clock.sleep(asked === 1 ? 500 : 60_000);
      return renewed;
    };
    let abortedMs = 0;
    start(async (_, signal) => {
      await clock.sleep(9_000, signal).catch(() => void (abortedMs = clock.now()));
    }, { renewMs: 300 });
    send(1);
    await clock.advance(2_000);
    // Asked at 300, answered at 800; the lease ends at 1,300, and the handler knows it before.
    expect(abortedMs).toBe(800 + 0.9 * 500);
  });

  test('has an end even if the handler has none, and then nobody renews it', async () => {
    const { clock, broker, send, start } = setUp();
    let reason: unknown;
    let renewals = 0;
    const renew = broker.renew.bind(broker);
    broker.renew = (...asked) => {
      renewals += 1;
      return renew(...asked);
    };
    start(async (_, signal) => {
      signal.addEventListener('abort', () => (reason = signal.reason));
      await clock.sleep(60_000);
    }, { maxMs: 2_000, renewMs: 450 });
    send(1);
    await clock.advance(5_000);
    expect([reason, renewals]).toEqual([expect.any(HandlerTimeoutError), 4]);
    const done: number[] = [];
    start(slow(clock, 10, done));
    await clock.advance(10);
    expect(done).toEqual([1]);
  });

  test('is not renewed any more by an answer that comes after the end', async () => {
    const { clock, broker, send, start } = setUp();
    broker.renew = async () => {
      await clock.sleep(400);
      return true;
    };
    start(slow(clock, 500));
    send(1);
    await clock.advance(2_000);
    expect(clock.pending).toBe(0);
  });
});

describe('a failure', () => {
  test('brings the message back after a pause that doubles up to a bound, and others pass it', async () => {
    const { clock, broker, send, start } = setUp(6);
    const begun: [number, number][] = [];
    start(({ body }) => {
      begun.push([body, clock.now()]);
      if (body === 1) throw new Error('no such product');
    }, { retryMs: 100, maxRetryMs: 500 });
    send(2);
    await clock.advance(10_000);
    expect(begun).toEqual([[1, 0], [2, 0], [1, 100], [1, 300], [1, 700], [1, 1_200], [1, 1_700]]);
    expect([broker.dead, broker.backlog, clock.pending]).toEqual([['job 1'], 0, 0]);
  });

  test('is counted by the broker, so a message that kills each consumer is dead after a few', async () => {
    const { clock, broker, send } = setUp(3);
    send(2);
    const counts: number[] = [];
    for (let death = 1; death <= 3; death++) {
      counts.push((await broker.receive(1_000, never)).deliveries);
      await clock.advance(1_000);
    }
    expect([counts, broker.dead, broker.backlog]).toEqual([[1, 2, 3], ['job 1'], 1]);
  });
});

describe('messages of one key', () => {
  test('go out in order and one at a time, whoever is free, and other keys side by side', async () => {
    const { clock, send, start } = setUp();
    const [running, done] = [new Set<string>(), new Map<string, number[]>()];
    let most = 0;
    const handle: Handle<number> = async ({ key = '', body }) => {
      expect(running.has(key)).toBe(false);
      running.add(key);
      most = Math.max(most, running.size);
      await clock.sleep(100 + ((body * 37) % 90));
      running.delete(key);
      done.set(key, [...(done.get(key) ?? []), body]);
    };
    for (let consumer = 0; consumer < 5; consumer++) start(handle);
    send(30, (at) => `product ${at % 3}`);
    await clock.advance(10_000);
    expect(most).toBe(3);
    for (const each of done.values()) expect(each).toEqual([...each].sort((one, other) => one - other));
    expect([...done.values()].flat()).toHaveLength(30);
  });

  test('wait for one that is tried again, and no other key does', async () => {
    const { clock, send, start } = setUp();
    const done: string[] = [];
    start(({ id, body, deliveries }) => {
      if (body === 1 && deliveries === 1) throw new Error('busy');
      done.push(id);
    }, { retryMs: 500 });
    send(4, (at) => `product ${at % 2}`);
    await clock.advance(499);
    expect(done).toEqual(['job 2', 'job 4']);
    await clock.advance(1);
    expect(done).toEqual(['job 2', 'job 4', 'job 1', 'job 3']);
  });
});

describe('the end of a consumer', () => {
  test('lets what is in hand come to its end, and takes nothing new', async () => {
    const { clock, broker, send, start } = setUp();
    const done: number[] = [];
    const { stop, ended, told } = start(slow(clock, 500, done), { parallel: 2 });
    let hasEnded = false;
    void ended.then(() => { hasEnded = true; });
    send(1);
    await clock.advance(100);
    stop.abort();
    send(3);
    await clock.advance(399);
    expect([done, hasEnded]).toEqual([[], false]);
    await clock.advance(1);
    await ended;
    expect([done, broker.backlog, clock.pending, told('error')]).toEqual([[1], 2, 0, []]);
  });

  test('aborts what is not done in time, and gives it to others at once', async () => {
    const { clock, send, start } = setUp();
    let reason: unknown;
    const { stop, ended, told } = start(async (_, signal) => {
      await clock.sleep(60_000, signal).catch((error: unknown) => {
        reason = error;
        throw error;
      });
    }, { drainMs: 2_000 });
    send(1);
    await clock.advance(100);
    stop.abort();
    const done: number[] = [];
    start(slow(clock, 10, done));
    await clock.advance(2_010);
    await ended;
    expect([reason, done]).toEqual([expect.any(WorkerStoppingError), [1]]);
    expect(told('failed')).toHaveLength(1);
  });

  test('comes at once where nothing is in hand, and before anything where it has been asked for already', async () => {
    const { clock, broker, send, start } = setUp();
    const { stop, ended } = start(() => {});
    await clock.advance(10);
    stop.abort();
    await ended;
    send(1);
    await consume(broker, () => expect.fail('it had ended'), AbortSignal.abort(), { clock });
    await expect(broker.receive(1_000, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect([broker.backlog, clock.pending]).toEqual([1, 0]);
  });
});

describe('a broker that cannot be reached', () => {
  test('is asked again after a pause, and an acknowledgement that is lost brings the message again', async () => {
    const { clock, broker, send, start } = setUp();
    const [receive, acknowledge] = [broker.receive.bind(broker), broker.acknowledge.bind(broker)];
    let isUp = false;
    broker.receive = async (...asked) => (isUp ? receive(...asked) : Promise.reject(new Error('connection refused')));
    broker.acknowledge = async (delivery: Delivery<number>) => (delivery.deliveries > 1 ? acknowledge(delivery) : Promise.reject(new Error('connection reset')));
    const done: number[] = [];
    const { told, stop, ended } = start(slow(clock, 10, done), { pauseMs: 500 });
    send(1);
    await clock.advance(1_400);
    expect(told('error')).toHaveLength(3);
    isUp = true;
    await clock.advance(3_000);
    expect([done, told('error').length, broker.backlog]).toEqual([[1, 1], 4, 0]);
    isUp = false;
    send(1);
    await clock.advance(1_000);
    stop.abort();
    await ended;
    expect(clock.pending).toBe(0);
  });
});

describe('what others do', () => {
  test('an acknowledgement on receipt loses what fails', async () => {
    const { clock, broker, send } = setUp();
    const done: number[] = [];
    const stop = new AbortController();
    const ended = acknowledgeFirst(broker, ({ body }) => {
      if (body === 1) throw new Error('busy');
      done.push(body);
    }, stop.signal, 1_000);
    send(2);
    await clock.advance(60_000);
    expect([done, broker.backlog, broker.dead]).toEqual([[2], 0, []]);
    stop.abort(new Error('stop'));
    await expect(ended).rejects.toThrow('stop');
  });

  test('a lease that nobody renews has long work done again and again until it is dead, although it succeeds each time', async () => {
    const { clock, broker, send } = setUp();
    const done: number[] = [];
    for (let consumer = 0; consumer < 2; consumer++) void leaseOnce(broker, slow(clock, 1_500, done), never, 1_000);
    send(1);
    await clock.advance(10_000);
    expect([done, broker.dead]).toEqual([[1, 1, 1, 1, 1], ['job 1']]);
    const again = setUp();
    void leaseOnce(again.broker, ({ deliveries }) => { if (deliveries === 1) throw new Error('busy'); }, never, 1_000);
    again.send(2);
    await again.clock.advance(2_000);
    expect(again.broker.backlog).toBe(0);
  });
});

test('an id that waits is not sent twice', async () => {
  const { broker, send } = setUp();
  send(1);
  send(1);
  expect(broker.backlog).toBe(1);
});

test('refuses options that make no sense, and has the system clock where nothing else is said', async () => {
  const { broker, send } = setUp();
  const start = (options: ConsumerOptions): Promise<void> => consume(broker, () => {}, AbortSignal.abort(), options);
  for (const parallel of [0, 1.5, Infinity]) await expect(start({ parallel })).rejects.toEqual(new RangeError(`parallel must be a positive integer: current value is ${parallel}`));
  for (const name of ['leaseMs', 'maxMs', 'retryMs', 'maxRetryMs', 'pauseMs', 'drainMs'] as const) for (const value of [0, Number.NaN, 2 ** 31]) await expect(start({ [name]: value })).rejects.toEqual(new RangeError(`${name} must be above 0 and below 2147483648: current value is ${value}`));
  for (const renewMs of [0, 501, Number.NaN]) await expect(start({ leaseMs: 1_000, renewMs })).rejects.toEqual(new RangeError(`renewMs must be above 0 and at most half of leaseMs (1000): current value is ${renewMs}`));
  await start({ leaseMs: 1_000, renewMs: 500 });
  for (const count of [0, 2.5]) expect(() => setUp(count)).toThrow(new RangeError(`maxDeliveries must be a positive integer: current value is ${count}`));
  send(2);
  const stop = new AbortController();
  await consume(broker, ({ body }) => {
    stop.abort();
    if (body === 2) throw new Error('no');
  }, stop.signal);
  broker.renew = () => Promise.reject(new Error('connection refused'));
  const again = new AbortController();
  await consume(broker, async () => {
    await systemClock.sleep(30);
    again.abort();
    throw new Error('busy');
  }, again.signal, { leaseMs: 20 });
  expect(broker.backlog).toBe(1);
});
