/**
 * One id for one business flow, carried as W3C baggage through the OpenTelemetry API: https://www.w3.org/TR/baggage/.
 * The program that uses it registers a context manager and a baggage propagator once, at its start.
 * The id groups what belongs together. It proves nothing, so it must never decide what a caller may do.
 */
import { context, createContextKey, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Baggage, Context } from '@opentelemetry/api';
import type { Random } from '../clock.ts';

/** Headers of an HTTP request or of a message; names are compared without regard to case. */
export type Carrier = Readonly<Record<string, string | string[] | undefined>>;

export interface Message<Body> {
  /** Names this message alone; redelivery and retry keep it. */
  readonly id: string;
  /** The message that was being handled when this one was made; undefined at the start of a flow. */
  readonly causationId: string | undefined;
  readonly headers: Record<string, string>;
  readonly body: Body;
}

export type CorrelationEvent =
  | { readonly type: 'begun' | 'continued'; readonly flowId: string }
  /** What came is not repeated here, since this event may be logged. */
  | { readonly type: 'refused'; readonly length: number }
  /** Nobody registered a context manager: the id is lost before the work begins. */
  | { readonly type: 'not-carried'; readonly flowId: string }
  /** A batch is a flow of its own; this is what leads from its id to those of its members. */
  | { readonly type: 'batch'; readonly flowId: string; readonly members: readonly string[] }
  | { readonly type: 'batch-failed'; readonly flowId: string; readonly error: unknown };

export interface CorrelationOptions {
  /** False at the edge: what strangers send is ignored and every request begins a flow. */
  readonly trustCallers: boolean;
  /** Keys of baggage beside the id that may pass through; personal data must not be among them. */
  readonly alsoCarry?: readonly string[];
  /** Must not throw. */
  readonly onEvent?: (event: CorrelationEvent) => void;
  readonly random?: Random;
}

const flowKey = 'correlation.id';
const messageKey = createContextKey('message id');

// #region accept
const wellFormed = /^[A-Za-z0-9][A-Za-z0-9_-]{7,63}$/;

/** The value itself where it can be an id of ours, else undefined: it is never cut or cleaned into another one. */
export function accepted(value: string): string | undefined {
  return wellFormed.test(value) ? value : undefined;
}
// #endregion accept

/** What each log line should hold; empty where no flow is under way. */
export function logFields(within: Context = context.active()): Record<string, string> {
  const flowId = flowIdOf(within);
  const messageId = messageIdOf(within);
  return { ...(flowId !== undefined && { correlation_id: flowId }), ...(messageId !== undefined && { message_id: messageId }) };
}

export function flowIdOf(within: Context = context.active()): string | undefined {
  return propagation.getBaggage(within)?.getEntry(flowKey)?.value;
}

export class Correlation {
  readonly #options: Required<CorrelationOptions>;

  constructor(options: CorrelationOptions) {
    this.#options = { alsoCarry: [], onEvent: () => {}, random: Math.random, ...options };
  }

  // #region receive
  /** Runs `work`, and all that it starts, in the flow that the headers name, else in a new one. */
  receive<T>(headers: Carrier, work: () => T, messageId?: string): T {
    const { trustCallers } = this.#options;
    // Read beside the active context: only baggage is wanted, and a span stays what it was.
    const arrived = trustCallers ? propagation.extract(ROOT_CONTEXT, lowerCase(headers)) : ROOT_CONTEXT;
    const baggage = propagation.getBaggage(arrived) ?? propagation.createBaggage();
    const flowId = this.#continued(baggage) ?? this.#begun();
    return this.#run(context.active(), this.#kept(baggage.setEntry(flowKey, { value: flowId })), messageId, work);
  }
  // #endregion receive

  /** A flow without a caller: a timer, a nightly run, a batch. Nothing of the active context is inherited. */
  begin<T>(work: (flowId: string) => T): T {
    const flowId = this.#begun();
    const baggage = propagation.createBaggage({ [flowKey]: { value: flowId } });
    return this.#run(ROOT_CONTEXT, baggage, undefined, () => work(flowId));
  }

  // #region send
  /** Headers for a call or a message inside the house. For strangers there are none. */
  headers(): Record<string, string> {
    const baggage = propagation.getActiveBaggage() ?? propagation.createBaggage();
    const headers: Record<string, string> = {};
    propagation.inject(propagation.setBaggage(context.active(), this.#kept(baggage)), headers);
    return headers;
  }

  message<Body>(body: Body): Message<Body> {
    return { id: newId(this.#options.random), causationId: messageIdOf(context.active()), headers: this.headers(), body };
  }

  handle<Body, T>(message: Message<Body>, work: (body: Body) => T): T {
    return this.receive(message.headers, () => work(message.body), message.id);
  }
  // #endregion send

  /** Tells a batch and its members, for whoever collects work of several flows. */
  report(event: CorrelationEvent): void {
    this.#options.onEvent(event);
  }

  #run<T>(base: Context, baggage: Baggage, messageId: string | undefined, work: () => T): T {
    const flowId = baggage.getEntry(flowKey)!.value;
    const flow = propagation.setBaggage(base, baggage).setValue(messageKey, messageId);
    return context.with(flow, () => {
      if (flowIdOf() !== flowId) this.report({ type: 'not-carried', flowId });
      return work();
    });
  }

  #continued(baggage: Baggage): string | undefined {
    const value = baggage.getEntry(flowKey)?.value;
    if (value === undefined) return undefined;
    const flowId = accepted(value);
    this.report(flowId === undefined ? { type: 'refused', length: value.length } : { type: 'continued', flowId });
    return flowId;
  }

  #begun(): string {
    const flowId = newId(this.#options.random);
    this.report({ type: 'begun', flowId });
    return flowId;
  }

  #kept(baggage: Baggage): Baggage {
    const carried = [flowKey, ...this.#options.alsoCarry];
    return baggage.removeEntries(...baggage.getAllEntries().map(([key]) => key).filter((key) => !carried.includes(key)));
  }
}

function messageIdOf(within: Context): string | undefined {
  return within.getValue(messageKey) as string | undefined;
}

/** 128 random bits as hexadecimal digits. */
function newId(random: Random): string {
  return Array.from({ length: 16 }, () => Math.floor(random() * 256).toString(16).padStart(2, '0')).join('');
}

/** Names of headers come in any case, and the propagators look for lower case. */
function lowerCase(carrier: Carrier): Carrier {
  return Object.fromEntries(Object.entries(carrier).map(([name, value]) => [name.toLowerCase(), value]));
}
