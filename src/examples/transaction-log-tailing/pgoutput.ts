/**
 * Reads the messages of `pgoutput`, the plug-in that every PostgreSQL brings along, at version 1 of its protocol:
 * https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html
 */
export type Row = Readonly<Record<string, string | null>>;
export interface Relation { readonly id: number; readonly name: string; readonly columns: readonly string[] }
export type LogEntry =
  | { readonly type: 'begin'; readonly xid: number }
  /** `end` is the position to confirm when the whole transaction is dealt with. */
  | { readonly type: 'commit'; readonly end: bigint }
  | { readonly type: 'relation'; readonly relation: Relation }
  | Change
  /** One statement may empty several tables. */
  | { readonly type: 'truncate'; readonly tables: readonly string[] }
  /** Types, origins. */
  | { readonly type: 'other'; readonly tag: string };
export type Change = {
  /** A truncation empties the table and names no row. */
  readonly type: 'insert' | 'update' | 'delete' | 'truncate';
  readonly table: string;
  /** After the change. A large value that an update did not touch is not in here; it is in `old` under REPLICA IDENTITY FULL. */
  readonly row?: Row;
  /** Before it: the key alone, of an update only where the key changed; or the whole row under REPLICA IDENTITY FULL. */
  readonly old?: Row;
};

const text = new TextDecoder();

// #region decode
/** Keeps what the log has said about tables: it is said once in a connection, and again after a change of the schema. */
export class PgoutputDecoder {
  readonly #relations = new Map<number, Relation>();

  /** @throws RangeError when the bytes end too early, UnknownTableError when a row comes before its table */
  decode(data: Uint8Array): LogEntry {
    const bytes = new Bytes(data);
    const tag = bytes.char();
    switch (tag) {
      case 'B':
        bytes.skip(16);
        return { type: 'begin', xid: bytes.int32() };
      case 'C':
        bytes.skip(9);
        return { type: 'commit', end: bytes.int64() };
      case 'R': {
        const relation = readRelation(bytes);
        this.#relations.set(relation.id, relation);
        return { type: 'relation', relation };
      }
      case 'I':
      case 'U':
      case 'D':
        return this.#change(({ I: 'insert', U: 'update', D: 'delete' } as const)[tag], bytes);
      case 'T': {
        const count = bytes.int32();
        bytes.skip(1);
        return { type: 'truncate', tables: Array.from({ length: count }, () => this.#relation(bytes.int32()).name) };
      }
      default:
        return { type: 'other', tag };
    }
  }

  #change(type: Change['type'], bytes: Bytes): Change {
    const relation = this.#relation(bytes.int32());
    const rows: { row?: Row; old?: Row } = {};
    while (bytes.hasMore) {
      const kind = bytes.char();
      rows[kind === 'N' ? 'row' : 'old'] = readRow(bytes, relation.columns, kind === 'K');
    }
    return { type, table: relation.name, ...rows };
  }

  #relation(id: number): Relation {
    const relation = this.#relations.get(id);
    if (relation === undefined) throw new UnknownTableError(`The log has a row of table ${id}, and has not said which table that is`);
    return relation;
  }
}
// #endregion decode

export class UnknownTableError extends Error {
  override readonly name = 'UnknownTableError';
}

function readRelation(bytes: Bytes): Relation {
  const id = bytes.int32();
  const name = `${bytes.string()}.${bytes.string()}`;
  bytes.skip(1);
  const columns = Array.from({ length: bytes.int16() }, () => {
    bytes.skip(1);
    const column = bytes.string();
    bytes.skip(8);
    return column;
  });
  return { id, name, columns };
}

/** Where only the key is told, the other columns stand as null, which they need not have been: they are left out. */
function readRow(bytes: Bytes, columns: readonly string[], isKey: boolean): Row {
  const count = bytes.int16();
  const row: Record<string, string | null> = {};
  for (const column of columns.slice(0, count)) {
    const kind = bytes.char();
    if (kind === 't') row[column] = bytes.text(bytes.int32());
    if (kind === 'n' && !isKey) row[column] = null;
  }
  return row;
}

class Bytes {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get hasMore(): boolean {
    return this.#at < this.#bytes.length;
  }

  skip(count: number): number {
    this.#at += count;
    return this.#at - count;
  }

  char(): string {
    return String.fromCharCode(this.#view.getUint8(this.skip(1)));
  }

  int16(): number {
    return this.#view.getInt16(this.skip(2));
  }

  int32(): number {
    return this.#view.getInt32(this.skip(4));
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.skip(8));
  }

  text(length: number): string {
    const start = this.skip(length);
    if (this.#at > this.#bytes.length) throw new RangeError('The message ends within a value');
    return text.decode(this.#bytes.subarray(start, this.#at));
  }

  /** Up to the next zero. */
  string(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    const value = this.text((end < 0 ? this.#bytes.length : end) - this.#at);
    this.skip(1);
    return value;
  }
}
