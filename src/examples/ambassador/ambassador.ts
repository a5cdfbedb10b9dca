import { systemClock } from '../clock.ts';
import { AmbassadorError } from './contract.ts';
import type { AmbassadorEvent, AmbassadorOptions, LocalReason, State } from './contract.ts';
import { LimitError, within } from './limit.ts';

export { AmbassadorError } from './contract.ts';
export type { AmbassadorEvent, AmbassadorOptions, LocalReason, State } from './contract.ts';
export { Identity } from './identity.ts';
export type { IdentityOptions } from './identity.ts';

/**
 * The outgoing calls of a client that cannot be changed: it speaks to a local port, and this does what it cannot do
 * (Ambassador pattern of the Azure Architecture Center). What comes in from outside does not pass here.
 */
export class Ambassador<Request, Response> {
  readonly #options: Required<Omit<AmbassadorOptions<Request, Response>, 'onEvent'>> & Pick<AmbassadorOptions<Request, Response>, 'onEvent'>;
  readonly #end = new AbortController();
  readonly #cutOff: AmbassadorError;
  #state: State = 'starting';
  #open = 0;
  #whenIdle = (): void => {};

  constructor(options: AmbassadorOptions<Request, Response>) {
    this.#options = { clock: systemClock, ...options };
    this.#cutOff = new AmbassadorError(options.name, 'closed');
    const { limitMs, tryMs, mostOpen, repeats } = this.#options;
    if (!(limitMs > 0 && limitMs < Infinity)) throw new RangeError(`limitMs must be a positive number: current value is ${limitMs}`);
    if (!(tryMs > 0 && tryMs <= limitMs)) throw new RangeError(`tryMs must be above 0 and at most limitMs: current value is ${tryMs}`);
    if (!(Number.isSafeInteger(mostOpen) && mostOpen > 0)) throw new RangeError(`mostOpen must be a positive integer: current value is ${mostOpen}`);
    if (repeats !== 'client' && !(Number.isSafeInteger(repeats.tries) && repeats.tries > 0)) throw new RangeError(`tries must be a positive integer: current value is ${repeats.tries}`);
  }

  get state(): State {
    return this.#state;
  }

  // #region lifecycle
  /** The client may start when this has resolved: its first call must find an identity. @throws what the identity throws */
  async start(): Promise<void> {
    await this.#options.identity.current();
    if (this.#state === 'starting') this.#become('serving');
  }

  /**
   * On the order to stop. A client that is stopping too still makes calls, so new ones are taken until `clientGone` settles;
   * then those that are open get `drainMs`, and the rest is cut off.
   */
  async stop(clientGone: Promise<unknown>, drainMs: number): Promise<void> {
    await clientGone.catch(() => {}); // who cannot be watched any more counts as gone
    this.#become('draining');
    if (this.#open > 0) await within(drainMs, () => new Promise<void>((resolve) => { this.#whenIdle = resolve; }), this.#options.clock).catch(() => {});
    this.#become('stopped');
    this.#end.abort(this.#cutOff);
  }
  // #endregion lifecycle

  // #region call
  /** @throws AmbassadorError, the reason of `signal`, or the last failure of the other side as it was */
  async call(request: Request, signal?: AbortSignal): Promise<Response> {
    const { route, mostOpen, limitMs, clock } = this.#options;
    if (this.#state !== 'serving') throw this.#refusal('closed');
    const endpoints = route(request);
    if (endpoints.length === 0) throw this.#refusal('not-allowed');
    if (this.#open >= mostOpen) throw this.#refusal('full');
    this.#open += 1;
    try {
      return await within(limitMs, (left) => this.#send(request, endpoints, left), clock, this.#end.signal, ...(signal === undefined ? [] : [signal]));
    } catch (error) {
      if (error instanceof LimitError) throw this.#refusal('too-late', error);
      if (error === this.#cutOff) this.#emit({ type: 'refused', reason: 'closed' });
      throw error;
    } finally {
      this.#open -= 1;
      if (this.#open === 0) this.#whenIdle();
    }
  }

  async #send(request: Request, endpoints: readonly string[], signal: AbortSignal): Promise<Response> {
    const { identity, repeats } = this.#options;
    const token = await identity.current().catch((error: unknown) => { throw this.#refusal('no-identity', error); });
    // Where the client repeats, one try is all that it gets: else each of its repeats would become several.
    const most = repeats !== 'client' && repeats.isSafe(request) ? repeats.tries : 1;
    return this.#try(request, endpoints.slice(0, most), token, signal);
  }

  async #try(request: Request, endpoints: readonly string[], token: string, signal: AbortSignal): Promise<Response> {
    signal.throwIfAborted();
    const [endpoint, ...others] = endpoints as readonly [string, ...string[]];
    const { send, tryMs, clock } = this.#options;
    const startMs = clock.now();
    const told = (failed: boolean): void => this.#emit({ type: 'try', endpoint, failed, tookMs: clock.now() - startMs });
    try {
      // The last try may use up all that is left of the limit.
      const response = await (others.length === 0 ? send(endpoint, request, token, signal) : within(tryMs, (ours) => send(endpoint, request, token, ours), clock, signal));
      told(false);
      return response;
    } catch (error) {
      told(true);
      if (others.length === 0) throw error;
      return this.#try(request, others, token, signal);
    }
  }
  // #endregion call

  #refusal(reason: LocalReason, cause?: unknown): AmbassadorError {
    this.#emit({ type: 'refused', reason });
    return new AmbassadorError(this.#options.name, reason, cause);
  }

  #become(to: State): void {
    this.#state = to;
    this.#emit({ type: 'state', to });
  }

  #emit(what: { type: 'state'; to: State } | { type: 'try'; endpoint: string; failed: boolean; tookMs: number } | { type: 'refused'; reason: LocalReason }): void {
    const { name, clock, onEvent } = this.#options;
    const event: AmbassadorEvent = { ambassador: name, atMs: clock.now(), ...what };
    onEvent?.(event);
  }
}
