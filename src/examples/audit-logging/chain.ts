import type { Entry, Link } from './contract.ts';

const toHex = (bytes: ArrayBuffer): string => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');
const fromHex = (hex: string): Uint8Array<ArrayBuffer> => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));

/** What stands before the first entry of every chain. */
export const genesis = '0'.repeat(64);

// #region canonical
/**
 * One text for one value, however its keys are ordered: JSON as RFC 8785 wants it, with keys sorted by UTF-16 code units.
 * @throws TypeError for what JSON would change or drop in silence, and for U+0000, which PostgreSQL does not take out of JSON again
 */
export function canonical(value: unknown): string {
  if (value === null || typeof value === 'boolean') return `${value}`;
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value === 'string' && value.isWellFormed() && !value.includes('\0')) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${Array.from(value, canonical).join(',')}]`;
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) throw new TypeError(`a record cannot hold ${String(value)}`);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, member]) => `${canonical(key)}:${canonical(member)}`).join(',')}}`;
}

/** SHA-256 over chain, number, the hash before and the text of the record, so that none of them can be exchanged. */
export async function hashOf({ chain, seq, previous, record }: Omit<Entry, 'hash'>): Promise<string> {
  const bytes = new TextEncoder().encode(canonical([chain, seq, previous, record]));
  return toHex(await crypto.subtle.digest('SHA-256', bytes));
}
// #endregion canonical

// #region checkpoint
/** Says how far a chain went. Kept where those who can write the chain cannot. */
export interface Checkpoint extends Link { readonly signature: string }

const bytesOf = ({ chain, seq, hash }: Link): Uint8Array<ArrayBuffer> => new TextEncoder().encode(canonical(['checkpoint', chain, seq, hash]));

/** @param key an Ed25519 key that the service which writes the chain does not have */
export async function sign({ chain, seq, hash }: Link, key: CryptoKey): Promise<Checkpoint> {
  const signature = toHex(await crypto.subtle.sign('Ed25519', key, bytesOf({ chain, seq, hash })));
  return { chain, seq, hash, signature };
}
// #endregion checkpoint

/** `seq` is the first entry that does not fit. */
export type Finding =
  | { intact: true; head: Link }
  | { intact: false; seq: number; fault:
    /** There is no entry of this number, though a later one or a checkpoint says that there was. */
    | 'missing'
    /** Its text, number or hash is not what was hashed. */
    | 'changed'
    /** It was hashed after another entry than the one before it: a fork, or one that was exchanged. */
    | 'unlinked'
    /** The chain fits in itself, but is another than the one that was signed. */
    | 'rewritten'
    /** The checkpoint is not signed with the key, or speaks of another chain. */
    | 'forged' };

// #region verify
/**
 * @param entries in order of their numbers, from 1, or from the one after `since`
 * @param checkpoints signed earlier and kept elsewhere; without one, a cut end or a chain written anew fits
 * @param since where older entries were put into an archive: the last checkpoint of those, signed too
 */
export async function verify(chain: string, entries: AsyncIterable<Entry>, checkpoints: readonly Checkpoint[], key: CryptoKey, since?: Checkpoint): Promise<Finding> {
  for (const each of since ? [since, ...checkpoints] : checkpoints) {
    if (each.chain !== chain || !(await crypto.subtle.verify('Ed25519', key, fromHex(each.signature), bytesOf(each)))) return { intact: false, seq: each.seq, fault: 'forged' };
  }
  const isOther = ({ seq, hash }: Link): boolean => checkpoints.some((each) => each.seq === seq && each.hash !== hash);
  let head: Link = since ?? { chain, seq: 0, hash: genesis };
  if (isOther(head)) return { intact: false, seq: head.seq, fault: 'rewritten' };
  for await (const entry of entries) {
    const seq = head.seq + 1;
    if (entry.seq > seq) return { intact: false, seq, fault: 'missing' };
    if (entry.seq < seq || entry.chain !== chain || entry.hash !== (await hashOf(entry))) return { intact: false, seq, fault: 'changed' };
    if (entry.previous !== head.hash) return { intact: false, seq, fault: 'unlinked' };
    if (isOther(entry)) return { intact: false, seq, fault: 'rewritten' };
    head = { chain, seq, hash: entry.hash };
  }
  const isCut = checkpoints.some((each) => each.seq > head.seq);
  return isCut ? { intact: false, seq: head.seq + 1, fault: 'missing' } : { intact: true, head };
}
// #endregion verify
