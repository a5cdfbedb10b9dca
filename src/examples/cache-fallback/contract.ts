import type { Clock } from '../clock.ts';

/**
 * What a rejection of the source means. `unavailable`: it could not answer, so the copy may stand in.
 * `gone`: it did answer, and what the copy says no longer holds. `other`: neither; the caller gets the error.
 */
export type Verdict = 'unavailable' | 'gone' | 'other';

export interface CacheFallbackOptions<Key, Value> {
  /** The source, as it should appear in errors and metrics. */
  name: string;
  /** Asks the source. `undefined` is an answer too: there is no such thing. */
  load: (key: Key, signal: AbortSignal) => Promise<Value | undefined>;
  /** There is no default: which errors a copy may hide is a decision. */
  judge: (error: unknown) => Verdict;
  /** Up to this age a copy answers without a question to the source; 0 keeps copies for outages alone. */
  freshMs: number;
  /** How much longer it may stand in when the source is unavailable; `stale-if-error` in HTTP. */
  staleMs: number;
  /** Copies kept, those used least recently go first; absences have as much room of their own. */
  maxEntries?: number;
  /** How long a caller waits for the source when there is a copy. The question goes on without it. */
  patienceMs?: number;
  loadTimeoutMs?: number;
  /** After a failure the source is not asked again about the same thing for this long while a copy stands in. */
  recheckMs?: number;
  clock?: Clock;
  /** Must not throw. */
  onEvent?: (event: CacheFallbackEvent) => void;
}

/** `degraded`: the source did not answer, and the value is as old as `ageMs` says. Never keep such an answer as a good one. */
export interface Answer<Value> { value: Value | undefined; ageMs: number; degraded: boolean }

export interface SavedCopy<Key, Value> { key: Key; value: Value; ageMs: number }

export type Occurrence =
  | { type: 'load'; outcome: 'answered' | Verdict; durationMs: number }
  | { type: 'answer'; from: 'fresh copy' | 'source' | 'stale copy'; ageMs: number }
  /** The caller got an error: nothing that may stand in. */
  | { type: 'failed'; verdict: Verdict }
  | { type: 'evicted' };
export type CacheFallbackEvent = { source: string; atMs: number } & Occurrence;

/** The source did not answer in time. Always counts as unavailable. */
export class SourceTimeoutError extends Error {
  override readonly name = 'SourceTimeoutError';
  readonly source: string;

  constructor(source: string, limitMs: number) {
    super(`'${source}' did not answer within ${limitMs} ms`);
    this.source = source;
  }
}
