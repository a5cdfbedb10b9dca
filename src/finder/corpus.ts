/** The index in memory: for each stem the documents that hold it. */
import { categories, forces } from '../catalogue/vocabulary.ts';
import type { Category, Force, ProblemGroup } from '../catalogue/vocabulary.ts';
import { slugOf, unpackStems, unpackWeights, unpackWords } from './index-file.ts';
import type { IndexFile } from './index-file.ts';
import { SynonymTable } from './synonyms.ts';

export interface PatternCard { slug: string; title: string; aliases: readonly string[]; category: Category; categoryLabel: string; /** Known, but without a page yet. */ outline: boolean; forces: Readonly<Partial<Record<Force, number>>> }
export interface ProblemCard { slug: string; title: string; group: ProblemGroup; candidates: readonly string[]; /** What its title says. */ titleStems: readonly string[] }

/** One document for each pattern, then one for each problem. */
export interface Corpus {
  patterns: readonly PatternCard[];
  problems: readonly ProblemCard[];
  synonyms: SynonymTable;
  postings: ReadonlyMap<string, readonly Posting[]>;
}

export interface Posting {
  document: number;
  /** What the stem adds to its frequency in the document: weight of the field over its relative length. */
  frequency: number;
  /** False for a problem's words that are counted for a candidate: they are not the pattern's own. */
  own: boolean;
}

/** Flat on purpose: weights tuned to one set of questions do not hold on the next. Half for what a page shares with others. */
const fields = { names: 1, symptoms: 1, rest: 1, forces: 0.5, problem: 0.5 } as const;
type Field = keyof typeof fields;
interface Section { document: number; field: Field; stems: ReadonlySet<string> }

/** How much a long field is held against a word in it, from 0 to 1. */
const lengthPenalty = 0.5;

export function loadCorpus(index: IndexFile): Corpus {
  const words = unpackWords(index.words);
  const synonyms = new SynonymTable(index.synonyms.map((group) => group.split('|').map((member) => member.split(' '))));
  const read = (texts: readonly string[]): Set<string> => new Set(texts.flatMap((text) => synonyms.terms(text).map((term) => term.stem)));
  const unpack = (packed: string): Set<string> => new Set(unpackStems(packed, words));
  const weights = index.patterns.map((pattern) => unpackWeights(pattern[7], index.forces));
  const sections: Section[] = [];
  index.patterns.forEach(([, , , title, aliases, symptoms, rest], document) => {
    const speakingFor = Object.entries(weights[document] ?? {}).filter(([, weight]) => weight > 0).map(([force]) => force as Force);
    sections.push(
      { document, field: 'names', stems: read([title, ...aliases]) },
      { document, field: 'symptoms', stems: unpack(symptoms) },
      { document, field: 'rest', stems: unpack(rest) },
      { document, field: 'forces', stems: read(speakingFor.map((force) => forces[force] ?? '')) },
    );
  });
  const shared = new Map<number, Set<string>>();
  index.problems.forEach(([, , title, symptoms, candidates], place) => {
    const document = index.patterns.length + place;
    const [names, own] = [read([title]), unpack(symptoms)];
    sections.push({ document, field: 'names', stems: names }, { document, field: 'symptoms', stems: own });
    for (const candidate of candidates) shared.set(candidate, new Set([...shared.get(candidate) ?? [], ...names, ...own]));
  });
  for (const [document, stems] of shared) sections.push({ document, field: 'problem', stems });
  const slugs = index.patterns.map(([slug, , , title]) => slug || slugOf(title));
  return {
    patterns: index.patterns.map(([, category, outline, title, aliases], at) => ({ slug: slugs[at] ?? '', title, aliases, category, categoryLabel: categories[category].label, outline: outline === 1, forces: weights[at] ?? {} })),
    problems: index.problems.map(([slug, group, title, , candidates]) => ({ slug: slug || slugOf(title), title, group, candidates: candidates.flatMap((at) => slugs[at] ?? []), titleStems: [...read([title])] })),
    synonyms,
    postings: postingsOf(sections.filter(({ stems }) => stems.size > 0)),
  };
}

function postingsOf(sections: readonly Section[]): Map<string, Posting[]> {
  const mean = new Map((Object.keys(fields) as Field[]).map((field) => {
    const lengths = sections.filter((section) => section.field === field).map(({ stems }) => stems.size);
    return [field, lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length)];
  }));
  const postings = new Map<string, Posting[]>();
  for (const { document, field, stems } of sections) {
    const relativeLength = stems.size / Math.max(1, mean.get(field) ?? 1);
    const frequency = fields[field] / (1 - lengthPenalty + lengthPenalty * relativeLength);
    for (const stem of stems) {
      const list = postings.get(stem);
      const posting = { document, frequency, own: field !== 'problem' };
      if (list === undefined) postings.set(stem, [posting]);
      else list.push(posting);
    }
  }
  return postings;
}
