import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';

export interface IdentityOptions {
  /** Asks whoever gives out tokens or certificates. */
  fetch: () => Promise<{ token: string; validMs: number }>;
  /** How long before its end a token is renewed. */
  renewMs: number;
  /** After a failed renewal, while the token is still good: how long until the next one. */
  pauseMs?: number;
  clock?: Clock;
}

/** A token that expires, renewed ahead of its end and by one question at a time. */
export class Identity {
  readonly #options: Required<IdentityOptions>;
  #held: { token: string; untilMs: number } | undefined;
  #asking: Promise<string> | undefined;
  #notBeforeMs = -Infinity;

  constructor(options: IdentityOptions) {
    this.#options = { clock: systemClock, pauseMs: 1_000, ...options };
    if (!(options.renewMs >= 0 && options.renewMs < Infinity)) throw new RangeError(`renewMs must be a finite number of at least 0: current value is ${options.renewMs}`);
    if (!(this.#options.pauseMs >= 0 && this.#options.pauseMs < Infinity)) throw new RangeError(`pauseMs must be a finite number of at least 0: current value is ${this.#options.pauseMs}`);
  }

  // #region identity
  /** @throws what `fetch` throws, once the token that is held has ended */
  async current(): Promise<string> {
    const { clock, renewMs, pauseMs } = this.#options;
    const held = this.#held;
    const leftMs = held === undefined ? 0 : held.untilMs - clock.now();
    if (held !== undefined && leftMs > renewMs) return held.token;
    // Else a giver that is down would be asked at every call, when it can least.
    if (held !== undefined && leftMs > 0 && clock.now() < this.#notBeforeMs) return held.token;
    this.#asking ??= this.#renew().finally(() => { this.#asking = undefined; });
    if (held === undefined || leftMs <= 0) return this.#asking;
    // Still good: nobody waits for the renewal, and its failure hurts nobody yet.
    this.#asking.catch(() => { this.#notBeforeMs = clock.now() + pauseMs; });
    return held.token;
  }
  // #endregion identity

  async #renew(): Promise<string> {
    const askedMs = this.#options.clock.now();
    const { token, validMs } = await this.#options.fetch();
    if (!(validMs > 0)) throw new RangeError(`validMs must be above 0: current value is ${validMs}`);
    // Counted from the question: the answer may have been long on its way.
    this.#held = { token, untilMs: askedMs + validMs };
    return token;
  }
}
