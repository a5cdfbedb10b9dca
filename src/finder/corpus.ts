/** The index in memory: for each stem the passages that hold it. */
import { forces } from '../catalogue/vocabulary.ts';
import type { Category, ProblemGroup } from '../catalogue/vocabulary.ts';
import { unpackPassage } from './index-file.ts';
import type { IndexFile } from './index-file.ts';
import { SynonymTable } from './synonyms.ts';

export interface PatternCard { slug: string; title: string; aliases: readonly string[]; description: string; category: Category; /** Known, but without a page yet. */ outline: boolean }
export interface ProblemCard { slug: string; title: string; group: ProblemGroup; candidates: readonly string[] }

/** One document for each pattern, then one for each problem. */
export interface Corpus {
  patterns: readonly PatternCard[];
  problems: readonly ProblemCard[];
  synonyms: SynonymTable;
  postings: ReadonlyMap<string, readonly Posting[]>;
  passages: number;
}

export interface Posting {
  document: number;
  passage: number;
  /** What one occurrence adds to the frequency of the stem in the document: weight of the field over its relative length. */
  frequency: number;
  /** False for a problem's passage that is counted for a candidate: the sentence is not the pattern's own. */
  own: boolean;
}

/** Flat on purpose: weights tuned to one set of questions do not hold on the next. Half for what a page shares with others. */
const fields = { names: 1, description: 1, symptoms: 1, errorTexts: 1, useWhen: 1, forces: 0.5, problem: 0.5 } as const;
type Field = keyof typeof fields;

/** How much a long field is held against a word in it, from 0 to 1. */
const lengthPenalty = 0.5;

export function loadCorpus(index: IndexFile): Corpus {
  const words = index.words.split(' ');
  const synonyms = new SynonymTable(index.synonyms.map((group) => group.split('|').map((member) => member.split(' '))));
  const read = (text: string): string[] => synonyms.terms(text).map((term) => term.stem);
  const sections: { document: number; field: Field; passage: number; stems: string[] }[] = [];
  let passages = 0;
  const add = (document: number, field: Field, stems: string[]): void => {
    if (stems.length > 0) sections.push({ document, field, passage: passages++, stems });
  };

  index.patterns.forEach(([, , , title, aliases, description, symptoms, errorTexts, useWhen, ownForces], document) => {
    for (const name of [title, ...aliases]) add(document, 'names', read(name));
    add(document, 'description', read(description));
    for (const symptom of symptoms) add(document, 'symptoms', unpackPassage(symptom, words));
    add(document, 'errorTexts', unpackPassage(errorTexts, words));
    add(document, 'useWhen', unpackPassage(useWhen, words));
    add(document, 'forces', ownForces.flatMap((force) => read(forces[force])));
  });
  index.problems.forEach(([, , title, symptoms, candidates], place) => {
    const document = index.patterns.length + place;
    [read(title), ...symptoms.map((symptom) => unpackPassage(symptom, words))].forEach((stems, at) => {
      add(document, at === 0 ? 'names' : 'symptoms', stems);
      for (const candidate of candidates) sections.push({ document: candidate, field: 'problem', passage: passages - 1, stems });
    });
  });

  return {
    patterns: index.patterns.map(([slug, category, outline, title, aliases, description]) => ({ slug, title, aliases, description, category, outline: outline === 1 })),
    problems: index.problems.map(([slug, group, title, , candidates]) => ({ slug, title, group, candidates: candidates.flatMap((at) => index.patterns[at]?.[0] ?? []) })),
    synonyms,
    postings: postingsOf(sections),
    passages,
  };
}

function postingsOf(sections: readonly { document: number; field: Field; passage: number; stems: string[] }[]): Map<string, Posting[]> {
  const lengths = new Map<string, number>();
  const totals = new Map<Field, { length: number; documents: number }>();
  for (const { document, field, stems } of sections) {
    const key = `${field} ${document}`;
    const total = totals.get(field) ?? { length: 0, documents: 0 };
    totals.set(field, { length: total.length + stems.length, documents: total.documents + (lengths.has(key) ? 0 : 1) });
    lengths.set(key, (lengths.get(key) ?? 0) + stems.length);
  }
  const postings = new Map<string, Posting[]>();
  for (const { document, field, passage, stems } of sections) {
    const { length, documents } = totals.get(field) ?? { length: 1, documents: 1 };
    const relativeLength = ((lengths.get(`${field} ${document}`) ?? 0) * documents) / length;
    const frequency = fields[field] / (1 - lengthPenalty + lengthPenalty * relativeLength);
    for (const stem of stems) {
      const posting = { document, passage, frequency, own: field !== 'problem' };
      const list = postings.get(stem);
      if (list === undefined) postings.set(stem, [posting]);
      else list.push(posting);
    }
  }
  return postings;
}
