import { StaleEpochError } from './contract.ts';

export { StaleEpochError };

// #region fence
/**
 * Belongs to the resource that is written to, and is kept with what it protects. A new leader shows
 * its epoch before it reads: from then on what an earlier one has under way is refused.
 */
export class Fence {
  readonly #resource: string;
  #epoch = 0;

  constructor(resource: string) {
    this.#resource = resource;
  }

  /**
   * In one step with the write.
   * @throws StaleEpochError when a later term was here
   */
  admit(epoch: number): void {
    if (epoch < this.#epoch) throw new StaleEpochError(this.#resource, epoch);
    this.#epoch = epoch;
  }
}
// #endregion fence
