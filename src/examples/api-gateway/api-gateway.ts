import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { aggregate, BackendAnswerError } from './aggregate.ts';
import type { Part } from './aggregate.ts';
import { Backend, BackendBusyError, BackendTimeoutError, requirePositiveMs, startLimit, untilAborted } from './backend.ts';
import type { Exchange } from './backend.ts';

export interface Caller { id: string }

export interface Route {
  /** Matches this path and everything below it, by whole segments: `/orders` does not match `/orders-export`. */
  prefix: `/${string}`;
  access: 'public' | 'signed-in';
  /** One service, or the parts of a page that the gateway puts together. */
  to: Backend | Record<string, Part>;
}

export interface RequestEvent {
  type: 'request'; requestId: string; route: string | undefined; status: number; missing: readonly string[]; durationMs: number;
  /** Why the gateway answered in place of a service; for the log, never for the client. */
  error?: unknown;
}

export interface GatewayOptions {
  routes: readonly Route[];
  /** Verifies the token of a request (signature, issuer, audience, expiry); undefined when there is none or it does not hold. */
  authenticate: (request: Request, signal: AbortSignal) => Promise<Caller | undefined>;
  /** Longest time in milliseconds for one client request, whatever the number of calls behind it. */
  deadlineMs: number;
  clock?: Clock;
  newRequestId?: () => string;
  /** Must not throw. */
  onEvent?: (event: RequestEvent) => void;
}

/** Refused by the gateway itself: no service was called. */
export class RequestRefusedError extends Error {
  override readonly name = 'RequestRefusedError';
  readonly status: 400 | 401 | 404 | 405;

  constructor(status: 400 | 401 | 404 | 405, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * One public door before several services. `peerAddress` is the address of the connection, which a Request does not hold.
 * The promise rejects only when the client has gone; every other failure is an `application/problem+json` answer (RFC 9457).
 */
export function createGateway(options: GatewayOptions): (request: Request, peerAddress: string) => Promise<Response> {
  requirePositiveMs('deadlineMs', options.deadlineMs);
  const { clock = systemClock, newRequestId = () => crypto.randomUUID() } = options;
  const twice = options.routes.find(({ prefix }, index) => options.routes.findIndex((route) => route.prefix === prefix) < index);
  if (twice !== undefined) throw new TypeError(`routes must not name a prefix twice: '${twice.prefix}'`);
  const longestFirst = options.routes.toSorted((a, b) => b.prefix.length - a.prefix.length);

  // #region handle
  return async function handle(request, peerAddress) {
    const startMs = clock.now();
    const requestId = newRequestId();
    const url = new URL(request.url);
    const route = longestFirst.find(({ prefix }) => url.pathname === prefix || url.pathname.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`));
    const exchange = { requestId, deadlineMs: startMs + options.deadlineMs, signal: request.signal };
    const missing: string[] = [];
    let response: Response;
    let refused: { error?: unknown } = {};
    try {
      if (/%2f|%5c/i.test(url.pathname)) throw new RequestRefusedError(400, 'An encoded slash in a path is not accepted');
      if (route === undefined) throw new RequestRefusedError(404, 'No such address');
      const headers = forwardedHeaders(request, requestId, peerAddress);
      if (route.access === 'signed-in') headers.set('x-caller-id', (await requireCaller(request, exchange)).id);
      const outgoing = new Request(request, { headers });
      if (route.to instanceof Backend) {
        response = await route.to.call(outgoing, url, exchange);
      } else {
        if (request.method !== 'GET') throw new RequestRefusedError(405, 'This address can only be read');
        const page = await aggregate(route.to, outgoing, exchange);
        missing.push(...Object.keys(page.parts).filter((name) => page.parts[name]?.status === 'missing'));
        response = Response.json(page, page.complete ? {} : { headers: { 'cache-control': 'no-store' } });
      }
    } catch (error) {
      if (request.signal.aborted) throw request.signal.reason;
      refused = { error };
      response = problem(error, requestId);
    }
    options.onEvent?.({ type: 'request', requestId, route: route?.prefix, status: response.status, missing, durationMs: clock.now() - startMs, ...refused });
    return new Response(response.body, { status: response.status, statusText: response.statusText, headers: answerHeaders(response, requestId) });
  };
  // #endregion handle

  /** A verifier that fails or hangs lets nobody in. */
  async function requireCaller(request: Request, exchange: Exchange): Promise<Caller> {
    const limit = startLimit(clock, options.deadlineMs, exchange.signal, () => new BackendTimeoutError('the token could not be checked in time'));
    try {
      const caller = await untilAborted((async () => options.authenticate(request, limit.signal))(), limit.signal);
      if (caller === undefined) throw new RequestRefusedError(401, 'A valid access token is required');
      return caller;
    } finally {
      limit.clear();
    }
  }
}

// #region headers
/** About one connection, not about the message (RFC 9110, section 7.6.1), together with what `Connection` itself names. */
const hopByHop = ['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

/** Headers that say who is calling are written here and never taken over from a client. */
export function forwardedHeaders(request: Request, requestId: string, peerAddress: string): Headers {
  const url = new URL(request.url);
  const headers = without(request.headers, ['x-caller-id', 'x-timeout-ms', 'forwarded', 'host']);
  headers.set('x-request-id', requestId);
  headers.set('x-forwarded-for', peerAddress);
  headers.set('x-forwarded-proto', url.protocol.slice(0, -1));
  headers.set('x-forwarded-host', url.host);
  return headers;
}

/** `fetch` has already undone the content coding, so its name and the coded length no longer fit the body. */
export function answerHeaders(response: Response, requestId: string): Headers {
  const headers = without(response.headers, response.headers.has('content-encoding') ? ['content-encoding', 'content-length'] : []);
  headers.set('x-request-id', requestId);
  return headers;
}

function without(headers: Headers, names: readonly string[]): Headers {
  const named = (headers.get('connection') ?? '').toLowerCase().split(',').map((option) => option.trim());
  const dropped = new Set([...hopByHop, ...named, ...names]);
  return new Headers([...headers].filter(([name]) => !dropped.has(name)));
}
// #endregion headers

function problem(error: unknown, requestId: string): Response {
  const status = statusOf(error);
  const title = error instanceof RequestRefusedError ? error.message : 'The request could not be completed';
  const headers = new Headers({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  if (status === 401) headers.set('www-authenticate', 'Bearer');
  if (status === 405) headers.set('allow', 'GET');
  return new Response(JSON.stringify({ type: 'about:blank', title, status, requestId }), { status, headers });
}

function statusOf(error: unknown): number {
  if (error instanceof RequestRefusedError) return error.status;
  if (error instanceof BackendBusyError) return 503;
  if (error instanceof BackendTimeoutError) return 504;
  return error instanceof BackendAnswerError && error.status < 500 ? error.status : 502;
}
