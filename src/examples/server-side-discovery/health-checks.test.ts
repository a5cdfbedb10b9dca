import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import type { Endpoint } from './contract.ts';
import { keepChecking } from './health-checks.ts';
import type { HealthChecksOptions } from './health-checks.ts';

const endpoints: Endpoint[] = [{ id: '1', address: '10.0.0.1' }, { id: '2', address: '10.0.0.2' }];

/** Rounds every 3 to 5 s; a check has 1 s. */
function setUp(probe: (endpoint: Endpoint, signal: AbortSignal, clock: VirtualClock) => Promise<unknown>, options: Partial<HealthChecksOptions> = {}) {
  const clock = new VirtualClock();
  const told: string[] = [];
  const router = { endpoints, checked: ({ id }: Endpoint, isWell: boolean) => { told.push(`${clock.now()}: ${id} ${isWell ? 'well' : 'ill'}`); } };
  const stop = new AbortController();
  const running = keepChecking({ router, probe: (endpoint, signal) => probe(endpoint, signal, clock), intervalMs: 4_000, timeoutMs: 1_000, clock, random: () => 0, ...options }, stop.signal);
  return { clock, told, stop, running, router };
}

describe('checking', () => {
  test('all side by side at once, then in rounds at drawn pauses', async () => {
    const draws = [0, 1];
    const { clock, told } = setUp(async ({ id }) => { if (id === '2') throw new TypeError('refused'); }, { random: () => draws.shift() ?? 0 });
    await clock.advance(8_000);
    expect(told).toEqual(['0: 1 well', '0: 2 ill', '3000: 1 well', '3000: 2 ill', '8000: 1 well', '8000: 2 ill']);
  });

  test('one that hangs is ill after its time, and does not hold up the verdict of others', async () => {
    const { clock, told } = setUp((endpoint, signal, on) => endpoint.id === '1' ? on.sleep(1e9, signal) : Promise.resolve());
    await clock.advance(1_000);
    expect(told).toEqual(['0: 2 well', '1000: 1 ill']);
    expect(clock.pending).toBe(1);
  });

  test('one that throws at once is ill', async () => {
    const { clock, told } = setUp(() => { throw new TypeError('no such host'); });
    await clock.advance(0);
    expect(told).toEqual(['0: 1 ill', '0: 2 ill']);
  });

  test('those that join are checked in the next round', async () => {
    const { clock, told, router } = setUp(async () => {});
    await clock.advance(1);
    router.endpoints = [...endpoints, { id: '3', address: '10.0.0.3' }];
    await clock.advance(3_000);
    expect(told.at(-1)).toBe('3000: 3 well');
  });
});

describe('stopping', () => {
  test('in a pause: resolves, and nothing is left waiting', async () => {
    const { clock, stop, running, told } = setUp(async () => {});
    await clock.advance(500);
    stop.abort();
    await running;
    expect(clock.pending).toBe(0);
    expect(told).toHaveLength(2);
  });

  test('in a check: it is told to end, and what it says is not held against anybody', async () => {
    const { clock, stop, running, told } = setUp((_, signal, on) => on.sleep(700, signal));
    await clock.advance(500);
    stop.abort();
    await running;
    expect(told).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test('of many checks and pauses, no listener is left at the signal', async () => {
    const { clock, stop, running, told } = setUp(async () => {});
    let listening = 0;
    const { signal } = stop;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => { listening += 1; add(...args); };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => { listening -= 1; remove(...args); };
    await clock.advance(300_000);
    expect(told.length).toBeGreaterThan(150);
    expect(listening).toBeLessThanOrEqual(1);
    stop.abort();
    await running;
  });

  test('before it began: checks nothing', async () => {
    await keepChecking({ router: { endpoints, checked: () => expect.fail('told') }, probe: async () => expect.fail('asked') }, AbortSignal.abort());
  });
});

test('refuses options that make no sense, with name, rule and value', async () => {
  const base = { router: { endpoints: [], checked: () => {} }, probe: async () => {} };
  await expect(keepChecking({ ...base, intervalMs: 0 }, AbortSignal.abort())).rejects.toThrow('intervalMs must be between 1 and 2147483647: current value is 0');
  await expect(keepChecking({ ...base, timeoutMs: Number.NaN }, AbortSignal.abort())).rejects.toThrow('timeoutMs must be between 1 and 2147483647: current value is NaN');
});
