/** What a decision reads of the catalogue. Structural, so that both doors of the catalogue (files, Astro) fit without an adapter. */
import type { Force, RelationKind, TradeOffAxis } from '../catalogue/vocabulary.ts';
import type { PageWords } from './page-words.ts';

export interface PatternFacts {
  slug: string;
  data: {
    title: string;
    description: string;
    status: string;
    symptoms: readonly string[];
    useWhen: readonly string[];
    notWhen: readonly NotWhen[];
    forces: Readonly<Partial<Record<Force, number | undefined>>>;
    relations: readonly { to: string; as: RelationKind; why: string }[];
    tradeOffs: Readonly<Partial<Record<TradeOffAxis, { value: number; why: string } | undefined>>>;
    changes: readonly { version: string }[];
  };
  words: PageWords;
}

export interface ProblemFacts {
  slug: string;
  data: {
    title: string;
    description: string;
    symptoms: readonly string[];
    questions: readonly { ask: string; tells: string }[];
    candidates: readonly { when: string; pattern?: string | undefined; do?: string | undefined; because: string }[];
    changes: readonly { version: string }[];
  };
}

export interface NotWhen { when: string; instead: string; see?: string | undefined }

/** The catalogue as a decision sees it. */
export interface Facts {
  patterns: readonly PatternFacts[];
  problems: readonly ProblemFacts[];
  /** Absolute address of the home page, base path included. */
  home: string;
}

/** @throws RangeError for a slug that the catalogue does not have */
export function patternOf({ patterns }: Facts, slug: string): PatternFacts {
  const found = patterns.find((each) => each.slug === slug);
  if (found === undefined) throw new RangeError(`the catalogue has no pattern "${slug}"`);
  return found;
}
