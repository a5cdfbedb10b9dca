import { ViewMissingError } from './contract.ts';
import type { Database, Found, Position, Projection } from './contract.ts';
import { statements } from './schema.ts';

/** What a customer sees above "My orders". `cents` is what was ordered and not cancelled. */
export interface Overview {
  readonly orders: number;
  readonly open: number;
  readonly cents: number;
}
export const view = 'customer overview';

// #region overview
/** What each change adds to orders, open and cents. Sums: applied twice they would be wrong. */
const effects: Readonly<Record<string, (cents: number) => readonly [orders: number, open: number, cents: number]>> = {
  OrderPlaced: (cents) => [1, 1, cents],
  OrderShipped: () => [0, -1, 0],
  OrderCancelled: (cents) => [0, -1, -cents],
};

/** @param name a new one whenever what is computed changes */
export function overviewProjection(name = `${view}/1`): Projection {
  return {
    name,
    apply: async (transaction, { type, data }) => {
      if (!Object.hasOwn(effects, type)) return;
      const { customer, cents } = data as { customer: string; cents: number };
      await transaction.query(statements.addToOverview, [name, customer, ...effects[type]!(cents)]);
    },
  };
}

/** The read side: no rules, no objects, one row. @throws ViewMissingError */
export async function readOverview(readSide: Database, customer: string): Promise<Found<Overview>> {
  const [row] = await readSide.transaction(({ query }) => query<Overview & { position: Position }>(statements.overview, [view, customer]));
  if (row === undefined) throw new ViewMissingError(`No projection serves '${view}'`);
  const { position, ...found } = row;
  return { view: found, position };
}

/** From the orders themselves: never late, and as costly as the customer has orders. */
export async function sumUpOrders(writeSide: Database, customer: string): Promise<Overview> {
  const [row] = await writeSide.transaction(({ query }) => query<Overview>(statements.overviewOfOrders, [customer]));
  return row!;
}
// #endregion overview
