import type { GoodsMovement, Reply } from './foreign.ts';

/** What a document means to the shop. */
export type Meaning =
  | { readonly kind: 'goods in'; readonly number: string; readonly item: string; readonly pieces: number }
  | { readonly kind: 'of no interest'; readonly number: string };

export type Reason = 'missing' | 'malformed' | 'unknown code' | 'unknown item' | 'no meaning here';

/** The translation refuses: it would have to guess. `found` is for people, cut and made printable; no rule may depend on it. */
export class UntranslatableError extends Error {
  override readonly name = 'UntranslatableError';
  readonly reason: Reason;
  readonly field: string;
  readonly found: string;

  constructor(reason: Reason, field: string, found: string) {
    const shown = found.slice(0, 60).replaceAll(/[^\x20-\x7e]/g, '?');
    super(`${reason}: ${field} is '${shown}'`);
    this.reason = reason;
    this.field = field;
    this.found = shown;
  }
}

// #region meaning
/** Every code that the shop understands. What is inspected is not for sale yet, so 103 adds nothing and 105 does. */
const movements: ReadonlyMap<string, Meaning['kind']> = new Map([
  ['101', 'goods in'], ['103', 'of no interest'], ['105', 'goods in'], ['311', 'of no interest'],
]);

/** @throws UntranslatableError and nothing else, whatever the text */
export function meaningOf(document: string): Meaning {
  const movement = fieldsOf<GoodsMovement>(document);
  const number = digits(movement, 'DOCNO', 10);
  const kind = known(movements, movement, 'MVT');
  if (kind === 'of no interest') return { kind, number };
  return { kind, number, item: digits(movement, 'ITEMNO', 8), pieces: piecesIn(movement) };
}

function piecesIn(movement: Partial<GoodsMovement>): number {
  const unit = known(units, movement, 'UOM');
  return amount(movement, 'QTY', 5) * (unit === 'piece' ? 1 : amount(movement, 'PACKSZ', 3));
}
// #endregion meaning

const units: ReadonlyMap<string, 'piece' | 'case'> = new Map([['PC', 'piece'], ['CS', 'case']]);

// #region dispatch
/** What the warehouse has to send for an order. */
export interface Dispatch { readonly orderId: number; readonly item: string; readonly pieces: number }

/** Undefined where the old form has no room for what is meant: cut to size it would mean something else. */
export function documentOf({ orderId, item, pieces }: Dispatch): string | undefined {
  if (!(orderId < 1e10 && pieces < 1e5)) return undefined;
  return `REF=${padded(orderId, 10)};ITEMNO=${item};QTY=${padded(pieces, 5)};UOM=PC`;
}

const replies: ReadonlyMap<string, 'accepted' | 'refused'> = new Map([
  ['00', 'accepted'], ['04', 'accepted'], ['08', 'refused'],
]);

/** An unknown code is neither: @throws UntranslatableError, and whoever asked does not know whether it will be sent. */
export function answerOf(reply: string): 'accepted' | 'refused' {
  return known(replies, fieldsOf<Reply>(reply), 'RC');
}
// #endregion dispatch

/** Fields that we do not know are passed over; one that comes twice has no value that could be believed. */
function fieldsOf<Document>(text: string): Partial<Document> {
  const fields: Record<string, string> = {};
  for (const field of text.trim().split(';')) {
    const [, name, value] = /^([A-Z]+)=(.*)$/.exec(field) ?? [];
    if (name === undefined || name in fields) refuse('malformed', 'document', text);
    fields[name] = value!;
  }
  return fields as Partial<Document>;
}

function known<Document, Ours>(words: ReadonlyMap<string, Ours>, document: Partial<Document>, field: keyof Document & string): Ours {
  const word = required(document, field);
  return words.get(word) ?? refuse('unknown code', field, word);
}

function digits<Document>(document: Partial<Document>, field: keyof Document & string, length: number): string {
  const value = required(document, field);
  return value.length === length && /^\d+$/.test(value) ? value : refuse('malformed', field, value);
}

function amount<Document>(document: Partial<Document>, field: keyof Document & string, length: number): number {
  const value = digits(document, field, length);
  return Number(value) || refuse('no meaning here', field, value);
}

function required<Document>(document: Partial<Document>, field: keyof Document & string): string {
  return (document[field] as string | undefined) || refuse('missing', field, '');
}

const padded = (value: number, length: number): string => String(value).padStart(length, '0');

export const unknownItem = (item: string): never => refuse('unknown item', 'ITEMNO', item);

function refuse(reason: Reason, field: string, found: string): never {
  throw new UntranslatableError(reason, field, found);
}
