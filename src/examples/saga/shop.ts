import { StepRefusedError } from './contract.ts';
import type { Database, Send, Transaction } from './contract.ts';
import { perform, undo } from './participant.ts';
import type { Order, Participants } from './place-order.ts';

/** What each service does to its own data, in a transaction of its own database. */
export type Effect = (open: Transaction, order: string, wanted: Order) => Promise<unknown>;
/** @param given what the effect gave that is taken back */
export type Reversal = (open: Transaction, order: string, given: never) => Promise<unknown>;

export const shopSchema = `
  create table stock (item text primary key, free integer not null check (free >= 0));
  create table card (id text primary key, free_cents integer not null check (free_cents >= 0));
  create table payment (order_id text primary key, card text not null, cents integer not null, state text not null default 'held');
  create table parcel (order_id text primary key, address text not null);
`;

export const effects = {
  reserve: async (open, _order, { item, pieces }) => {
    const taken = await open.query('update stock set free = free - $2 where item = $1 and free >= $2 returning item', [item, pieces]);
    if (taken.length === 0) throw new StepRefusedError('out of stock');
    return { item, pieces };
  },
  authorise: async (open, order, { card, totalCents }) => {
    const held = await open.query('update card set free_cents = free_cents - $2 where id = $1 and free_cents >= $2 returning id', [card, totalCents]);
    if (held.length === 0) throw new StepRefusedError('card declined');
    await open.query('insert into payment (order_id, card, cents) values ($1, $2, $3)', [order, card, totalCents]);
    return { card, cents: totalCents };
  },
  dispatch: async (open, order, { address }) => {
    if (/^P\.?O\.? box/i.test(address)) throw new StepRefusedError('the carrier does not deliver there');
    await open.query('insert into parcel values ($1, $2)', [order, address]);
  },
  capture: (open, order) => open.query("update payment set state = 'captured' where order_id = $1", [order]),
} satisfies { [step: string]: Effect };

export const reversals = {
  release: (open, _order, { item, pieces }: { item: string; pieces: number }) =>
    open.query('update stock set free = free + $2 where item = $1', [item, pieces]),
  void: async (open, order, { card, cents }: { card: string; cents: number }) => {
    await open.query('update card set free_cents = free_cents + $2 where id = $1', [card, cents]);
    await open.query("update payment set state = 'voided' where order_id = $1", [order]);
  },
} satisfies { [step: string]: Reversal };

/** The commands as each service handles them; between services they come over HTTP or a queue. */
export function participants(database: Database): Participants {
  const does = (effect: Effect): Send<Order> => async ({ saga, key, input }) => {
    const { state, result } = await database.transaction((open) => perform(open, key, () => effect(open, saga, input)));
    if (state === 'refused') throw new StepRefusedError(String(result));
    return result;
  };
  const takesBack = (reversal: Reversal): Send<Order> => ({ saga, key }) =>
    database.transaction((open) => undo(open, key, (given) => reversal(open, saga, given as never)));
  return {
    inventory: { reserve: does(effects.reserve), release: takesBack(reversals.release) },
    payments: { authorise: does(effects.authorise), void: takesBack(reversals.void), capture: does(effects.capture) },
    shipping: { dispatch: does(effects.dispatch) },
  };
}
