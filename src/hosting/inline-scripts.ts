/** Scripts that stand in a page itself: a policy without `unsafe-inline` allows each by the hash of its text. */
import { createHash } from 'node:crypto';

/** Blocks of data, which no browser runs. */
const data = /\btype=["']?(application\/(ld\+)?json|text\/plain)\b/;

/** As a policy names them, each once, in the order of their first places. Source: CSP Level 3, 8.3 "Usage of hashes". */
export function scriptHashes(html: string): string[] {
  const texts = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)]
    .filter(([, attributes = '']) => !/\bsrc=/.test(attributes) && !data.test(attributes))
    .map(([, , text = '']) => text);
  return [...new Set(texts)].map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
}
