/**
 * The catalogue as programs get it: `patterns.json`, `problems.json` and `glossary.json`. A promise to readers, and so apart from the
 * frontmatter, which may change: a key that stands here keeps its name and its meaning; new ones may join.
 */
import { z } from 'zod';
import { categories, forces, problemGroups, relationKinds, sourceKinds, statuses, tradeOffAxes } from './vocabulary.ts';

const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/).describe('Identity; never given to another entry');
const day = z.iso.date();
const address = z.url({ protocol: /^https?$/ });
const weight = z.number().int().min(-2).max(2);

const sources = z.array(z.strictObject({
  key: slug,
  kind: z.enum(sourceKinds),
  title: z.string(),
  authors: z.array(z.string()).describe('Family name last'),
  publisher: z.string(),
  year: z.number().int().optional(),
  url: address,
  doi: z.string().optional(),
  isbn: z.string().optional(),
  opened: day.optional().describe('The day on which somebody last opened it; missing: no claim rests on it'),
}));

const versioned = {
  address: address.describe('The latest version'),
  version: z.string(),
  date: day.describe('Of this version'),
  pinned: address.describe('This version; keeps saying what it said'),
  markdown: address.describe('The page as Markdown'),
  status: z.enum(statuses).exclude(['outline', 'draft']),
  supersededBy: slug.optional().describe('Of a superseded page: the entry that took its place'),
  reviewed: day.describe('Day of the last reading from top to bottom'),
  changes: z.array(z.strictObject({ version: z.string(), date: day, what: z.string() })).describe('Newest first'),
  sources,
};

export const publishedPatternSchema = z.strictObject({
  slug,
  title: z.string(),
  description: z.string(),
  category: z.enum(keysOf(categories)),
  alsoKnownAs: z.array(z.string()),
  notToBeConfusedWith: z.array(z.strictObject({ name: z.string(), why: z.string() })),
  symptoms: z.array(z.string()).describe('What people report before they know the answer'),
  errorTexts: z.array(z.string()).describe('Literal log lines'),
  useWhen: z.array(z.string()),
  notWhen: z.array(z.strictObject({ when: z.string(), instead: z.string(), see: slug.optional().describe('A pattern') })),
  forces: z.partialRecord(z.enum(keysOf(forces)), weight).describe('−2 speaks strongly against the pattern, +2 strongly for it'),
  tradeOffs: z.partialRecord(z.enum(keysOf(tradeOffAxes)), z.strictObject({ value: weight, why: z.string() })).describe('−2 much worse with the pattern, +2 much better'),
  relations: z.array(z.strictObject({ to: slug, as: z.enum(keysOf(relationKinds)), inverse: z.boolean().describe('True where the other pattern states it'), why: z.string() })),
  problems: z.array(slug).describe('Problems that it may answer'),
  elsewhere: z.array(z.strictObject({ name: z.string(), url: address })).describe('The same pattern in other catalogues'),
  libraries: z.array(z.strictObject({ name: z.string(), what: z.string(), url: address, covers: z.string(), checked: day })),
  page: z.strictObject(versioned).optional().describe('Missing while the page is still to be written, or nobody has reviewed it'),
});

export const publishedProblemSchema = z.strictObject({
  slug,
  title: z.string(),
  description: z.string(),
  group: z.enum(keysOf(problemGroups)),
  symptoms: z.array(z.string()),
  questions: z.array(z.strictObject({ ask: z.string(), tells: z.string() })).describe('What tells the candidates apart'),
  candidates: z.array(z.strictObject({ when: z.string(), pattern: slug.optional(), do: z.string().optional().describe('Plain words, where no pattern is needed'), because: z.string() })).describe('The simplest first'),
  page: z.strictObject(versioned),
});

const publishedTermSchema = z.strictObject({
  id: slug,
  term: z.string(),
  alsoCalled: z.array(z.string()).describe('Other names'),
  definition: z.string(),
  contested: z.string().optional().describe('Who means something else by it, or denies it'),
  address: address.describe('Its place in the glossary'),
  patterns: z.array(slug).describe('Patterns whose pages explain it'),
  sources: z.array(address).describe('What says the same'),
});

const file = { $schema: address, home: address, licence: z.literal('CC-BY-4.0'), attribution: z.string() };

export const publishedFiles = {
  glossary: z.strictObject({ ...file, terms: z.array(publishedTermSchema) }),
  patterns: z.strictObject({ ...file, labels: z.strictObject({ categories: labelsOf(categories), forces: labelsOf(forces), relations: labelsOf(relationKinds), tradeOffs: labelsOf(tradeOffAxes) }), patterns: z.array(publishedPatternSchema) }),
  problems: z.strictObject({ ...file, labels: z.strictObject({ groups: labelsOf(problemGroups) }), problems: z.array(publishedProblemSchema) }),
};
export type PublishedGlossary = z.infer<typeof publishedFiles.glossary>;
export type PublishedPatterns = z.infer<typeof publishedFiles.patterns>;
export type PublishedProblems = z.infer<typeof publishedFiles.problems>;
export type PublishedPattern = z.infer<typeof publishedPatternSchema>;
export type PublishedProblem = z.infer<typeof publishedProblemSchema>;

/** For readers: unlike our own check it lets unknown keys pass, since new ones may join. */
export function jsonSchemaOf(name: keyof typeof publishedFiles, id: string, description: string): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(publishedFiles[name], {
    target: 'draft-2020-12',
    override: ({ jsonSchema }) => {
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
    },
  });
  return { $schema, $id: id, title: `Pattern Atlas: ${name}`, description, ...schema };
}

function labelsOf<Keys extends string>(words: Record<Keys, unknown>) {
  return z.record(z.enum(keysOf(words)), z.string());
}

function keysOf<Keys extends string>(record: Record<Keys, unknown>): [Keys, ...Keys[]] {
  return Object.keys(record) as [Keys, ...Keys[]];
}
