import { NotSoldError } from '../modular-monolith/catalogue/index.ts';
import type { Database } from '../modular-monolith/database.ts';
import { openOrders } from '../modular-monolith/orders/index.ts';
import type { Needed, Orders, PlacedListener } from '../modular-monolith/orders/index.ts';
import type { Move } from './out-of-the-monolith.ts';

// #region seam
/**
 * Orders as they are, over a catalogue that may be elsewhere. Each price is asked before the transaction begins:
 * asked inside, each slow answer would keep a transaction open, and a connection that others wait for.
 * @param needed as before; of its catalogue only the price is replaced
 */
export function ordersOver(price: Move['price'], database: Database, needed: Needed): Orders {
  const listeners: PlacedListener[] = [];
  return {
    ...openOrders(database, needed),
    onPlaced: (listener) => { listeners.push(listener); },
    place: async (basket) => {
      const quoted = new Map<string, number>();
      for (const { sku } of basket.lines) {
        const cents = await price({ sku, pieces: 1 });
        if (cents === undefined) throw new NotSoldError(sku);
        quoted.set(sku, cents);
      }
      const priceOf = async (_: unknown, sku: string): Promise<number> => quoted.get(sku)!;
      const orders = openOrders(database, { ...needed, catalogue: { ...needed.catalogue, priceOf } });
      for (const listener of listeners) orders.onPlaced(listener);
      return orders.place(basket);
    },
  };
}
// #endregion seam
