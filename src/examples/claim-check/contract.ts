import type { Clock } from '../clock.ts';

/** Where payloads lie. Each call must reject when its signal aborts, as `fetch` does. */
export interface PayloadStore {
  /**
   * Resolves when everybody can read it. The same key with the same bytes again does no harm.
   * The store deletes it by itself after `keepMs`, counted from the last writing.
   */
  put(key: string, payload: Uint8Array, keepMs: number, signal: AbortSignal): Promise<void>;
  /** @returns undefined if there is nothing under this key, which is an answer and not a failure */
  get(key: string, signal: AbortSignal): Promise<Uint8Array | undefined>;
  delete(key: string, signal: AbortSignal): Promise<void>;
}

/** Who has to read a payload and who is done with it. */
export interface ClaimBook {
  /** A known key keeps its readers and who is done, and stays for as long as asked last. */
  open(key: string, readers: readonly string[], keepMs: number): Promise<void>;
  /** Of a key that is not in the book nobody is done. */
  isDone(key: string, reader: string): Promise<boolean>;
  /** @returns whether everybody who was named is done; false for a key that is not in the book. The same reader again does no harm. */
  done(key: string, reader: string): Promise<boolean>;
}

/** Says where the payload is, how long it is and what it was: enough to notice another one. */
export interface Ticket { readonly key: string; readonly bytes: number; readonly sha256: string }

/** What goes through the broker. `head` is what routing and most readers need; small payloads travel with it. */
export type Message<Head> =
  | { readonly head: Head; readonly payload: Uint8Array; readonly ticket?: undefined }
  | { readonly head: Head; readonly ticket: Ticket; readonly payload?: undefined };

/** What the broker lets a receiver do with one message. */
export interface Delivery<Head> {
  readonly message: Message<Head>;
  ack(): Promise<void>;
  /** Comes again after a while, without being counted as a failure of the message. */
  later(): Promise<void>;
  /** Will never work: to where somebody looks at it. */
  aside(reason: Error): Promise<void>;
}

export interface SenderOptions<Head> {
  store: PayloadStore;
  book: ClaimBook;
  /** Resolves when the broker has the message, or the outbox its row. */
  send: (message: Message<Head>) => Promise<void>;
  /** The longest time from storing to the last possible reading: outbox, backlog, repeats, messages set aside, replays. */
  longestLifeMs: number;
  /** How long the store keeps a payload; more than `longestLifeMs`. */
  keepMs: number;
  /** Payloads up to this size travel in the message. */
  inlineBytes?: number;
  timeoutMs?: number;
  clock?: Clock;
  newKey?: () => string;
}

export interface SendOptions {
  /** Everybody who has to read it; when they are done it is deleted. Nobody: it stays as long as it is kept. */
  readers?: readonly string[];
  /** For a repeat of a send whose outcome is not known: the same key, so that no second payload is left behind. */
  key?: string;
  signal?: AbortSignal;
}

export interface ReceiverOptions {
  /** This reader, as senders name it. A replay on purpose needs another name: else each of its messages passes for a copy. */
  name: string;
  store: PayloadStore;
  book: ClaimBook;
  timeoutMs?: number;
  clock?: Clock;
  /** Must not throw. */
  onEvent?: (event: ClaimEvent) => void;
}
export type ClaimEvent = { reader: string; atMs: number; key: string } & (
  | { type: 'copy' | 'deleted' }
  /** It could not be deleted now; the store will, after its time. */
  | { type: 'left'; error: unknown });

/** Told by the store or by its silence: nothing is known of the payload. Try again later. */
export class StoreAwayError extends Error { override readonly name = 'StoreAwayError'; }
/** The store answers, and has nothing under the key: deleted too early, or kept for too short a time. */
export class PayloadGoneError extends Error { override readonly name = 'PayloadGoneError'; }
/** What lies there is not what was sent. */
export class PayloadChangedError extends Error { override readonly name = 'PayloadChangedError'; }

/** Timers hold their delay in 31 bits; a longer one fires at once. */
const longestMs = 2 ** 31 - 1;

export function requireDelay(name: string, value: number): void {
  if (!(value >= 1 && value <= longestMs)) throw new RangeError(`${name} must be between 1 and ${longestMs}: current value is ${value}`);
}
