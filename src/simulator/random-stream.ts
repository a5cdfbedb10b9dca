/**
 * One stream of random numbers: sfc32, whose state of 128 bits is filled from a seed and a name.
 * Streams with different names are independent, so that a simulation without the pattern, or with one slider moved,
 * draws the same numbers for everything else. All delays are rounded to 1/1024 ms, because the last bit of
 * `Math.log` and its kin may differ between engines.
 */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number, name: string) {
    const hash = hashed(name, seed);
    this.#a = mixed(hash);
    this.#b = mixed(hashed(name, Math.imul(seed, 0x9e3779b1) ^ 0x85ebca77));
    this.#c = mixed(hash + 0x9e3779b9);
    for (let round = 0; round < 12; round++) this.#word();
  }

  /** In [0, 1), with 53 bits. A bound function, so that it can be handed to an example as its `random`. */
  next = (): number => ((this.#word() >>> 5) * 2 ** 26 + (this.#word() >>> 6)) / 2 ** 53;

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** A whole number from 0 up to, not including, `count`. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  uniform(fromMs: number, untilMs: number): number {
    return rounded(fromMs + (untilMs - fromMs) * this.next());
  }

  exponential(meanMs: number): number {
    return rounded(-meanMs * Math.log(1 - this.next()));
  }

  /** `sigma` is the standard deviation of the logarithm: 0.5 is a calm service, 1.5 a moody one. */
  lognormal(medianMs: number, sigma: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return rounded(medianMs * Math.exp(sigma * normal));
  }

  /** Heavy tail: the smaller `alpha`, the heavier; below 1 there is no mean. */
  pareto(leastMs: number, alpha: number): number {
    return rounded(leastMs / (1 - this.next()) ** (1 / alpha));
  }

  #word(): number {
    const word = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + word | 0;
    return word >>> 0;
  }
}

/** FNV-1a over the name, begun anew for every seed. */
function hashed(name: string, seed: number): number {
  let hash = 0x811c9dc5 ^ mixed(seed);
  for (let at = 0; at < name.length; at++) hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  return hash;
}

/** The finaliser of splitmix32: neighbouring words become unlike each other. */
function mixed(word: number): number {
  let mix = (word ^ (word >>> 16)) | 0;
  mix = Math.imul(mix, 0x21f0aaad);
  mix = Math.imul(mix ^ (mix >>> 15), 0x735a2d97);
  return mix ^ (mix >>> 15);
}

function rounded(ms: number): number {
  return Math.round(ms * 1024) / 1024;
}
