import { StepRefusedError } from './contract.ts';
import type { Flow, Send } from './contract.ts';

export interface Order { readonly item: string; readonly totalCents: number }
export type Task = 'reserve' | 'charge' | 'ask the warehouse' | 'remind the warehouse' | 'dispatch' | 'refund' | 'release' | 'tell the customer';
export type Shop = (task: Task, order: Order) => Send<unknown>;

// #region flow
/** The old warehouse answers by a message, some day; after a reminder and no answer the order is taken back. */
export function fulfilOrder(shop: Shop, patienceMs = 2 * 60 * 60_000): Flow<Order> {
  return async (run, order) => {
    const step = (task: Task): Promise<unknown> => run.step(task, shop(task, order));
    await step('reserve');
    try {
      await step('charge');
    } catch (error) {
      if (!(error instanceof StepRefusedError)) throw error;
      await step('release');
      return 'refused';
    }
    await step('ask the warehouse');
    let picked = await run.wait('answer', 'picked', patienceMs);
    if (picked === undefined) {
      await step('remind the warehouse');
      picked = await run.wait('answer to the reminder', 'picked', patienceMs);
    }
    if (picked === undefined) {
      await step('refund');
      await step('release');
      await step('tell the customer');
      return 'cancelled';
    }
    await step('dispatch');
    return 'sent';
  };
}
// #endregion flow
