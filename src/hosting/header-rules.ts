/** Which headers a host sends with what: one table, from which the files of hosts are written and by which the preview answers. */
import { contentPolicy } from './policy.ts';

export interface HeaderRule {
  /** `:name` is one part of a path, `*` any characters; one `*` a path, as hosts want it. */
  path: string;
  /** A later rule replaces a header of an earlier one; null takes it away. */
  headers: Record<string, string | null>;
}

const yearSeconds = 31_536_000;
/** Their names change with their bytes. */
const forever = { 'Cache-Control': `public, max-age=${yearSeconds}, immutable` };

/** @param hashes of all inline scripts of the site */
export function headerRules(hashes: Iterable<string>): HeaderRule[] {
  const policy = contentPolicy([...hashes].sort());
  return [
    {
      path: '/*',
      headers: {
        // A release is whole: a page never meets scripts of another one, so it is asked for again, and answered with 304.
        'Cache-Control': 'public, max-age=0, must-revalidate',
        'Content-Security-Policy': `${policy};frame-ancestors 'none'`,
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Permissions-Policy': 'browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()',
        'Referrer-Policy': 'strict-origin-when-cross-origin',
        'Strict-Transport-Security': `max-age=${yearSeconds}`,
        'X-Content-Type-Options': 'nosniff',
        'X-Frame-Options': 'DENY',
        // What is published may be read by other sites; there is nothing behind a name or a cookie.
        'Access-Control-Allow-Origin': '*',
      },
    },
    { path: '/:kind/:slug/card/', headers: { 'Content-Security-Policy': `${policy};frame-ancestors *`, 'X-Frame-Options': null } },
    // Its own policy stands in the page; the frame has no origin even where it is opened by itself.
    { path: '/sandbox.html', headers: { 'Content-Security-Policy': "sandbox allow-scripts;frame-ancestors 'self'", 'X-Frame-Options': 'SAMEORIGIN' } },
    ...['/_astro/*', '/pagefind/fragment/*', '/pagefind/index/*'].map((path) => ({ path, headers: forever })),
    { path: '/*.md', headers: { 'Content-Type': 'text/markdown; charset=utf-8' } },
    // Hosts take it for a film.
    { path: '/*.ts', headers: { 'Content-Type': 'text/plain; charset=utf-8' } },
  ];
}

/** @param path of an address below the site, such as `/patterns/saga/` */
export function headersFor(rules: readonly HeaderRule[], path: string): Record<string, string> {
  const sent = new Map<string, string>();
  for (const { path: pattern, headers } of rules) {
    if (!matches(pattern, path)) continue;
    for (const [name, value] of Object.entries(headers)) {
      if (value === null) sent.delete(name);
      else sent.set(name, value);
    }
  }
  return Object.fromEntries(sent);
}

function matches(pattern: string, path: string): boolean {
  const source = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/:[a-z]+/g, '[^/]+').replace('*', '.*');
  return new RegExp(`^${source}$`).test(path);
}
