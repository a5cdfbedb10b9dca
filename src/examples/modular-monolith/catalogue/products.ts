import type { Transaction } from '../database.ts';

/** Refused by the catalogue: there is no such product, or it is sold no longer. */
export class NotSoldError extends Error {
  override readonly name = 'NotSoldError';
  readonly sku: string;

  constructor(sku: string) {
    super(`'${sku}' is not sold`);
    this.sku = sku;
  }
}

export interface Product { readonly sku: string; readonly title: string; readonly priceCents: number }

export async function add(open: Transaction, { sku, title, priceCents }: Product): Promise<void> {
  await open.query('insert into catalogue.product (sku, title, price_cents) values ($1, $2, $3)', [sku, title, priceCents]);
}

export async function withdraw(open: Transaction, sku: string): Promise<void> {
  await open.query('update catalogue.product set is_sold = false where sku = $1', [sku]);
}

export async function priceOf(open: Transaction, sku: string): Promise<number> {
  const [product] = await open.query<{ price_cents: number }>('select price_cents from catalogue.product where sku = $1 and is_sold', [sku]);
  if (product === undefined) throw new NotSoldError(sku);
  return product.price_cents;
}
