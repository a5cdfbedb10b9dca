/** What the finder reads of a page. Structural, so that both doors of the catalogue (files, Astro) fit without an adapter. */
import { isPublished } from '../catalogue/vocabulary.ts';
import type { Category, Force, ProblemGroup, RelationKind, Status, TradeOffAxis } from '../catalogue/vocabulary.ts';

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
    alsoSaid: readonly string[];
    useWhen: readonly string[];
    notWhen: readonly NotWhen[];
    forces: Readonly<Partial<Record<Force, number | undefined>>>;
    relations: readonly { to: string; as: RelationKind; why: string }[];
    tradeOffs: Readonly<Partial<Record<TradeOffAxis, { value: number; why: string } | undefined>>>;
    elsewhere: readonly { name: string; url: string }[];
    changes: readonly { version: string }[];
  };
}

export interface ProblemSource {
  slug: string;
  data: {
    title: string;
    description: string;
    group: ProblemGroup;
    status: Status;
    symptoms: readonly string[];
    candidates: readonly { pattern?: string | undefined; when: string }[];
    changes: readonly { version: string }[];
  };
}

export interface NotWhen { when: string; instead: string; see?: string | undefined }

/** What one pattern has to do with another, seen from either. */
export interface Companion { slug: string; title: string; as: 'requires' | 'required-by' | 'complements'; why: string }

/** The sentences of one pattern that an explanation quotes; fetched only for patterns that are shown. */
export interface Answer {
  description: string;
  symptoms: readonly string[];
  errorTexts: readonly string[];
  useWhen: readonly string[];
  notWhen: readonly NotWhen[];
  companions: readonly Companion[];
  /** When a problem page names it. */
  conditions: readonly { problem: string; version: string; when: string }[];
  /** Consequences of choosing it. */
  tradeOffs: PatternSource['data']['tradeOffs'];
  /** What shows that it works; missing where there is no page yet. */
  watch?: readonly string[];
  elsewhere: readonly { name: string; url: string }[];
  /** Missing where there is no page yet, or a draft. */
  version?: string;
  /** The page is there, but nobody has reviewed it. */
  draft?: true;
}

export function answerOf({ slug, data }: PatternSource, patterns: readonly PatternSource[], problems: readonly ProblemSource[] = []): Answer {
  const [latest] = data.changes;
  return {
    description: data.description,
    symptoms: data.symptoms,
    errorTexts: data.errorTexts,
    useWhen: data.useWhen,
    notWhen: data.notWhen.map(({ when, instead, see }) => ({ when, instead, ...(see === undefined ? {} : { see }) })),
    companions: companionsOf(slug, patterns),
    conditions: problems.flatMap((problem) => problem.data.candidates.filter(({ pattern }) => pattern === slug).map(({ when }) => ({ problem: problem.slug, version: problem.data.changes[0]?.version ?? '', when }))),
    tradeOffs: data.tradeOffs,
    elsewhere: data.elsewhere.map(({ name, url }) => ({ name, url })),
    ...(!isPublished(data) || latest === undefined ? {} : { version: latest.version }),
    ...(data.status === 'draft' ? { draft: true } : {}),
  };
}

function companionsOf(slug: string, patterns: readonly PatternSource[]): Companion[] {
  return patterns.flatMap((page) => page.data.relations.flatMap(({ to, as, why }): Companion[] => {
    if ((as !== 'requires' && as !== 'complements') || (page.slug !== slug && to !== slug)) return [];
    const other = page.slug === slug ? patterns.find((each) => each.slug === to) : page;
    if (other === undefined || other.data.status === 'superseded') return [];
    return [{ slug: other.slug, title: other.data.title, as: as === 'requires' && page.slug !== slug ? 'required-by' : as, why }];
  }));
}
