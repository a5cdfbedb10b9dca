import type { PGlite } from '@electric-sql/pglite';
import { expect } from 'vitest';
import type { MemoryServer } from '../../src/examples/memory-transactions.ts';

type Query = (text: string, parameters: readonly unknown[]) => Promise<readonly unknown[]>;
type Row = Record<string, unknown>;
type Ending = 'commit' | 'rollback' | { /** Left in flight, holding its locks, until it is ended by this name. */ prepare: string };

/** Neither of them takes the statement; what the stand-in says about it. */
class BothRefusedError extends Error {}

/** Asks a simulated database and a real PostgreSQL the same, statement by statement. Their `now()` follows `Date.now`. */
export class PostgresPair {
  readonly #memory: MemoryServer;
  readonly #postgres: PGlite;
  /** The UUID of PostgreSQL for each of the stand-in's: both draw their own. */
  readonly #twins = new Map<string, string>();
  readonly #inFlight = new Map<string, (commits: boolean) => Promise<void>>();
  compared = 0;

  constructor(memory: MemoryServer, postgres: PGlite) {
    this.#memory = memory;
    this.#postgres = postgres;
  }

  /** @param steps its `query` takes and gives the stand-in's UUIDs, and throws where both refuse */
  async transaction(ending: Ending, steps: (query: Query) => Promise<unknown>): Promise<void> {
    const opened = Promise.withResolvers<Query>();
    const ended = Promise.withResolvers<boolean>();
    const over = this.#memory.connect().transaction(async ({ query }) => {
      opened.resolve(query);
      if (!(await ended.promise)) throw new Error('rollback');
    }).catch(() => {});
    const end = (commits: boolean): Promise<void> => {
      ended.resolve(commits);
      return over;
    };
    const ask = await opened.promise;
    await this.#postgres.exec('begin');
    await steps((text, parameters) => this.#compare(ask, text, parameters)).catch(async (error: unknown) => {
      if (error instanceof BothRefusedError) return;
      await this.#postgres.exec('rollback');
      throw error;
    });
    if (typeof ending !== 'string') {
      await this.#postgres.exec(`prepare transaction '${ending.prepare}'`);
      this.#inFlight.set(ending.prepare, end);
      return;
    }
    await this.#postgres.exec(ending);
    await end(ending === 'commit');
  }

  async end(prepared: string, how: 'commit' | 'rollback'): Promise<void> {
    await this.#postgres.exec(`${how} prepared '${prepared}'`);
    await this.#inFlight.get(prepared)?.(how === 'commit');
  }

  async #compare(ask: Query, text: string, parameters: readonly unknown[]): Promise<readonly unknown[]> {
    const theirs = parameters.map((each) => this.#twins.get(String(each)) ?? each);
    const [memory, postgres] = await Promise.allSettled([ask(text, parameters), this.#postgres.query(text, theirs).then(({ rows }) => rows)]);
    const where = `${text.trim().slice(0, 60)} ${JSON.stringify(parameters)}`;
    this.compared += 1;
    expect(memory.status, where).toBe(postgres.status);
    if (memory.status === 'rejected') throw new BothRefusedError(String(memory.reason));
    if (postgres.status === 'rejected') throw postgres.reason;
    const [ours, rows] = [memory.value, postgres.value].map((each) => inOrderOf(text, each as Row[])) as [Row[], Row[]];
    // A limit without an order may choose any rows.
    if (/delete[^]*limit/.test(text) && Number(parameters.at(-1)) < 1_000) expect(ours.length, where).toBe(rows.length);
    else this.#rowsAgree(ours, rows, where);
    return memory.value;
  }

  #rowsAgree(memory: Row[], postgres: Row[], where: string): void {
    const isUuid = (value: unknown): value is string => typeof value === 'string' && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(value);
    for (const [at, row] of memory.entries()) {
      for (const [name, value] of Object.entries(row)) {
        const theirs = postgres[at]?.[name];
        if (isUuid(value) && isUuid(theirs) && !this.#twins.has(value)) this.#twins.set(value, theirs);
      }
    }
    const translated = memory.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, this.#twins.get(String(value)) ?? value])));
    expect(translated, where).toEqual(postgres);
  }
}

/** Without `order by` the order says nothing, and an `order by` before `returning` is not that of the rows. */
function inOrderOf(text: string, rows: Row[]): Row[] {
  return /order by(?![^]*returning)/.test(text) ? rows : [...rows].sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
}
