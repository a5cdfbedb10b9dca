/**
 * The wire format of a trace: what one service tells the next about the request they share.
 * After W3C Trace Context Level 2, https://www.w3.org/TR/trace-context-2/. Pure functions, no state.
 */

import type { Random } from '../clock.ts';

/** Where in which trace a piece of work stands. A name for correlation: it proves nothing about the caller. */
export interface TraceContext {
  /** 32 lower-case hexadecimal digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hexadecimal digits, not all zero: the span that sent, on the wire called `parent-id`. */
  readonly spanId: string;
  /** The sender may have recorded its span; whoever continues the trace should record too. */
  readonly sampled: boolean;
  /** The right-most 7 bytes of `traceId` are random. Must never change within a trace. */
  readonly randomId: boolean;
  /** Entries of other tracing systems, carried on unread; empty when there are none. */
  readonly tracestate: string;
}

/** Headers of an HTTP request or of a message. Names are compared without regard to case. */
export type Carrier = Readonly<Record<string, string | readonly string[] | undefined>>;

export type Extraction =
  | { readonly found: 'context'; readonly context: TraceContext }
  | { readonly found: 'nothing' }
  | { readonly found: 'unreadable' };

const sampledFlag = 0b01;
const randomIdFlag = 0b10;

// #region extract
const layout = /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(-.*)?$/;
const unreadable = { found: 'unreadable' } as const;

/** Reads the sender's context. Unreadable is as good as absent: start a new trace. */
export function extract(carrier: Carrier): Extraction {
  const [header, ...others] = valuesOf(carrier, 'traceparent');
  if (header === undefined) return { found: 'nothing' };
  // An expression for blanks at the end would take seconds on a long run of them.
  const fields = others.length === 0 ? layout.exec(header.trim()) : null;
  if (fields === null) return unreadable;
  const [, version = '', traceId = '', spanId = '', flags = '', more] = fields;
  // A later version may append fields behind another dash; 00 may not, ff is forbidden.
  if (version === 'ff' || (version === '00' && more !== undefined)) return unreadable;
  if (isAllZero(traceId) || isAllZero(spanId)) return unreadable;
  const bits = Number.parseInt(flags, 16);
  return {
    found: 'context',
    context: {
      traceId,
      spanId,
      sampled: (bits & sampledFlag) !== 0,
      randomId: (bits & randomIdFlag) !== 0,
      tracestate: carriedOn(valuesOf(carrier, 'tracestate').join(',')),
    },
  };
}
// #endregion extract

/** Headers for the next call or message. Always version 00, with the unknown flags at zero. */
export function inject(context: TraceContext): Record<string, string> {
  const bits = (context.sampled ? sampledFlag : 0) | (context.randomId ? randomIdFlag : 0);
  const traceparent = `00-${context.traceId}-${context.spanId}-0${bits}`;
  return context.tracestate === '' ? { traceparent } : { traceparent, tracestate: context.tracestate };
}

/** `bytes` random bytes as hexadecimal digits, never all zero: 16 for a trace, 8 for a span. */
export function newId(bytes: number, random: Random): string {
  const byte = (): string => Math.floor(random() * 256).toString(16).padStart(2, '0');
  const id = Array.from({ length: bytes }, byte).join('');
  return isAllZero(id) ? id.replace(/0$/, '1') : id;
}

function isAllZero(id: string): boolean {
  return /^0+$/.test(id);
}

function valuesOf(carrier: Carrier, name: string): string[] {
  return Object.entries(carrier)
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value ?? []);
}

// #region tracestate
const maxMembers = 32;
const maxCharacters = 512;
const longMember = 128;
const member = /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * The list as we pass it on: order kept, empty members and repeated keys left out
 * (the left-most is the newest). An invalid list is dropped whole and never spoils
 * `traceparent`. Beyond 512 characters whole members go: those longer than 128 first,
 * then from the right.
 */
function carriedOn(tracestate: string): string {
  const members = tracestate
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  if (members.length > maxMembers || !members.every((entry) => member.test(entry))) return '';
  const newest = new Map<string, string>();
  for (const entry of members) {
    const key = entry.slice(0, entry.indexOf('='));
    if (!newest.has(key)) newest.set(key, entry);
  }
  let kept = [...newest.values()];
  if (kept.join(',').length > maxCharacters) kept = kept.filter((entry) => entry.length <= longMember);
  while (kept.join(',').length > maxCharacters) kept.pop();
  return kept.join(',');
}
// #endregion tracestate
