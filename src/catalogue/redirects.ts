/** Addresses that were given up, from `content/data/redirects.yaml`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseList } from './list-file.ts';
import { CatalogueError } from './violations.ts';
import type { Violation } from './violations.ts';

export const redirectsFile = 'content/data/redirects.yaml';
const address = z.string().regex(/^\/([a-z0-9.-]+\/)*(#[^\s#]+)?$/, 'an address below the site such as /patterns/saga/ or /patterns/saga/#problem');
const redirectSchema = z.strictObject({
  from: address,
  to: address,
  since: z.union([z.iso.date(), z.date().transform((date) => date.toISOString().slice(0, 10))], 'a day such as 2026-11-21'),
});
export type Redirect = z.infer<typeof redirectSchema>;

/** @throws CatalogueError with all violations at once */
export function readRedirects(root = process.cwd()): Redirect[] {
  const { redirects, violations } = parseRedirects(existsSync(join(root, redirectsFile)) ? readFileSync(join(root, redirectsFile), 'utf8') : '');
  if (violations.length > 0) throw new CatalogueError(violations);
  return redirects;
}

/** The redirects that can be read, and what is wrong. */
export function parseRedirects(text: string): { redirects: Redirect[]; violations: Violation[] } {
  const { items, violations } = parseList(redirectsFile, 'redirects', text, redirectSchema, Object.keys(redirectSchema.shape));
  return { redirects: items, violations: [...violations, ...confusions(items)] };
}

/** Where an address leads now; what stands below a page that has moved has moved with it. */
export function redirected(path: string, redirects: readonly Redirect[]): string | undefined {
  const exact = redirects.find(({ from }) => from === path);
  if (exact !== undefined) return exact.to;
  const above = redirects.find(({ from }) => !from.includes('#') && path.startsWith(from));
  return above === undefined || above.to.includes('#') ? above?.to : `${above.to}${path.slice(above.from.length)}`;
}

function confusions(redirects: readonly Redirect[]): Violation[] {
  return redirects.flatMap(({ from, to }, index): Violation[] => [
    ...(redirects.findIndex((other) => other.from === from) === index ? [] : [{ rule: 'redirect-twice' as const, file: redirectsFile, key: `${index}.from`, found: `"${from}", which stands there twice`, expected: 'each address once' }]),
    ...(redirected(to, redirects) === undefined ? [] : [{ rule: 'redirect-chain' as const, file: redirectsFile, key: `${index}.to`, found: `"${to}", which was given up itself`, expected: `the address where it ends, "${redirected(to, redirects)}"` }]),
  ]);
}
