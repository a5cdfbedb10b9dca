import { describe, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { shutDown } from './graceful-shutdown.ts';
import type { ShutdownOptions } from './graceful-shutdown.ts';
import { HealthCheck } from './health-check.ts';
import type { Check, HealthEvent } from './health-check.ts';
import { InstancePool } from './instance-pool.ts';
import type { InstancePoolOptions, PoolEvent } from './instance-pool.ts';
import { Progress, StalledError } from './progress.ts';
import { within } from './within.ts';

/** A check that is told what to do; pauses are exactly a second. */
function setUp(part: Partial<Check> = {}) {
  const clock = new VirtualClock();
  const events: HealthEvent[] = [];
  const world = { error: undefined as unknown, tookMs: 0, runs: 0, signals: [] as AbortSignal[] };
  const run = async (signal: AbortSignal): Promise<void> => {
    world.runs += 1;
    world.signals.push(signal);
    if (world.tookMs > 0) await clock.sleep(world.tookMs);
    if (world.error !== undefined) throw world.error;
  };
  const check = { name: 'database', of: 'dependency', run, intervalMs: 1_000, timeoutMs: 400, ...part } as Check;
  const health = new HealthCheck({ name: 'orders-1', checks: [check], clock, random: () => 0.5, onEvent: (event) => events.push(event) });
  const leave = new AbortController();
  const watching = health.watch(leave.signal);
  const statuses = (): number[] => (['startup', 'liveness', 'readiness'] as const).map((probe) => health.answer(probe).status);
  return { clock, events, world, health, leave, watching, statuses };
}
const down = new Error('connection refused');

describe('three questions, three answers', () => {
  test('starting is neither ready nor a reason to restart', async () => {
    const { health, statuses, clock } = setUp();
    await clock.advance(0);
    expect(statuses()).toEqual([503, 200, 503]);
    expect(health.answer('readiness').body).toBe('starting');
    health.started();
    expect(statuses()).toEqual([200, 200, 200]);
  });

  test('a dependency that is down is reported and decides nothing by default', async () => {
    const { health, statuses, clock, world } = setUp();
    health.started();
    world.error = down;
    await clock.advance(60_000);
    expect(statuses()).toEqual([200, 200, 200]);
    expect(health.report()).toEqual({ name: 'orders-1', phase: 'serving', checks: [{ name: 'database', of: 'dependency', decides: 'nothing', verdict: 'ill', ageMs: 0, error: 'Error: connection refused' }] });
  });

  test('a dependency may take the instance out of traffic where somebody asks for it, and never restarts it', async () => {
    const { health, statuses, clock, world } = setUp({ decides: 'readiness' });
    health.started();
    world.error = down;
    await clock.advance(3_000);
    expect(statuses()).toEqual([200, 200, 503]);
    expect(health.answer('readiness')).toEqual({ status: 503, body: 'failing' });
    const check = { name: 'database', of: 'dependency', run: async () => {}, decides: 'liveness' } as unknown as Check;
    expect(() => new HealthCheck({ name: 'x', checks: [check] })).toThrow("decides of dependency 'database' must be 'nothing' or 'readiness', since a restart does not repair it: current value is 'liveness'");
  });

  test('what only a restart ends fails liveness, and takes the instance out until then', async () => {
    const { health, statuses, clock, world } = setUp({ of: 'process', decides: 'liveness' } as Partial<Check>);
    health.started();
    await clock.advance(0);
    expect(statuses()).toEqual([200, 200, 200]);
    world.error = down;
    await clock.advance(3_000);
    expect(statuses()).toEqual([200, 503, 503]);
  });

  test('before the first result an instance is alive and not ready', () => {
    expect(setUp({ of: 'process', decides: 'liveness' } as Partial<Check>).health.answer('liveness').status).toBe(200);
    const { health } = setUp({ decides: 'readiness' });
    health.started();
    expect(health.answer('readiness')).toEqual({ status: 503, body: 'failing' });
    expect(health.report().checks[0]).toMatchObject({ verdict: 'unknown', ageMs: undefined, error: undefined });
  });

  test('draining is unready and alive, and a warm-up that ends late does not undo it', async () => {
    const { health, statuses, events } = setUp();
    health.drain();
    health.drain();
    health.started();
    expect(statuses()).toEqual([200, 200, 503]);
    expect(health.answer('readiness').body).toBe('draining');
    expect(events.filter(({ type }) => type === 'phase')).toEqual([{ process: 'orders-1', atMs: 0, type: 'phase', from: 'starting', to: 'draining' }]);
  });

  test('the answer for anybody names nothing inside', async () => {
    const { health, clock, world } = setUp({ decides: 'readiness' });
    world.error = new Error('no route to db-7.internal, PostgreSQL 18.1');
    health.started();
    await clock.advance(5_000);
    expect(JSON.stringify(health.answer('readiness'))).not.toMatch(/database|db-7|18/);
  });
});

describe('checks run behind the answers', () => {
  test('asking runs nothing, and nobody waits for a slow dependency', async () => {
    const { health, clock, world } = setUp();
    health.started();
    world.tookMs = 300;
    for (let asked = 0; asked < 1_000; asked += 1) expect(health.answer('readiness').status).toBe(200);
    expect(world.runs).toBe(1);
    await clock.advance(1_300);
    expect(world.runs).toBe(2);
  });

  test('one failure of three does not flip the answer, and one success of two does not flip it back', async () => {
    const { health, clock, world, events } = setUp({ decides: 'readiness' });
    health.started();
    const seen: number[] = [];
    for (const error of [undefined, down, down, undefined, down, down, down, undefined, down, undefined, undefined]) {
      world.error = error;
      await clock.advance(seen.length === 0 ? 0 : 1_000);
      seen.push(health.answer('readiness').status);
    }
    expect(seen).toEqual([200, 200, 200, 200, 200, 200, 503, 503, 503, 503, 200]);
    expect(events.flatMap((event) => (event.type === 'verdict' ? [`${event.from} to ${event.to}`] : []))).toEqual(['unknown to well', 'well to ill', 'ill to well']);
  });

  test('a run that hangs is cut off at its limit, counts as failed, and is told', async () => {
    const { clock, world, health, events } = setUp({ decides: 'readiness' });
    health.started();
    await clock.advance(0);
    world.tookMs = 700;
    await clock.advance(1_400);
    expect(world.signals[1]?.aborted).toBe(true);
    expect(health.report().checks[0]?.error).toBe("CheckTimeoutError: check 'database' gave no result within 400 ms");
    expect(events.at(-1)).toMatchObject({ ok: false, durationMs: 400 });
    world.error = down;
    await clock.advance(300);
    expect(health.report().checks[0]).toMatchObject({ verdict: 'well', ageMs: 300 });
  });

  test('a run that ignores its limit is not run a second time beside itself', async () => {
    const { clock, world, health } = setUp();
    await clock.advance(0);
    world.tookMs = 10_000;
    await clock.advance(4_000);
    expect(world.runs).toBe(2);
    expect(health.report().checks[0]?.error).toBe("CheckStuckError: check 'database' was not run: its last run has not ended");
    world.tookMs = 0;
    await clock.advance(10_000);
    expect(world.runs).toBeGreaterThan(2);
    expect(health.report().checks[0]).toMatchObject({ verdict: 'well', error: undefined });
  });

  test('a throw and a rejection without a reason are failures', async () => {
    const thrown = setUp({ run: () => { throw down; } });
    await thrown.clock.advance(0);
    expect(thrown.health.report().checks[0]).toMatchObject({ verdict: 'ill', error: 'Error: connection refused' });
    const empty = setUp({ run: () => Promise.reject() });
    await empty.clock.advance(0);
    expect(empty.health.report().checks[0]).toMatchObject({ verdict: 'ill', error: 'Error: failed without a reason' });
  });

  test('instances do not ask in step', async () => {
    const pauses: number[] = [];
    const clock = { ...systemClock, now: () => 0, setTimeout: () => 0, clearTimeout: () => {}, sleep: async (ms: number) => { pauses.push(ms); if (pauses.length === 2) leave.abort(); } };
    const leave = new AbortController();
    const draws = [0, 0.999];
    const health = new HealthCheck({ name: 'x', checks: [{ name: 'database', of: 'dependency', run: async () => {}, intervalMs: 1_000 }], clock, random: () => draws.shift() ?? 0 });
    await health.watch(leave.signal);
    expect(pauses).toEqual([750, 1249.5]);
  });

  test('who stops watching learns nothing more and leaves nothing behind', async () => {
    const { clock, world, leave, watching, health } = setUp();
    await clock.advance(0);
    world.tookMs = 300;
    await clock.advance(1_100);
    leave.abort(new Error('the process ends'));
    await watching;
    expect(world.signals[1]?.aborted).toBe(true);
    expect(health.report().checks[0]?.verdict).toBe('well');
    await clock.advance(300);
    expect(clock.pending).toBe(0);
    await health.watch(AbortSignal.abort());
    new HealthCheck({ name: 'no clock and no listener', checks: [] }).started();
    expect(world.runs).toBe(2);
  });

  test('options are checked', () => {
    const make = (part: Partial<Check>) => () => new HealthCheck({ name: 'x', checks: [{ name: 'a', of: 'dependency', run: async () => {}, ...part } as Check] });
    expect(make({ intervalMs: Number.NaN })).toThrow("intervalMs of check 'a' must be between 1 and 1717986917: current value is NaN");
    expect(make({ timeoutMs: Infinity })).toThrow("timeoutMs of check 'a' must be between 1 and 1717986917: current value is Infinity");
    expect(make({ failures: 0 })).toThrow("failures of check 'a' must be a positive integer: current value is 0");
    expect(make({ successes: 1.5 })).toThrow("successes of check 'a' must be a positive integer: current value is 1.5");
    const twin: Check = { name: 'a', of: 'dependency', run: async () => {} };
    expect(() => new HealthCheck({ name: 'x', checks: [twin, twin] })).toThrow("checks must differ in their names: 'a' is there twice");
  });
});

describe('a loop without a port', () => {
  test('is alive while it turns, idle or not, and stalled when it stands still', async () => {
    const clock = new VirtualClock();
    const progress = new Progress(1_000, clock);
    await clock.advance(1_000);
    await progress.check();
    progress.mark();
    await clock.advance(1_001);
    await expect(progress.check()).rejects.toEqual(new StalledError('no turn for 1001 ms; 1000 ms are allowed'));
    progress.mark();
    await progress.check();
    await new Progress(60_000).check();
    expect(() => new Progress(0)).toThrow('longestMs must be a positive number: current value is 0');
    expect(() => new Progress(Infinity)).toThrow('longestMs must be a positive number: current value is Infinity');
  });
});

describe('shutdown', () => {
  function open(options: Partial<ShutdownOptions> = {}) {
    const clock = new VirtualClock();
    const steps: string[] = [];
    const say = (step: string) => async (): Promise<void> => { steps.push(`${clock.now()} ${step}`); };
    const ended = shutDown({ health: { drain: () => void say('unready')() }, noticeMs: 2_000, deadlineMs: 10_000, stopIntake: say('intake'), finish: async () => { await clock.sleep(500); await say('finished')(); }, close: say('closed'), clock, ...options });
    return { clock, steps, ended };
  }

  test('is unready first, serves on, then stops intake, finishes, and closes the pools last', async () => {
    const { clock, steps, ended } = open();
    await clock.advance(2_500);
    expect(await ended).toBe('finished');
    expect(steps).toEqual(['0 unready', '2000 intake', '2500 finished', '2500 closed']);
    expect(clock.pending).toBe(0);
  });

  test('cuts off at the deadline, lets the work give back what it holds, and closes then', async () => {
    const gaveBack: number[] = [];
    const { clock, steps, ended } = open({ finish: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => void clock.sleep(200).then(() => { gaveBack.push(clock.now()); resolve(undefined); }))) });
    await clock.advance(10_200);
    expect(await ended).toBe('cut off');
    expect(gaveBack).toEqual([10_200]);
    expect(steps.at(-1)).toBe('10200 closed');
  });

  test('waits no longer than that for work that does not listen', async () => {
    const { clock, steps, ended } = open({ finish: () => new Promise(() => {}) });
    await clock.advance(11_000);
    expect(await ended).toBe('cut off');
    expect(steps.at(-1)).toBe('11000 closed');
    expect(clock.pending).toBe(0);
  });

  test('an intake that never closes, such as a server with connections kept alive, does not hold up the rest', async () => {
    const given: number[] = [];
    const { clock, steps, ended } = open({ stopIntake: () => new Promise(() => {}), finish: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => { given.push(clock.now()); resolve(undefined); })) });
    await clock.advance(10_000);
    expect(await ended).toBe('cut off');
    expect([given, steps.at(-1)]).toEqual([[10_000], '10000 closed']);
    expect(clock.pending).toBe(0);
  });

  test('closes even when a step fails, and says so', async () => {
    const { clock, steps, ended } = open({ stopIntake: () => { throw down; } });
    const error = ended.catch((reason: unknown) => reason);
    await clock.advance(2_000);
    expect(await error).toBe(down);
    expect(steps).toEqual(['0 unready', '2000 closed']);
  });

  test('options are checked', async () => {
    await expect(open({ noticeMs: -1 }).ended).rejects.toThrow('noticeMs must be at least 0: current value is -1');
    await expect(open({ deadlineMs: 2_000 }).ended).rejects.toThrow('deadlineMs must be more than noticeMs, 2000, and at most 2147483647: current value is 2000');
    await expect(open({ deadlineMs: 2 ** 31 }).ended).rejects.toThrow('current value is 2147483648');
    await expect(open({ giveBackMs: Infinity }).ended).rejects.toThrow('giveBackMs must be between 0 and 2147483647: current value is Infinity');
    const steps: string[] = [];
    await shutDown({ health: { drain: () => {} }, noticeMs: 0, deadlineMs: 5, stopIntake: () => {}, finish: async () => {}, close: () => steps.push('closed') });
    expect(steps).toEqual(['closed']);
  });
});

describe('within', () => {
  test('an aborted signal means no run; an abort ends the wait with its own reason', async () => {
    const clock = new VirtualClock();
    const left = new Error('left');
    await expect(within(clock, 10, () => expect.fail('ran'), () => new Error('late'), AbortSignal.abort(left))).rejects.toBe(left);
    await expect(within(clock, 10, async () => 7, () => new Error('late'))).resolves.toBe(7);
    expect(clock.pending).toBe(0);
  });
});

describe('the balancer', () => {
  function pool(options: InstancePoolOptions = {}, size = 4) {
    const clock = new VirtualClock();
    const events: PoolEvent[] = [];
    const instances = new InstancePool<string>({ failures: 3, baseEjectionMs: 1_000, maxEjectionMs: 2_500, maxEjectedShare: 0.5, panicShare: 0, clock, onEvent: (event) => events.push(event), ...options });
    const names = Array.from({ length: size }, (_, at) => `orders-${at + 1}`);
    for (const name of names) {
      instances.add(name);
      instances.setReady(name, true);
    }
    const call = (instance: string, ...outcomes: boolean[]): void => { for (const outcome of outcomes) instances.begin(instance)(outcome); };
    return { clock, events, instances, names, call };
  }

  test('sends calls to the ready ones only, and none before they say so', () => {
    const { instances } = pool({}, 2);
    instances.add('orders-3');
    expect(instances.routable()).toEqual(['orders-1', 'orders-2']);
    instances.setReady('orders-1', false);
    expect(instances.routable()).toEqual(['orders-2']);
    instances.remove('orders-2');
    instances.setReady('orders-2', true);
    expect(instances.routable()).toEqual([]);
  });

  test('ejects after failures in a row, although the check says well, and takes it back by itself', async () => {
    const { instances, call, clock, events } = pool();
    call('orders-1', false, false, true, false, false);
    expect(instances.routable()).toHaveLength(4);
    call('orders-1', false);
    expect(instances.routable()).toEqual(['orders-2', 'orders-3', 'orders-4']);
    expect(events).toEqual([{ type: 'ejected', instance: 'orders-1', forMs: 1_000 }]);
    await clock.advance(1_000);
    expect(instances.routable()).toHaveLength(4);
  });

  test('each ejection in a row is longer, up to a bound, and good time is forgiven', async () => {
    const { call, clock, events } = pool();
    for (const waitMs of [1_000, 2_000, 2_500, 2_500 + 2_000, 0]) {
      call('orders-1', false, false, false);
      await clock.advance(waitMs);
    }
    expect(events.map((event) => event.type === 'ejected' && event.forMs)).toEqual([1_000, 2_000, 2_500, 2_500, 2_500]);
    await clock.advance(60_000);
    call('orders-1', false, false, false);
    expect(events.at(-1)).toEqual({ type: 'ejected', instance: 'orders-1', forMs: 1_000 });
  });

  test('never ejects more than its share, so a shared fault does not empty the pool', () => {
    const { instances, names, call, events } = pool();
    for (const name of names) call(name, false, false, false);
    expect(instances.routable()).toEqual(['orders-3', 'orders-4']);
    expect(events.map(({ type }) => type)).toEqual(['ejected', 'ejected', 'spared', 'spared']);
  });

  test('calls from before the ejection do not count against the instance that came back', async () => {
    const { instances, call, clock } = pool();
    const late = [1, 2, 3].map(() => instances.begin('orders-1'));
    call('orders-1', false, false, false);
    await clock.advance(1_000);
    for (const end of late) end(false);
    expect(instances.routable()).toHaveLength(4);
    const stranger = instances.begin('orders-9');
    stranger(false);
    const gone = instances.begin('orders-2');
    instances.remove('orders-2');
    gone(false);
    expect(instances.routable()).toHaveLength(3);
  });

  test('failures while it is ejected, sent there in panic, do not eject it again', () => {
    const { call, events } = pool();
    call('orders-1', false, false, false);
    call('orders-1', false, false, false, false);
    expect(events).toHaveLength(1);
  });

  test('with too few available it uses all, and says so once', () => {
    const { instances, events } = pool({ panicShare: 0.5 });
    instances.setReady('orders-1', false);
    instances.setReady('orders-2', false);
    expect(instances.routable()).toEqual(['orders-3', 'orders-4']);
    instances.setReady('orders-3', false);
    expect(instances.routable()).toHaveLength(4);
    expect(instances.routable()).toHaveLength(4);
    instances.setReady('orders-3', true);
    instances.routable();
    expect(events).toEqual([{ type: 'panic', on: true }, { type: 'panic', on: false }]);
  });

  test('without listener it works as well', () => {
    const instances = new InstancePool<number>({ failures: 1, maxEjectedShare: 0.5 });
    for (const each of [1, 2, 3, 4]) {
      instances.add(each);
      instances.setReady(each, true);
      instances.begin(each)(false);
    }
    instances.remove(1);
    instances.setReady(3, false);
    expect(instances.routable()).toEqual([2, 3, 4]);
  });

  test('options are checked', () => {
    expect(() => new InstancePool({ failures: Number.NaN })).toThrow('failures must be at least 1: current value is NaN');
    expect(() => new InstancePool({ baseEjectionMs: 0 })).toThrow('baseEjectionMs must be a positive number: current value is 0');
    expect(() => new InstancePool({ maxEjectionMs: 1 })).toThrow('maxEjectionMs must be at least baseEjectionMs, 30000: current value is 1');
    expect(() => new InstancePool({ maxEjectedShare: 2 })).toThrow('maxEjectedShare must be between 0 and 1: current value is 2');
    expect(() => new InstancePool({ panicShare: Number.NaN })).toThrow('panicShare must be between 0 and 1: current value is NaN');
  });
});
