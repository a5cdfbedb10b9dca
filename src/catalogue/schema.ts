/** Frontmatter, described field by field: an editor shows the descriptions. The errors of these schemas are written for people in `violations.ts`. */
import { z } from 'zod';
import { categories, forces, problemGroups, relationKinds, sourceKinds, tradeOffAxes } from './vocabulary.ts';
import type { PublishedStatus, Status } from './vocabulary.ts';

const sentence = z.string().trim().min(8);
const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'a slug: lower-case words joined by hyphens');
const weight = z.number().int().min(-2).max(2);
const webAddress = z.url({ protocol: /^https?$/ });
/** YAML reads `2026-11-21` as a date or a text, depending on the parser: both are accepted. */
const day = z.union([z.iso.date(), z.date().transform((date) => date.toISOString().slice(0, 10))], 'a day such as 2026-11-21');

const titleUpTo = (letters: number): z.ZodString => z.string().min(3).max(letters).describe('The name as the field writes it');
const descriptionUpTo = (letters: number): z.ZodString => z.string().min(20).max(letters).describe('One sentence on what it does for the reader; card, search result and chat preview');
const page = { title: titleUpTo(70), description: descriptionUpTo(160) };

const change = z.strictObject({
  version: z.string().regex(/^\d+\.\d+$/, 'a version such as 1.0').describe('Quoted, such as \'1.0\': the second number grows with each change, the first when the page is written anew'),
  date: day.describe('The day on which this version was published'),
  what: sentence.describe('What is different, in one sentence; readers and the feed of changes see it'),
});
const status = (means: string): string => `How far the page is. ${means}`;
const read = {
  status: z.enum(['reviewed', 'stable']).describe(status('reviewed: somebody else read it from top to bottom on the day in `reviewed`; stable: it was read again at least half a year later and held')),
  reviewed: day.describe('Date of the last reading from top to bottom, by somebody who did not write the page'),
  changes: z.array(change).min(1).describe('Versions, newest first; each is kept at an address of its own'),
};
const replaced = {
  ...read,
  status: z.literal('superseded').describe(status('superseded: another page took its place; the address stays and leads there')),
  supersededBy: slug.describe('Slug of the page that took its place'),
};
const begun = {
  status: z.literal('draft').describe(status('draft: it can be read at its address, but nobody has reviewed it, so it is neither listed nor cited; change it to `reviewed` when somebody has')),
  reviewed: day.optional().describe('Leave it out until somebody has read the page from top to bottom'),
  changes: z.array(change).default([]).describe('Counts for nothing yet: the first version comes with the review'),
};

/** @param isDraft what is still to be written may be missing */
function patternFields(isDraft: boolean) {
  const least = (count: number): number => (isDraft ? 0 : count);
  return {
    kind: z.literal('pattern').describe('A solution that has a name'),
    ...page,
    category: z.enum(keysOf(categories)).describe('The folder that the file stands in'),
    alsoKnownAs: z.array(z.string().min(2)).describe('Names that people really type; each belongs to one pattern'),
    notToBeConfusedWith: z.array(z.strictObject({
      name: z.string().min(2).describe('A near name'),
      why: sentence.describe('The reason why it is another thing'),
    })).default([]).describe('Names that sound alike or are mixed up, with the difference'),
    symptoms: z.array(sentence).min(least(8)).max(12).describe('Eight to twelve: what a tired on-call engineer would say before knowing the answer; none names the pattern'),
    errorTexts: z.array(z.string().min(3)).default([]).describe('Literal log lines that a reader may paste'),
    alsoSaid: z.array(z.string().min(2).max(40)).max(45).default([]).describe('Single words and short phrases that people use around this need and that no other field holds; only the finder reads them'),
    useWhen: z.array(sentence).min(least(3)).max(6).describe('Three to six conditions under which the pattern fits'),
    notWhen: z.array(z.strictObject({
      when: sentence.describe('The condition under which it is the wrong choice'),
      instead: z.string().min(3).describe('What to do then'),
      see: slug.optional().describe('The pattern to read then'),
    })).min(least(3)).max(6).describe('Three to six cases in which it is the wrong choice, each with what to do instead'),
    forces: z.partialRecord(z.enum(keysOf(forces)), weight).describe('What pulls for the pattern (1, 2) and against it (-1, -2); the finder asks these as questions'),
    relations: z.array(z.strictObject({
      to: slug.describe('The other pattern'),
      as: z.enum(keysOf(relationKinds)).describe('What this pattern is to the other; the other page shows the inverse'),
      why: sentence.describe('The reason, in one sentence that is true on both pages'),
    })).describe('Relations to other patterns, each stated once, on one of the two pages'),
    tradeOffs: z.partialRecord(z.enum(keysOf(tradeOffAxes)), z.strictObject({
      value: weight.describe('-2 (much worse with the pattern) to 2 (much better)'),
      why: sentence.describe('A few words that say why'),
    })).describe('What gets better and what gets worse with the pattern'),
    elsewhere: z.array(z.strictObject({
      name: z.string().min(2).describe('The other catalogue'),
      url: webAddress.describe('The page of the pattern there'),
    })).default([]).describe('The same pattern in other catalogues'),
    libraries: z.array(z.strictObject({
      name: z.string().min(2).describe('As its makers write it'),
      what: z.string().min(3).describe('For example: npm package, platform feature, managed service'),
      url: webAddress.describe('Its documentation of this very thing'),
      covers: sentence.describe('What of the pattern it covers'),
      checked: day.describe('The day on which somebody looked it up there'),
    })).describe('What a team would install or switch on; neutral, from several makers'),
    sources: z.array(slug).min(least(2)).describe('Keys of files in content/data/sources/'),
  };
}

export const patternPageSchema = z.strictObject({ ...patternFields(false), ...read });
const patternDraftSchema = z.strictObject({ ...patternFields(true), ...begun });

/** A pattern whose page is still to be written: what the finder needs is there, what only the page shows may be missing. */
const patternOutlineSchema = patternPageSchema.extend({
  status: z.literal('outline').describe(status('outline: frontmatter alone, known to the finder, no page yet')),
  changes: z.array(change).max(0).default([]),
  tradeOffs: patternPageSchema.shape.tradeOffs.default({}),
  libraries: patternPageSchema.shape.libraries.default([]),
  sources: z.array(slug).default([]),
});

const patternSchemas = [patternPageSchema, patternDraftSchema, patternPageSchema.extend(replaced), patternOutlineSchema] as const;
export const patternSchema = z.discriminatedUnion('status', patternSchemas);
export type Pattern = z.infer<typeof patternSchema>;

function problemFields(isDraft: boolean) {
  const least = (count: number): number => (isDraft ? 0 : count);
  return {
    kind: z.literal('problem').describe('Something that goes wrong, in the words of whoever has it'),
    ...page,
    group: z.enum(keysOf(problemGroups)).describe('The part of the list that it stands in'),
    symptoms: z.array(sentence).min(least(4)).max(10).describe('Four to ten things that people report'),
    questions: z.array(z.strictObject({
      ask: sentence.describe('A question that somebody with the problem can answer'),
      tells: sentence.describe('What each answer says about the candidates'),
    })).min(least(2)).max(3).describe('What tells the candidates apart'),
    candidates: z.array(z.strictObject({
      when: sentence.describe('If …'),
      pattern: slug.optional().describe('The pattern that answers then'),
      do: z.string().min(3).optional().describe('Plain words, where no pattern is needed'),
      because: sentence.describe('Why this answers it'),
    }).refine((candidate) => (candidate.pattern === undefined) !== (candidate.do === undefined), 'either `pattern` or `do`, not both'))
      .min(least(2)).describe('What may answer it, the simplest first'),
    sources: z.array(slug).describe('Keys of files in content/data/sources/'),
  };
}

export const problemPageSchema = z.strictObject({ ...problemFields(false), ...read });
const problemSchemas = [problemPageSchema, z.strictObject({ ...problemFields(true), ...begun }), problemPageSchema.extend(replaced)] as const;
export const problemSchema = z.discriminatedUnion('status', problemSchemas);
export type Problem = z.infer<typeof problemSchema>;

const guideFields = {
  kind: z.literal('guide').describe('One task, through several patterns'),
  ...page,
  order: z.number().int().min(1).describe('Place in the list of guides; each its own'),
  patterns: z.array(slug).min(1).describe('The patterns that it leads through, in its order'),
  sources: z.array(slug).describe('Keys of files in content/data/sources/'),
};

export const guidePageSchema = z.strictObject({ ...guideFields, ...read });
const guideSchemas = [guidePageSchema, z.strictObject({ ...guideFields, patterns: z.array(slug).describe('The patterns that it leads through, in its order'), ...begun }), guidePageSchema.extend(replaced)] as const;
export const guideSchema = z.discriminatedUnion('status', guideSchemas);
export type Guide = z.infer<typeof guideSchema>;

/** Of a page that somebody has reviewed: it has versions and can be cited. */
export type Published<Data extends { status: Status }> = Extract<Data, { status: PublishedStatus }>;
/** Of a page that none took the place of. */
export type Current<Data extends { status: Status }> = Extract<Data, { status: 'reviewed' | 'stable' }>;

export const contributionSchema = z.strictObject({
  kind: z.literal('contribution').describe('Tells how to contribute, or what is served'),
  ...page,
  order: z.number().int().min(1).optional().describe('Place on the way through these pages; each its own. Without one a page stands below another, as that of a check does'),
  borrows: z.strictObject({
    pattern: slug.describe('Slug of the pattern'),
    problem: slug.describe('Slug of the problem'),
  }).optional().describe('The pattern and the problem whose facts are shown by components that stand on pages of those otherwise'),
});
export type Contribution = z.infer<typeof contributionSchema>;
/** Home, 404 and what else belongs to the house. */
export const plainSchema = z.strictObject({
  kind: z.literal('plain').describe('Belongs to the house'),
  // A comparison bears the titles of two patterns, its description those of up to four.
  title: titleUpTo(160),
  description: descriptionUpTo(400),
});

export const entrySchema = z.discriminatedUnion('kind', [patternSchema, problemSchema, guideSchema, contributionSchema, plainSchema]);
export type Entry = z.infer<typeof entrySchema>;
/** The same without nesting, which Starlight's own schema cannot be merged with. */
export const flatEntrySchema = z.union([...patternSchemas, ...problemSchemas, ...guideSchemas, contributionSchema, plainSchema]);

export const sourceSchema = z.strictObject({
  kind: z.enum(sourceKinds).describe('What it is'),
  title: z.string().min(3).describe('As it stands on the work itself'),
  authors: z.array(z.string().min(2)).describe('Family name last, for example "Michael T. Nygard"; empty when only an organisation signs'),
  publisher: z.string().min(2).describe('Publisher, journal, conference, site or organisation'),
  year: z.number().int().min(1950).max(2100).optional().describe('Of publication; left out where the work does not say'),
  url: webAddress.describe('Where a reader can open it'),
  doi: z.string().regex(/^10\.\d{4,}\//, 'a DOI without the resolver, such as 10.1145/38713.38742').optional().describe('Without the resolver, such as 10.1145/38713.38742'),
  isbn: z.string().regex(/^97[89][-\d]{10,14}$/, 'an ISBN-13').optional().describe('ISBN-13'),
  opened: day.optional().describe('The day on which somebody last opened it and read what the claims rest on; a claim may rest only on a source that was opened'),
});
export type Source = z.infer<typeof sourceSchema>;

const explained = z.string().trim().min(20).max(400);
/** A word that pages take as known. */
export const termSchema = z.strictObject({
  id: slug.describe('Its place on the page, for ever'),
  term: z.string().min(2).describe('As the field writes it, with a capital'),
  alsoCalled: z.array(z.string().min(2)).default([]).describe('Other names'),
  words: z.array(z.string().min(2)).min(1).describe('How pages write it, each form, the one first by which lists name it; these become links'),
  notOn: z.array(slug).default([]).describe('Slugs of pages where the same words mean something else'),
  definition: explained.describe('One or two plain sentences'),
  contested: explained.optional().describe('Who means something else by it, or denies it'),
  patterns: z.array(slug).default([]).describe('Patterns whose pages explain it themselves'),
  sources: z.array(slug).default([]).describe('Keys of files in content/data/sources/ that say the same'),
});
export type Term = z.infer<typeof termSchema>;

/** Patterns that are weighed as a whole, beside the pairs that pages state as alternatives. */
export const comparisonSchema = z.strictObject({
  of: z.array(slug).min(3).max(4).describe('Slugs, in the order of the columns'),
  title: z.string().min(10).max(70).describe('As people ask, over its page'),
  deciding: z.string().trim().min(40).max(400).describe('What decides between them, in one or two sentences'),
});
export type Weighed = z.infer<typeof comparisonSchema>;

function keysOf<const T extends Record<string, unknown>>(record: T): [keyof T & string, ...(keyof T & string)[]] {
  return Object.keys(record) as [keyof T & string, ...(keyof T & string)[]];
}
