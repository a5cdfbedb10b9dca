/** What the finder reads of a page. Structural, so that both doors of the catalogue (files, Astro) fit without an adapter. */
import type { Category, Force, ProblemGroup, RelationKind, Status } from '../catalogue/vocabulary.ts';

export interface PatternSource {
  slug: string;
  data: {
    title: string;
    description: string;
    category: Category;
    status: Status;
    alsoKnownAs: readonly string[];
    symptoms: readonly string[];
    errorTexts: readonly string[];
    useWhen: readonly string[];
    notWhen: readonly NotWhen[];
    forces: Readonly<Partial<Record<Force, number | undefined>>>;
    relations: readonly { to: string; as: RelationKind; why: string }[];
  };
}

export interface ProblemSource {
  slug: string;
  data: {
    title: string;
    description: string;
    group: ProblemGroup;
    symptoms: readonly string[];
    candidates: readonly { pattern?: string | undefined }[];
  };
}

export interface NotWhen { when: string; instead: string; see?: string | undefined }

/** The sentences of one pattern that an explanation quotes; fetched only for patterns that are shown. */
export interface Answer {
  description: string;
  symptoms: readonly string[];
  errorTexts: readonly string[];
  useWhen: readonly string[];
  notWhen: readonly NotWhen[];
  requires: readonly { slug: string; title: string; why: string }[];
}

export function answerOf({ data }: PatternSource, patterns: readonly PatternSource[]): Answer {
  return {
    description: data.description,
    symptoms: data.symptoms,
    errorTexts: data.errorTexts,
    useWhen: data.useWhen,
    notWhen: data.notWhen.map(({ when, instead, see }) => ({ when, instead, ...(see === undefined ? {} : { see }) })),
    requires: data.relations.flatMap(({ to, as, why }) => {
      const target = patterns.find(({ slug }) => slug === to);
      return as === 'requires' && target !== undefined ? [{ slug: to, title: target.data.title, why }] : [];
    }),
  };
}
