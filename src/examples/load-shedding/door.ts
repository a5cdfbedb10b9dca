import { OverloadedError } from './contract.ts';
import type { LoadShedder } from './load-shedding.ts';

export interface Door {
  shedder: LoadShedder;
  /** From what costs nothing to read: method, path, a header that the edge has set. Never from the body. */
  priorityOf: (request: Request) => number;
  /** Probes and metrics: refusing them makes a busy process look dead. */
  isExempt: (request: Request) => boolean;
  /** How long callers wait, where the request does not say. */
  patienceMs: number;
}

type Handler = (request: Request) => Promise<Response>;

// #region door
/**
 * Stands in front of everything else: a request that is refused was neither parsed nor authenticated.
 * A slot is held until there is a response. A body that is streamed after that is not counted: wait for its end in `handle`.
 */
export function behindDoor({ shedder, priorityOf, isExempt, patienceMs }: Door, handle: Handler): Handler {
  return async (request) => {
    if (isExempt(request)) return handle(request);
    try {
      return await shedder.run(() => handle(request), { priority: priorityOf(request), withinMs: patienceMs, signal: request.signal });
    } catch (error) {
      if (!(error instanceof OverloadedError)) throw error;
      const headers = { 'retry-after': String(Math.ceil(error.retryAfterMs / 1_000)) };
      return new Response(null, { status: 503, headers });
    }
  };
}
// #endregion door
