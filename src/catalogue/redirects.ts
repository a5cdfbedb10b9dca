/** Addresses that were given up, from `content/data/redirects.yaml`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { CatalogueError, violationsOf } from './violations.ts';
import type { Violation } from './violations.ts';

const file = 'content/data/redirects.yaml';
const address = z.string().regex(/^\/([a-z0-9.-]+\/)*(#[^\s#]+)?$/, 'an address below the site such as /patterns/saga/ or /patterns/saga/#problem');
const redirectsSchema = z.array(z.strictObject({
  from: address,
  to: address,
  since: z.union([z.iso.date(), z.date().transform((date) => date.toISOString().slice(0, 10))], 'a day such as 2026-11-21'),
}));
export type Redirect = z.infer<typeof redirectsSchema>[number];

/** @throws CatalogueError with all violations at once */
export function readRedirects(root = process.cwd()): Redirect[] {
  if (!existsSync(join(root, file))) return [];
  const raw: unknown = parse(readFileSync(join(root, file), 'utf8')) ?? [];
  const result = redirectsSchema.safeParse(raw);
  const violations = result.success ? confusions(result.data) : violationsOf(file, raw, result.error, () => ['from', 'to', 'since']);
  if (violations.length > 0) throw new CatalogueError(violations);
  return result.data ?? [];
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
    ...(redirects.findIndex((other) => other.from === from) === index ? [] : [{ file, key: `${index}.from`, found: `"${from}", which stands there twice`, expected: 'each address once' }]),
    ...(redirected(to, redirects) === undefined ? [] : [{ file, key: `${index}.to`, found: `"${to}", which was given up itself`, expected: `the address where it ends, "${redirected(to, redirects)}"` }]),
  ]);
}
