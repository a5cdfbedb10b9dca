/** The service has as many calls open as it may have; nothing was sent. */
export class ServiceFullError extends Error {
  override readonly name = 'ServiceFullError';
}

/** The calls that one service may have open, from all pages together. Refuses at once and keeps no queue: a page has no time for one. */
export class Slots {
  readonly #service: string;
  readonly #most: number;
  #open = 0;

  constructor(service: string, most: number) {
    if (!Number.isSafeInteger(most) || most < 1) throw new RangeError(`most must be a positive integer: current value is ${most}`);
    this.#service = service;
    this.#most = most;
  }

  get open(): number {
    return this.#open;
  }

  /**
   * A slot is taken until the call itself has ended, also when nobody waits for it any more: the work is still there.
   * @throws ServiceFullError, or whatever `call` throws
   */
  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#open >= this.#most) throw new ServiceFullError(`${this.#service} has ${this.#most} calls open, the most it may have`);
    this.#open += 1;
    try {
      return await call();
    } finally {
      this.#open -= 1;
    }
  }
}
