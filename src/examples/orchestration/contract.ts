import type { Clock, Random } from '../clock.ts';

// #region flow
/**
 * A process as it is told: an ordinary function, which runs from its beginning in each turn. What is logged is not done
 * again but answered from the log, so it has to ask for the same things in the same order: no clock, no chance, nothing
 * from outside but through `run`, and one thing at a time.
 */
export type Flow<Input> = (run: Run, input: Input) => Promise<unknown>;

export interface Run {
  /** The case. */
  readonly id: string;
  /**
   * Tells a service to do something, at least once and always with the same key, until it answers.
   * @param name one of its kind in a case
   * @throws StepRefusedError, StepGaveUpError
   */
  step<Result>(name: string, send: Send<Result>): Promise<Result>;
  /**
   * Waits for a message about this case, which may have come before. The deadline is stored.
   * @returns undefined when the time has passed and nothing is there; once that is logged, a message changes nothing
   */
  wait<Value>(name: string, message: string, withinMs: number): Promise<Value | undefined>;
}
// #endregion flow

export type Send<Result> = (key: string, signal: AbortSignal) => Promise<Result>;

/** One thing that a case has asked for, at its place in the order. */
export interface Entry {
  readonly kind: 'step' | 'wait';
  readonly name: string;
  readonly state: 'sent' | 'waiting' | 'done' | 'expired' | 'refused' | 'gave up';
  readonly attempts: number;
  /** What came back, or why nothing did. */
  readonly value: unknown;
  /** Of a wait: what is left of it, by the clock of the store. */
  readonly leftMs: number;
}

/** A case in the hands of one instance. */
export interface Claim {
  readonly id: string;
  readonly definition: string;
  readonly input: unknown;
  /** Grows with each claim; whoever writes with an older one has lost the case. */
  readonly fence: number;
  /** Messages that had come when it was claimed. */
  readonly wakes: number;
  readonly log: readonly Entry[];
}

export interface Overview {
  readonly id: string;
  readonly definition: string;
  readonly state: 'running' | 'parked' | 'ended';
  /** The last thing that it has asked for. */
  readonly at: string;
  readonly reason: string;
  /** Since it was started. */
  readonly ageMs: number;
}

/** Where cases live, for all instances. What it has confirmed survives any of them. */
export interface CaseStore {
  /** False: there is a case of this id. */
  create(id: string, definition: string, input: unknown): Promise<boolean>;
  /** One that is due, of a definition that the caller knows, for `leaseMs`. */
  claim(definitions: readonly string[], leaseMs: number): Promise<Claim | undefined>;
  /** Writes the entry at its place and renews the lease. False: the case was lost to another instance. */
  write(claim: Claim, place: number, entry: Omit<Entry, 'leftMs'> & { readonly withinMs?: number }, leaseMs: number): Promise<boolean>;
  /** Gives the case back until `delayMs` have passed or a message comes, also one that came meanwhile. */
  rest(claim: Claim, delayMs: number, reason: string): Promise<boolean>;
  /** Ends the case, or leaves it to a person. */
  close(claim: Claim, state: 'ended' | 'parked', reason: string): Promise<boolean>;
  message(id: string, name: string): Promise<{ readonly value: unknown } | undefined>;
  /** Keeps the first of a name and wakes the case. False: there is no such case any more, or it has one. */
  deliver(id: string, name: string, value: unknown): Promise<boolean>;
}

/** For people, and for what they look at. */
export interface CaseDesk {
  /** Lets a parked case go on; the step that failed begins anew. False: it is not parked. */
  resume(id: string): Promise<boolean>;
  /** Cases that have not ended, the oldest first. */
  open(most: number): Promise<readonly Overview[]>;
}

/** A final no of a service; nothing was done. */
export class StepRefusedError extends Error {
  override readonly name = 'StepRefusedError';
}
/** No answer after the last attempt. Whether it was done is not known, so whoever takes it back has to take both into account. */
export class StepGaveUpError extends Error {
  override readonly name = 'StepGaveUpError';
}
/** The service did not answer within `stepTimeoutMs`. */
export class StepTimeoutError extends Error {
  override readonly name = 'StepTimeoutError';
}
/** The flow asks for something else than the log has: it was changed under a case that is on its way, or it is not determinate. Nothing was sent. */
export class FlowChangedError extends Error {
  override readonly name = 'FlowChangedError';
}
/** Another instance has taken the case over. */
export class CaseLostError extends Error {
  override readonly name = 'CaseLostError';
}

/** The store could not be asked, and the case is left as it is until its lease is over. */
export class StoreFailedError extends Error {
  override readonly name = 'StoreFailedError';
}

export interface Options {
  /** How long a service may take to answer one attempt, in milliseconds. */
  readonly stepTimeoutMs?: number;
  /** After this long without a word from its instance a case is taken over, in milliseconds. More than `stepTimeoutMs`. */
  readonly leaseMs?: number;
  /** Of one step, crashes counted. */
  readonly maxAttempts?: number;
  /** Pause before the first repeat, in milliseconds; doubles up to `longestRetryMs`, with full jitter. It is stored, so it survives; a message ends it early. */
  readonly firstRetryMs?: number;
  readonly longestRetryMs?: number;
  /** Pause of `run` when no case is due, in milliseconds. */
  readonly pollMs?: number;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Must not throw. */
  readonly onEvent?: (event: OrchestratorEvent) => void;
}
export interface OrchestratorEvent {
  /** How a turn ended, or `broken`: the store failed. */
  readonly type: 'resting' | 'ended' | 'parked' | 'lost' | 'broken';
  readonly id?: string;
  readonly reason?: string;
}
