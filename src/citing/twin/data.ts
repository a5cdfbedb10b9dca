/** The entries of the catalogue for programs; src/catalogue/published.ts says what each key promises. */
import type { PublishedGlossary, PublishedPattern, PublishedPatterns, PublishedProblem, PublishedProblems } from '../../catalogue/published.ts';
import { relationsOf } from '../../catalogue/relations.ts';
import type { Pattern, Problem, Published } from '../../catalogue/schema.ts';
import { categories, forces, isCurrent, isPublished, problemGroups, relationKinds, tradeOffAxes } from '../../catalogue/vocabulary.ts';
import { pathOf, pinnedPathOf, twinPathOf } from '../addresses.ts';
import { authors } from '../authorship.ts';
import type { Atlas } from './atlas.ts';

export const schemaPath = { glossary: '/schemas/glossary.json', patterns: '/schemas/patterns.json', problems: '/schemas/problems.json' } as const;

export function patternsData(atlas: Atlas): PublishedPatterns {
  return {
    ...head('patterns', atlas),
    labels: { categories: labels(categories), forces: { ...forces }, relations: labels(relationKinds), tradeOffs: { ...tradeOffAxes } },
    patterns: atlas.patterns.map(({ slug, data }) => pattern(slug, data, atlas)),
  };
}

export function problemsData(atlas: Atlas): PublishedProblems {
  return {
    ...head('problems', atlas),
    labels: { groups: { ...problemGroups } },
    problems: atlas.problems.flatMap(({ slug, data }) => (isPublished(data) ? [problem(slug, data, atlas)] : [])),
  };
}

export function glossaryData(atlas: Atlas): PublishedGlossary {
  return {
    ...head('glossary', atlas),
    terms: atlas.terms.map(({ id, term, alsoCalled, definition, contested, patterns, sources }) => ({
      id, term, alsoCalled, definition, ...(contested === undefined ? {} : { contested }), address: atlas.absolute(`/glossary/#${id}`), patterns,
      sources: sources.flatMap((key) => atlas.sources.get(key)?.url ?? []),
    })),
  };
}

function head(name: keyof typeof schemaPath, { absolute }: Atlas) {
  return { $schema: absolute(schemaPath[name]), home: absolute('/'), licence: 'CC-BY-4.0' as const, attribution: authors };
}

function labels<Keys extends string>(words: Record<Keys, { label: string }>): Record<Keys, string> {
  return Object.fromEntries((Object.keys(words) as Keys[]).map((key) => [key, words[key].label])) as Record<Keys, string>;
}

function pattern(slug: string, data: Pattern, atlas: Atlas): PublishedPattern {
  const { title, description, category, alsoKnownAs, notToBeConfusedWith, symptoms, errorTexts, useWhen, notWhen, forces: weights, tradeOffs, elsewhere, libraries } = data;
  return {
    slug, title, description, category, alsoKnownAs, notToBeConfusedWith, symptoms, errorTexts, useWhen, notWhen, forces: weights, tradeOffs,
    relations: relationsOf(slug, atlas.patterns.map((each) => ({ slug: each.slug, relations: each.data.relations }))).map(({ slug: to, as, inverse, why }) => ({ to, as, inverse, why })),
    problems: atlas.problems.filter((each) => isCurrent(each.data) && each.data.candidates.some((candidate) => candidate.pattern === slug)).map((each) => each.slug),
    elsewhere, libraries,
    ...(isPublished(data) ? { page: page('pattern', slug, data, atlas) } : {}),
  };
}

function problem(slug: string, data: Published<Problem>, atlas: Atlas): PublishedProblem {
  const { title, description, group, symptoms, questions, candidates } = data;
  return { slug, title, description, group, symptoms, questions, candidates, page: page('problem', slug, data, atlas) };
}

type Versioned = Pick<Published<Problem>, 'changes' | 'reviewed' | 'sources' | 'status'> & { supersededBy?: string };

function page(kind: 'pattern' | 'problem', slug: string, { status, supersededBy, reviewed, changes, sources }: Versioned, { absolute, sources: known }: Atlas): PublishedProblem['page'] {
  const [current] = changes;
  if (current === undefined) throw new Error(`${pathOf(kind, slug)} has no version yet; add its first entry to \`changes\``);
  return {
    address: absolute(pathOf(kind, slug)),
    version: current.version,
    date: current.date,
    pinned: absolute(pinnedPathOf(kind, slug, current.version)),
    markdown: absolute(twinPathOf(pathOf(kind, slug))),
    status,
    ...(supersededBy === undefined ? {} : { supersededBy }),
    reviewed,
    changes,
    sources: sources.flatMap((key) => {
      const source = known.get(key);
      return source === undefined ? [] : [{ key, ...source }];
    }),
  };
}
