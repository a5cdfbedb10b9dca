import type { Clock } from '../clock.ts';

export interface SenderOptions<T> {
  /** The flow, as it should appear in errors and metrics. */
  name: string;
  /** Takes one item for the receiver: a call, or a frame on a connection. Must not throw; a lost connection calls `close`. */
  deliver: (item: T) => void;
  /** Calls of `send` that may wait for credit at the same time. They are a buffer too, so they have a bound. */
  mostWaiting?: number;
  clock?: Clock;
  /** Must not throw. */
  onEvent?: (event: FlowEvent) => void;
}

export interface ReceiverOptions {
  name: string;
  /** Items that may be on their way, in the buffer and in work at the same time. */
  window: number;
  /** Finished items after which credit goes back; at most `window`, half of it when left out. */
  batch?: number;
  /** Takes credit to the sender. */
  grant: (items: number) => void;
  /** The receiver is gone, for whatever reason: whoever waits for credit has to learn it. */
  cancel: () => void;
}

export type Occurrence =
  | { type: 'sent'; waitedMs: number }
  /** Neither sent nor kept. */
  | { type: 'refused' }
  /** The caller gave up while it waited; its item was not sent. */
  | { type: 'left'; waitedMs: number }
  | { type: 'granted'; items: number };
export type FlowEvent = { flow: string; atMs: number; credit: number; waiting: number } & Occurrence;

/** Refused by the sender: no credit, and as many calls wait as may. The item was not sent. */
export class NoCreditError extends Error {
  override readonly name = 'NoCreditError';
  readonly flow: string;

  constructor(flow: string, waiting: number) {
    super(`flow '${flow}' has no credit, and ${waiting} wait for it`);
    this.flow = flow;
  }
}

/** The receiver is gone. The item was not sent. */
export class FlowClosedError extends Error {
  override readonly name = 'FlowClosedError';
  readonly flow: string;

  constructor(flow: string) {
    super(`flow '${flow}' is closed`);
    this.flow = flow;
  }
}

/** The sender broke the protocol: it sent more than was granted. */
export class OverrunError extends Error {
  override readonly name = 'OverrunError';
  readonly flow: string;

  constructor(flow: string, window: number) {
    super(`flow '${flow}' was overrun: more came than its window of ${window} allows`);
    this.flow = flow;
  }
}

/** @throws RangeError that says name, rule and value */
export function requireCount(name: string, value: number, most = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isSafeInteger(value) || value < 1 || value > most) throw new RangeError(`${name} must be an integer from 1 to ${most}: current value is ${value}`);
}
