/** The service answered, with a status that is a failure. */
export class HttpStatusError extends Error {
  override readonly name = 'HttpStatusError';
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, retryAfterMs: number | undefined) {
    super(`the service answered ${status}`);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** No answer: the request may or may not have been carried out. `cause` says why. */
export class ConnectionError extends Error { override readonly name = 'ConnectionError'; }

/**
 * Sends `request` and turns every kind of failure into an error. Make a new Request for each attempt: a body can be read once.
 * @throws HttpStatusError, ConnectionError, or the reason of the request's signal
 */
export async function send(request: Request, transport: (request: Request) => Promise<Response> = fetch): Promise<Response> {
  let response: Response;
  try {
    response = await transport(request);
  } catch (cause) {
    request.signal.throwIfAborted();
    throw new ConnectionError(`no answer from ${new URL(request.url).host}`, { cause });
  }
  if (response.ok) return response;
  // An unread body would keep its connection busy; one that broke off must not hide the status.
  await response.body?.cancel().catch(() => {});
  throw new HttpStatusError(response.status, retryAfterMs(response.headers));
}

// #region classification
const transientStatuses = new Set([408, 429, 502, 503, 504]);
/** Methods whose repetition has the effect of one request (RFC 9110, section 9.2.2). */
const idempotentMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/**
 * True if the fault looks brief and doing the same request again does no harm.
 * Everything unknown is final, a bug above all.
 */
export function isRetryable(
  { method, headers }: Pick<Request, 'method' | 'headers'>,
  error: unknown,
): boolean {
  const harmless = idempotentMethods.has(method) || headers.has('idempotency-key');
  if (!harmless) return false;
  if (error instanceof HttpStatusError) return transientStatuses.has(error.status);
  // The limit of one attempt; `retry` deals with the deadline before it asks.
  const tooSlow = error instanceof Error && error.name === 'TimeoutError';
  return tooSlow || error instanceof ConnectionError;
}

/**
 * `Retry-After` as a duration (RFC 9110, section 10.2.3); undefined when none can be read.
 * A date is measured against the server's own `Date`: a wrong clock here does not matter.
 */
export function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const waitMs = Date.parse(value) - Date.parse(headers.get('date') ?? '');
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
// #endregion classification
