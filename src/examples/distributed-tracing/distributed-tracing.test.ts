import { describe, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { Tracer } from './distributed-tracing.ts';
import type { Span, TracerOptions, TracingEvent } from './distributed-tracing.ts';
import { extract, inject } from './trace-context.ts';
import type { Carrier, TraceContext } from './trace-context.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const callerId = '00f067aa0ba902b7';
const sampled = `00-${traceId}-${callerId}-01`;

describe('reading traceparent', () => {
  test('a version 00 header gives trace, sender and flags', () => {
    expect(read({ traceparent: sampled })).toEqual({ traceId, spanId: callerId, sampled: true, randomId: false, tracestate: '' });
  });

  test('flags are bits: 03 and 09 are sampled, 02 and 00 are not', () => {
    expect(read({ traceparent: `00-${traceId}-${callerId}-03` })).toMatchObject({ sampled: true, randomId: true });
    expect(read({ traceparent: `00-${traceId}-${callerId}-09` })).toMatchObject({ sampled: true, randomId: false });
    expect(read({ traceparent: `00-${traceId}-${callerId}-02` })).toMatchObject({ sampled: false, randomId: true });
    expect(read({ traceparent: `00-${traceId}-${callerId}-00` })).toMatchObject({ sampled: false, randomId: false });
  });

  test('the name is found in any case, and a similar name is not', () => {
    expect(read({ TraceParent: sampled })).toMatchObject({ traceId });
    expect(extract({ 'trace-parent': sampled })).toEqual({ found: 'nothing' });
  });

  test('blanks around the value do not matter', () => {
    expect(read({ traceparent: ` \t${sampled} ` })).toMatchObject({ traceId });
  });

  test('a header that is present without a value is absent', () => {
    expect(extract({ traceparent: undefined })).toEqual({ found: 'nothing' });
  });

  test('an all-zero trace id or span id is refused', () => {
    expect(extract({ traceparent: `00-${'0'.repeat(32)}-${callerId}-01` })).toEqual({ found: 'unreadable' });
    expect(extract({ traceparent: `00-${traceId}-${'0'.repeat(16)}-01` })).toEqual({ found: 'unreadable' });
  });

  test('upper case, other letters and wrong lengths are refused', () => {
    expect(extract({ traceparent: sampled.toUpperCase() })).toEqual({ found: 'unreadable' });
    expect(extract({ traceparent: sampled.replace('4b', '.b') })).toEqual({ found: 'unreadable' });
    expect(extract({ traceparent: sampled.replace('4b', 'b') })).toEqual({ found: 'unreadable' });
    expect(extract({ traceparent: sampled.slice(0, -1) })).toEqual({ found: 'unreadable' });
    expect(extract({ traceparent: `0${sampled}` })).toEqual({ found: 'unreadable' });
    expect(extract({ traceparent: '' })).toEqual({ found: 'unreadable' });
  });

  test('version 00 with anything behind the flags is refused', () => {
    expect(extract({ traceparent: `${sampled}-more` })).toEqual({ found: 'unreadable' });
    expect(extract({ traceparent: `${sampled}.` })).toEqual({ found: 'unreadable' });
  });

  test('a later version is read by the rules of 00, more fields only behind a dash', () => {
    expect(read({ traceparent: sampled.replace('00-', 'cc-') })).toMatchObject({ traceId, sampled: true });
    expect(read({ traceparent: `${sampled.replace('00-', 'cc-')}-what-comes` })).toMatchObject({ traceId, sampled: true });
    expect(extract({ traceparent: `${sampled.replace('00-', 'cc-')}.what-comes` })).toEqual({ found: 'unreadable' });
  });

  test('version ff is forbidden', () => {
    expect(extract({ traceparent: sampled.replace('00-', 'ff-') })).toEqual({ found: 'unreadable' });
  });

  test('two traceparent headers cannot both be right, so neither is used', () => {
    expect(extract({ traceparent: [sampled, sampled] })).toEqual({ found: 'unreadable' });
    expect(extract({ traceparent: sampled, Traceparent: sampled })).toEqual({ found: 'unreadable' });
  });
});

describe('carrying tracestate', () => {
  test('entries of others travel on in their order', () => {
    expect(stateOf('rojo=00f067aa0ba902b7,congo=t61rcWkgMzE')).toBe('rojo=00f067aa0ba902b7,congo=t61rcWkgMzE');
  });

  test('several headers are one list; blanks and empty members go', () => {
    expect(stateOf(['rojo=1 ,', ' congo=2'])).toBe('rojo=1,congo=2');
  });

  test('of a repeated key the left-most entry is the newest and stays', () => {
    expect(stateOf('congo=2,rojo=1,congo=1')).toBe('congo=2,rojo=1');
  });

  test('32 entries travel on, 33 are dropped', () => {
    const entries = Array.from({ length: 33 }, (_, index) => `v${index}=1`);
    expect(stateOf(entries.slice(0, 32).join(','))).toBe(entries.slice(0, 32).join(','));
    expect(stateOf(entries.join(','))).toBe('');
  });

  test('an invalid entry drops the list and spoils nothing else', () => {
    expect(read({ traceparent: sampled, tracestate: '@rojo=1,congo=2' })).toMatchObject({ traceId, tracestate: '' });
    expect(stateOf('rojo=a=b')).toBe('');
    expect(stateOf('Rojo=1')).toBe('');
    expect(stateOf('rojo')).toBe('');
    expect(stateOf(`${'k'.repeat(257)}=1`)).toBe('');
    expect(stateOf('rojo=\n')).toBe('');
  });

  test('beyond 512 characters entries longer than 128 go first, and whole', () => {
    const long = `long=${'x'.repeat(200)}`;
    const short = Array.from({ length: 9 }, (_, index) => `v${index}=${'x'.repeat(40)}`);
    expect(stateOf([short[0], long, ...short.slice(1)].join(','))).toBe(short.join(','));
    expect(stateOf([long, 'v=1'].join(','))).toBe([long, 'v=1'].join(','));
  });

  test('then entries go from the right', () => {
    const entries = Array.from({ length: 5 }, (_, index) => `v${index}=${'x'.repeat(120)}`);
    expect(stateOf(entries.join(','))).toBe(entries.slice(0, 4).join(','));
  });

  test('wrong elsewhere: a header made of blanks does not keep the process busy', () => {
    const blanks = ' '.repeat(100_000);
    const startMs = systemClock.now();
    expect(stateOf(`rojo${blanks}=1`)).toBe('');
    expect(extract({ traceparent: `${sampled.replace('00-', 'cc-')}-${blanks}\nx` })).toEqual({ found: 'unreadable' });
    expect(systemClock.now() - startMs).toBeLessThan(500);
  });

  test('without a readable traceparent it is ignored', () => {
    expect(extract({ tracestate: 'rojo=1' })).toEqual({ found: 'nothing' });
  });
});

describe('writing headers', () => {
  test('the header is always version 00 and keeps only the flags we know', () => {
    expect(inject(read({ traceparent: `cc-${traceId}-${callerId}-ff-more` }))).toEqual({ traceparent: `00-${traceId}-${callerId}-03` });
    expect(inject(read({ traceparent: `00-${traceId}-${callerId}-f0` }))).toEqual({ traceparent: `00-${traceId}-${callerId}-00` });
  });

  test('an empty tracestate is not sent', () => {
    expect(inject(read({ traceparent: sampled, tracestate: '' }))).not.toHaveProperty('tracestate');
    expect(inject(read({ traceparent: sampled, tracestate: 'rojo=1' }))).toEqual({ traceparent: sampled, tracestate: 'rojo=1' });
  });
});

describe('one trace through several services', () => {
  test('each hop gets its own span id and its caller as parent; the trace id and other systems stay', async () => {
    const { tracer, spans } = shop();
    const atPayments = await tracer('orders').serve('POST /orders', { traceparent: sampled, tracestate: 'rojo=1' }, (context) =>
      tracer('orders').call(context, 'POST /charges', (headers) =>
        tracer('payments').serve('POST /charges', headers, inject)));
    const [charge, call, order] = spans as [Span, Span, Span];
    expect([charge.kind, call.kind, order.kind]).toEqual(['server', 'client', 'server']);
    expect([order.parentId, call.parentId, charge.parentId]).toEqual([callerId, order.spanId, call.spanId]);
    expect(new Set([callerId, order.spanId, call.spanId, charge.spanId]).size).toBe(4);
    expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
    expect(atPayments).toEqual({ traceparent: `00-${traceId}-${charge.spanId}-01`, tracestate: 'rojo=1' });
  });

  test('two calls from one request have two spans', async () => {
    const { tracer } = shop();
    const sent: Carrier[] = [];
    await tracer('orders').serve('POST /orders', {}, async (context) => {
      await tracer('orders').call(context, 'POST /charges', (headers) => sent.push(headers));
      await tracer('orders').call(context, 'POST /charges', (headers) => sent.push(headers));
    });
    expect(read(sent[0] ?? {}).traceId).toBe(read(sent[1] ?? {}).traceId);
    expect(read(sent[0] ?? {}).spanId).not.toBe(read(sent[1] ?? {}).spanId);
  });

  test('wrong elsewhere: requests that interleave in one process do not swap their traces', async () => {
    const { tracer, spans, clock } = shop();
    const other = sampled.replaceAll('4', '5');
    const slow = tracer('orders').serve('slow', { traceparent: sampled }, async (context) => {
      await clock.sleep(100);
      return tracer('orders').call(context, 'late call', () => 'done');
    });
    const quick = tracer('orders').serve('quick', { traceparent: other }, () => clock.sleep(10));
    await clock.advance(100);
    await Promise.all([slow, quick]);
    expect(spans.find((span) => span.name === 'late call')?.traceId).toBe(traceId);
    expect(spans.find((span) => span.name === 'quick')?.traceId).toBe(traceId.replaceAll('4', '5'));
  });

  test('without a context a new trace begins, with random ids that are never all zero', async () => {
    const { tracer, spans } = shop({ random: () => 0 });
    await tracer('orders').serve('POST /orders', {}, () => 'done');
    expect(spans[0]).toMatchObject({ traceId: `${'0'.repeat(31)}1`, spanId: `${'0'.repeat(15)}1`, parentId: undefined });
  });

  test('an unreadable context begins a new trace, drops its tracestate and is reported', async () => {
    const { tracer, spans, events } = shop();
    const onward = await tracer('orders').serve('POST /orders', { traceparent: 'x', tracestate: 'rojo=1' }, inject);
    expect(events).toContainEqual({ type: 'context-unreadable', service: 'orders' });
    expect(spans[0]).toMatchObject({ parentId: undefined, links: [] });
    expect(onward).not.toHaveProperty('tracestate');
    expect(onward['traceparent']).toMatch(/-03$/);
  });

  test('a stranger cannot choose our trace id or switch on recording, but is linked', async () => {
    const { tracer, spans } = shop({ untrustedCallers: true, sampleRatio: 0 });
    const onward = await tracer('gateway').serve('POST /orders', { traceparent: sampled, tracestate: 'rojo=1' }, inject);
    expect(spans).toEqual([]);
    expect(onward['traceparent']).not.toContain(traceId);
    expect(onward).not.toHaveProperty('tracestate');
    const recording = shop({ untrustedCallers: true });
    await recording.tracer('gateway').serve('POST /orders', { traceparent: sampled }, () => 'done');
    expect(recording.spans[0]).toMatchObject({ parentId: undefined, links: [{ traceId, spanId: callerId }] });
  });
});

describe('messages', () => {
  test('a message continues the trace of its sender, however long it waited', async () => {
    const { tracer, spans, clock } = shop();
    const queue: Carrier[] = [];
    await tracer('orders').serve('POST /orders', { traceparent: sampled }, (context) =>
      tracer('orders').publish(context, 'orders.placed', (headers) => queue.push(headers)));
    await clock.advance(3_600_000);
    await tracer('shipping').consume('orders.placed', queue, () => 'packed');
    const [publish, , process] = spans as [Span, Span, Span];
    expect(publish.kind).toBe('producer');
    expect(process).toMatchObject({ kind: 'consumer', traceId, parentId: publish.spanId, links: [{ traceId, spanId: publish.spanId }] });
  });

  test('wrong elsewhere: a batch does not fall to its first sender; every sender is linked', async () => {
    const { tracer, spans } = shop();
    const second = `00-${traceId.replaceAll('4', '5')}-${callerId}-01`;
    await tracer('shipping').consume('orders.placed', [{ traceparent: sampled }, { traceparent: second }], () => 'packed');
    expect(spans[0]?.traceId).not.toBe(traceId);
    expect(spans[0]).toMatchObject({ parentId: undefined, links: [{ traceId }, { traceId: traceId.replaceAll('4', '5') }] });
  });

  test('a batch with one recorded sender is recorded, whatever the ratio', async () => {
    const { tracer, spans } = shop({ sampleRatio: 0 });
    await tracer('shipping').consume('orders.placed', [{ traceparent: `${sampled.slice(0, -1)}0` }, {}], () => 'packed');
    expect(spans).toEqual([]);
    await tracer('shipping').consume('orders.placed', [{ traceparent: sampled }, {}], () => 'packed');
    expect(spans).toHaveLength(1);
  });

  test('messages of strangers are linked and continued no further', async () => {
    const { tracer, spans } = shop({ untrustedCallers: true });
    await tracer('shipping').consume('orders.placed', [{ traceparent: sampled }], () => 'packed');
    expect(spans[0]).toMatchObject({ parentId: undefined, links: [{ traceId, spanId: callerId }] });
  });
});

describe('sampling', () => {
  test('the decision of whoever began the trace is kept in both directions', async () => {
    const never = shop({ sampleRatio: 0 });
    await never.tracer('orders').serve('POST /orders', { traceparent: sampled }, () => 'done');
    expect(never.spans).toHaveLength(1);
    const always = shop({ sampleRatio: 1 });
    const onward = await always.tracer('orders').serve('POST /orders', { traceparent: `${sampled.slice(0, -1)}0` }, inject);
    expect(always.spans).toEqual([]);
    expect(onward['traceparent']).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-00$`));
  });

  test('a ratio of a quarter keeps about a quarter', async () => {
    const { tracer, spans } = shop({ sampleRatio: 0.25 });
    for (let request = 0; request < 4_000; request += 1) await tracer('orders').serve('POST /orders', {}, () => 'done');
    expect(spans.length / 4_000).toBeCloseTo(0.25, 1);
  });

  test('the decision follows from the trace id: what a low ratio keeps, a higher one keeps too', async () => {
    const low = shop({ sampleRatio: 0.1 });
    const high = shop({ sampleRatio: 0.5 });
    for (let request = 0; request < 300; request += 1) {
      await low.tracer('orders').serve('POST /orders', {}, () => 'done');
      await high.tracer('orders').serve('POST /orders', {}, () => 'done');
    }
    const kept = new Set(high.spans.map((span) => span.traceId));
    expect(low.spans.length).toBeGreaterThan(10);
    expect(low.spans.filter((span) => !kept.has(span.traceId))).toEqual([]);
  });

  test('the upper end of the random 7 bytes is kept, as OpenTelemetry does it', async () => {
    const kept = shop({ sampleRatio: 0.5, random: bytes('00'.repeat(9), '80', '00'.repeat(6)) });
    await kept.tracer('orders').serve('POST /orders', {}, () => 'done');
    expect(kept.spans.map((span) => span.traceId)).toEqual([`${'00'.repeat(9)}80${'00'.repeat(6)}`]);
    const dropped = shop({ sampleRatio: 0.5, random: bytes('ff'.repeat(9), '7f', 'ff'.repeat(6)) });
    await dropped.tracer('orders').serve('POST /orders', {}, () => 'done');
    expect(dropped.spans).toEqual([]);
  });

  test('the highest id of all is not kept at ratio 0, nor the lowest lost at ratio 1', async () => {
    const none = shop({ sampleRatio: 0, random: () => 255 / 256 });
    await none.tracer('orders').serve('POST /orders', {}, () => 'done');
    expect(none.spans).toEqual([]);
    const all = shop({ sampleRatio: 1, random: () => 0 });
    await all.tracer('orders').serve('POST /orders', {}, () => 'done');
    expect(all.spans).toHaveLength(1);
  });
});

describe('spans', () => {
  test('a clock that is wrong moves the start and leaves the duration alone', async () => {
    const { tracer, spans, clock } = shop({ clockStartMs: 1_000_000 });
    await clock.advance(5);
    const work = tracer('orders').serve('POST /orders', {}, () => clock.sleep(30));
    await clock.advance(30);
    await work;
    expect(spans[0]).toMatchObject({ startMs: 1_000_005, durationMs: 30, error: undefined });
  });

  test('an error passes through unchanged; the span keeps its name and not its text', async () => {
    const { tracer, spans } = shop();
    const refusal = new TypeError('card 4242 of ada@example.org refused');
    await expect(tracer('payments').serve('POST /charges', {}, () => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(spans[0]?.error).toBe('TypeError');
    expect(JSON.stringify(spans)).not.toContain('ada@example.org');
  });

  test('a synchronous throw is a rejection, and a thrown text is named by its type', async () => {
    const { tracer, spans } = shop();
    const work = tracer('payments').serve('POST /charges', {}, () => {
      throw 'refused';
    });
    await expect(work).rejects.toBe('refused');
    expect(spans[0]?.error).toBe('string');
  });

  test('a broken exporter never fails the request', async () => {
    const tracer = new Tracer({
      service: 'orders',
      sampleRatio: 1,
      onEvent: () => {
        throw new Error('collector unreachable');
      },
    });
    await expect(tracer.serve('POST /orders', { traceparent: 'x' }, () => 'ordered')).resolves.toBe('ordered');
  });

  test('an exporter that rejects or hangs leaves the request and the process alone', async () => {
    const rejecting = shop({ onEvent: () => Promise.reject(new Error('collector unreachable')) });
    await expect(rejecting.tracer('orders').serve('POST /orders', {}, () => 'ordered')).resolves.toBe('ordered');
    const hanging = shop({ onEvent: () => new Promise(() => {}) });
    await expect(hanging.tracer('orders').serve('POST /orders', {}, () => 'ordered')).resolves.toBe('ordered');
  });

  test('options that cannot work are refused by name', () => {
    expect(() => shop({ sampleRatio: 1.1 }).tracer('orders')).toThrow('sampleRatio must be a number from 0 to 1: current value is 1.1');
    expect(() => shop({ sampleRatio: Number.NaN }).tracer('orders')).toThrow(RangeError);
    expect(() => shop({ sampleRatio: -0.1 }).tracer('orders')).toThrow(RangeError);
    expect(() => shop({ clockStartMs: Number.NaN }).tracer('orders')).toThrow('clockStartMs');
    expect(() => shop().tracer(' ')).toThrow('service must not be blank');
  });
});

function read(carrier: Carrier): TraceContext {
  const extraction = extract(carrier);
  if (extraction.found !== 'context') throw new Error(`expected a context, found ${extraction.found}`);
  return extraction.context;
}

function stateOf(tracestate: string | string[]): string {
  return read({ traceparent: sampled, tracestate }).tracestate;
}

/** Services that share a clock, a sequence of random numbers and a collector. */
function shop(options: Partial<TracerOptions> = {}) {
  const clock = new VirtualClock();
  const random = seeded();
  const events: TracingEvent[] = [];
  const spans: Span[] = [];
  const onEvent = (event: TracingEvent): void => {
    events.push(event);
    if (event.type === 'span-ended') spans.push(event.span);
  };
  const tracer = (service: string): Tracer => new Tracer({ service, sampleRatio: 1, clock, clockStartMs: 0, random, onEvent, ...options });
  return { tracer, spans, events, clock };
}

/** Random numbers that make these bytes, and then only the last of them. */
function bytes(...hex: string[]): () => number {
  const values = [...hex.join('').matchAll(/../g)].map(([byte]) => Number.parseInt(byte, 16) / 256);
  let next = 0;
  return () => values[Math.min(next++, values.length - 1)] ?? 0;
}

/** The same numbers in each run; mulberry32. */
function seeded(): () => number {
  let state = 20_261_121;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
