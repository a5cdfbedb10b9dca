/** Public face of the catalogue: what is sold, and for how much. */
import type { Transaction } from '../database.ts';
import { add, priceOf, withdraw } from './products.ts';
import type { Product } from './products.ts';

export { NotSoldError } from './products.ts';
export type { Product } from './products.ts';
export { tables as catalogueTables } from './tables.ts';

export interface Catalogue {
  add(open: Transaction, product: Product): Promise<void>;
  /** It can be ordered no longer; what was ordered stays ordered. */
  withdraw(open: Transaction, sku: string): Promise<void>;
  /** Of one piece, in cents. @throws NotSoldError */
  priceOf(open: Transaction, sku: string): Promise<number>;
}

export function openCatalogue(): Catalogue {
  return { add, withdraw, priceOf };
}
