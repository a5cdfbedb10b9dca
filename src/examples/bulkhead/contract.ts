import type { Clock } from '../clock.ts';

export interface BulkheadOptions {
  /** What the compartment is for, as it should appear in errors and metrics: a dependency, a tenant, a kind of work. */
  name: string;
  /** Calls that may run at the same time. */
  slots: number;
  /** Calls that may wait for a slot; 0, the default, refuses at once. */
  queue?: number;
  /** Longest wait for a slot. */
  waitMs?: number;
  clock?: Clock;
  /** Must not throw. */
  onEvent?: (event: BulkheadEvent) => void;
}

export type Occurrence =
  | { type: 'queued' }
  | { type: 'started'; waitedMs: number }
  /** Not called: no slot and no place in the queue, or no slot within `waitMs`. */
  | { type: 'refused'; waitedMs: number }
  /** The caller went away while it waited. */
  | { type: 'left'; waitedMs: number }
  /** The slot is free again. `abandoned`: the caller had gone before; the operation had not. */
  | { type: 'ended'; outcome: 'fulfilled' | 'rejected'; heldMs: number; abandoned: boolean };
/** `running` and `waiting` are the numbers after the occurrence. */
export type BulkheadEvent = { bulkhead: string; atMs: number; running: number; waiting: number } & Occurrence;

/** Refused by the bulkhead: the dependency was not called. */
export class BulkheadFullError extends Error {
  override readonly name = 'BulkheadFullError';
  readonly bulkhead: string;
  /** 0 when the queue was full as well. */
  readonly waitedMs: number;

  constructor(bulkhead: string, slots: number, waitedMs: number) {
    super(`bulkhead '${bulkhead}' is full: all of its ${slots} slots are taken${waitedMs > 0 ? `, and none came free within ${waitedMs} ms` : ' and nobody else may wait'}`);
    this.bulkhead = bulkhead;
    this.waitedMs = waitedMs;
  }
}
