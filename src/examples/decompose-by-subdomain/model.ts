/** The model of shipping. It knows no other context, so its words can be read without any other. */

// #region model
/** What is carried. Whether it is still sold, and for how much, is nobody's business here. */
export interface Product { readonly sku: string; readonly grams: number; readonly isFragile: boolean }

/** Where it goes. Not who pays: that may be somebody else. */
export interface Recipient { readonly name: string; readonly address: string }

/** What is to reach one recipient, in as many parcels as it takes. */
export interface Consignment {
  readonly orderId: number;
  readonly to: Recipient;
  readonly items: readonly { readonly product: Product; readonly pieces: number }[];
}
export interface Parcel { readonly skus: readonly string[]; readonly grams: number; readonly isFragile: boolean }

/** The most that the carrier takes in one parcel. */
export const heaviestGrams = 31_500;

/** Each piece into the first parcel with room; what may break travels apart. @throws TooHeavyError */
export function packed({ items }: Consignment): Parcel[] {
  const parcels: { skus: string[]; grams: number; isFragile: boolean }[] = [];
  for (const { sku, grams, isFragile } of items.flatMap(({ product, pieces }) => Array.from({ length: pieces }, () => product))) {
    if (grams > heaviestGrams) throw new TooHeavyError(sku);
    let parcel = parcels.find((each) => each.isFragile === isFragile && each.grams + grams <= heaviestGrams);
    if (!parcel) parcels.push(parcel = { skus: [], grams: 0, isFragile });
    parcel.skus.push(sku);
    parcel.grams += grams;
  }
  return parcels;
}
// #endregion model

/** Refused by shipping: the carrier takes no such parcel. */
export class TooHeavyError extends Error {
  override readonly name = 'TooHeavyError';

  constructor(sku: string) {
    super(`'${sku}' is heavier than ${heaviestGrams} g`);
  }
}
