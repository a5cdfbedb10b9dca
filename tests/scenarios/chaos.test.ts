/** The data examples among crashes, failures and races of every kind: what they promise holds whatever happens. */
import { describe, expect, test } from 'vitest';
import { memoryDatabase as keyDatabase } from '../../src/examples/idempotency-key/memory-database.ts';
import { IdempotencyKeys, KeyBusyError, KeyReusedError, LeaseLostError } from '../../src/examples/idempotency-key/idempotency-key.ts';
import type { Answer, KeyedRequest } from '../../src/examples/idempotency-key/idempotency-key.ts';
import type { Slot } from '../../src/examples/memory-transactions.ts';
import { memoryDatabase as outboxDatabase } from '../../src/examples/transactional-outbox/memory-database.ts';
import { EventRefusedError, OutboxRelay, recordEvent } from '../../src/examples/transactional-outbox/transactional-outbox.ts';
import { release } from '../../src/examples/transactional-outbox/upkeep.ts';
import { Simulation } from '../../src/simulator/simulation.ts';

const runs = Array.from({ length: 200 }, (_, seed) => seed);
/** A process that dies sooner or later, or lives. */
function mortal(simulation: Simulation, afterMs: number, dies: boolean): AbortSignal {
  const process = new AbortController();
  if (dies) simulation.setTimeout(() => process.abort(new Error('the process died')), afterMs);
  return process.signal;
}

describe('idempotency keys', () => {
  test('one effect, one answer and one downstream key, whoever crashes, fails, hangs or comes late', async () => {
    const seen = { answered: 0, replayed: 0, busy: 0, lost: 0, died: 0 };
    for (const seed of runs) {
      const simulation = new Simulation(seed);
      const random = simulation.stream('chaos');
      const effects: string[] = [];
      const memory = keyDatabase(simulation, { 'insert effect': (open, [name]: [string]) => {
        open.onCommit(() => effects.push(name));
        return [];
      } });
      const leaseMs = random.uniform(100, 1_500);
      const request: KeyedRequest = { tenant: 'shop', key: 'key-of-one-payment', operation: 'POST /payments', payload: { cents: 4_200 } };
      const answers: Answer[] = [];
      const downstream = new Set<string>();
      const attempt = async (name: string, isLast: boolean): Promise<void> => {
        const signal = mortal(simulation, random.uniform(0, 1_500), !isLast && random.chance(0.3));
        const [callMs, statementMs] = isLast ? [10, 1] : [random.uniform(0, 2_000), random.uniform(0, 30)];
        const [callFails, commitFails] = isLast ? [false, false] : [random.chance(0.2), random.chance(0.1)];
        const keys = new IdempotencyKeys(memory.connect({ statementMs, signal }), { leaseMs, onEvent: ({ type }) => void (seen.lost += type === 'lost' ? 1 : 0) });
        try {
          const answer = await keys.execute(request, {
            call: async (key) => {
              downstream.add(key);
              await simulation.sleep(callMs);
              if (callFails) throw new Error('socket hang up');
            },
            commit: async (transaction) => {
              await transaction.query('insert effect', [name]);
              if (commitFails) throw new Error('inventory unreachable');
              return { status: 201, body: name };
            },
          });
          answers.push(answer);
          seen[answer.replayed ? 'replayed' : 'answered'] += 1;
        } catch (error) {
          expect(isLast).toBe(false);
          if (error instanceof KeyBusyError) seen.busy += 1;
          else if (/died|transaction is over/.test(String(error))) seen.died += 1;
          else expect(error instanceof LeaseLostError || /hang up|unreachable/.test(String(error)), String(error)).toBe(true);
        }
      };
      for (let each = 0; each < 8; each += 1) {
        const atMs = random.uniform(0, 3_000);
        simulation.setTimeout(() => simulation.spawn(() => attempt(`attempt ${each}`, false)), atMs);
      }
      simulation.setTimeout(() => simulation.spawn(() => attempt('last', true)), 10_000);
      simulation.setTimeout(() => simulation.spawn(async () => {
        const other = new IdempotencyKeys(memory.connect()).execute({ ...request, payload: { cents: 1 } }, { call: async () => {}, commit: async () => ({ status: 201, body: null }) });
        await expect(other).rejects.toBeInstanceOf(KeyReusedError);
      }), 11_000);
      await simulation.run(20_000);
      expect(effects, `seed ${seed}`).toHaveLength(1);
      expect(new Set(answers.map(({ body }) => body)), `seed ${seed}`).toEqual(new Set(effects));
      expect(downstream.size, `seed ${seed}`).toBe(1);
    }
    // Each fate was met, or the test would say little.
    for (const [fate, times] of Object.entries(seen)) expect(times, fate).toBeGreaterThan(20);
  });
});

describe('the outbox', () => {
  test('every committed event arrives, none of a rolled-back change, and the first copies of a key in order', async () => {
    let copies = 0;
    let parkings = 0;
    for (const seed of runs) {
      const simulation = new Simulation(seed);
      const random = simulation.stream('chaos');
      const keys = ['a', 'b', 'c'];
      const locks = new Map(keys.map((key): [string, Slot<never>] => [key, {}]));
      const committed = new Map(keys.map((key): [string, string[]] => [key, []]));
      const received = new Map(keys.map((key): [string, string[]] => [key, []]));
      const memory = outboxDatabase(simulation, { 'update order': async (open, [key, name]: [string, string]) => {
        await open.lock(locks.get(key)!);
        open.onCommit(() => committed.get(key)!.push(name));
        return [];
      } });

      const change = async (name: string): Promise<void> => {
        const key = keys[random.below(3)]!;
        const signal = mortal(simulation, random.uniform(0, 200), random.chance(0.2));
        const [statementMs, isRefused, thinkMs] = [random.uniform(0, 30), random.chance(0.2), random.uniform(0, 200)];
        await memory.connect({ statementMs, signal }).transaction(async (transaction) => {
          await transaction.query('update order', [key, name]);
          await recordEvent(transaction, { key, type: 'OrderChanged', payload: name });
          await simulation.sleep(thinkMs, signal);
          if (isRefused) throw new Error('declined');
        }).catch(() => {});
      };
      for (let each = 0; each < 30; each += 1) {
        const atMs = random.uniform(0, 5_000);
        simulation.setTimeout(() => simulation.spawn(() => change(`change ${each}`)), atMs);
      }

      const isCalm = (): boolean => simulation.now() > 8_000;
      const handled = new Set<string>();
      const parked = new Set<string>();
      const startRelay = (): void => {
        const dies = !isCalm() && random.chance(0.7);
        const afterMs = random.uniform(0, 1_500);
        const signal = mortal(simulation, afterMs, dies);
        const relay = new OutboxRelay(memory.connect({ statementMs: random.uniform(0, 20), signal }), async (event) => {
          const fate = isCalm() ? 1 : random.next();
          if (fate < 0.15) throw new Error('connect ECONNREFUSED');
          if (fate < 0.2) throw new EventRefusedError('message size too large');
          await simulation.sleep(random.uniform(0, 100));
          if (handled.has(event.message)) copies += 1;
          else received.get(event.key)!.push(event.payload as string);
          handled.add(event.message);
          // The broker has it, and its confirmation comes too late.
          if (fate < 0.3) await simulation.sleep(500);
        }, { clock: simulation, pollMs: 100, publishTimeoutMs: 300, batchSize: 1 + random.below(5), maxAttempts: 2, onEvent: (event) => {
          if (event.type === 'parked') parked.add(event.event.id);
        } });
        simulation.spawn(() => relay.run(signal));
        if (dies) simulation.setTimeout(startRelay, afterMs + 200);
      };
      for (let each = 0; each < 3; each += 1) startRelay();
      for (const atMs of [8_500, 9_000]) {
        simulation.setTimeout(() => {
          parkings += parked.size;
          for (const id of parked) simulation.spawn(() => release(memory.connect(), id));
        }, atMs);
      }
      await simulation.run(20_000);
      expect(received, `seed ${seed}`).toEqual(committed);
    }
    expect(copies).toBeGreaterThan(100);
    expect(parkings).toBeGreaterThan(100);
  });
});
