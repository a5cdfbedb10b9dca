import { KeyBusyError, KeyFormatError, KeyReusedError } from '../idempotency-key/idempotency-key.ts';
import type { Reply } from '../idempotency-key/idempotency-key.ts';
import { ConnectionError, send } from '../retry-with-backoff/http-failure.ts';
import { isPayment } from './contract.ts';
import type { Ask, KeyedPayment, Receipt } from './contract.ts';

// #region client
/** *Payments* behind an address, for `pay`. The key travels as draft-ietf-httpapi-idempotency-key-header-07 has it: a string in quotes. */
export function paymentsAt(url: string, transport: (request: Request) => Promise<Response> = fetch): Ask {
  return async ({ key, ...payment }, signal) => {
    const headers = { 'idempotency-key': JSON.stringify(key), 'content-type': 'application/json' };
    const response = await send(new Request(url, { method: 'POST', headers, body: JSON.stringify(payment), signal }), transport);
    try {
      return await response.json() as Receipt;
    } catch (cause) {
      signal.throwIfAborted();
      throw new ConnectionError('the answer broke off', { cause });
    }
  };
}
// #endregion client

/** The other end: what the key cannot do says its status; after anything else the caller may come back with the same key. */
export async function answerPayment(request: Request, take: (payment: KeyedPayment) => Promise<Reply>): Promise<Response> {
  const payment: unknown = await request.json().catch(() => undefined);
  if (!isPayment(payment)) return Response.json({ reason: 'not a payment' }, { status: 400 });
  const { order, customer, cents } = payment;
  const header = request.headers.get('idempotency-key') ?? '';
  // In quotes a backslash stands before each quote and backslash, as in all structured fields.
  const key = /^"(.*)"$/.exec(header)?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? header;
  try {
    const { status, body } = await take({ key, order, customer, cents });
    return Response.json(body, { status });
  } catch (error) {
    const isRefusal = error instanceof KeyFormatError || error instanceof KeyReusedError || error instanceof KeyBusyError;
    if (!isRefusal) return Response.json({ reason: 'try again with the same key' }, { status: 503 });
    const wait: HeadersInit = error instanceof KeyBusyError ? { 'retry-after': String(Math.ceil(error.retryAfterMs / 1_000)) } : {};
    return Response.json({ reason: error.message }, { status: error.status, headers: wait });
  }
}
