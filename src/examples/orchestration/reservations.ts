import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { StepRefusedError } from './contract.ts';

interface Hold { state: 'held' | 'confirmed' | 'cancelled' | 'expired' | 'refused'; readonly pieces: number; readonly untilMs: number }

/**
 * A participant of try, confirm and cancel: nothing that it holds is held for ever. Each call is one transaction of its
 * service; here the table is a map. Rows have to outlast the slowest command.
 */
export class Reservations {
  readonly #holds = new Map<string, Hold>();
  readonly #holdMs: number;
  readonly #clock: Clock;
  #free: number;

  /** @throws RangeError that says name, rule and value */
  constructor(pieces: number, { holdMs, clock = systemClock }: { /** More than the slowest process takes. */ readonly holdMs: number; readonly clock?: Clock }) {
    if (!(Number.isInteger(pieces) && pieces >= 0)) throw new RangeError(`pieces must be a whole number from 0: current value is ${pieces}`);
    if (!(holdMs > 0 && Number.isFinite(holdMs))) throw new RangeError(`holdMs must be above 0 and finite: current value is ${holdMs}`);
    this.#free = pieces;
    this.#holdMs = holdMs;
    this.#clock = clock;
  }

  get free(): number {
    this.#expire();
    return this.#free;
  }

  /** Try. @throws StepRefusedError if there is too little, or the key was cancelled before; said once, it stays so */
  reserve(key: string, pieces: number): void {
    this.#expire();
    const known = this.#holds.get(key);
    if (known?.state === 'held' || known?.state === 'confirmed') return;
    if (known !== undefined) throw new StepRefusedError(`${key} is ${known.state}`);
    const state = pieces <= this.#free ? 'held' : 'refused';
    this.#holds.set(key, { state, pieces, untilMs: this.#clock.now() + this.#holdMs });
    if (state === 'refused') throw new StepRefusedError(`${key} is refused`);
    this.#free -= pieces;
  }

  // #region reserve
  /** @throws StepRefusedError if nothing is held any more: others may have it by now */
  confirm(key: string): void {
    this.#expire();
    const known = this.#holds.get(key);
    if (known?.state === 'held') known.state = 'confirmed';
    if (known?.state !== 'confirmed') throw new StepRefusedError(`${key} is ${known?.state ?? 'not reserved'}`);
  }

  /** @throws StepRefusedError if it was confirmed: then it has to be taken back by other means */
  cancel(key: string): void {
    this.#expire();
    const known = this.#holds.get(key);
    if (known?.state === 'confirmed') throw new StepRefusedError(`${key} is confirmed`);
    if (known?.state === 'held') this.#release(known, 'cancelled');
    // Cancelled before it was tried: the late try finds this and is refused.
    if (known === undefined) this.#holds.set(key, { state: 'cancelled', pieces: 0, untilMs: 0 });
  }
  // #endregion reserve

  #expire(): void {
    for (const hold of this.#holds.values()) if (hold.state === 'held' && hold.untilMs <= this.#clock.now()) this.#release(hold, 'expired');
  }

  #release(hold: Hold, state: 'cancelled' | 'expired'): void {
    hold.state = state;
    this.#free += hold.pieces;
  }
}
