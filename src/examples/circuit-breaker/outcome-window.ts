const bucketCount = 10;

/**
 * Counts the outcomes of the last `windowMs`. They are kept in ten buckets, so memory is bounded whatever
 * the traffic, and an outcome is forgotten when it is between 90 % and 100 % of the window old.
 */
export class OutcomeWindow {
  readonly #bucketMs: number;
  #buckets: { index: number; calls: number; failures: number }[] = [];

  constructor(windowMs: number) {
    this.#bucketMs = windowMs / bucketCount;
  }

  // #region window
  record(nowMs: number, failed: boolean): { calls: number; failures: number } {
    const index = Math.floor(nowMs / this.#bucketMs);
    this.#buckets = this.#buckets.filter((bucket) => bucket.index > index - bucketCount);
    let newest = this.#buckets.at(-1);
    if (newest?.index !== index) {
      newest = { index, calls: 0, failures: 0 };
      this.#buckets.push(newest);
    }
    newest.calls += 1;
    if (failed) newest.failures += 1;
    const totals = { calls: 0, failures: 0 };
    for (const { calls, failures } of this.#buckets) {
      totals.calls += calls;
      totals.failures += failures;
    }
    return totals;
  }
  // #endregion window
}
