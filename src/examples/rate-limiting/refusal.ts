import type { RateLimitedError } from './contract.ts';

// #region refusal
/**
 * The answer to a caller over its budget (RFC 6585, section 4). `Retry-After` is in whole
 * seconds (RFC 9110, section 10.2.3), rounded up: whoever obeys it is admitted.
 */
export function refusal({ limiter, retryAfterMs }: RateLimitedError): Response {
  const headers = new Headers();
  if (retryAfterMs < Infinity) headers.set('retry-after', `${Math.ceil(retryAfterMs / 1000)}`);
  return Response.json({ title: 'Too many requests', limiter, retryAfterMs }, { status: 429, headers });
}
// #endregion refusal
