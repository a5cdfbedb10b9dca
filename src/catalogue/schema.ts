/** Frontmatter, described field by field. The errors of these schemas are written for people in `problems.ts`. */
import { z } from 'zod';
import { categories, forces, problemGroups, relationKinds, sourceKinds, statuses, tradeOffAxes } from './vocabulary.ts';

const sentence = z.string().trim().min(8);
const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a slug: lower-case words joined by hyphens');
const weight = z.number().int().min(-2).max(2);
const webAddress = z.url({ protocol: /^https?$/ });
/** YAML reads `2026-11-21` as a date or a text, depending on the parser: both are accepted. */
const day = z.union([z.iso.date(), z.date().transform((date) => date.toISOString().slice(0, 10))], 'a day such as 2026-11-21');

const page = {
  title: z.string().min(3).max(70).describe('The name as the field writes it'),
  description: z.string().min(20).max(160).describe('One sentence on what it does for the reader; card, search result and chat preview'),
};
const versioned = {
  status: z.enum(statuses),
  reviewed: day.describe('Date of the last reading from top to bottom'),
  changes: z.array(z.strictObject({
    version: z.string().regex(/^\d+\.\d+$/, 'a version such as 1.0'),
    date: day,
    what: sentence,
  })).min(1).describe('Newest first'),
  sources: z.array(slug).describe('Keys of files in content/data/sources/'),
};

export const patternPageSchema = z.strictObject({
  kind: z.literal('pattern'),
  ...page,
  ...versioned,
  status: z.enum(statuses).exclude(['outline']),
  category: z.enum(keysOf(categories)),
  alsoKnownAs: z.array(z.string().min(2)).describe('Names that people really type; each belongs to one pattern'),
  notToBeConfusedWith: z.array(z.strictObject({ name: z.string().min(2), why: sentence })).default([]),
  symptoms: z.array(sentence).min(8).max(12).describe('What a tired on-call engineer would say before knowing the answer'),
  errorTexts: z.array(z.string().min(3)).default([]).describe('Literal log lines that a reader may paste'),
  alsoSaid: z.array(z.string().min(2).max(40)).max(45).default([]).describe('Single words and short phrases that people use around this need and that no other field holds; only the finder reads them'),
  useWhen: z.array(sentence).min(3).max(6),
  notWhen: z.array(z.strictObject({
    when: sentence,
    instead: z.string().min(3).describe('What to do then'),
    see: slug.optional().describe('The pattern to read then'),
  })).min(3).max(6),
  forces: z.partialRecord(z.enum(keysOf(forces)), weight),
  relations: z.array(z.strictObject({ to: slug, as: z.enum(keysOf(relationKinds)), why: sentence })),
  tradeOffs: z.partialRecord(z.enum(keysOf(tradeOffAxes)), z.strictObject({ value: weight, why: sentence })),
  elsewhere: z.array(z.strictObject({ name: z.string().min(2), url: webAddress })).default([]),
  libraries: z.array(z.strictObject({
    name: z.string().min(2),
    what: z.string().min(3).describe('For example: npm package, platform feature, managed service'),
    url: webAddress,
    covers: sentence,
    checked: day,
  })),
  sources: versioned.sources.min(2),
});

/** A pattern whose page is still to be written: what the finder needs is there, what only the page shows may be missing. */
const patternOutlineSchema = patternPageSchema.extend({
  status: z.literal('outline'),
  changes: z.array(versioned.changes.element).max(0).default([]),
  tradeOffs: patternPageSchema.shape.tradeOffs.default({}),
  libraries: patternPageSchema.shape.libraries.default([]),
  sources: versioned.sources.default([]),
});

export const patternSchema = z.discriminatedUnion('status', [patternPageSchema, patternOutlineSchema]);
export type Pattern = z.infer<typeof patternSchema>;

export const problemSchema = z.strictObject({
  kind: z.literal('problem'),
  ...page,
  ...versioned,
  group: z.enum(keysOf(problemGroups)),
  symptoms: z.array(sentence).min(4).max(10),
  questions: z.array(z.strictObject({ ask: sentence, tells: sentence })).min(2).max(3)
    .describe('What tells the candidates apart'),
  candidates: z.array(z.strictObject({
    when: sentence.describe('If …'),
    pattern: slug.optional(),
    do: z.string().min(3).optional().describe('Plain words, where no pattern is needed'),
    because: sentence,
  }).refine((candidate) => (candidate.pattern === undefined) !== (candidate.do === undefined), 'either `pattern` or `do`, not both'))
    .min(2).describe('The simplest first'),
});
export type Problem = z.infer<typeof problemSchema>;

export const guideSchema = z.strictObject({
  kind: z.literal('guide'),
  ...page,
  ...versioned,
  status: z.enum(statuses).exclude(['outline']),
  order: z.number().int().min(1).describe('Place in the list of guides; each its own'),
  patterns: z.array(slug).min(1).describe('The patterns that it leads through, in its order'),
});
export type Guide = z.infer<typeof guideSchema>;

export const contributionSchema = z.strictObject({
  kind: z.literal('contribution'),
  ...page,
  order: z.number().int().min(1).optional().describe('Place on the way through these pages; each its own. Without one a page stands below another, as that of a check does'),
  borrows: z.strictObject({ pattern: slug, problem: slug }).optional().describe('The pattern and the problem whose facts are shown by components that stand on pages of those otherwise'),
});
export type Contribution = z.infer<typeof contributionSchema>;
/** Home, 404 and what else belongs to the house. */
export const plainSchema = z.strictObject({ kind: z.literal('plain'), title: page.title, description: page.description });

export const entrySchema = z.discriminatedUnion('kind', [patternSchema, problemSchema, guideSchema, contributionSchema, plainSchema]);
export type Entry = z.infer<typeof entrySchema>;
/** The same without nesting, which Starlight's own schema cannot be merged with. */
export const flatEntrySchema = z.union([patternPageSchema, patternOutlineSchema, problemSchema, guideSchema, contributionSchema, plainSchema]);

export const sourceSchema = z.strictObject({
  kind: z.enum(sourceKinds),
  title: z.string().min(3),
  authors: z.array(z.string().min(2)).describe('Family name last, for example "Michael T. Nygard"; empty when only an organisation signs'),
  publisher: z.string().min(2).describe('Publisher, journal, conference, site or organisation'),
  year: z.number().int().min(1950).max(2100).optional(),
  url: webAddress,
  doi: z.string().regex(/^10\.\d{4,}\//, 'a DOI without the resolver, such as 10.1145/38713.38742').optional(),
  isbn: z.string().regex(/^97[89][-\d]{10,14}$/, 'an ISBN-13').optional(),
  opened: day.optional().describe('The day on which somebody last opened it and read what the claims rest on; a claim may rest only on a source that was opened'),
});
export type Source = z.infer<typeof sourceSchema>;

function keysOf<const T extends Record<string, unknown>>(record: T): [keyof T & string, ...(keyof T & string)[]] {
  return Object.keys(record) as [keyof T & string, ...(keyof T & string)[]];
}
