/** What a test of several sessions needs: a database of its own, transactions in parallel, sessions held by hand. */
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';

/** As the examples know it. */
interface Transaction {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}
export interface Session {
  query<Row = Record<string, unknown>>(text: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
  /** Ends the connection without a word, as a crash does. */
  drop(): void;
}
export interface TestDatabase {
  /** Each call is a transaction in a session of the pool, beside all others. */
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
  query<Row = Record<string, unknown>>(text: string, parameters?: readonly unknown[]): Promise<readonly Row[]>;
  /** A session of its own, for `begin` and `commit` by hand, as `login` or as the superuser. Closed at the end of the file. */
  session(login?: { user: string; password: string }): Promise<Session>;
}

/** Call once in a test file: makes an empty database, runs `schema` in it and drops it after the last test. */
export function useDatabase(schema: string): TestDatabase {
  const server = inject('postgres');
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`;
  const sessions: pg.Client[] = [];
  let pool: pg.Pool;

  beforeAll(async () => {
    await alone(`create database ${name}`);
    pool = new pg.Pool({ ...server, database: name, max: 20 });
    pool.on('error', () => {}); // at the end its database is dropped under connections that are still closing
    await pool.query(schema);
  });
  afterAll(async () => {
    await Promise.all(sessions.map((session) => session.end()));
    await pool?.end();
    await alone(`drop database if exists ${name} with (force)`);
  });

  async function alone(statement: string): Promise<void> {
    const client = new pg.Client({ ...server, database: 'postgres' });
    await client.connect();
    await client.query(statement).finally(() => client.end());
  }

  return {
    async transaction(work) {
      const client = await pool.connect();
      let broken: unknown;
      try {
        await client.query('begin');
        const result = await work(over(client));
        await client.query('commit');
        return result;
      } catch (error) {
        await client.query('rollback').catch((failure: unknown) => { broken = failure; });
        throw error;
      } finally {
        client.release(broken !== undefined);
      }
    },
    query: (text, parameters = []) => over(pool).query(text, parameters),
    async session(login) {
      const client = new pg.Client({ ...server, ...login, database: name });
      client.on('error', () => {}); // a dropped connection is what the test wanted
      await client.connect();
      sessions.push(client);
      return {
        query: (text, parameters = []) => over(client).query(text, parameters),
        drop: () => void (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy(),
      };
    },
  };
}

function over(client: Pick<pg.ClientBase, 'query'> | pg.Pool): Transaction {
  return {
    query: async <Row>(text: string, parameters: readonly unknown[]) => {
      const { rows } = await client.query(text, [...parameters]);
      return rows as Row[];
    },
  };
}
