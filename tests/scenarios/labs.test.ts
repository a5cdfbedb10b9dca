/** The experiments that a page plays on PostgreSQL in the browser, here on the same PostgreSQL in Node. */
import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ask, playLab } from '../../src/elements/lab-play.ts';
import type { Step } from '../../src/elements/lab-play.ts';
import type { Lab } from '../../src/examples/lab.ts';
import { lab as idempotencyKey } from '../../src/examples/idempotency-key/lab.ts';
import { lab as transactionalOutbox } from '../../src/examples/transactional-outbox/lab.ts';

let postgres: PGlite;
let nowMs = Date.UTC(2026, 0, 1, 12);
beforeAll(async () => {
  postgres = await PGlite.create();
}, 120_000);
afterAll(() => postgres.close());

const play = async (lab: Lab, variant: string, point: string): Promise<Step[]> => {
  const time = vi.spyOn(Date, 'now').mockImplementation(() => nowMs);
  try {
    return await playLab(postgres, { lab, variant, point }, (ms) => { nowMs += ms; });
  } finally {
    time.mockRestore();
  }
};
const rowsOf = (steps: readonly Step[], title: string): string[][] => steps.at(-1)?.sheets.find((sheet) => sheet.title === title)?.rows ?? [];
const endOf = (steps: readonly Step[]): [tone: string | undefined, text: string | undefined] => [steps.at(-1)?.tone, steps.at(-1)?.text];

describe('transactional outbox', () => {
  const received = (steps: readonly Step[]): string[] => rowsOf(steps, 'What shipping received').map(([, effect]) => effect ?? '');

  test('without a crash both ways deliver', async () => {
    for (const variant of ['without', 'with']) {
      const steps = await play(transactionalOutbox, variant, 'none');
      expect(received(steps)).toEqual(['parcel sent']);
      expect(endOf(steps)[0]).toBe('good');
    }
  });

  test('a crash before the commit leaves nothing behind, and the customer orders again', async () => {
    for (const variant of ['without', 'with']) {
      const steps = await play(transactionalOutbox, variant, 'before-commit');
      expect(steps[0]?.sheets.find(({ title }) => title === 'orders')?.rows).toEqual([]);
      expect(rowsOf(steps, 'orders')).toHaveLength(1);
      expect(received(steps)).toEqual(['parcel sent']);
    }
  });

  test('a crash after the commit loses the event without an outbox, and only there', async () => {
    const without = await play(transactionalOutbox, 'without', 'before-publish');
    expect(rowsOf(without, 'orders')).toHaveLength(1);
    expect(received(without)).toEqual([]);
    expect(endOf(without)).toEqual(['bad', 'In the end: an order without a parcel.']);
    expect(received(await play(transactionalOutbox, 'with', 'before-publish'))).toEqual(['parcel sent']);
  });

  test('a crash before the mark sends a second copy with an outbox, which the consumer drops', async () => {
    const steps = await play(transactionalOutbox, 'with', 'before-mark');
    expect(received(steps)).toEqual(['parcel sent', 'dropped, seen before']);
    expect(rowsOf(steps, 'outbox').map((row) => row.at(-1))).toEqual(['true']);
    expect(received(await play(transactionalOutbox, 'without', 'before-mark'))).toEqual(['parcel sent']);
  });
});

describe('idempotency key', () => {
  const charges = (steps: readonly Step[]): number => rowsOf(steps, 'What the payment provider did').filter((row) => row.at(-1)?.startsWith('card charged')).length;

  test('with the key every story ends with one charge and one payment', async () => {
    for (const point of Object.keys(idempotencyKey.points)) {
      const steps = await play(idempotencyKey, 'with', point);
      expect([point, charges(steps), rowsOf(steps, 'payments').length]).toEqual([point, 1, 1]);
      expect(endOf(steps)[0], point).toBe('good');
    }
  });

  test('to look first and insert later charges twice where the process dies in between, or two requests meet', async () => {
    const counts: Record<string, number> = {};
    for (const point of Object.keys(idempotencyKey.points)) counts[point] = charges(await play(idempotencyKey, 'without', point));
    expect(counts).toEqual({ none: 1, 'before-charge': 1, 'before-commit': 2, 'before-reply': 1, twice: 2 });
  });

  test('a retry while the dead attempt holds the key is told to wait, and the one after the lease takes over', async () => {
    const told = rowsOf(await play(idempotencyKey, 'with', 'before-commit'), 'What the client was told').map((row) => row.at(-1));
    expect(told).toEqual(['no answer: connection lost', '409: the first one is still at work', '201: paid']);
  });
});

describe('statements of the reader', () => {
  test('are answered from the tables of the variant, at most a hundred rows', async () => {
    await play(transactionalOutbox, 'with', 'none');
    expect(await ask(postgres, 'with', 'select id, null as nothing, now() as at, payload from outbox, generate_series(1, 150)')).toMatchObject({ columns: ['id', 'nothing', 'at', 'payload'], rows: { length: 100, 0: ['1', '∅', expect.stringMatching(/^20.*Z$/), '{"id":"order-1"}'] } });
  });

  test('are refused with the words of PostgreSQL, and the session goes on', async () => {
    await expect(ask(postgres, 'with', 'selekt 1')).rejects.toThrow('syntax error at or near "selekt"');
    expect((await ask(postgres, 'with', 'select 1 as one')).rows).toEqual([['1']]);
  });
});

test('a fault of the experiment itself is not taken for a death of the process', async () => {
  const broken: Lab = { ...transactionalOutbox, setup: () => 'create table nothing (id integer)', tables: () => [] };
  await expect(play(broken, 'without', 'none')).rejects.toThrow('relation "orders" does not exist');
  await expect(play({ ...idempotencyKey, setup: () => 'select 1', tables: () => [] }, 'without', 'none')).rejects.toThrow('relation "payments" does not exist');
});
