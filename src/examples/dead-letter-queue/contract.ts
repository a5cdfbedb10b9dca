export interface Message<Body> {
  /** The sender's, the same in every delivery and after every redrive: handlers know a repeat by it. */
  readonly id: string;
  /** As it came: what cannot be read is kept all the same. */
  readonly body: Body;
  /** How often it has been sent again from the dead letters. It travels with the message, or nobody could end a loop. */
  readonly redrives: number;
}

/** A message in the hands of one consumer. */
export interface Delivery<Body> {
  readonly message: Message<Body>;
  /** 1 for the first. The broker counts when it gives the message out, so a consumer that dies of it has counted too. It is also the receipt. */
  readonly deliveries: number;
}

/** The broker's side. */
export interface Queue<Body> {
  readonly name: string;
  /** Leases a message until `leaseMs` have passed. @throws the signal's reason */
  receive(leaseMs: number, signal: AbortSignal): Promise<Delivery<Body>>;
  /** Both change nothing, and answer false, when the lease has run out. */
  acknowledge(delivery: Delivery<Body>): Promise<boolean>;
  giveBack(delivery: Delivery<Body>, delayMs: number): Promise<boolean>;
}

// #region letter
/** `refused`: no attempt could succeed. `exhausted`: every attempt failed. `deadly`: delivered too often without a word of how it ended; its consumers died, or could not store this letter. */
export type Reason = 'refused' | 'exhausted' | 'deadly';

/** All that somebody needs who looks at it on another day. */
export interface DeadLetter<Body> {
  readonly message: Message<Body>;
  /** The queue that it came from, and goes back to. */
  readonly origin: string;
  readonly reason: Reason;
  /** Of the last attempt, cut at 1,000 characters. */
  readonly error: string;
  readonly deliveries: number;
  readonly diedMs: number;
}

export interface DeadLetters<Body> {
  /** Resolves when it is stored; a letter of the same message replaces the one before. */
  put(letter: DeadLetter<Body>): Promise<void>;
  /** The oldest first. */
  list(): Promise<readonly DeadLetter<Body>[]>;
  /** @returns false, and removes nothing, if the message has died again since this letter was read */
  remove(letter: DeadLetter<Body>): Promise<boolean>;
}
// #endregion letter

/** Thrown by a handler: another attempt would end the same way. */
export class MessageRefusedError extends Error {
  override readonly name = 'MessageRefusedError';
}

/** The handler took as long as the lease allows. Its signal has been aborted. */
export class HandlerTimeoutError extends Error {
  override readonly name = 'HandlerTimeoutError';
}

/** @throws RangeError that says name, rule and value */
export function requireAll(options: Readonly<Record<string, number>>, isRight: (value: number) => boolean, rule: string): void {
  for (const [name, value] of Object.entries(options)) {
    if (!isRight(value)) throw new RangeError(`${name} must be ${rule}: current value is ${value}`);
  }
}

export const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0;
/** Timers hold their delay in 31 bits; a longer one fires at once. */
export const isTimer = (ms: number): boolean => ms > 0 && ms < 2 ** 31;
