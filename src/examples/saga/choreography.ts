import { StepRefusedError } from './contract.ts';
import type { Transaction } from './contract.ts';
import { perform, undo } from './participant.ts';
import { orderStatements } from './place-order.ts';
import type { Order } from './place-order.ts';
import type { Effect, Reversal } from './shop.ts';

export interface OrderEvent {
  /** The same however often it is sent. */
  readonly id: string;
  /** Order of delivery: events of one saga reach a service one after the other. */
  readonly saga: string;
  /** The event that led to this one; null for the first. */
  readonly causation: string | null;
  readonly type: string;
  readonly data: Order | null;
}
/** Writes the event into the outbox of the service, in the transaction of the change that it reports. */
export type RecordEvent = (open: Transaction, event: OrderEvent) => Promise<void>;

type Announced = Pick<OrderEvent, 'type' | 'data'> | undefined;
export interface Reaction {
  readonly service: 'inventory' | 'payments' | 'shipping' | 'orders';
  readonly on: readonly string[];
  /** @returns what to announce, if anything */
  readonly react: React;
}
type React = (open: Transaction, event: OrderEvent) => Promise<Announced>;
type Effects = { readonly [step in 'reserve' | 'authorise' | 'dispatch' | 'capture']: Effect };
type Reversals = { readonly [step in 'release' | 'void']: Reversal };

// #region reactions
/** The flow of the order, as far as any one place knows it. No event leads back to itself. */
export function orderReactions(effects: Effects, reversals: Reversals): readonly Reaction[] {
  const forward = (step: 'reserve' | 'authorise' | 'dispatch', done: string, refused: string): React =>
    async (open, { saga, data }) => {
      const answer = await perform(open, `${saga}/${step}`, () => effects[step](open, saga, data!));
      if (answer.repeated) return undefined;
      return { type: answer.state === 'done' ? done : refused, data };
    };
  const back = (step: 'reserve' | 'authorise', reversal: Reversal, done: string): React =>
    async (open, { saga, data }) => {
      const isFirst = await undo(open, `${saga}/${step}`, (given) => reversal(open, saga, given as never));
      return isFirst ? { type: done, data } : undefined;
    };
  return [
    { service: 'inventory', on: ['OrderPlaced'], react: forward('reserve', 'StockReserved', 'StockRefused') },
    { service: 'payments', on: ['StockReserved'], react: forward('authorise', 'PaymentAuthorised', 'PaymentRefused') },
    { service: 'shipping', on: ['PaymentAuthorised'], react: forward('dispatch', 'OrderShipped', 'ShippingRefused') },
    { service: 'payments', on: ['OrderShipped'], react: (open, event) => capture(effects.capture, open, event) },

    { service: 'payments', on: ['ShippingRefused'], react: back('authorise', reversals.void, 'PaymentVoided') },
    { service: 'inventory', on: ['PaymentRefused', 'PaymentVoided'], react: back('reserve', reversals.release, 'StockReleased') },

    { service: 'orders', on: ['PaymentCaptured'], react: (open, event) => close(open, event, 'confirmed') },
    { service: 'orders', on: ['StockRefused', 'StockReleased'], react: (open, event) => close(open, event, 'cancelled') },

    // Stuck before the parcel has left: shipping alone can say so. Its no is kept, so a late PaymentAuthorised
    // finds it; from here the usual way back runs, over services that may have done nothing yet.
    { service: 'shipping', on: ['OrderOverdue'], react: refuseDispatch },
  ];
}
// #endregion reactions

/** One transaction of the service: the reaction, the memory of it, and what it announces. A repeat announces nothing again. */
export async function handle(open: Transaction, event: OrderEvent, { react }: Reaction, record: RecordEvent): Promise<void> {
  const next = await react(open, event);
  if (next !== undefined) await record(open, { ...next, id: `${event.saga}/${next.type}`, saga: event.saga, causation: event.id });
}

/** Takes the semantic lock and sets the clock: from here on the orders service owns the stuck case. */
export async function announceOrder(open: Transaction, order: string, data: Order, deadlineMs: number, record: RecordEvent): Promise<void> {
  await open.query(choreographyStatements.open, [order, data.address, deadlineMs]);
  await record(open, { id: `${order}/OrderPlaced`, saga: order, causation: null, type: 'OrderPlaced', data });
}

/**
 * Called every few seconds.
 * @param againMs until an order that is still pending is reported once more, in milliseconds
 * @returns orders whose time is over; alert on one that comes back, it hangs behind the point of no return or on the way back
 */
export async function announceOverdue(open: Transaction, againMs: number, record: RecordEvent, limit = 100): Promise<readonly string[]> {
  const overdue = await open.query<{ id: string }>(choreographyStatements.takeOverdue, [limit, againMs]);
  for (const { id } of overdue) {
    await record(open, { id: `${id}/OrderOverdue`, saga: id, causation: `${id}/OrderPlaced`, type: 'OrderOverdue', data: null });
  }
  return overdue.map(({ id }) => id);
}

/** Behind the point of no return: whatever happens here, the broker delivers the event again. */
async function capture(effect: Effect, open: Transaction, { saga, data }: OrderEvent): Promise<Announced> {
  const answer = await perform(open, `${saga}/capture`, () => effect(open, saga, data!));
  if (answer.state === 'refused') throw new Error(`The payment of order ${saga} must not be refused any more: ${answer.result}`);
  return answer.repeated ? undefined : { type: 'PaymentCaptured', data };
}

async function refuseDispatch(open: Transaction, { saga, data }: OrderEvent): Promise<Announced> {
  const { repeated } = await perform(open, `${saga}/dispatch`, () => Promise.reject(new StepRefusedError('too late')));
  return repeated ? undefined : { type: 'ShippingRefused', data };
}

async function close(open: Transaction, { saga }: OrderEvent, state: 'confirmed' | 'cancelled'): Promise<undefined> {
  await open.query(orderStatements.release, [saga, state]);
}

export const choreographyStatements = {
  open: `
    insert into orders (id, address, deadline_at)
    values ($1, $2, now() + $3::double precision * interval '1 millisecond')`,
  takeOverdue: `
    update orders set deadline_at = now() + $2::double precision * interval '1 millisecond'
     where id in (select id from orders
                   where state = 'pending' and deadline_at <= now()
                   order by deadline_at limit $1
                     for update skip locked)
    returning id`,
} as const;
