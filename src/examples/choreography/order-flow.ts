import type { Reaction, StoreTransaction } from './contract.ts';

export type Task = 'reserve' | 'charge' | 'dispatch' | 'release' | 'refund' | 'reject' | 'thank' | 'grant';
/** What each service does in its own transaction. False: refused for good, and nothing was done. */
export type Effect = (task: Task, process: string, open: StoreTransaction) => Promise<boolean>;

// #region reactions
export const begins = ['OrderPlaced'];
export const ends = ['ParcelSent', 'StockReleased', 'PaymentReturned', 'OrderRejected'];

/** What each service declares of itself. Together they are the flow; no service knows more of it than its own lines. */
export function orderFlow(effect: Effect): readonly Reaction[] {
  return [
    reaction(effect, 'inventory', 'reserve', ['OrderPlaced'], 'StockReserved', 'StockRefused'),
    reaction(effect, 'payments', 'charge', ['OrderPlaced'], 'PaymentTaken', 'PaymentRefused'),
    reaction(effect, 'shipping', 'dispatch', ['StockReserved', 'PaymentTaken'], 'ParcelSent'),
    // What is taken back is among the facts that it needs, so nothing is undone that was not done, in whatever order they come.
    reaction(effect, 'inventory', 'release', ['StockReserved', 'PaymentRefused'], 'StockReleased'),
    reaction(effect, 'payments', 'refund', ['PaymentTaken', 'StockRefused'], 'PaymentReturned'),
    reaction(effect, 'orders', 'reject', ['StockRefused', 'PaymentRefused'], 'OrderRejected'),
    reaction(effect, 'notifications', 'thank', ['ParcelSent']),
  ];
}
// #endregion reactions

/** Joined a year later: no other line of the flow, and no other service, had to change. */
export function loyalty(effect: Effect): Reaction {
  return reaction(effect, 'accounts', 'grant', ['PaymentTaken']);
}

function reaction(effect: Effect, service: string, name: Task, needs: readonly string[], done?: string, refused = done): Reaction {
  return {
    name, service, needs, tells: [...new Set([done, refused])].filter((type) => type !== undefined),
    act: async (facts, open) => {
      const type = await effect(name, facts[needs[0]!]!.process, open) ? done : refused;
      return type === undefined ? undefined : { type };
    },
  };
}
