export interface RetryBudgetOptions {
  /** Retries that may be spent before any success has been seen, and the most that can be saved up. */
  reserve: number;
  /** Successes that pay for one more retry: 10 keeps retries near a tenth of the successful calls. */
  successesPerRetry: number;
}

/**
 * A purse for all calls to one dependency: successes earn, retries spend, first attempts are free.
 * When the dependency is down nothing is earned, and retries stop by themselves.
 * Counted in whole successes, because ten times 0.1 is not 1 in binary fractions.
 */
export class RetryBudget {
  readonly #price: number;
  readonly #most: number;
  #saved: number;

  constructor({ reserve, successesPerRetry }: RetryBudgetOptions) {
    for (const [name, value] of Object.entries({ reserve, successesPerRetry })) {
      if (!Number.isInteger(value) || value < 1) throw new RangeError(`${name} must be a positive integer: current value is ${value}`);
    }
    this.#price = successesPerRetry;
    this.#most = reserve * successesPerRetry;
    this.#saved = this.#most;
  }

  /** Retries that could be spent now. */
  get left(): number {
    return Math.floor(this.#saved / this.#price);
  }

  // #region budget
  earn(): void {
    this.#saved = Math.min(this.#most, this.#saved + 1);
  }

  /** Takes the price of one retry, or says no and takes nothing. */
  spend(): boolean {
    if (this.#saved < this.#price) return false;
    this.#saved -= this.#price;
    return true;
  }
  // #endregion budget
}
