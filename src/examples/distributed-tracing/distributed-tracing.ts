import { systemClock } from '../clock.ts';
import type { Clock, Random } from '../clock.ts';
import { extract, inject, isAllZero } from './trace-context.ts';
import type { Carrier, TraceContext } from './trace-context.ts';

/** A finished piece of work. `parentId` builds the tree; `links` name causes that are not the parent. */
export interface Span {
  readonly service: string;
  readonly name: string;
  readonly kind: 'server' | 'client' | 'producer' | 'consumer';
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  readonly links: readonly Pick<TraceContext, 'traceId' | 'spanId'>[];
  /** Unix time in milliseconds on this machine's clock; the next machine's may be off. */
  readonly startMs: number;
  /** Milliseconds on this process's monotonic clock: exact whatever the wall clocks say. */
  readonly durationMs: number;
  /** Name of the error that ended the work. Its message may hold personal data and stays out. */
  readonly error: string | undefined;
}

export type TracingEvent =
  | { readonly type: 'span-ended'; readonly span: Span }
  | { readonly type: 'context-unreadable'; readonly service: string };

export interface TracerOptions {
  readonly service: string;
  /** Share of new traces to record, from 0 to 1. A trace that somebody else began follows its own decision. */
  readonly sampleRatio: number;
  /** Callers are strangers: start a new trace, link it to theirs, and decide on sampling ourselves. */
  readonly untrustedCallers?: boolean;
  /** Hand over to a queue with a bound; what it throws is swallowed, because tracing must not fail a request. */
  readonly onEvent: (event: TracingEvent) => void;
  readonly clock?: Clock;
  /** Unix time in milliseconds at which the clock read 0; the default belongs to the default clock. */
  readonly clockStartMs?: number;
  readonly random?: Random;
}

interface Start {
  readonly name: string;
  readonly kind: Span['kind'];
  readonly parent?: TraceContext | undefined;
  readonly links?: readonly TraceContext[];
}

/**
 * Gives each piece of work a span and each call and message the headers that join them into one trace.
 * The context is a value that you pass on: nothing is ambient, so no queue, pool or batch can mix it up.
 */
export class Tracer {
  readonly #options: Required<TracerOptions>;

  /** @throws RangeError naming the option, the rule and the value */
  constructor(options: TracerOptions) {
    if (options.service.trim() === '') throw new RangeError(`service must not be blank: current value is "${options.service}"`);
    if (!(options.sampleRatio >= 0 && options.sampleRatio <= 1)) throw new RangeError(`sampleRatio must be a number from 0 to 1: current value is ${options.sampleRatio}`);
    if (options.clockStartMs !== undefined && !Number.isFinite(options.clockStartMs)) throw new RangeError(`clockStartMs must be a finite number of milliseconds: current value is ${options.clockStartMs}`);
    this.#options = { untrustedCallers: false, clock: systemClock, clockStartMs: performance.timeOrigin, random: Math.random, ...options };
  }

  // #region spans
  /** A request that comes in. */
  serve<T>(name: string, headers: Carrier, work: (context: TraceContext) => T | Promise<T>): Promise<T> {
    const caller = this.#callers([headers]);
    const [parent, links] = this.#options.untrustedCallers ? [undefined, caller] : [caller[0], []];
    return this.#run({ name, kind: 'server', parent, links }, work);
  }

  /** A call that goes out. One call of `send` is one attempt: a retry calls again and gets a span of its own. */
  call<T>(parent: TraceContext, name: string, send: (headers: Record<string, string>) => T | Promise<T>): Promise<T> {
    return this.#run({ name, kind: 'client', parent }, (own) => send(inject(own)));
  }

  /** A message that goes out. The headers travel with the message, for as long as it waits. */
  publish<T>(parent: TraceContext, name: string, send: (headers: Record<string, string>) => T | Promise<T>): Promise<T> {
    return this.#run({ name, kind: 'producer', parent }, (own) => send(inject(own)));
  }

  /**
   * Messages that come in, with the headers of each. A span has one parent, a batch has many senders:
   * every message is linked, and only a single message also becomes the parent.
   */
  consume<T>(name: string, messages: readonly Carrier[], work: (context: TraceContext) => T | Promise<T>): Promise<T> {
    const links = this.#callers(messages);
    const parent = messages.length === 1 && !this.#options.untrustedCallers ? links[0] : undefined;
    return this.#run({ name, kind: 'consumer', parent, links }, work);
  }
  // #endregion spans

  #callers(carriers: readonly Carrier[]): TraceContext[] {
    return carriers.flatMap((carrier) => {
      const extraction = extract(carrier);
      if (extraction.found === 'unreadable') this.#emit({ type: 'context-unreadable', service: this.#options.service });
      return extraction.found === 'context' ? [extraction.context] : [];
    });
  }

  // #region run
  async #run<T>({ name, kind, parent, links = [] }: Start, work: (context: TraceContext) => T | Promise<T>): Promise<T> {
    const { service, clock, clockStartMs } = this.#options;
    const context = parent === undefined ? this.#newTrace(links) : { ...parent, spanId: this.#newId(8) };
    const startedMs = clock.now();
    let error: string | undefined;
    try {
      return await work(context);
    } catch (reason) {
      error = reason instanceof Error ? reason.name : typeof reason;
      throw reason;
    } finally {
      if (context.sampled) {
        const { traceId, spanId } = context;
        const causes = links.map((link) => ({ traceId: link.traceId, spanId: link.spanId }));
        const durationMs = clock.now() - startedMs;
        this.#emit({ type: 'span-ended', span: { service, name, kind, traceId, spanId, parentId: parent?.spanId, links: causes, startMs: clockStartMs + startedMs, durationMs, error } });
      }
    }
  }

  /** Decided once, at the root, from the id itself: whoever has the id and the ratio decides alike. */
  #newTrace(links: readonly TraceContext[]): TraceContext {
    const traceId = this.#newId(16);
    // 52 of the 56 random bits, because a number holds no more than 53 exactly.
    const share = Number.parseInt(traceId.slice(-13), 16) / 2 ** 52;
    const followed = !this.#options.untrustedCallers && links.some((link) => link.sampled);
    return { traceId, spanId: this.#newId(8), sampled: followed || share >= 1 - this.#options.sampleRatio, randomId: true, tracestate: '' };
  }
  // #endregion run

  #newId(bytes: number): string {
    const id = Array.from({ length: bytes }, () => Math.floor(this.#options.random() * 256).toString(16).padStart(2, '0')).join('');
    return isAllZero(id) ? id.replace(/0$/, '1') : id;
  }

  #emit(event: TracingEvent): void {
    try {
      this.#options.onEvent(event);
    } catch {
      // A broken exporter costs a span, never a customer's request.
    }
  }
}
