/** What the answer of a part said about caching: its `Cache-Control` and its `Age` in seconds. */
export interface Freshness { cacheControl: string | null; age?: string | null }

// #region caching
/**
 * The one `Cache-Control` of an answer that was put together (RFC 9111, sections 4.2 and 5.2.2): it may be kept as long as the
 * part that goes stale first, by private caches only when one of them says so, and not at all when a part is missing or silent.
 */
export function cacheControlOf(parts: readonly (Freshness | undefined)[]): string {
  const kept = parts.map(secondsLeft);
  const least = Math.min(...kept, Infinity);
  if (!(least > 0 && least < Infinity)) return 'no-store';
  const isPrivate = parts.some((part) => directives(part!).has('private'));
  return `${isPrivate ? 'private, ' : ''}max-age=${least}`;
}

function secondsLeft(part: Freshness | undefined): number {
  const said = part === undefined ? new Map<string, string>() : directives(part);
  if (said.has('no-store') || said.has('no-cache')) return 0;
  const maxAge = said.get('max-age') ?? '';
  const age = part?.age ?? '0';
  return /^\d+$/.test(maxAge) && /^\d+$/.test(age) ? Number(maxAge) - Number(age) : 0;
}

function directives({ cacheControl }: Freshness): Map<string, string> {
  return new Map((cacheControl ?? '').split(',').map((directive) => {
    const [name = '', value = ''] = directive.trim().split('=');
    return [name.toLowerCase(), value.replaceAll('"', '')] as const;
  }).reverse()); // of two the first counts
}
// #endregion caching
