import { systemClock } from '../clock.ts';
import type { Clock, Random } from '../clock.ts';

/** Thrown by `send` when the collector will never take these lines, such as 400 or 413: repeating them would hold up all others. */
export class LinesRefusedError extends Error {
  override readonly name = 'LinesRefusedError';
}

export type ShippingEvent =
  | { readonly type: 'accepted'; readonly lines: number }
  | { readonly type: 'failed'; readonly error: unknown; readonly nextMs: number }
  | { readonly type: 'refused'; readonly lines: number; readonly error: unknown }
  | { readonly type: 'dropped'; readonly important: boolean };

export interface ShipperOptions {
  /** Lines held in memory at most, those on their way to the collector included. */
  readonly mostLines: number;
  /** A batch that is full does not wait. */
  readonly mostPerBatch: number;
  /** How long the first line of a batch waits for others, in milliseconds. A crash loses what waits. */
  readonly everyMs: number;
  /** Limit of one attempt. */
  readonly timeoutMs: number;
  /** Bounds of the pause after a failure; it doubles from the first to the second. */
  readonly retryMs: readonly [first: number, most: number];
  /** Resolves when the collector has the lines, not when they are on the wire. They may come twice. */
  readonly send: (lines: readonly string[], signal: AbortSignal) => Promise<void>;
  /** The line that tells the store how many were dropped since the last such line. */
  readonly describeLoss: (dropped: number) => string;
  readonly onEvent?: (event: ShippingEvent) => void;
  readonly clock?: Clock;
  readonly random?: Random;
}

/**
 * Takes lines from the service at once and brings them to the collector in the background.
 * When its buffer is full it drops, by a stated policy, and says so. It never holds up and never fails who writes.
 */
export class LogShipper {
  readonly #options: Required<ShipperOptions>;
  readonly #hurry = new AbortController();
  readonly #stop = new AbortController();
  #routine: string[] = [];
  #important: string[] = [];
  #onTheWay = 0;
  #untold = 0;
  #dropped = 0;
  #timer: number | undefined;
  #shipping: Promise<void> | undefined;
  #closed = false;

  /** @throws RangeError naming the option, the rule and the value */
  constructor(options: ShipperOptions) {
    const { mostLines, mostPerBatch, everyMs, timeoutMs, retryMs: [firstMs, mostMs] } = options;
    for (const [name, value] of Object.entries({ mostLines, mostPerBatch })) if (!(Number.isInteger(value) && value > 0)) throw new RangeError(`${name} must be a positive integer: current value is ${value}`);
    for (const [name, value] of Object.entries({ everyMs, timeoutMs, firstMs, mostMs })) if (!(value > 0 && value < Infinity)) throw new RangeError(`${name} must be a positive number: current value is ${value}`);
    this.#options = { onEvent: () => {}, clock: systemClock, random: Math.random, ...options };
  }

  get held(): number {
    return this.#routine.length + this.#important.length + this.#onTheWay;
  }

  /** Since the start. */
  get dropped(): number {
    return this.#dropped;
  }

  // #region write
  /** False when the line was dropped. Full: a routine line is dropped, an important one takes the place of the oldest routine line. */
  write(line: string, important = false): boolean {
    if (this.#closed || !this.#hasRoom(important)) return this.#drop(important);
    (important ? this.#important : this.#routine).push(line);
    const { clock, everyMs, mostPerBatch, mostLines } = this.#options;
    const full = this.held >= Math.min(mostPerBatch, mostLines);
    if (full) this.#cancel();
    this.#timer ??= clock.setTimeout(() => void this.#ship(), full ? 0 : everyMs);
    return true;
  }

  #hasRoom(important: boolean): boolean {
    if (this.held < this.#options.mostLines) return true;
    if (!important || this.#routine.shift() === undefined) return false;
    this.#drop(false);
    return true;
  }

  #drop(important: boolean): false {
    this.#dropped += 1;
    this.#untold += 1;
    this.#tell({ type: 'dropped', important });
    return false;
  }
  // #endregion write

  /** For the end of the process: takes no more, tries at once, and gives up after `withinMs`. @returns the lines left behind */
  async close(withinMs: number): Promise<number> {
    const { clock } = this.#options;
    this.#closed = true;
    this.#hurry.abort();
    const timer = clock.setTimeout(() => this.#stop.abort(), withinMs);
    do await this.#ship();
    while (this.held > 0 && !this.#stop.signal.aborted);
    clock.clearTimeout(timer);
    return this.held;
  }

  #cancel(): void {
    if (this.#timer !== undefined) this.#options.clock.clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #ship(): Promise<void> {
    this.#cancel();
    this.#shipping ??= this.#shipAll().finally(() => { this.#shipping = undefined; });
    return this.#shipping;
  }

  // #region ship
  async #shipAll(): Promise<void> {
    const { mostPerBatch, describeLoss } = this.#options;
    let failures = 0;
    while (!this.#stop.signal.aborted && this.held + this.#untold > 0) {
      const important = this.#important.splice(0, mostPerBatch);
      const routine = this.#routine.splice(0, mostPerBatch - important.length);
      const lines = important.length + routine.length;
      const told = this.#untold;
      this.#onTheWay = lines;
      try {
        await this.#attempt([...(told > 0 ? [describeLoss(told)] : []), ...important, ...routine]);
        this.#onTheWay = 0;
        this.#untold -= told;
        failures = 0;
        this.#tell({ type: 'accepted', lines });
      } catch (error) {
        this.#onTheWay = 0;
        if (error instanceof LinesRefusedError) {
          this.#dropped += lines;
          this.#untold += lines;
          this.#tell({ type: 'refused', lines, error });
          // With nothing else to send, the loss is told with the next lines.
          if (this.held === 0) return;
        } else {
          this.#important.unshift(...important);
          this.#routine.unshift(...routine);
          await this.#pause(failures++, error);
        }
      }
    }
  }
  // #endregion ship

  /** Waits between half of the pause and all of it, so that instances that lost the collector together come back apart. */
  async #pause(failures: number, error: unknown): Promise<void> {
    const { clock, random, retryMs: [firstMs, mostMs] } = this.#options;
    const nextMs = Math.min(mostMs, firstMs * 2 ** failures) * (0.5 + random() / 2);
    this.#tell({ type: 'failed', error, nextMs });
    await clock.sleep(nextMs, this.#closed ? this.#stop.signal : this.#hurry.signal).catch(() => {});
  }

  #tell(event: ShippingEvent): void {
    try {
      this.#options.onEvent(event);
    } catch {
      // Whoever listens must not fail whoever writes.
    }
  }

  /** Settles at the limit whatever `send` does; what it says later is heard by nobody. */
  #attempt(lines: readonly string[]): Promise<void> {
    const { clock, timeoutMs, send } = this.#options;
    const limit = new AbortController();
    const timer = clock.setTimeout(() => limit.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const signal = AbortSignal.any([limit.signal, this.#stop.signal]);
    return new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      send(lines, signal).then(resolve, reject);
    }).finally(() => clock.clearTimeout(timer));
  }
}
