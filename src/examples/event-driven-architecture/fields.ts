// #region fields
/** A tolerant reader: asks for what it needs, by name, and never looks at the rest. */
export class Fields {
  readonly #path: string;
  readonly #values: Readonly<Record<string, unknown>>;

  /** @param path for errors, such as the type of the event */
  constructor(path: string, value: unknown) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw unreadable(path, 'an object', value);
    this.#path = path;
    this.#values = value as Record<string, unknown>;
  }

  text(name: string): string {
    const value = this.#values[name];
    if (typeof value !== 'string' || value === '') throw unreadable(`${this.#path}.${name}`, 'a text', value);
    return value;
  }

  /** A whole number of 0 or more: pieces, cents. */
  count(name: string): number {
    const value = this.#values[name];
    if (!Number.isSafeInteger(value) || (value as number) < 0) throw unreadable(`${this.#path}.${name}`, 'a whole number from 0', value);
    return value as number;
  }

  /** For a field that came later, or a list of values that may grow. */
  oneOf<Known extends string, Other>(name: string, known: readonly Known[], otherwise: Other): Known | Other {
    return known.find((each) => each === this.#values[name]) ?? otherwise;
  }

  list<Item>(name: string, read: (item: Fields) => Item): Item[] {
    const value = this.#values[name];
    if (!Array.isArray(value)) throw unreadable(`${this.#path}.${name}`, 'a list', value);
    return value.map((item, index) => read(new Fields(`${this.#path}.${name}[${index}]`, item)));
  }
}
// #endregion fields

/** The event lacks what its type promises. Another try will not help. */
export class UnreadableEventError extends Error {
  override readonly name = 'UnreadableEventError';
}

function unreadable(path: string, expected: string, found: unknown): UnreadableEventError {
  return new UnreadableEventError(`'${path}' must be ${expected}: current value is ${JSON.stringify(found)}`);
}
