import type { Money, Services } from './contract.ts';
import { optional, together } from './limited.ts';

/** The product page of the web shop. Its team may change this today: browsers load the new client with the page. */
export interface WebProductPage {
  title: string;
  text: string;
  gallery: readonly { url: string; widthPx: number }[];
  details: readonly (readonly [name: string, value: string])[];
  price: { text: string; before: string | undefined };
  buy: { enabled: boolean; note: string };
  /** `undefined` when nobody knows; an empty list is an answer. */
  reviews: { count: number; stars: number; newest: readonly string[] } | undefined;
}

// #region web
/** Everything in one answer, since a wide screen shows everything. */
export function webBackend(services: Services) {
  return {
    async productPage(id: string, customer: string, caller = new AbortController().signal): Promise<WebProductPage> {
      const [product, offer, reviews] = await together(caller, (signal) => Promise.all([
        services.product(id, signal),
        services.offer(id, customer, signal),
        optional(services.reviews(id, 10, signal), signal),
      ]));
      return {
        title: product.name,
        text: product.text,
        gallery: product.pictures.map(({ url, widthPx }) => ({ url, widthPx })),
        details: Object.entries(product.details),
        price: { text: money(offer.price), before: offer.before && money(offer.before) },
        buy: { enabled: offer.orderable, note: offer.orderable ? `In your hands in ${offer.deliveryDays} days` : (notes.get(offer.because ?? '') ?? 'Not available') },
        reviews: reviews && { count: reviews.count, stars: reviews.stars, newest: reviews.newest.map(({ by, text }) => `${by}: ${text}`) },
      };
    },
  };
}

// A reason that this client does not know yet has a text as well.
const notes = new Map([['sold-out', 'Sold out; more is on the way'], ['adults-only', 'For adults only: please confirm your age']]);
const money = ({ cents, currency }: Money): string => new Intl.NumberFormat('en', { style: 'currency', currency }).format(cents / 100);
// #endregion web
