import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { bucketOf } from '../strangler-fig/routing.ts';
import type { Catalogue, MoveOptions } from './out-of-the-monolith.ts';
import { change, handOver, NotOwnerError, owns } from './ownership.ts';
import type { Side } from './ownership.ts';
import type { Product } from './translation.ts';

/** What so many pieces cost. Each side has code of its own for it, and that is what a rehearsal compares. */
export type Rule = (product: Product, pieces: number) => number;

/** One of the two systems, as the façade asks it. */
export function catalogueOf(side: Side, rule: Rule): Catalogue {
  return {
    async price({ sku, pieces }) {
      const known = await side.database.transaction((transaction) => side.store.read(transaction, sku));
      return known?.product.isSold ? rule(known.product, pieces) : undefined;
    },
    setPrice: ({ sku, priceCents }) => change(side, sku, (before) => ({ isSold: true, ...before, priceCents })),
  };
}

export interface CutOverOptions {
  /** All products, those included that are not sold. */
  readonly skus: () => Promise<readonly string[]>;
  /** How often to look whether the deeds have arrived, in milliseconds. */
  readonly lookEveryMs: number;
  readonly clock?: Clock;
}

// #region move-ownership
/** Resolves once each product has the owner that the share gives it, on both sides. */
export function moveOwnershipBetween(
  monolith: Side,
  catalogue: Side,
  { skus, lookEveryMs, clock = systemClock }: CutOverOptions,
): MoveOptions['moveOwnership'] {
  return async (share, signal) => {
    for (let onTheirWay = 1; onTheirWay > 0;) {
      onTheirWay = 0;
      for (const sku of await skus()) {
        signal?.throwIfAborted();
        const isMoved = bucketOf('writes', sku) < share;
        const [from, to] = isMoved ? [monolith, catalogue] : [catalogue, monolith];
        if (await owns(to, sku)) continue;
        onTheirWay += 1;
        await handOver(from, sku).catch(ifOnItsWay);
      }
      if (onTheirWay > 0) await clock.sleep(lookEveryMs, signal);
    }
  };
}
// #endregion move-ownership

/** Neither side owns it while its deed is under way, be it the deed of an earlier move. */
function ifOnItsWay(error: unknown): void {
  if (!(error instanceof NotOwnerError)) throw error;
}
