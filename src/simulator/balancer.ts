/** Who gets the next call, from what this caller itself has outstanding: another caller's load it does not see. */
import type { RandomStream } from './random-stream.ts';

/** @returns index of the chosen one */
export type Choice = (outstanding: readonly number[]) => number;

export function roundRobin(): Choice {
  let next = 0;
  return ({ length }) => next++ % length;
}

export function atRandom(random: RandomStream): Choice {
  return ({ length }) => random.below(length);
}

/** The idlest, the next in turn among equals. An instance that fails fast looks idle and draws all calls. */
export function leastOutstanding(): Choice {
  let turn = 0;
  return (outstanding) => {
    const least = Math.min(...outstanding);
    const start = turn++;
    for (let step = 0; ; step++) {
      const at = (start + step) % outstanding.length;
      if (outstanding[at] === least) return at;
    }
  };
}

/** The idler of two different ones drawn at random: nearly as even as the idlest of all, without a herd. */
export function powerOfTwo(random: RandomStream): Choice {
  return (outstanding) => {
    const one = random.below(outstanding.length);
    const other = (one + 1 + random.below(outstanding.length - 1)) % outstanding.length;
    return (outstanding[other] ?? Infinity) < (outstanding[one] ?? Infinity) ? other : one;
  };
}

/** Spreads calls over instances. */
export class Balancer<Instance> {
  readonly #instances: readonly Instance[];
  readonly #choose: Choice;
  readonly #outstanding: number[];

  constructor(instances: readonly Instance[], choose: Choice) {
    if (instances.length === 0) throw new RangeError('a balancer needs at least one instance');
    this.#instances = instances;
    this.#choose = choose;
    this.#outstanding = instances.map(() => 0);
  }

  /** Calls that have no answer yet, for each instance. */
  get outstanding(): readonly number[] {
    return this.#outstanding;
  }

  /** @throws whatever the call throws */
  async run<Result>(call: (instance: Instance, at: number) => Promise<Result>): Promise<Result> {
    const at = this.#choose(this.#outstanding);
    const add = (by: number): void => { this.#outstanding[at] = (this.#outstanding[at] ?? 0) + by; };
    add(1);
    try {
      return await call(this.#instances[at] as Instance, at);
    } finally {
      add(-1);
    }
  }
}
