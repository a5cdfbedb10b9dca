import type { Command, Send } from '../saga/contract.ts';
import type { Order, Participants } from '../saga/place-order.ts';

// #region chain
/** What most shops begin with: nobody keeps how far it came. */
export async function placeInChain(
  { payments, inventory, shipping }: Participants,
  order: string, input: Order, signal: AbortSignal,
): Promise<void> {
  const say = teller(order, input, signal);
  await say('authorise', payments.authorise);
  await say('capture', payments.capture);
  await say('reserve', inventory.reserve);
  await say('dispatch', shipping.dispatch);
}
// #endregion chain

// #region careful
/** In a better order, taken back in reverse, by a process that may have died. */
export async function placeInTryBlock(
  { payments, inventory, shipping }: Participants,
  order: string, input: Order, signal: AbortSignal,
): Promise<void> {
  const say = teller(order, input, signal);
  const undo: (() => Promise<unknown>)[] = [];
  try {
    await say('reserve', inventory.reserve);
    undo.unshift(() => say('reserve', inventory.release));
    await say('authorise', payments.authorise);
    undo.unshift(() => say('authorise', payments.void));
    await say('dispatch', shipping.dispatch);
    await say('capture', payments.capture);
  } catch (error) {
    for (const takeBack of undo) await takeBack();
    throw error;
  }
}
// #endregion careful

function teller(order: string, input: Order, signal: AbortSignal) {
  return (step: string, send: Send<Order>): Promise<unknown> => {
    const command: Command<Order> = { saga: order, key: `${order}/${step}`, input, results: {} };
    return send(command, signal);
  };
}
