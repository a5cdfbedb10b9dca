import type { Clock } from '../clock.ts';
import { choreographyStatements } from './choreography.ts';
import type { Database } from './contract.ts';
import { orderStatements } from './place-order.ts';
import { participantStatements, statements } from './schema.ts';

interface Connection { /** Time to the server and back, spent once a transaction. */ roundTripMs?: number; /** Cuts the connection. */ signal?: AbortSignal }

interface Saga { id: string; definition: string; input: unknown; state: string; fence: number; dueMs: number | null; attempts: number; reason: string | null }
interface Taken { state: string; result: unknown }
type Row = object;
type Statement = (parameters: never) => readonly Row[];

/** The simulated database was asked what it does not know. */
export class UnknownStatementError extends Error {
  override readonly name = 'UnknownStatementError';
}

/**
 * Stands in for PostgreSQL in simulations. Knows the statements that a saga needs on its way, not those of upkeep.
 * Transactions run one after the other, which is more than READ COMMITTED promises; a test holds each statement against PostgreSQL.
 */
export class MemoryDatabase {
  readonly #clock: Clock;
  readonly #statements: Readonly<Record<string, Statement>>;
  #undo: (() => void)[] = [];
  #turn = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#statements = this.#known();
  }

  connect({ roundTripMs = 0, signal = new AbortController().signal }: Connection = {}): Database {
    const query = async <R>(text: string, parameters: readonly unknown[]): Promise<readonly R[]> => {
      const known = this.#statements[text];
      if (known === undefined) throw new UnknownStatementError(`The simulated database does not know: ${text.trim().slice(0, 80)}`);
      return known(parameters as never) as readonly R[];
    };
    return {
      transaction: async (work) => {
        if (roundTripMs > 0) await this.#clock.sleep(roundTripMs, signal);
        const before = this.#turn;
        const { promise, resolve } = Promise.withResolvers<void>();
        this.#turn = promise;
        await before;
        this.#undo = [];
        try {
          signal.throwIfAborted();
          return await work({ query });
        } catch (error) {
          this.#rollBack(0);
          throw error;
        } finally {
          resolve();
        }
      },
    };
  }

  #rollBack(length: number): void {
    for (const undo of this.#undo.splice(length).reverse()) undo();
  }

  #known(): Record<string, Statement> {
    const sagas = new Map<string, Saga>();
    const steps = new Map<string, Taken & { saga: string; step: string }>();
    const orders = new Map<string, { state: string }>();
    const taken = new Map<string, Taken>();
    const put = <R>(table: Map<string, R>, key: string, row: R): void => {
      const before = table.get(key);
      this.#undo.push(() => void (before === undefined ? table.delete(key) : table.set(key, before)));
      table.set(key, row);
    };
    const json = (text: string | null): unknown => (text === null ? null : JSON.parse(text));
    const change = <R>(table: Map<string, R>, key: string, isMatch: (row: R) => boolean, changes: Partial<R>): R[] => {
      const row = table.get(key);
      if (row === undefined || !isMatch(row)) return [];
      put(table, key, { ...row, ...changes });
      return [row];
    };
    const now = (): number => this.#clock.now();
    let savepoint = 0;
    const openOrder: Statement = ([id]: [string]) => (put(orders, id, { state: 'pending' }), []);

    return {
      [statements.start]: ([id, definition, input]: [string, string, string]) => {
        if (sagas.has(id)) return [];
        put(sagas, id, { id, definition, input: json(input), state: 'running', fence: 0, dueMs: now(), attempts: 0, reason: null });
        return [{ id }];
      },
      [statements.claim]: ([definition, wanted, leaseMs]: [string, string | null, number]) => {
        let next: Saga | undefined;
        for (const saga of sagas.values()) {
          const isDue = saga.definition === definition && (wanted ?? saga.id) === saga.id && saga.dueMs !== null && saga.dueMs <= now();
          if (isDue && (next === undefined || saga.dueMs! < next.dueMs!)) next = saga;
        }
        if (next === undefined) return [];
        const { id, input, state, attempts, reason } = next;
        put(sagas, id, { ...next, fence: next.fence + 1, dueMs: now() + leaseMs });
        return [{ id, input, state, fence: next.fence + 1, attempts, reason }];
      },
      [statements.steps]: ([id]: [string]) => [...steps.values()].filter(({ saga }) => saga === id).map(({ step, state, result }) => ({ step, state, result })),
      [statements.hold]: ([id, fence, state, attempts, reason, delayMs]: [string, number, string, number, string | null, number | null]) =>
        change(sagas, id, (saga) => saga.fence === fence, { state, attempts, reason, dueMs: delayMs === null ? null : now() + delayMs }).map(() => ({ id })),
      [statements.log]: ([saga, step, state, result]: [string, string, string, string | null]) => {
        const key = `${saga}/${step}`;
        put(steps, key, { saga, step, state, result: json(result) ?? steps.get(key)?.result ?? null });
        return [];
      },

      [orderStatements.open]: openOrder,
      [choreographyStatements.open]: openOrder,
      [orderStatements.release]: ([id, state]: [string, string]) => change(orders, id, (order) => order.state === 'pending', { state }).map(() => ({ id })),

      'savepoint effect': () => ((savepoint = this.#undo.length), []),
      'rollback to savepoint effect': () => (this.#rollBack(savepoint), []),
      [participantStatements.take]: ([key, state]: [string, string]) => (taken.has(key) ? [] : (put(taken, key, { state, result: null }), [{ key }])),
      [participantStatements.lookUp]: ([key]: [string]) => [taken.get(key) ?? []].flat(),
      [participantStatements.answer]: ([key, state, result]: [string, string, string | null]) => (change(taken, key, () => true, { state, result: json(result) }), []),
      [participantStatements.undo]: ([key]: [string]) => change(taken, key, ({ state }) => state !== 'undone', { state: 'undone' }).map(() => ({ key })),
    };
  }
}
