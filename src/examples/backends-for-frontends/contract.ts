/** What the services behind say. All front ends get the same; none of it is shaped for one of them. */
export interface Money { /** Whole cents. */ cents: number; currency: string }

export interface Product {
  id: string;
  name: string;
  text: string;
  pictures: readonly { url: string; widthPx: number }[];
  details: Readonly<Record<string, string>>;
}

/**
 * What the shop has decided for this customer: discounts, stock, age, country. A front end shows it and does not work it out again.
 * Reasons may be added at any time.
 */
export interface Offer {
  price: Money;
  before?: Money;
  orderable: boolean;
  /** Why it cannot be ordered, for example `sold-out`, `adults-only`. */
  because?: string;
  deliveryDays: number;
}

export interface Reviews { count: number; stars: number; newest: readonly { by: string; text: string }[] }

export interface Services {
  product: (id: string, signal: AbortSignal) => Promise<Product>;
  offer: (id: string, customer: string, signal: AbortSignal) => Promise<Offer>;
  /** @param most 0 for the summary alone */
  reviews: (id: string, most: number, signal: AbortSignal) => Promise<Reviews>;
}

/** This front end has as many calls open at a service as it may have; others are not concerned. */
export class FrontBusyError extends Error {
  override readonly name = 'FrontBusyError';
}

/** A service did not answer this front end within its limit. */
export class FrontTimeoutError extends Error {
  override readonly name = 'FrontTimeoutError';
}
