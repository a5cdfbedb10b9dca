import { describe, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { LeaseLostError, NothingKnownError, RegistryStartingError, RegistryTimeoutError } from './contract.ts';
import type { Instance, Lease, RegistryEvent, RegistryPort, ServiceRegistryOptions } from './contract.ts';
import { Directory } from './directory.ts';
import type { DirectoryEvent, DirectoryOptions } from './directory.ts';
import { keepRegistered } from './registration.ts';
import type { RegistrationEvent, RegistrationOptions } from './registration.ts';
import { ServiceRegistry } from './service-registry.ts';
import { within } from './within.ts';

const leaseMs = 9_000;
const sweepMs = 1_000;

/** A registry that tells at once what it knows, and runs. */
function setUp(options: ServiceRegistryOptions = {}) {
  const clock = new VirtualClock();
  const events: RegistryEvent[] = [];
  const registry = new ServiceRegistry({ leaseMs, sweepMs, warmUpMs: 0, clock, random: () => 0.5, onEvent: (event) => events.push(event), ...options });
  const stop = new AbortController();
  void registry.run(stop.signal);
  const ids = async (): Promise<string[]> => (await registry.watch('orders')).instances.map(({ id }) => id);
  const register = (id: string): Promise<Lease> => registry.register(orders(id));
  return { clock, events, registry, stop, ids, register };
}
const orders = (id: string): Instance => ({ service: 'orders', id, address: `10.0.0.1:${id}` });

/** A way to a registry that can be cut, and notes what goes along it. */
function network({ registry, clock }: { registry: RegistryPort; clock: VirtualClock }, state: { cut?: boolean; hangs?: boolean } = {}) {
  const way = { cut: false, hangs: false, ...state, asked: [] as { call: string; atMs: number; since: string | undefined }[] };
  const pass = async (call: string, signal?: AbortSignal, since?: string): Promise<void> => {
    way.asked.push({ call, atMs: clock.now(), since });
    if (way.hangs) await clock.sleep(1e9, signal);
    if (way.cut) throw new TypeError('fetch failed');
  };
  const port: RegistryPort = {
    register: async (instance, signal) => { await pass('register', signal); return registry.register(instance, signal); },
    renew: async (lease, signal) => { await pass('renew', signal); return registry.renew(lease, signal); },
    deregister: async (lease, signal) => { await pass('deregister', signal); return registry.deregister(lease, signal); },
    watch: async (service, since, signal) => { await pass('watch', signal, since); return registry.watch(service, since, signal); },
  };
  return { way, port, times: (call: string) => way.asked.filter((each) => each.call === call).map(({ atMs }) => atMs) };
}

describe('the instance keeps itself on the list', () => {
  function begin(part: Partial<RegistrationOptions> = {}, options: ServiceRegistryOptions = {}, state: { cut?: boolean; hangs?: boolean } = {}) {
    const world = setUp(options);
    const net = network(world, state);
    const told: RegistrationEvent[] = [];
    const leave = new AbortController();
    const kept = keepRegistered({ registry: net.port, instance: orders('o1'), clock: world.clock, random: () => 1, onEvent: (event) => told.push(event), ...part }, leave.signal);
    kept.catch(() => {});
    return { ...world, ...net, told, leave, kept };
  }

  test('renews within a third of the lease, at drawn moments', async () => {
    const draws = [0, 1, 0.5];
    const { clock, ids, times } = begin({ random: () => draws.shift() ?? 1 });
    await clock.advance(12 * leaseMs);
    expect(await ids()).toEqual(['o1']);
    expect(times('register')).toEqual([0]);
    expect(times('renew').slice(0, 4)).toEqual([1_500, 4_500, 6_750, 9_750]);
  });

  test('two renewals may be lost', async () => {
    const { clock, way, ids, times, events } = begin();
    await clock.advance(1);
    way.cut = true;
    await clock.advance(leaseMs - 2);
    way.cut = false;
    await clock.advance(leaseMs);
    expect(times('register')).toEqual([0]);
    expect(await ids()).toEqual(['o1']);
    expect(events.some(({ type }) => type === 'expired')).toBe(false);
  });

  test('registers again when its lease has expired', async () => {
    const { clock, way, ids, told } = begin();
    await clock.advance(0);
    way.cut = true;
    await clock.advance(20_000);
    expect(await ids()).toEqual([]);
    way.cut = false;
    await clock.advance(leaseMs);
    expect(await ids()).toEqual(['o1']);
    expect(told.filter(({ type }) => type === 'registered')).toHaveLength(2);
    expect(told.find((event) => event.type === 'failed' && event.error instanceof LeaseLostError)).toBeDefined();
  });

  test('gives up when another process has its id: two would throw each other out for ever', async () => {
    const { clock, registry, kept } = begin();
    await clock.advance(0);
    await registry.register({ ...orders('o1'), address: 'elsewhere' });
    await clock.advance(leaseMs / 3);
    await expect(kept).rejects.toMatchObject({ name: 'LeaseLostError', reason: 'replaced' });
    expect((await registry.watch('orders')).instances[0]?.address).toBe('elsewhere');
  });

  test('pauses after failures double up to a third of the lease, and begin anew after a success', async () => {
    const { clock, way, times } = begin({ retryMs: 500 }, { leaseMs: 12_000 }, { cut: true });
    await clock.advance(40_000);
    expect(times('register')).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 25_500, 35_500]);
    way.cut = false;
    await clock.advance(5_500);
    way.cut = true;
    await clock.advance(10_000);
    expect([times('register').at(-1), ...times('renew')]).toEqual([45_500, 49_500, 50_000, 51_000, 53_000]);
  });

  test('a call that hangs counts as failed', async () => {
    const { clock, way, told, ids } = begin({ timeoutMs: 300 }, {}, { hangs: true });
    await clock.advance(300);
    expect(told[0]).toMatchObject({ type: 'failed', atMs: 300, error: new RegistryTimeoutError("the registry did not answer 'o1' within 300 ms") });
    way.hangs = false;
    await clock.advance(1_000);
    expect(await ids()).toEqual(['o1']);
  });

  test('leaves the list at shutdown', async () => {
    const { clock, leave, kept, ids, told, stop } = begin();
    await clock.advance(100);
    leave.abort();
    await kept;
    expect(await ids()).toEqual([]);
    expect(told.at(-1)).toEqual({ id: 'o1', atMs: 100, type: 'deregistered' });
    stop.abort();
    await clock.advance(0);
    expect(clock.pending).toBe(0);
  });

  test('a registry that cannot be told does not hold up the shutdown; the lease ends by itself', async () => {
    const { clock, leave, kept, way, told, ids } = begin({ timeoutMs: 300 });
    await clock.advance(0);
    way.hangs = true;
    leave.abort();
    await clock.advance(300);
    await kept;
    expect(told.at(-1)).toMatchObject({ type: 'failed', atMs: 300 });
    await clock.advance(leaseMs);
    expect(await ids()).toEqual([]);
  });

  test('does not take its own late registration for another process', async () => {
    const world = setUp();
    const slow = network(world);
    const register = slow.port.register;
    let calls = 0;
    // The first one arrives after the second, and its answer comes too late for anybody.
    slow.port.register = async (instance, signal) => {
      if (calls++ > 0) return register(instance, signal);
      await world.clock.sleep(2_500);
      return register(instance, signal);
    };
    const kept = keepRegistered({ registry: slow.port, instance: orders('o1'), clock: world.clock, random: () => 0, timeoutMs: 2_000 }, world.stop.signal);
    kept.catch(() => {});
    await world.clock.advance(20 * leaseMs);
    expect(await world.ids()).toEqual(['o1']);
    await world.registry.register({ ...orders('o1'), address: 'elsewhere' });
    await world.clock.advance(leaseMs);
    await expect(kept).rejects.toMatchObject({ reason: 'replaced' });
  });

  test('told to leave while it registers, it leaves again what it has registered', async () => {
    const world = setUp();
    const { port } = network(world);
    const { register } = port;
    port.register = async (instance, signal) => {
      await world.clock.sleep(1_000, signal);
      return register(instance, signal);
    };
    const leave = new AbortController();
    const kept = keepRegistered({ registry: port, instance: orders('o1'), clock: world.clock }, leave.signal);
    await world.clock.advance(10);
    leave.abort();
    await world.clock.advance(1_000);
    await kept;
    expect(await world.ids()).toEqual([]);
    expect(world.events.map(({ type }) => type)).toEqual(['registered', 'deregistered']);
  });

  test('told to leave before it registers, or while nobody answers, it resolves', async () => {
    const { clock, leave, kept, told } = begin({ timeoutMs: 300 }, {}, { hangs: true });
    await clock.advance(10);
    leave.abort();
    await clock.advance(300);
    await kept;
    await keepRegistered({ registry: setUp().registry, instance: orders('o1'), clock }, leave.signal);
    expect(told).toEqual([]);
  });

  test('refuses limits that no timer can hold, and needs no others', async () => {
    const { registry } = setUp();
    const ended = AbortSignal.abort();
    await expect(keepRegistered({ registry, instance: orders('o1'), timeoutMs: 0 }, ended)).rejects.toThrow('timeoutMs must be between 1 and 2147483647: current value is 0');
    await expect(keepRegistered({ registry, instance: orders('o1'), retryMs: Infinity }, ended)).rejects.toThrow('retryMs must be between 1 and 2147483647: current value is Infinity');
    await keepRegistered({ registry, instance: orders('o1') }, ended);
  });
});

describe('the caller keeps a list', () => {
  function begin(part: Partial<DirectoryOptions> = {}, options: ServiceRegistryOptions = {}, state: { cut?: boolean; hangs?: boolean } = {}) {
    const world = setUp(options);
    const net = network(world, state);
    const told: DirectoryEvent[] = [];
    const leave = new AbortController();
    const directory = new Directory({ registry: net.port, service: 'orders', clock: world.clock, random: () => 1, onEvent: (event) => told.push(event), ...part });
    const following = directory.follow(leave.signal);
    const known = (): string[] => directory.get().instances.map(({ id }) => id);
    return { ...world, ...net, told, leave, directory, following, known };
  }

  test('answers from memory, and learns of a change without polling', async () => {
    const { clock, register, known, times, directory } = begin();
    await register('o1');
    await clock.advance(0);
    expect(known()).toEqual(['o1']);
    await clock.advance(5_000);
    expect(times('watch')).toEqual([0, 2_000]);
    await register('o2');
    await clock.advance(0);
    expect(known()).toEqual(['o1', 'o2']);
    expect(directory.get().ageMs).toBe(0);
  });

  test('while the registry is away the last list stands, and says how old it is', async () => {
    const { clock, register, known, directory, way, told } = begin({ pauseMs: 1 }, { maxWaitMs: 1_000, leaseMs: 600_000 });
    await register('o1');
    await clock.advance(500);
    way.cut = true;
    await clock.advance(600_000);
    expect(known()).toEqual(['o1']);
    expect(directory.get().ageMs).toBeGreaterThan(590_000);
    expect(told.at(-1)).toMatchObject({ service: 'orders', type: 'failed', error: new TypeError('fetch failed') });
  });

  test('pauses after failures double up to the longest, and begin anew after a success', async () => {
    const { clock, register, way, times } = begin({ retryMs: 500, maxRetryMs: 3_000 }, {}, { cut: true });
    await clock.advance(10_000);
    expect(times('watch')).toEqual([0, 500, 1_500, 3_500, 6_500, 9_500]);
    way.cut = false;
    await clock.advance(5_000);
    expect(times('watch').slice(6)).toEqual([12_500, 14_500]);
    way.cut = true;
    await register('o1');
    await clock.advance(4_000);
    expect(times('watch').slice(8)).toEqual([17_000, 17_500, 18_500]);
  });

  test('callers who lost the registry together do not come back together', async () => {
    const world = setUp();
    const { way, port, times } = network(world);
    way.cut = true;
    let seed = 7;
    const random = (): number => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    for (let caller = 0; caller < 50; caller += 1) void new Directory({ registry: port, service: 'orders', clock: world.clock, random }).follow(world.stop.signal);
    await world.clock.advance(60_000);
    const perSecond = Map.groupBy(times('watch').filter((atMs) => atMs > 20_000), (atMs) => Math.floor(atMs / 1_000));
    expect(Math.max(...[...perSecond.values()].map(({ length }) => length))).toBeLessThan(15);
    world.stop.abort();
    await world.clock.advance(0);
    expect(world.clock.pending).toBe(0);
  });

  test('callers who hear of a change together do not ask again together', async () => {
    const draws = [0.1, 0.2, 0.3, 0.5, 0.6, 0.9];
    const world = setUp();
    const { port, times } = network(world);
    for (let caller = 0; caller < 3; caller += 1) void new Directory({ registry: port, service: 'orders', clock: world.clock, random: () => draws.shift() ?? 1 }).follow(world.stop.signal);
    await world.clock.advance(1_000);
    await world.register('o1');
    await world.clock.advance(2_000);
    expect(times('watch').slice(6)).toEqual([2_000, 2_200, 2_800]);
  });

  test('an empty list does not replace one that is not, unless somebody wants that', async () => {
    for (const believeEmpty of [false, true]) {
      const { clock, register, known, told, directory } = begin({ believeEmpty });
      await register('o1');
      await clock.advance(leaseMs + sweepMs + 2_000);
      expect(known()).toEqual(believeEmpty ? [] : ['o1']);
      expect(told.at(-1)).toMatchObject(believeEmpty ? { type: 'updated', instances: 0 } : { type: 'empty ignored', instances: 1 });
      await register('o2');
      await clock.advance(0);
      expect(known()).toEqual(['o2']);
      expect(directory.get().ageMs).toBe(0);
    }
  });

  test('a service that never had instances has an empty list', async () => {
    const { clock, known } = begin();
    await clock.advance(0);
    expect(known()).toEqual([]);
  });

  test('before the first answer it knows nothing, or what was kept from before the start', async () => {
    const { directory, clock } = begin();
    expect(() => directory.get()).toThrow(new NothingKnownError("no list of 'orders' has ever arrived"));
    const { known, directory: kept } = begin({ initial: [orders('o9')], clock });
    expect(known()).toEqual(['o9']);
    expect(kept.get().ageMs).toBe(Infinity);
  });

  test('a registry that is starting is asked when it says, plus a draw', async () => {
    const { clock, register, registry, known, times, told } = begin({ random: () => 0.25 }, { warmUpMs: leaseMs });
    const lease = await register('o1');
    await clock.advance(leaseMs - 1);
    await registry.renew(lease);
    await clock.advance(250);
    expect(times('watch')).toEqual([0]);
    expect(told).toMatchObject([{ type: 'failed', error: new RegistryStartingError(leaseMs) }]);
    await clock.advance(1);
    expect(known()).toEqual(['o1']);
  });

  test('a question that hangs is given up', async () => {
    const { clock, told, times } = begin({ timeoutMs: 4_000 }, {}, { hangs: true });
    await clock.advance(5_000);
    expect(told[0]).toMatchObject({ type: 'failed', atMs: 4_000, error: new RegistryTimeoutError("the registry did not answer about 'orders' within 4000 ms") });
    expect(times('watch')).toEqual([0, 5_000]);
  });

  test('ends when told, in a question or in a pause, and leaves nothing behind', async () => {
    for (const afterMs of [0, 1_000, 3_000]) {
      const { clock, leave, following, stop } = begin();
      await clock.advance(afterMs);
      leave.abort();
      await following;
      stop.abort();
      await clock.advance(0);
      expect(clock.pending).toBe(0);
    }
  });

  test('passes on the version that it has', async () => {
    const { clock, register, registry, way } = begin();
    await register('o1');
    await clock.advance(2_000);
    expect(way.asked.map(({ since }) => since)).toEqual([undefined, (await registry.watch('orders')).version]);
  });

  test('refuses pauses that no timer can hold, and needs no other options', () => {
    const { registry } = setUp();
    for (const name of ['pauseMs', 'retryMs', 'maxRetryMs', 'timeoutMs']) expect(() => new Directory({ registry, service: 'orders', [name]: 0 })).toThrow(`${name} must be between 1 and 2147483647: current value is 0`);
    expect(() => new Directory({ registry, service: 'orders' }).get()).toThrow(NothingKnownError);
  });
});

describe('together', () => {
  test('an instance that was killed is gone from the callers after lease, sweep and pause; one that left, at once', async () => {
    const world = setUp();
    const { clock } = world;
    const [killed, left] = [network(world), network(world)];
    const leave = new AbortController();
    void keepRegistered({ registry: killed.port, instance: orders('killed'), clock, random: () => 1 }, world.stop.signal);
    void keepRegistered({ registry: left.port, instance: orders('left'), clock, random: () => 1 }, leave.signal);
    const directory = new Directory({ registry: world.registry, service: 'orders', clock, random: () => 1 });
    void directory.follow(world.stop.signal);
    const known = (): string[] => directory.get().instances.map(({ id }) => id);
    await clock.advance(30_000);
    killed.way.cut = true;
    leave.abort();
    await clock.advance(2_000);
    expect(known()).toEqual(['killed']);
    await register(world, 'new');
    await clock.advance(leaseMs + sweepMs + 2_000);
    expect(known()).toEqual(['new']);
    world.stop.abort();
  });

  async function register({ registry, clock, stop }: ReturnType<typeof setUp>, id: string): Promise<void> {
    void keepRegistered({ registry, instance: orders(id), clock, random: () => 1 }, stop.signal);
    await clock.advance(0);
  }

  test('with the time of the system as well', async () => {
    const registry = new ServiceRegistry({ warmUpMs: 0, leaseMs: 60, sweepMs: 5 });
    const stop = new AbortController();
    const directory = new Directory({ registry, service: 'orders', pauseMs: 5 });
    const ends = [registry.run(stop.signal), directory.follow(stop.signal), keepRegistered({ registry, instance: orders('o1') }, stop.signal)];
    await systemClock.sleep(200);
    expect(directory.get().instances.map(({ id }) => id)).toEqual(['o1']);
    stop.abort();
    await Promise.all(ends);
    expect((await registry.watch('orders')).instances).toEqual([]);
  });
});

describe('within', () => {
  test('ends with what the run gives, its error, the limit or the reason of the signal', async () => {
    const clock = new VirtualClock();
    const late = (): Error => new Error('too late');
    await expect(within(clock, 10, async () => 1, late)).resolves.toBe(1);
    await expect(within(clock, 10, () => { throw new Error('at once'); }, late)).rejects.toThrow('at once');
    await expect(within(clock, 10, async () => 1, late, AbortSignal.abort(new Error('left')))).rejects.toThrow('left');
    expect(clock.pending).toBe(0);
  });
});
