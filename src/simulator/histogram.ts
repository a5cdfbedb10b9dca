const stepsPerOctave = 32;

/** Durations in milliseconds, counted in log-linear buckets: a quantile is at most 3.2 % off, whatever the range. */
export class Histogram {
  readonly #counts: number[] = [];
  #count = 0;
  #sumMs = 0;
  #maxMs = 0;

  add(ms: number): void {
    const at = bucketOf(ms);
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#count += 1;
    this.#sumMs += ms;
    this.#maxMs = Math.max(this.#maxMs, ms);
  }

  get count(): number {
    return this.#count;
  }

  get meanMs(): number {
    return this.#count === 0 ? 0 : this.#sumMs / this.#count;
  }

  get maxMs(): number {
    return this.#maxMs;
  }

  /** @param share from 0 to 1 @returns milliseconds; 0 when nothing was counted */
  quantileMs(share: number): number {
    let left = Math.max(1, Math.ceil(share * this.#count));
    for (let at = 0; at < this.#counts.length; at++) {
      left -= this.#counts[at] ?? 0;
      if (left <= 0) return Math.min(this.#maxMs, middleOf(at));
    }
    return 0;
  }
}

/** Octaves of (1 + ms), each in equal steps, so that 0 has a bucket too. */
function bucketOf(ms: number): number {
  const value = Math.max(0, ms) + 1;
  const octave = Math.floor(Math.log2(value));
  return octave * stepsPerOctave + Math.floor((value / 2 ** octave - 1) * stepsPerOctave);
}

function middleOf(bucket: number): number {
  const octave = Math.floor(bucket / stepsPerOctave);
  return (1 + (bucket % stepsPerOctave + 0.5) / stepsPerOctave) * 2 ** octave - 1;
}
