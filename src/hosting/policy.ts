/**
 * The Content-Security-Policy of every page but the sandbox, which has its own (src/components/sandbox-page.ts). Nothing comes
 * from another host, no script stands in a page unless its hash is here. `wasm-unsafe-eval` lets WebAssembly compile, for the
 * search and for PostgreSQL, and JavaScript not. Style attributes stay allowed: they place diagrams and indent code, and run nothing.
 *
 * @param hashes of inline scripts, as `scriptHashes` gives them
 */
export function contentPolicy(hashes: readonly string[]): string {
  return [
    "default-src 'self'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...hashes].join(' '),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join(';');
}

/** The same in the page, for hosts that send no headers; where both are there, both hold. It stands before anything it governs. */
export function withPolicy(html: string, hashes: readonly string[]): string {
  const charset = /<meta charset="?utf-8"?\s*\/?>/i.exec(html);
  if (charset === null) throw new Error('a page has no <meta charset="utf-8">, behind which its policy would stand');
  const end = charset.index + charset[0].length;
  return `${html.slice(0, end)}<meta http-equiv="Content-Security-Policy" content="${contentPolicy(hashes)}">${html.slice(end)}`;
}
