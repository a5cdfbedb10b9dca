/** The only names of a platform that this room may use: no document, no network, no timers. */

declare class EventTarget {}

interface AbortSignal extends EventTarget {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

interface MessageEvent {
  stopImmediatePropagation(): void;
}

interface MessagePort {
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
  start(): void;
  postMessage(message: unknown): void;
  close(): void;
}

declare class MessageChannel {
  readonly port1: MessagePort;
  readonly port2: MessagePort;
}
