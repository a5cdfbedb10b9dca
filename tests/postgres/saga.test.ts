/** What PGlite with its one session cannot show: two instances of an orchestrator, and two commands, at the same moment. */
import { beforeEach, describe, expect, test } from 'vitest';
import { perform, undo } from '../../src/examples/saga/participant.ts';
import { openOrder, orderSchema, placeOrder } from '../../src/examples/saga/place-order.ts';
import type { Order } from '../../src/examples/saga/place-order.ts';
import { SagaOrchestrator } from '../../src/examples/saga/saga.ts';
import type { Options, Progress, Send } from '../../src/examples/saga/saga.ts';
import { participantSchema, sagaSchema } from '../../src/examples/saga/schema.ts';
import { effects, participants, reversals, shopSchema } from '../../src/examples/saga/shop.ts';
import { useDatabase } from './database.ts';

const database = useDatabase(sagaSchema + participantSchema + orderSchema + shopSchema);
beforeEach(async () => {
  await database.query('truncate saga, saga_step, step_taken, orders, stock, card, payment, parcel');
  await database.query("insert into stock values ('kettle', 100)");
  await database.query("insert into card values ('visa', 1000000)");
});

const kettle: Order = { item: 'kettle', pieces: 1, card: 'visa', totalCents: 4_200, address: '1 Mill Lane' };

function instance(options: Options = {}, reserve?: (real: Send<Order>) => Send<Order>) {
  const sent: string[] = [];
  const real = participants(database);
  const noting = (send: Send<Order>): Send<Order> => (command, signal) => {
    sent.push(command.key);
    return send(command, signal);
  };
  const definition = placeOrder({
    inventory: { ...real.inventory, reserve: noting(reserve?.(real.inventory.reserve) ?? real.inventory.reserve) },
    payments: { ...real.payments, authorise: noting(real.payments.authorise), capture: noting(real.payments.capture) },
    shipping: { dispatch: noting(real.shipping.dispatch) },
  });
  return { orchestrator: new SagaOrchestrator(database, definition, options), sent };
}
async function place(ids: readonly string[], order: Order = kettle): Promise<void> {
  const { orchestrator } = instance();
  for (const id of ids) {
    await database.transaction(async (open) => {
      await openOrder(open, id, order);
      await orchestrator.start(open, id, order);
    });
  }
}
/** As if the lease had ended: its time is the server's. */
const endLease = (id: string) => database.query('update saga set due_at = now() where id = $1', [id]);
const countOf = async (what: string) => (await database.query<{ count: number }>(`select count(*)::integer as count from ${what}`))[0]!.count;

describe('several instances', () => {
  test('that grasp for one saga at the same moment: one has it, the others none', async () => {
    for (let round = 0; round < 20; round += 1) {
      const id = `o${round}`;
      await place([id]);
      const all = Array.from({ length: 4 }, () => instance());
      const ends = await Promise.all(all.map(({ orchestrator }) => orchestrator.proceed(id)));
      expect(ends.filter((end) => end !== undefined), id).toEqual(['completed']);
      expect(all.flatMap(({ sent }) => sent).sort(), id).toEqual(['authorise', 'capture', 'dispatch', 'reserve'].map((step) => `${id}/${step}`));
    }
  });

  test('share forty sagas, and each command is sent once', async () => {
    const ids = Array.from({ length: 40 }, (_, at) => `o${at}`);
    await place(ids);
    const all = Array.from({ length: 4 }, () => instance());
    const ends = await Promise.all(all.map(async ({ orchestrator }) => {
      const mine: Progress[] = [];
      for (let end = await orchestrator.proceed(); end !== undefined; end = await orchestrator.proceed()) mine.push(end);
      return mine;
    }));
    expect(ends.flat()).toEqual(Array(40).fill('completed'));
    const sent = all.flatMap((each) => each.sent);
    expect([sent.length, new Set(sent).size, await countOf('parcel'), await countOf("payment where state = 'captured'")]).toEqual([160, 160, 40, 40]);
    expect(all.filter(({ sent: own }) => own.length > 0).length).toBeGreaterThan(1);
  });

  test('one comes back after another took over: it writes nothing, and the step stays done once', async () => {
    await place(['o1']);
    const [reached, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = instance({}, (real) => async (...call) => {
      const answer = await real(...call);
      reached.resolve();
      await goOn.promise;
      return answer;
    });
    const late = slow.orchestrator.proceed('o1');
    await reached.promise;
    await endLease('o1');
    expect(await instance().orchestrator.proceed('o1')).toBe('completed');
    goOn.resolve();
    expect(await late).toBe('lost');
    expect(await database.query('select (select free from stock) as free, (select state from orders) as state')).toEqual([{ free: 99, state: 'confirmed' }]);
  });

  test('one is cut off from the database in the middle of a write: it is rolled back, and another goes on', async () => {
    await place(['o1']);
    const cut = await database.session();
    await cut.query('begin');
    await cut.query("update saga set state = 'compensating', fence = fence + 1 where id = 'o1'");
    // Its row is locked, so nobody else takes it or waits for it.
    expect(await instance().orchestrator.proceed()).toBeUndefined();
    cut.drop();
    await expect.poll(() => instance().orchestrator.proceed(), { timeout: 10_000 }).toBe('completed');
  });
});

describe('a participant', () => {
  const reserve = (open: Parameters<typeof perform>[0]) => perform(open, 'o1/reserve', () => effects.reserve(open, 'o1', kettle));
  const takeBack = () => database.transaction((open) => undo(open, 'o1/reserve', (given) => reversals.release(open, 'o1', given as never)));
  const free = async () => (await database.query<{ free: number }>('select free from stock'))[0]!.free;
  const untilSomebodyWaits = () => expect.poll(() => countOf("pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"), { timeout: 10_000 }).toBe(1);

  test('asked to take back what is being done at this moment waits for it, and then takes it back', async () => {
    const [done, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const doing = database.transaction(async (open) => {
      const answer = await reserve(open);
      done.resolve();
      await commit.promise;
      return answer;
    });
    await done.promise;
    const takingBack = takeBack();
    await untilSomebodyWaits();
    commit.resolve();
    expect([(await doing).state, await takingBack, await free()]).toEqual(['done', true, 100]);
  });

  test('asked to do what is being taken back at this moment waits for it, and then refuses', async () => {
    const [undone, commit] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const takingBack = database.transaction(async (open) => {
      const isFirst = await undo(open, 'o1/reserve', async () => {});
      undone.resolve();
      await commit.promise;
      return isFirst;
    });
    await undone.promise;
    const doing = database.transaction(reserve);
    await untilSomebodyWaits();
    commit.resolve();
    expect([await takingBack, await doing, await free()]).toEqual([true, { state: 'refused', result: 'it was taken back before', repeated: true }, 100]);
  });

  test('asked ten times at the same moment does it once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => database.transaction(reserve)));
    expect([answers.filter(({ repeated }) => !repeated).length, await free()]).toEqual([1, 99]);
  });
});
