import type { Clock } from '../clock.ts';

/** Why the ambassador itself did not get an answer. Everything else that `call` throws comes from the other side, as it was. */
export type LocalReason =
  /** Not ready yet, or no longer. */
  | 'closed'
  /** No route leads there: this port is no way to anywhere. */
  | 'not-allowed'
  /** As many calls are open as may be. */
  | 'full'
  /** The limit for the whole call has passed; whether it took effect is not known. */
  | 'too-late'
  | 'no-identity';

/** Tells the client and the log that it was refused here and not by the service. */
export class AmbassadorError extends Error {
  override readonly name = 'AmbassadorError';
  readonly ambassador: string;
  readonly reason: LocalReason;

  constructor(ambassador: string, reason: LocalReason, cause?: unknown) {
    super(`ambassador '${ambassador}': ${reason}`, { cause });
    this.ambassador = ambassador;
    this.reason = reason;
  }
}

export interface AmbassadorOptions<Request, Response> {
  /** Whose calls these are, as it should appear in errors and metrics. */
  name: string;
  /** Where a request may go, best first: the shard that has its key, then replicas of it. Empty: nowhere. */
  route: (request: Request) => readonly string[];
  /** One try, with the identity that the client does not have. Throws where another endpoint may do better; an answer is returned, also one that refuses. */
  send: (endpoint: string, request: Request, identity: string, signal: AbortSignal) => Promise<Response>;
  identity: { current(): Promise<string> };
  /**
   * Who repeats failed calls: one of the two, never both. If the client does, and that cannot be switched off, say so.
   * Else at most `tries`, at one endpoint each, and only of what is safe to repeat.
   */
  repeats: 'client' | { tries: number; isSafe: (request: Request) => boolean };
  /** For the whole call, all tries together. A client that waits for ever gets an end by it. */
  limitMs: number;
  /** For one try; smaller, or there is no time left for a second one. */
  tryMs: number;
  mostOpen: number;
  clock?: Clock;
  /** Must not throw. */
  onEvent?: (event: AmbassadorEvent) => void;
}

export type AmbassadorEvent = { ambassador: string; atMs: number } & (
  | { type: 'state'; to: State }
  | { type: 'try'; endpoint: string; failed: boolean; tookMs: number }
  | { type: 'refused'; reason: LocalReason });
/** `serving` goes on after the order to stop, until the client has gone. */
export type State = 'starting' | 'serving' | 'draining' | 'stopped';
