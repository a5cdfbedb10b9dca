/** The address is the state: what a reader says replaces it while they type, and is an entry of its own in the history once they go on to something else. */
import { readState, writeState } from '../finder/state.ts';
import type { FinderState } from '../finder/state.ts';

const delayMs = 200;

export class FinderAddress {
  readonly #state: () => FinderState;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The next change becomes an entry of its own. */
  #settled = true;

  constructor(state: () => FinderState) {
    this.#state = state;
  }

  /** Of the present state; works elsewhere, too. */
  get link(): string {
    return new URL(location.pathname + writeState(this.#state()), location.href).href;
  }

  read(): ReturnType<typeof readState> {
    this.#settled = true;
    return readState(location.search);
  }

  /** Soon: an address that changes with each key slows browsers down. */
  keep(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.write(), delayMs);
  }

  write(): void {
    clearTimeout(this.#timer);
    const search = writeState(this.#state());
    if (search === location.search) return;
    const address = location.pathname + search;
    if (this.#settled) history.pushState(null, '', address);
    else history.replaceState(null, '', address);
    this.#settled = false;
  }

  settle(): void {
    this.write();
    this.#settled = true;
  }
}
