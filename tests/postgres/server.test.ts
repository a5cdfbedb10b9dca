import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { binariesCandidates } from './binaries.ts';
import { useDatabase } from './database.ts';

const database = useDatabase('create table stock (item text primary key, pieces integer not null)');

describe('the server', () => {
  test('is one that the examples are written for', async () => {
    const [row] = await database.query<{ version: number }>("select current_setting('server_version_num')::integer as version");
    expect(row!.version).toBeGreaterThanOrEqual(130_000);
  });

  test('gives two sessions, one of which waits for the lock of the other', async () => {
    await database.query("insert into stock values ('lamp', 1)");
    const [one, other] = [await database.session(), await database.session()];
    await one.query('begin');
    await one.query("update stock set pieces = pieces - 1 where item = 'lamp' and pieces > 0");
    const waiting = other.query("update stock set pieces = pieces - 1 where item = 'lamp' and pieces > 0 returning pieces");
    await untilSomebodyWaits();
    await one.query('commit');
    expect(await waiting).toEqual([]);
  });

  test('rolls back what a lost session left open', async () => {
    await database.query("insert into stock values ('chair', 4)");
    const lost = await database.session();
    await lost.query('begin');
    await lost.query("update stock set pieces = 0 where item = 'chair'");
    lost.drop();
    expect(await database.query("update stock set pieces = pieces - 1 where item = 'chair' returning pieces")).toEqual([{ pieces: 3 }]);
  });

  test('rolls a transaction back when its work fails, and takes the next one', async () => {
    await expect(database.transaction(async ({ query }) => {
      await query("insert into stock values ('table', 1)", []);
      throw new Error('no');
    })).rejects.toThrow('no');
    expect(await database.transaction(({ query }) => query("select 1 from stock where item = 'table'", []))).toEqual([]);
  });
});

describe('its programs', () => {
  test('a POSTGRES_BIN that leads nowhere is named, and nothing else is tried', () => {
    expect(() => binariesCandidates('', { POSTGRES_BIN: 'no/such/folder' })).toThrow(/^POSTGRES_BIN is "no\/such\/folder"; expected a folder with initdb/);
  });

  test('on Linux x64 the npm package alone is enough', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'pattern-atlas-binaries-'));
    try {
      const folders = binariesCandidates(scratch, { PATH: '' }).map((find) => find().bin);
      const brought = process.platform === 'linux' && process.arch === 'x64';
      expect(folders[0] === join(scratch, 'native/bin') && existsSync(join(folders[0], 'postgres'))).toBe(brought);
    } finally {
      rmSync(scratch, { recursive: true });
    }
  });
});

/** PostgreSQL itself says who waits for a lock. */
async function untilSomebodyWaits(): Promise<void> {
  await expect.poll(async () => (await database.query("select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()")).length, { timeout: 10_000 }).toBe(1);
}
