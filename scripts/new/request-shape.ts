/** What a page that shall be begun is made of. */
export const kinds = ['pattern', 'problem', 'guide'] as const;
export type Kind = (typeof kinds)[number];

/** A page that the catalogue has. */
export interface KnownEntry {
  kind: Kind;
  slug: string;
  file: string;
  address: string;
  status: string;
  title: string;
  /** Title and other names. */
  names: readonly string[];
  /** Place in the list of guides. */
  order?: number;
  /** Of a pattern: its folder. */
  category?: string;
}

export interface Request {
  kind: Kind;
  slug: string;
  title: string;
  description: string;
  /** Category of a pattern, group of a problem; empty for a guide. */
  place: string;
  /** Of a guide. */
  order: number;
  /** Where its page will stand. */
  file: string;
  outline: KnownEntry | undefined;
}

/** Nothing was written. */
export class Refusal extends Error {
  override name = 'Refusal';
  /** 1 refused, 2 wrong usage. */
  readonly code: 1 | 2;

  constructor(message: string, code: 1 | 2 = 1) {
    super(message);
    this.code = code;
  }
}
