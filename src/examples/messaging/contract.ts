// #region message
export interface Message<Body> {
  /** The sender's, the same when it sends again: receivers know a repeat by it. */
  readonly id: string;
  readonly body: Body;
  /** Where an answer is expected; nowhere when left out. */
  readonly replyTo?: string;
  /** On a request: what its answer has to repeat. On an answer: what it answers. New for each attempt. */
  readonly correlationId?: string;
  /** Time from the sending after which nobody wants it any more. Relative, because clocks differ. */
  readonly ttlMs?: number;
}
// #endregion message

/** A message in the hands of one receiver. */
export interface Delivery<Body> {
  readonly message: Message<Body>;
  /** 1 for the first. The broker counts; it is also the receipt. */
  readonly deliveries: number;
}

/** Channels by name; each message goes to one receiver of its channel. */
export interface Broker {
  /** Resolves when the message is stored, and not before: until then it is the sender's. */
  send(channel: string, message: Message<unknown>): Promise<void>;
  /** Leases a message until `leaseMs` have passed. One whose time is over is never given out. @throws the signal's reason */
  receive(channel: string, leaseMs: number, signal: AbortSignal): Promise<Delivery<unknown>>;
  /** Both change nothing, and answer false, when the lease has run out. */
  acknowledge(channel: string, delivery: Delivery<unknown>): Promise<boolean>;
  giveBack(channel: string, delivery: Delivery<unknown>, delayMs: number): Promise<boolean>;
}

/** The body of an answer. */
export type Answer<Result> = { result: Result } | { refused: string };

/** Thrown by a receiver: no attempt could succeed. Whoever asked is told. */
export class RequestRefusedError extends Error {
  override readonly name = 'RequestRefusedError';
}

/** No answer in time. Whether the work was done, is being done or will be done is unknown. */
export class ReplyTimeoutError extends Error {
  override readonly name = 'ReplyTimeoutError';
}

/** As many answers are awaited as may be; nothing was sent. */
export class TooManyPendingError extends Error {
  override readonly name = 'TooManyPendingError';
}

/** Nobody listens for answers any more. */
export class RequesterClosedError extends Error {
  override readonly name = 'RequesterClosedError';
}

/** @throws RangeError that says name, rule and value */
export function requireAll(options: Readonly<Record<string, number>>, isRight: (value: number) => boolean, rule: string): void {
  for (const [name, value] of Object.entries(options)) {
    if (!isRight(value)) throw new RangeError(`${name} must be ${rule}: current value is ${value}`);
  }
}

/** Timers hold their delay in 31 bits; a longer one fires at once. */
export const isTimer = (ms: number): boolean => ms > 0 && ms < 2 ** 31;
