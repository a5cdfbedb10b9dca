import type { Clock } from '../clock.ts';
import { MemoryServer } from '../memory-transactions.ts';
import type { Slot } from '../memory-transactions.ts';
import type { Change, Position } from './contract.ts';
import type { Overview } from './overview.ts';
import { statements } from './schema.ts';

interface Order { id: string; customer: string; cents: number; status: string }
interface Kept extends Overview { projection: string; customer: string }
interface Serving { view: string; projection: string }

/**
 * The tables of both sides in memory, for simulations. A test holds every statement against PostgreSQL.
 * @param serving the copy of each view that answers
 */
export function memoryDatabase(clock: Clock, serving: readonly Serving[] = []): MemoryServer {
  const orders = new Map<string, Slot<Order>>();
  const ordersOf = new Map<string, Slot<Order>[]>();
  /** In order of position; a rollback leaves an empty slot. */
  const changes: Slot<Change>[] = [];
  const turn: Slot<never> = {};
  const projections = new Map<string, Slot<{ position: Position }>>();
  const projectionOf = (name: string): Slot<{ position: Position }> => existing(projections, name, () => ({}));
  const overviews = new Map<string, Slot<Kept>>();
  const orderOf = (id: string): Slot<Order> => existing(orders, id, () => ({}));
  const overviewOf = (projection: string, customer: string): Slot<Kept> => existing(overviews, JSON.stringify([projection, customer]), () => ({}));

  return new MemoryServer(clock, {
    [statements.placeOrder]: async (open, [id, customer, cents]: [string, string, number]) => {
      const slot = orderOf(id);
      if (slot.committed !== undefined || await open.lock(slot) !== undefined) return [];
      slot.draft = { id, customer, cents, status: 'placed' };
      const theirs = existing(ordersOf, customer, () => []);
      if (!theirs.includes(slot)) theirs.push(slot);
      return [{ id }];
    },

    [statements.closeOrder]: async (open, [id, status]: [string, string]) => {
      const closed = await open.change([orderOf(id)], (row) => row.status === 'placed', (row) => ({ ...row, status }));
      return closed.map(({ customer, cents }) => ({ customer, cents }));
    },

    [statements.order]: (open, [id]: [string]) => open.seeAll([orderOf(id)]).map(({ customer, cents, status }) => ({ customer, cents, status })),

    [statements.record]: async (open, [type, json]: [string, string]) => {
      await open.lock(turn);
      const slot: Slot<Change> = {};
      const position = changes.push(slot);
      open.tryLock(slot);
      slot.draft = { position, type, data: JSON.parse(json) };
      return [{ position }];
    },

    [statements.head]: (open) => [{ position: changes.findLastIndex((slot) => open.see(slot) !== undefined) + 1 }],

    [statements.changes]: (open, [after, limit]: [Position, number]) => {
      const found: Change[] = [];
      for (let at = after; at < changes.length && found.length < limit; at += 1) {
        const change = open.see(changes[at]!);
        if (change !== undefined) found.push({ ...change });
      }
      return found;
    },

    [statements.begin]: async (open, [name]: [string]) => {
      const slot = projectionOf(name);
      if (slot.committed === undefined && await open.lock(slot) === undefined) slot.draft = { position: 0 };
      return [];
    },

    [statements.takeTurn]: (open, [name]: [string]) => {
      const slot = projectionOf(name);
      return open.see(slot) === undefined || !open.tryLock(slot) ? [] : [{ ...slot.draft }];
    },

    [statements.moveTo]: async (open, [name, position]: [string, Position]) => {
      await open.change([projectionOf(name)], () => true, () => ({ position }));
      return [];
    },

    [statements.addToOverview]: async (open, [projection, customer, ordered, opened, cents]: [string, string, number, number, number]) => {
      const slot = overviewOf(projection, customer);
      const row = await open.lock(slot) ?? { projection, customer, orders: 0, open: 0, cents: 0 };
      slot.draft = { ...row, orders: row.orders + ordered, open: row.open + opened, cents: row.cents + cents };
      return [];
    },

    [statements.overview]: (open, [view, customer]: [string, string]) => serving.filter((each) => each.view === view).flatMap(({ projection }) => {
      const checkpoint = open.see(projectionOf(projection));
      const { orders, open: opened, cents } = open.see(overviewOf(projection, customer)) ?? { orders: 0, open: 0, cents: 0 };
      return checkpoint === undefined ? [] : [{ position: checkpoint.position, orders, open: opened, cents }];
    }),

    [statements.overviewOfOrders]: (open, [customer]: [string]) => {
      const theirs = open.seeAll(ordersOf.get(customer) ?? []).filter((order) => order.customer === customer);
      const sum = theirs.reduce((cents, order) => cents + (order.status === 'cancelled' ? 0 : order.cents), 0);
      return [{ orders: theirs.length, open: theirs.filter(({ status }) => status === 'placed').length, cents: sum }];
    },
  });
}

function existing<Value>(map: Map<string, Value>, key: string, create: () => Value): Value {
  const found = map.get(key) ?? create();
  map.set(key, found);
  return found;
}
