/** One open transaction. */
export interface Transaction {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}
/** Commits when `work` resolves, rolls back when it rejects. It is all that the service needs to answer. */
export interface Database {
  transaction<Result>(work: (transaction: Transaction) => Promise<Result>): Promise<Result>;
}

/** Services that own what orders needs to know. */
export type Source = 'catalogue' | 'accounts';
/** Services that have a say after the answer; accounts only for a customer whom orders does not know yet. */
export type Decider = 'inventory' | 'payments' | 'accounts';

export interface OrderRequest {
  /** Chosen by the client, so that a repeat is the same order. */
  readonly id: string;
  readonly customer: string;
  readonly sku: string;
  readonly pieces: number;
}
export type OrderState = 'pending' | 'confirmed' | 'rejected';
export interface Order {
  readonly id: string;
  readonly state: OrderState;
  readonly totalCents: number;
  /** Why it was rejected. */
  readonly reason: string | null;
}

/** What others hear of an order. Recorded in the same transaction, for example with an outbox. */
export interface Announcement {
  readonly type: 'OrderPlaced' | 'OrderConfirmed' | 'OrderRejected';
  readonly order: string;
  /** Of `OrderPlaced`: who has to say yes. */
  readonly awaits?: readonly Decider[];
}

export interface Options {
  /** How old the copy of a source may be, in milliseconds; also how long its owner may be away before orders are refused. */
  readonly maxAgeMs: Readonly<Record<Source, number>>;
  readonly announce: (transaction: Transaction, announcement: Announcement) => Promise<unknown>;
  /** Called after the commit; must not throw. */
  readonly onEvent?: (event: OrderEvent) => void;
}
export type OrderEvent =
  | { readonly type: 'placed'; readonly order: string; readonly agesMs: Ages }
  | { readonly type: 'refused'; readonly order: string; readonly error: unknown }
  | { readonly type: 'confirmed' | 'rejected'; readonly order: string }
  /** Somebody said yes to an order that was rejected meanwhile; `OrderRejected` tells them to take it back. */
  | { readonly type: 'late'; readonly order: string; readonly decider: Decider };
/** Age of each copy; Infinity while it is not complete. */
export type Ages = Readonly<Record<Source, number>>;

/** Answering would mean answering from facts that may be wrong by now. */
export class CopyTooOldError extends Error {
  override readonly name = 'CopyTooOldError';
  readonly source: Source;

  constructor(source: Source, ageMs: number, maxAgeMs: number) {
    super(`orders' copy of ${source} is ${ageMs} ms old, and may be ${maxAgeMs} ms old at most`);
    this.source = source;
  }
}
/** As far as orders knows, this cannot be ordered, or not by this customer. */
export class OrderRefusedError extends Error {
  override readonly name = 'OrderRefusedError';
}
/** The id belongs to another order. */
export class OrderConflictError extends Error {
  override readonly name = 'OrderConflictError';
}
