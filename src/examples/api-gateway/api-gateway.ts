import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { aggregate, BackendAnswerError } from './aggregate.ts';
import type { Part } from './aggregate.ts';
import { Backend, BackendBusyError, BackendTimeoutError } from './backend.ts';
import type { Exchange } from './backend.ts';
import { answerHeaders, forwardedHeaders } from './headers.ts';
import { requireDurationMs, startLimit, untilAborted } from './limit.ts';

export interface Caller { id: string }

export interface Route {
  /** Matches this path and everything below it, by whole segments: `/orders` does not match `/orders-export`. */
  prefix: `/${string}`;
  access: 'public' | 'signed-in';
  /** One service, or the parts of a page that the gateway puts together. */
  to: Backend | Record<string, Part>;
}

export interface RequestEvent {
  type: 'request'; requestId: string; route: string | undefined; status: number;
  missing: readonly string[]; durationMs: number;
  /** Why the gateway answered in place of a service; for the log, never for the client. */
  error?: unknown;
}

export interface GatewayOptions {
  routes: readonly Route[];
  /**
   * Verifies the token of a request (signature, issuer, audience, expiry); undefined when it does not hold, which is a 401.
   * To throw says that the check itself has failed. Leave the body alone: it is for the service.
   */
  authenticate: (request: Request, signal: AbortSignal) => Promise<Caller | undefined>;
  /** Longest time in milliseconds for one client request, whatever the number of calls behind it. */
  deadlineMs: number;
  clock?: Clock;
  newRequestId?: () => string;
  /** Must not throw. */
  onEvent?: (event: RequestEvent) => void;
}

/** Refused by the gateway itself: no service was called. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly status: 400 | 401 | 404 | 405;

  constructor(status: 400 | 401 | 404 | 405, message: string) {
    super(message);
    this.status = status;
  }
}

export type Gateway = (request: Request, peerAddress: string) => Promise<Response>;

/**
 * One public door before several services. `peerAddress` is the address of the connection, which a Request does not hold.
 * The promise rejects only when the client has gone; every other failure is an `application/problem+json` answer (RFC 9457).
 */
export function createGateway(options: GatewayOptions): Gateway {
  requireDurationMs('deadlineMs', options.deadlineMs);
  const { clock = systemClock, newRequestId = () => crypto.randomUUID() } = options;
  const prefixes = options.routes.map(({ prefix }) => prefix);
  const twice = prefixes.find((prefix, index) => prefixes.indexOf(prefix) < index);
  if (twice !== undefined) throw new TypeError(`routes must not name a prefix twice: '${twice}'`);
  const longestFirst = options.routes.toSorted((a, b) => b.prefix.length - a.prefix.length);

  // #region handle
  /** `//`, or an escape that hides a slash or a character that needs none (RFC 3986, 2.3). */
  const ambiguous = /\/\/|%(2[def]|3\d|[46][1-9a-f]|[57][\da]|5[cf]|7e)/i;

  return async function handle(request, peerAddress) {
    request.signal.throwIfAborted();
    const startMs = clock.now();
    const requestId = newRequestId();
    const { pathname } = new URL(request.url);
    const route = longestFirst.find(({ prefix }) => isBelow(pathname, prefix));
    const deadlineMs = startMs + options.deadlineMs;
    const exchange = { requestId, deadlineMs, signal: request.signal };
    const missing: string[] = [];
    let response: Response;
    let refused: { error?: unknown } = {};
    try {
      if (ambiguous.test(pathname)) throw new RefusedError(400, 'Ambiguous path');
      if (route === undefined) throw new RefusedError(404, 'No such address');
      const headers = forwardedHeaders(request, requestId, peerAddress);
      if (route.access === 'signed-in') {
        headers.set('x-caller-id', await callerId(request, exchange));
      }
      const outgoing = new Request(request, { headers });
      response = await answer(route.to, outgoing, exchange, missing);
    } catch (error) {
      if (request.signal.aborted) throw request.signal.reason;
      refused = { error };
      response = problem(error, requestId);
    }
    const { status, statusText } = response;
    const durationMs = clock.now() - startMs;
    options.onEvent?.({
      type: 'request', requestId, route: route?.prefix,
      status, missing, durationMs, ...refused,
    });
    const headers = answerHeaders(response, requestId);
    return new Response(response.body, { status, statusText, headers });
  };

  /** A verifier that fails or hangs lets nobody in. */
  async function callerId(request: Request, exchange: Exchange): Promise<string> {
    const late = (): Error => new BackendTimeoutError('the token check took too long');
    const limit = startLimit(clock, options.deadlineMs, exchange.signal, late);
    try {
      const check = async () => options.authenticate(request, limit.signal);
      const caller = await untilAborted(check(), limit.signal);
      if (caller === undefined) throw new RefusedError(401, 'Access token required');
      return caller.id;
    } finally {
      limit.clear();
    }
  }
  // #endregion handle
}

async function answer(
  to: Route['to'], request: Request, exchange: Exchange, missing: string[],
): Promise<Response> {
  if (to instanceof Backend) return to.call(request, new URL(request.url), exchange);
  if (request.method !== 'GET') throw new RefusedError(405, 'This address can only be read');
  const page = await aggregate(to, request, exchange);
  missing.push(...Object.keys(page.parts).filter((name) => page.parts[name]?.status === 'missing'));
  return Response.json(page, { headers: { 'cache-control': 'no-store' } });
}

function isBelow(pathname: string, prefix: string): boolean {
  return pathname === prefix || pathname.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

function problem(error: unknown, requestId: string): Response {
  const status = statusOf(error);
  const title = error instanceof RefusedError ? error.message : 'The request could not be completed';
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (status === 401) headers.set('www-authenticate', 'Bearer');
  if (status === 405) headers.set('allow', 'GET');
  return new Response(JSON.stringify({ type: 'about:blank', title, status, requestId }), { status, headers });
}

function statusOf(error: unknown): number {
  if (error instanceof RefusedError) return error.status;
  if (error instanceof BackendBusyError) return 503;
  if (error instanceof BackendTimeoutError) return 504;
  return error instanceof BackendAnswerError && error.status < 500 ? error.status : 502;
}
