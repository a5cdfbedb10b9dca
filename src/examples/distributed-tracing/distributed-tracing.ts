import { systemClock } from '../clock.ts';
import type { Clock, Random } from '../clock.ts';
import { extract, inject, newId } from './trace-context.ts';
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
  /** Hand over to a queue with a bound and return. What it throws or rejects with is swallowed. */
  readonly onEvent: (event: TracingEvent) => void | Promise<void>;
  readonly clock?: Clock;
  /** Unix time in milliseconds at which the clock read 0, taken once; the default belongs to the default clock. */
  readonly clockStartMs?: number;
  readonly random?: Random;
}

/** Gets its own context, to pass on. A synchronous throw counts as a rejection. */
export type Work<T> = (context: TraceContext) => T | Promise<T>;
/** Gets the headers for one attempt. */
export type Send<T> = (headers: Record<string, string>) => T | Promise<T>;

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
    const { service, sampleRatio, clockStartMs = performance.timeOrigin } = options;
    if (service.trim() === '') refuse('service', 'not be blank', service);
    if (!(sampleRatio >= 0 && sampleRatio <= 1)) refuse('sampleRatio', 'be a number from 0 to 1', sampleRatio);
    if (!Number.isFinite(clockStartMs)) refuse('clockStartMs', 'be a finite number of milliseconds', clockStartMs);
    const defaults = { untrustedCallers: false, clock: systemClock, random: Math.random };
    this.#options = { ...defaults, ...options, clockStartMs };
  }

  // #region spans
  /** A request that comes in. */
  serve<T>(name: string, headers: Carrier, work: Work<T>): Promise<T> {
    const callers = this.#callers([headers]);
    const cause = this.#options.untrustedCallers ? { links: callers } : { parent: callers[0] };
    return this.#run({ name, kind: 'server', ...cause }, work);
  }

  /** A call that goes out: one attempt. A retry calls again and gets a span of its own. */
  call<T>(parent: TraceContext, name: string, send: Send<T>): Promise<T> {
    return this.#run({ name, kind: 'client', parent }, (own) => send(inject(own)));
  }

  /** A message that goes out. The headers travel with it, for as long as it waits. */
  publish<T>(parent: TraceContext, name: string, send: Send<T>): Promise<T> {
    return this.#run({ name, kind: 'producer', parent }, (own) => send(inject(own)));
  }

  /**
   * Messages that come in, with the headers of each. A span has one parent, a batch has
   * many senders: every message is linked, and only a single one also becomes the parent.
   */
  consume<T>(name: string, messages: readonly Carrier[], work: Work<T>): Promise<T> {
    const links = this.#callers(messages);
    const single = messages.length === 1 && !this.#options.untrustedCallers;
    const parent = single ? links[0] : undefined;
    return this.#run({ name, kind: 'consumer', parent, links }, work);
  }
  // #endregion spans

  #callers(carriers: readonly Carrier[]): TraceContext[] {
    return carriers.flatMap((carrier) => {
      const extraction = extract(carrier);
      if (extraction.found === 'context') return [extraction.context];
      if (extraction.found === 'unreadable') void this.#emit({ type: 'context-unreadable', service: this.#options.service });
      return [];
    });
  }

  // #region run
  async #run<T>({ name, kind, parent, links = [] }: Start, work: Work<T>): Promise<T> {
    const { service, clock, clockStartMs, random } = this.#options;
    const context = parent ? { ...parent, spanId: newId(8, random) } : this.#newTrace(links);
    const startMs = clock.now();
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
        const ids = { traceId, spanId, parentId: parent?.spanId, links: causes };
        const times = { startMs: clockStartMs + startMs, durationMs: clock.now() - startMs };
        const span = { service, name, kind, ...ids, ...times, error };
        void this.#emit({ type: 'span-ended', span });
      }
    }
  }

  /** Decides once, at the root: from the id, unless a linked sender is recorded already. */
  #newTrace(links: readonly TraceContext[]): TraceContext {
    const { sampleRatio, untrustedCallers, random } = this.#options;
    const traceId = newId(16, random);
    // The upper 52 of the 56 random bits: a number holds no more than 53 exactly.
    const share = Number.parseInt(traceId.slice(-14, -1), 16) / 2 ** 52;
    const followed = !untrustedCallers && links.some((link) => link.sampled);
    const sampled = followed || share >= 1 - sampleRatio;
    return { traceId, spanId: newId(8, random), sampled, randomId: true, tracestate: '' };
  }
  // #endregion run

  async #emit(event: TracingEvent): Promise<void> {
    try {
      await this.#options.onEvent(event);
    } catch {
      // A broken exporter costs a span, never a customer's request.
    }
  }
}

function refuse(option: string, rule: string, value: string | number): never {
  throw new RangeError(`${option} must ${rule}: current value is ${value}`);
}
