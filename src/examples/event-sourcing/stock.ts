import type { Model } from './contract.ts';

export type StockEvent =
  | { readonly type: 'StockReceived'; readonly data: { readonly pieces: number } }
  | { readonly type: 'StockReserved'; readonly data: { readonly order: string; readonly pieces: number } }
  | { readonly type: 'ReservationReleased'; readonly data: { readonly order: string; readonly reason: string } }
  | { readonly type: 'OrderShipped'; readonly data: { readonly order: string } };

export type StockCommand =
  | { readonly type: 'receive'; readonly pieces: number }
  | { readonly type: 'reserve'; readonly order: string; readonly pieces: number }
  | { readonly type: 'release'; readonly order: string; readonly reason: string }
  | { readonly type: 'ship'; readonly order: string };

export interface Stock {
  readonly free: number;
  /** Pieces of each order that has not been shipped yet. */
  readonly reserved: Readonly<Record<string, number>>;
}

export class OutOfStockError extends Error {
  override readonly name = 'OutOfStockError';
}

// #region stock
/** The stock of one item; a stream each. */
export const stock: Model<Stock, StockCommand, StockEvent> = {
  name: 'stock/1',
  initial: { free: 0, reserved: {} },

  decide(command, { free, reserved }) {
    const isOpen = 'order' in command && Object.hasOwn(reserved, command.order);
    switch (command.type) {
      case 'receive':
        requirePieces(command.pieces);
        return [{ type: 'StockReceived', data: { pieces: command.pieces } }];
      case 'reserve':
        requirePieces(command.pieces);
        // A repeated command finds the order reserved and changes nothing.
        if (isOpen) return [];
        if (command.pieces > free) {
          throw new OutOfStockError(`Inventory refused ${command.pieces} pieces for ${command.order}: ${free} are free`);
        }
        return [{ type: 'StockReserved', data: { order: command.order, pieces: command.pieces } }];
      case 'release':
        return isOpen ? [{ type: 'ReservationReleased', data: { order: command.order, reason: command.reason } }] : [];
      case 'ship':
        return isOpen ? [{ type: 'OrderShipped', data: { order: command.order } }] : [];
    }
  },

  evolve(state, event) {
    switch (event.type) {
      case 'StockReceived':
        return { ...state, free: state.free + event.data.pieces };
      case 'StockReserved': {
        const { order, pieces } = event.data;
        return { free: state.free - pieces, reserved: { ...state.reserved, [order]: pieces } };
      }
      case 'ReservationReleased':
      case 'OrderShipped': {
        if (!Object.hasOwn(state.reserved, event.data.order)) return state;
        const { [event.data.order]: pieces = 0, ...reserved } = state.reserved;
        return { free: event.type === 'OrderShipped' ? state.free : state.free + pieces, reserved };
      }
      default:
        return state;
    }
  },

  upcasts: {
    StockReceived: [
      // The old warehouse counted in dozens.
      ({ dozens, ...rest }: { dozens: number }) => ({ ...rest, quantity: dozens * 12 }),
      ({ quantity, ...rest }: { quantity: number }) => ({ ...rest, pieces: quantity }),
    ],
    StockReserved: [
      ({ orderId, quantity, ...rest }: { orderId: string; quantity: number }) => ({ ...rest, order: orderId, pieces: quantity }),
    ],
  },
};
// #endregion stock

function requirePieces(pieces: number): void {
  if (!(Number.isSafeInteger(pieces) && pieces > 0)) {
    throw new RangeError(`Cannot change the stock as 'pieces' must be a positive integer: current value is ${pieces}`);
  }
}
