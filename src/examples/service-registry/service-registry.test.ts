import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { LeaseLostError, RegistryFullError, RegistryStartingError } from './contract.ts';
import type { Instance, Lease, Listing, RegistryEvent, ServiceRegistryOptions } from './contract.ts';
import { ServiceRegistry } from './service-registry.ts';

const leaseMs = 9_000;
const sweepMs = 1_000;

/** A registry that tells at once what it knows, and runs. */
function setUp(options: ServiceRegistryOptions = {}) {
  const clock = new VirtualClock();
  const events: RegistryEvent[] = [];
  const registry = new ServiceRegistry({ leaseMs, sweepMs, warmUpMs: 0, clock, random: () => 0.5, onEvent: (event) => events.push(event), ...options });
  const stop = new AbortController();
  const running = registry.run(stop.signal);
  const ids = async (service = 'orders'): Promise<string[]> => (await registry.watch(service)).instances.map(({ id }) => id);
  const register = (id: string, service = 'orders'): Promise<Lease> => registry.register({ service, id, address: `10.0.0.1:${id}` });
  const registerAll = (count: number): Promise<Lease[]> => Promise.all(Array.from({ length: count }, (_, at) => register(`o${at}`)));
  return { clock, events, registry, stop, running, ids, register, registerAll };
}
const orders = (id: string): Instance => ({ service: 'orders', id, address: `10.0.0.1:${id}` });

describe('leases', () => {
  test('an instance is listed while it renews, and taken out when it falls silent', async () => {
    const { clock, registry, register, ids, events } = setUp();
    const lease = await register('o1');
    expect(lease).toMatchObject({ service: 'orders', id: 'o1', leaseMs });
    for (let renewals = 0; renewals < 5; renewals += 1) {
      await clock.advance(leaseMs - 1);
      await registry.renew(lease);
    }
    expect(await ids()).toEqual(['o1']);
    await clock.advance(leaseMs - 1);
    expect(await ids()).toEqual(['o1']);
    await clock.advance(sweepMs);
    expect(await ids()).toEqual([]);
    expect(events.map(({ type }) => type)).toEqual(['registered', 'expired']);
  });

  test('a lease that has run out and was not swept yet can still be renewed', async () => {
    const { clock, registry, register, ids } = setUp({ sweepMs: 60_000 });
    const lease = await register('o1');
    await clock.advance(leaseMs + 1);
    await registry.renew(lease);
    await clock.advance(leaseMs - 1);
    registry.sweep();
    expect(await ids()).toEqual(['o1']);
  });

  test('the holder of an expired lease is told so', async () => {
    const { clock, registry, register } = setUp();
    const lease = await register('o1');
    await clock.advance(leaseMs + sweepMs);
    await expect(registry.renew(lease)).rejects.toThrow(new LeaseLostError(lease, 'expired'));
    await expect(registry.deregister(lease)).resolves.toBeUndefined();
  });

  test('the old process can neither renew nor take out what its successor with the same id has registered', async () => {
    const { registry, register, ids } = setUp();
    const old = await register('o1');
    const lease = await registry.register({ service: 'orders', id: 'o1', address: '10.0.0.9:80' });
    await expect(registry.renew(old)).rejects.toMatchObject({ name: 'LeaseLostError', reason: 'replaced', message: "the lease of 'o1' of 'orders' is lost: replaced" });
    await registry.deregister(old);
    await registry.renew(lease);
    expect(await ids()).toEqual(['o1']);
    expect((await registry.watch('orders')).instances).toEqual([{ service: 'orders', id: 'o1', address: '10.0.0.9:80' }]);
  });

  test('a lease of the process before a restart is lost, whatever its number', async () => {
    const { registry } = setUp({ random: () => 0.25 });
    const before = await registry.register(orders('o1'));
    const { registry: restarted } = setUp({ random: () => 0.75 });
    await restarted.register(orders('o1'));
    await expect(restarted.renew(before)).rejects.toMatchObject({ reason: 'replaced' });
  });

  test('leaving on purpose takes effect at once, and twice is as good', async () => {
    const { registry, register, ids, events } = setUp();
    const lease = await register('o1');
    await register('o2');
    await registry.deregister(lease);
    await registry.deregister(lease);
    expect(await ids()).toEqual(['o2']);
    expect(events.filter(({ type }) => type === 'deregistered')).toEqual([{ atMs: 0, type: 'deregistered', service: 'orders', id: 'o1' }]);
  });

  test('what is registered is a copy, and nothing of it may be empty', async () => {
    const { registry } = setUp();
    const instance = orders('o1');
    await registry.register(instance);
    instance.address = 'elsewhere';
    expect((await registry.watch('orders')).instances[0]?.address).toBe('10.0.0.1:o1');
    for (const part of ['service', 'id', 'address']) await expect(registry.register({ ...orders('o2'), [part]: '' })).rejects.toThrow(`service, id and address must not be empty: current value is ${JSON.stringify({ ...orders('o2'), [part]: '' })}`);
  });

  test('memory is bounded: one instance too many is refused, a known one is not', async () => {
    const { registry, registerAll } = setUp({ maxInstances: 2 });
    await registerAll(2);
    await expect(registry.register(orders('o2'))).rejects.toThrow(new RegistryFullError("2 instances are registered, 'o2' of 'orders' is one too many"));
    await registry.deregister(await registry.register(orders('o1')));
    await registry.register(orders('o2'));
  });
});

describe('watching', () => {
  test('without a version the answer is at once; with the present one it waits for a change', async () => {
    const { clock, registry, register } = setUp();
    await register('o1');
    const { version } = await registry.watch('orders');
    let answer: Listing | undefined;
    void registry.watch('orders', version).then((listing) => { answer = listing; });
    await clock.advance(5_000);
    expect(answer).toBeUndefined();
    await register('p1', 'payments');
    await clock.advance(0);
    expect(answer).toBeUndefined();
    await register('o2');
    await clock.advance(0);
    expect(answer?.instances.map(({ id }) => id)).toEqual(['o1', 'o2']);
    expect(answer?.version).not.toBe(version);
  });

  test('nothing that changes between two questions is missed', async () => {
    const { registry, register } = setUp();
    const { version } = await registry.watch('orders');
    await register('o1');
    expect((await registry.watch('orders', version)).instances).toHaveLength(1);
  });

  test('a question that waits too long gets the same answer again', async () => {
    const { clock, registry } = setUp({ maxWaitMs: 4_000 });
    const { version } = await registry.watch('orders');
    const waiting = registry.watch('orders', version);
    await clock.advance(4_000);
    expect(await waiting).toEqual({ version, instances: [] });
  });

  test('everybody who waits hears of an expiry', async () => {
    const { clock, registry, register } = setUp();
    await register('o1');
    const { version } = await registry.watch('orders');
    const waiting = Promise.all([registry.watch('orders', version), registry.watch('orders', version)]);
    await clock.advance(leaseMs + sweepMs);
    expect((await waiting).map(({ instances }) => instances)).toEqual([[], []]);
  });

  test('a version of the process before a restart is answered at once, even if as much has happened since', async () => {
    const { registry } = setUp({ random: () => 0.25 });
    await registry.register(orders('o1'));
    const { version } = await registry.watch('orders');
    const { registry: restarted } = setUp({ random: () => 0.75 });
    await restarted.register(orders('o7'));
    expect((await restarted.watch('orders', version)).instances.map(({ id }) => id)).toEqual(['o7']);
    expect((await restarted.watch('payments', version)).instances).toEqual([]);
  });

  test('who leaves while waiting leaves nothing behind', async () => {
    const { clock, registry, stop } = setUp({ maxWatchers: 1 });
    stop.abort();
    await clock.advance(0);
    const { version } = await registry.watch('orders');
    const leave = new AbortController();
    const waiting = registry.watch('orders', version, leave.signal);
    leave.abort(new Error('the caller left'));
    await expect(waiting).rejects.toThrow('the caller left');
    expect(clock.pending).toBe(0);
    await expect(registry.watch('orders', version, leave.signal)).rejects.toThrow('the caller left');
    const next = registry.watch('orders', version);
    await expect(registry.watch('orders', version)).rejects.toThrow(new RegistryFullError("1 questions are waiting, this one about 'orders' is one too many"));
    await clock.advance(60_000);
    expect(await next).toEqual({ version, instances: [] });
  });

  test('a registry that has just started says so instead of telling a part for the whole', async () => {
    const { clock, registry, register, ids } = setUp({ warmUpMs: 5_000 });
    await register('o1');
    await clock.advance(2_000);
    await expect(registry.watch('orders')).rejects.toThrow(new RegistryStartingError(3_000));
    await clock.advance(3_000);
    expect(await ids()).toEqual(['o1']);
  });
});

describe('self-preservation', () => {
  test('when all fall silent at once nobody is taken out, and it ends when they are heard again', async () => {
    const { clock, registry, registerAll, ids, events } = setUp();
    const leases = await registerAll(10);
    await clock.advance(6 * leaseMs);
    expect(await ids()).toHaveLength(10);
    await Promise.all(leases.map((lease) => registry.renew(lease)));
    await clock.advance(sweepMs);
    expect(events.filter(({ type }) => type === 'preserving')).toEqual([
      { atMs: leaseMs, type: 'preserving', on: true, lapsed: 10, known: 10 },
      { atMs: 6 * leaseMs + sweepMs, type: 'preserving', on: false, lapsed: 0, known: 10 },
    ]);
  });

  test('a few of many are believed', async () => {
    const { clock, registry, registerAll, ids } = setUp();
    const leases = await registerAll(40);
    await clock.advance(leaseMs - 1);
    await Promise.all(leases.slice(6).map((lease) => registry.renew(lease)));
    await clock.advance(1);
    expect(await ids()).toHaveLength(34);
  });

  test('a partition that drips is noticed by what went before', async () => {
    const { clock, registry, registerAll, ids } = setUp();
    const leases = await registerAll(40);
    const alive = new Set(leases);
    for (const lease of leases.slice(0, 12)) {
      alive.delete(lease);
      await clock.advance(3_000);
      await Promise.all([...alive].map((each) => registry.renew(each)));
    }
    await clock.advance(leaseMs);
    expect(await ids()).toHaveLength(34);
  });

  test('lapses are forgotten after their window', async () => {
    const { clock, registry, registerAll, ids } = setUp();
    const leases = await registerAll(10);
    for (let dead = 1; dead <= 4; dead += 1) {
      for (let third = 0; third < 20; third += 1) {
        await clock.advance(leaseMs / 3);
        await Promise.all(leases.slice(dead).map((lease) => registry.renew(lease)));
      }
    }
    expect(await ids()).toHaveLength(6);
  });

  test('one or two of a handful are believed, whatever their share', async () => {
    const { clock, registerAll, ids } = setUp();
    await registerAll(2);
    await clock.advance(leaseMs);
    expect(await ids()).toEqual([]);
  });

  test('who really died with many others stays on the list; a longest time ends that', async () => {
    const dead = setUp();
    await dead.registerAll(4);
    await dead.clock.advance(100 * leaseMs);
    expect(await dead.ids()).toHaveLength(4);
    const bounded = setUp({ maxOverdueMs: 30_000 });
    await bounded.registerAll(4);
    await bounded.clock.advance(leaseMs + 30_000);
    expect(await bounded.ids()).toHaveLength(4);
    await bounded.clock.advance(sweepMs);
    expect(await bounded.ids()).toEqual([]);
    await bounded.clock.advance(sweepMs);
    expect(bounded.events.at(-1)).toMatchObject({ type: 'preserving', on: false });
  });

  test('a share of 1 takes every lapse at its word', async () => {
    const { clock, registerAll, ids } = setUp({ maxLapsedShare: 1 });
    await registerAll(10);
    await clock.advance(leaseMs);
    expect(await ids()).toEqual([]);
  });
});

describe('running and options', () => {
  test('it stops when told, and nothing is left waiting', async () => {
    const { clock, stop, running } = setUp();
    await clock.advance(1_500);
    stop.abort();
    await running;
    expect(clock.pending).toBe(0);
  });

  test('a process that stood still does not take its own silence for that of the instances', async () => {
    const clock = new VirtualClock();
    let stillMs = 0;
    const sluggish = { now: () => clock.now(), setTimeout: clock.setTimeout.bind(clock), clearTimeout: clock.clearTimeout.bind(clock), sleep: (ms: number, signal?: AbortSignal) => clock.sleep(ms + stillMs, signal) };
    const registry = new ServiceRegistry({ leaseMs, sweepMs, warmUpMs: 0, clock: sluggish });
    const stop = new AbortController();
    const running = registry.run(stop.signal);
    await registry.register(orders('o1'));
    stillMs = 60_000;
    await clock.advance(sweepMs + 1);
    stillMs = 0;
    await clock.advance(60_000 + sweepMs);
    expect((await registry.watch('orders')).instances).toHaveLength(1);
    await clock.advance(leaseMs);
    expect((await registry.watch('orders')).instances).toEqual([]);
    stop.abort();
    await running;
  });

  test('needs no option', async () => {
    const registry = new ServiceRegistry();
    expect((await registry.register(orders('o1'))).leaseMs).toBe(30_000);
    await expect(registry.watch('orders')).rejects.toBeInstanceOf(RegistryStartingError);
    registry.sweep();
  });

  test('refuses options that make no sense, with name, rule and value', () => {
    const refused: [ServiceRegistryOptions, string][] = [
      [{ leaseMs: 0 }, 'leaseMs must be between 1 and 2147483647: current value is 0'],
      [{ sweepMs: Number.NaN }, 'sweepMs must be between 1 and 2147483647: current value is NaN'],
      [{ lapseWindowMs: Infinity }, 'lapseWindowMs must be between 1 and 2147483647: current value is Infinity'],
      [{ maxWaitMs: -1 }, 'maxWaitMs must be between 1 and 2147483647: current value is -1'],
      [{ warmUpMs: -1 }, 'warmUpMs must be between 0 and 2147483647: current value is -1'],
      [{ maxLapsedShare: 1.1 }, 'maxLapsedShare must be between 0 and 1: current value is 1.1'],
      [{ maxOverdueMs: Number.NaN }, 'maxOverdueMs must be at least 0: current value is NaN'],
      [{ minLapsed: 0 }, 'minLapsed must be a positive integer: current value is 0'],
      [{ maxInstances: 1.5 }, 'maxInstances must be a positive integer: current value is 1.5'],
      [{ maxWatchers: Infinity }, 'maxWatchers must be a positive integer: current value is Infinity'],
    ];
    for (const [options, message] of refused) expect(() => new ServiceRegistry(options)).toThrow(message);
  });
});
