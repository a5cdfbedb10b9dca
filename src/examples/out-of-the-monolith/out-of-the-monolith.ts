import { systemClock } from '../clock.ts';
import type { Clock } from '../clock.ts';
import { StranglerFacade } from '../strangler-fig/strangler-fig.ts';
import type { Moved, StranglerEvent, System } from '../strangler-fig/strangler-fig.ts';
import { Evidence, requireRules } from './evidence.ts';
import type { Decision, Rules } from './evidence.ts';
import { NotOwnerError } from './ownership.ts';

export type { Decision, Rules };
export interface Question { readonly sku: string; readonly pieces: number }
export interface PriceChange { readonly sku: string; readonly priceCents: number }

/** What both systems can do. A refusal is an answer too: undefined is a product that is not sold. */
export interface Catalogue {
  readonly price: System<Question, number | undefined>;
  /** Resolves with the new version. @throws NotOwnerError */
  readonly setPrice: System<PriceChange, number>;
}

// #region steps
/** Shares of the products: asked of both, answered by the new service, owned by it. */
export interface Step {
  readonly name: string;
  readonly rehearsed: number;
  readonly reads: number;
  readonly writes: number;
}

/** All reads before any write: who has written must not read from the other side. */
export const steps: readonly Step[] = [
  { name: 'façade only', rehearsed: 0, reads: 0, writes: 0 },
  { name: 'rehearse some', rehearsed: 0.25, reads: 0, writes: 0 },
  { name: 'rehearse all', rehearsed: 1, reads: 0, writes: 0 },
  { name: 'some read', rehearsed: 1, reads: 0.1, writes: 0 },
  { name: 'half read', rehearsed: 1, reads: 0.5, writes: 0 },
  { name: 'all read', rehearsed: 0, reads: 1, writes: 0 },
  { name: 'some write', rehearsed: 0, reads: 1, writes: 0.1 },
  { name: 'all write', rehearsed: 0, reads: 1, writes: 1 },
];
/** Where the way back ends: the new service answers nobody, and is still compared. */
const rehearsal = 1;
// #endregion steps

export interface MoveOptions {
  readonly rules: Rules;
  /** Hands products over until the new service owns this share of the cohort `writes`, or takes them back. After a failure it is called again. */
  readonly moveOwnership: (share: number, signal?: AbortSignal) => Promise<unknown>;
  /** Name of the step to go on from, as the last event of type `step` told it; the first by default. */
  readonly from?: string;
  readonly maxRehearsals: number;
  readonly rehearsalTimeoutMs: number;
  readonly clock?: Clock;
  /** Must not throw. */
  readonly onEvent?: (event: MoveEvent) => void;
}
export type MoveEvent = StranglerEvent | { readonly type: 'step'; readonly step: Step };

/** Takes the catalogue out of the monolith, step by step and back again. Callers use `price` and `setPrice`. */
export class Move {
  readonly price: Moved<Question, number | undefined>;
  readonly setPrice: Moved<PriceChange, number>;
  readonly #facade: StranglerFacade;
  readonly #options: Required<MoveOptions>;
  #at: number;
  /** Undefined while nobody knows: after a hand-over that broke off, or a restart. */
  #owned: number | undefined;
  #isMoving = false;
  #isOff = false;
  #evidence: Evidence;

  /** @throws RangeError when a rule, a limit or `from` cannot be meant */
  constructor(old: Catalogue, modern: Catalogue, options: MoveOptions) {
    requireRules(options.rules);
    this.#options = { from: steps[0]!.name, clock: systemClock, onEvent: () => {}, ...options };
    const { from, maxRehearsals, rehearsalTimeoutMs, clock, onEvent } = this.#options;
    this.#at = steps.findIndex(({ name }) => name === from);
    if (this.#at < 0) throw new RangeError(`there is no step '${from}'`);
    this.#owned = options.from === undefined ? 0 : undefined;
    this.#evidence = new Evidence(kinds, clock.now());
    this.#facade = new StranglerFacade({ maxRehearsals, rehearsalTimeoutMs, clock, onEvent: (event) => {
      this.#evidence.notice(event, clock.now());
      onEvent(event);
    } });
    // #region slices
    // A slice for each kind of request, so that each is counted by itself.
    const [single, bulk] = kinds.map((name) => this.#facade.slice<Question, number | undefined>({
      name, cohort: 'reads', effect: 'read', fallBack: true, keyOf: ({ sku }) => sku,
      legacy: old.price, modern: modern.price,
    })) as [Moved<Question, number | undefined>, Moved<Question, number | undefined>];
    this.price = (question, signal) => (question.pieces < 10 ? single : bulk)(question, signal);
    this.setPrice = this.#facade.slice<PriceChange, number>({
      name: 'set price', cohort: 'writes', effect: 'write', keyOf: ({ sku }) => sku,
      legacy: ownerOf(old.setPrice, modern.setPrice), modern: ownerOf(modern.setPrice, old.setPrice),
    });
    // #endregion slices
    this.#facade.setShare('reads', this.step.reads);
    this.#follow(this.step);
  }

  get step(): Step {
    return steps[this.#at]!;
  }

  // #region move
  /** To be called every few minutes, or by a person who has looked. @throws what `moveOwnership` throws; the step stays */
  async decide(signal?: AbortSignal): Promise<Decision> {
    signal?.throwIfAborted();
    if (this.#isMoving || this.#isOff) return 'stay';
    const decision = this.#at === 0 ? 'on' : this.#evidence.decide(this.#options.rules);
    const next = decision === 'back' ? rehearsal : this.#at + 1;
    if (decision === 'stay' || next === steps.length) return 'stay';
    this.#isMoving = true;
    await this.#enter(next, signal).finally(() => { this.#isMoving = false; });
    return decision;
  }

  /** The kill switch: the monolith answers all reads at once, and no step is made. Writes go on following the owner. */
  switchModern(modern: 'on' | 'off'): void {
    this.#isOff = modern === 'off';
    this.#forget();
    this.#facade.switchModern(modern);
  }

  async #enter(at: number, signal: AbortSignal | undefined): Promise<void> {
    const step = steps[at]!;
    // On the way back first: ownership takes time, and wrong answers are worse than old ones.
    this.#facade.setShare('reads', step.reads);
    if (step.writes !== this.#owned) {
      this.#owned = undefined;
      await this.#options.moveOwnership(step.writes, signal);
      this.#owned = step.writes;
    }
    this.#at = at;
    this.#follow(step);
    this.#forget();
    this.#options.onEvent({ type: 'step', step });
  }

  #follow({ writes, rehearsed }: Step): void {
    this.#facade.setShare('writes', writes);
    for (const kind of kinds) this.#facade.setRehearsed(kind, rehearsed);
  }

  /** What was asked before says nothing of what comes. */
  #forget(): void {
    this.#evidence = new Evidence(kinds, this.#options.clock.now());
  }
  // #endregion move
}

const kinds = ['price of a few', 'price of many'] as const;

// #region owner
/** A side that does not own has done nothing, so the other is asked. */
export function ownerOf<Change>(
  likely: System<Change, number>, other: System<Change, number>,
): System<Change, number> {
  return async (change, signal) => {
    try {
      return await likely(change, signal);
    } catch (error) {
      if (!(error instanceof NotOwnerError)) throw error;
      return other(change, signal);
    }
  };
}
// #endregion owner
