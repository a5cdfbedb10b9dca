import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';

export interface IdentityOptions {
  /** Asks whoever gives out tokens or certificates. */
  fetch: () => Promise<{ token: string; validMs: number }>;
  /** How long before its end a token is renewed. */
  renewMs: number;
  clock?: Clock;
}

/** A token that expires, renewed ahead of its end and by one question at a time. */
export class Identity {
  readonly #options: Required<IdentityOptions>;
  #held: { token: string; untilMs: number } | undefined;
  #asking: Promise<string> | undefined;

  constructor(options: IdentityOptions) {
    this.#options = { clock: systemClock, ...options };
    if (!(options.renewMs >= 0 && options.renewMs < Infinity)) throw new RangeError(`renewMs must be a finite number of at least 0: current value is ${options.renewMs}`);
  }

  // #region identity
  /** @throws what `fetch` throws, once the token that is held has ended */
  async current(): Promise<string> {
    const { clock, renewMs } = this.#options;
    const held = this.#held;
    const leftMs = held === undefined ? 0 : held.untilMs - clock.now();
    if (held !== undefined && leftMs > renewMs) return held.token;
    this.#asking ??= this.#renew().finally(() => { this.#asking = undefined; });
    if (held === undefined || leftMs <= 0) return this.#asking;
    // Still good: nobody waits for the renewal, and its failure hurts nobody yet. The next call asks again.
    this.#asking.catch(() => {});
    return held.token;
  }
  // #endregion identity

  async #renew(): Promise<string> {
    const askedMs = this.#options.clock.now();
    const { token, validMs } = await this.#options.fetch();
    // Counted from the question: the answer may have been long on its way.
    this.#held = { token, untilMs: askedMs + validMs };
    return token;
  }
}
