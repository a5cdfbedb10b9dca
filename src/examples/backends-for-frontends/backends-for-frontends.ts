import { systemClock } from '../clock.ts';
import type { Offer, Services } from './contract.ts';
import { limited } from './limited.ts';
import { mobileBackend } from './mobile.ts';
import { webBackend } from './web.ts';

export * from './contract.ts';
export { limited, mobileBackend, webBackend };

// #region fronts
/**
 * Two backends over the same services, as two programs would be: each with a shape, a limit and a share of its own.
 * Backends for Frontends of the Azure Architecture Center, after Sam Newman.
 */
export function backendsOf(services: Services, clock = systemClock) {
  return {
    web: webBackend(limited(services, { front: 'web', mostOpen: 50, timeoutMs: 800, clock })),
    mobile: mobileBackend(limited(services, { front: 'mobile', mostOpen: 30, timeoutMs: 500, clock })),
  };
}
// #endregion fronts

/** What a shopper can read in one front end that the shop had to decide. */
export interface Claim { price: string; orderable: boolean }

export interface Front {
  name: string;
  /** Reads the claim out of the answer of this front end, as its client would. */
  claim: (id: string, customer: string) => Promise<Claim>;
  /** How this front end writes a price. */
  written: (offer: Offer) => string;
}

export interface Disagreement { front: string; id: string; customer: string; field: keyof Claim; shown: unknown; decided: unknown }

// #region disagreements
/**
 * What may not be copied: each front end has to show what the services decided. Run it for customers and products of every kind;
 * a rule that somebody built into a front end shows as soon as the real one changes.
 */
export async function disagreements(services: Services, fronts: readonly Front[], cases: readonly (readonly [id: string, customer: string])[]): Promise<Disagreement[]> {
  const { signal } = new AbortController();
  const found: Disagreement[] = [];
  for (const [id, customer] of cases) {
    const offer = await services.offer(id, customer, signal);
    for (const { name: front, claim, written } of fronts) {
      const shown = await claim(id, customer);
      const decided: Claim = { price: written(offer), orderable: offer.orderable };
      for (const field of ['price', 'orderable'] as const) {
        if (shown[field] !== decided[field]) found.push({ front, id, customer, field, shown: shown[field], decided: decided[field] });
      }
    }
  }
  return found;
}
// #endregion disagreements
