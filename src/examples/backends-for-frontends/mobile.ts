import type { Money, Services } from './contract.ts';
import { optional, together } from './limited.ts';

/** The product screen of the app. Installed versions read it for years, so fields are only ever added. */
export interface MobileProduct {
  name: string;
  /** The smallest picture that fills a phone. */
  picture: string | undefined;
  price: string;
  canBuy: boolean;
  /** Since app 3.1. A reason that the app does not know is shown as "not available". */
  reason: string | undefined;
  /** Left out when nobody knows. */
  stars?: number;
}

const phonePx = 640;

// #region mobile
/** What fits on a phone, in one small answer. Reviews are asked for as a summary, since nobody reads ten of them there. */
export function mobileBackend(services: Services) {
  return {
    async product(id: string, customer: string, caller = new AbortController().signal): Promise<MobileProduct> {
      const [product, offer, reviews] = await together(caller, (signal) => Promise.all([
        services.product(id, signal),
        services.offer(id, customer, signal),
        optional(services.reviews(id, 0, signal), signal),
      ]));
      const pictures = product.pictures.toSorted((one, other) => one.widthPx - other.widthPx);
      return {
        name: product.name,
        picture: (pictures.find(({ widthPx }) => widthPx >= phonePx) ?? pictures.at(-1))?.url,
        price: money(offer.price),
        canBuy: offer.orderable,
        reason: offer.because,
        ...(reviews && { stars: reviews.stars }),
      };
    },
  };
}

const money = ({ cents, currency }: Money): string => `${(cents / 100).toFixed(2)} ${currency}`;
// #endregion mobile
