import type { Definition, Send, Transaction } from './contract.ts';

export interface Order {
  readonly item: string;
  readonly pieces: number;
  readonly card: string;
  readonly totalCents: number;
  readonly address: string;
}
/** Calls to other services; each sends `command.key` as its idempotency key. */
export interface Participants {
  readonly inventory: { readonly reserve: Send<Order>; readonly release: Send<Order> };
  readonly payments: { readonly authorise: Send<Order>; readonly void: Send<Order>; readonly capture: Send<Order> };
  readonly shipping: { readonly dispatch: Send<Order> };
}
/** The order is in the hands of its saga. Nothing was changed; ask again when that has ended. */
export class OrderPendingError extends Error {
  override readonly name = 'OrderPendingError';
}

// #region definition
export function placeOrder({ inventory, payments, shipping }: Participants): Definition<Order> {
  return {
    name: 'place order, version 1',
    steps: [
      { name: 'reserve', kind: 'compensatable', run: inventory.reserve, undo: inventory.release },
      { name: 'authorise', kind: 'compensatable', run: payments.authorise, undo: payments.void },
      // The parcel leaves the house: nothing can be taken back behind this.
      { name: 'dispatch', kind: 'pivot', run: shipping.dispatch },
      { name: 'capture', kind: 'retriable', run: payments.capture },
    ],
    end: async (open, order, state) => {
      const release = state === 'completed' ? 'confirmed' : 'cancelled';
      // Read again: whoever ignored the lock would be overwritten here.
      const mine = await open.query(orderStatements.release, [order, release]);
      if (mine.length === 0) throw new Error(`Order ${order} is no longer pending`);
    },
  };
}
// #endregion definition

export const orderSchema = `
  create table orders (
    id          text primary key,
    state       text not null default 'pending',
    address     text not null,
    -- For the choreography: when somebody has to step in.
    deadline_at timestamptz
  );
`;

/** `pending` is the lock: it is taken with the saga and freed in the transaction that ends it. */
export async function openOrder(open: Transaction, id: string, { address }: Order): Promise<void> {
  await open.query(orderStatements.open, [id, address]);
}

/** Every other change of an order asks for the lock first. */
export async function changeAddress(open: Transaction, id: string, address: string): Promise<void> {
  const changed = await open.query(orderStatements.changeAddress, [id, address]);
  if (changed.length === 0) throw new OrderPendingError(`Order ${id} cannot be changed while it is being placed`);
}

export const orderStatements = {
  open: `insert into orders (id, address) values ($1, $2)`,
  changeAddress: `update orders set address = $2 where id = $1 and state <> 'pending' returning id`,
  release: `update orders set state = $2 where id = $1 and state = 'pending' returning id`,
} as const;
