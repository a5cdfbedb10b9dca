import { redirected } from '../../src/catalogue/redirects.ts';
import type { Redirect } from '../../src/catalogue/redirects.ts';

/** Each address of the ledger that is neither on the site nor leads to one that is, as a sentence that says how to mend it. */
export function lostAddresses(ledger: readonly string[], built: readonly string[], redirects: readonly Redirect[]): string[] {
  const there = new Set(built);
  return ledger.filter((address) => !there.has(address)).flatMap((address) => {
    const target = redirected(address, redirects);
    const [page = '', place] = address.split('#');
    if (target !== undefined) return there.has(target) ? [] : [`${address} is lost: it leads on to ${target}, which is not there either`];
    if (place === undefined) return [`${address} is lost: the site has no ${page.endsWith('/') ? 'page there. Say where readers shall go in content/data/redirects.yaml' : 'file there. Make it again'}`];
    // A page that is lost takes its places along; one sentence is enough.
    return there.has(page) ? [`${address} is lost: nothing on ${page} has the id "${place}" any more. If its words changed, keep the id, as in "## New words {#${place}}"; if it moved or went, say where readers shall go in content/data/redirects.yaml`] : [];
  });
}
