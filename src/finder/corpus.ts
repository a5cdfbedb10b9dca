/** The index in memory: for each stem the documents that hold it. */
import { categoryLabels } from '../catalogue/names.ts';
import type { Category, Force, ProblemGroup } from '../catalogue/vocabulary.ts';
import { bitReader } from './bits.ts';
import { slugOf, unpackSynonyms, unpackWeights, unpackWords } from './index-file.ts';
import type { IndexFile } from './index-file.ts';
import { codeLevels } from './levels.ts';
import type { Posting } from './levels.ts';
import { SynonymTable, meaningName } from './synonyms.ts';

export interface PatternCard { slug: string; title: string; category: Category; categoryLabel: string; /** Known, but without a page that somebody reviewed. */ outline: boolean; forces: Readonly<Partial<Record<Force, number>>> }
export interface ProblemCard { slug: string; title: string; group: ProblemGroup; candidates: readonly string[]; /** What its title says. */ titleStems: readonly string[] }

/** One document for each pattern, then one for each problem. */
export interface Corpus {
  patterns: readonly PatternCard[];
  problems: readonly ProblemCard[];
  synonyms: SynonymTable;
  postings: Map<string, readonly Posting[]>;
}

export function loadCorpus(index: IndexFile): Corpus {
  const groups = unpackSynonyms(index.synonyms);
  const stems = [...unpackWords(index.words), ...new Set(groups.map(meaningName))];
  const rows = codeLevels(bitReader(index.levels), stems.length, index.patterns.length, index.problems.length);
  return corpusOf(index, new SynonymTable(groups), new Map(rows.flatMap((row, at) => (row.length === 0 ? [] : [[stems[at] ?? '', row]]))));
}

export function corpusOf({ patterns, problems }: Pick<IndexFile, 'patterns' | 'problems'>, synonyms: SynonymTable, postings: Map<string, readonly Posting[]>): Corpus {
  const slugs = patterns.map(([slug, , , title]) => slug || slugOf(title));
  return {
    patterns: patterns.map(([, category, outline, title, weights], at) => ({ slug: slugs[at] ?? '', title, category, categoryLabel: categoryLabels[category], outline: outline === 1, forces: unpackWeights(weights) })),
    problems: problems.map(([slug, group, title, candidates]) => ({
      slug: slug || slugOf(title), title, group, candidates: candidates.flatMap((at) => slugs[at] ?? []), titleStems: [...new Set(synonyms.terms(title).map(({ stem }) => stem))],
    })),
    synonyms,
    postings,
  };
}
