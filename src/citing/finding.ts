/** What a decision record is drawn from: the finder's answer, a pattern, a comparison or a problem, in one shape. */
import type { TradeOffAxis } from '../catalogue/vocabulary.ts';

export interface Finding {
  /** The reader's words; may be empty. */
  query: string;
  /** The question that a page of the catalogue answers. */
  question?: string;
  /** Where the same answer is found again, and in which words that is said. */
  address: string;
  origin: string;
  /** The problems that were recognised; where there are several, the reader keeps theirs. */
  problems: readonly { title: string; address: string }[];
  drivers: readonly Driver[];
  /** What the reader sees or does not see; without `seen` what others saw, of which the reader keeps what is true. */
  observations: readonly { text: string; seen?: boolean }[];
  /** What has to be known first. */
  asks: readonly { ask: string; tells: string }[];
  /** Best first. */
  options: readonly Option[];
  /** Why the first option, where its own reasons do not say it. */
  reason?: string;
  /** What looked right and is not. */
  misses: readonly { title: string; why: string }[];
  /** What the options have to do with each other. */
  combinations: readonly string[];
}

export interface Driver {
  text: string;
  /** Nothing that breaks it may be chosen. */
  hard: boolean;
  /** Titles of options. */
  speaksFor: readonly string[];
  speaksAgainst: readonly string[];
}

export interface Option {
  /** A pattern, or what to do in plain words. */
  title: string;
  isPattern: boolean;
  description: string;
  /** A word for the fit, where words were compared. */
  fit?: string;
  /** Missing where the catalogue has no page. The address is that of this version. */
  page?: { address: string; version: string };
  because: readonly string[];
  but: readonly string[];
  /** Consequences of choosing it. */
  tradeOffs: TradeOffs;
  /** What shows that the decision holds. */
  watch: readonly string[];
}

/** From −2, much worse with the pattern, to +2, much better. */
export type TradeOffs = Readonly<Partial<Record<TradeOffAxis, { value: number; why: string } | undefined>>>;
