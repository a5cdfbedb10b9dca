/** An answer of the finder as it is cited: what was asked, what was weighed, and why. */

export interface Finding {
  /** The reader's words; may be empty when only answers were given. */
  query: string;
  /** Where the same answer is found again. */
  address: string;
  /** The problem that was recognised. */
  problem?: { title: string; address: string };
  /** What is true of the reader's system, in the words of the catalogue. */
  drivers: readonly { text: string; hard: boolean }[];
  /** What the reader sees, or does not see. */
  observations: readonly { text: string; seen: boolean }[];
  /** Best first. */
  options: readonly Option[];
  /** What looked right and is not. */
  misses: readonly { title: string; why: string }[];
  /** Options that belong together. */
  combinations: readonly string[];
}

export interface Option {
  title: string;
  description: string;
  /** A word for the fit. */
  fit: string;
  /** Missing where the catalogue has no page yet. */
  page?: { address: string; version: string };
  because: readonly string[];
  but: readonly string[];
  /** Consequences of choosing it. */
  tradeOffs: readonly { good: boolean; why: string }[];
}
