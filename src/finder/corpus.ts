/** The index in memory: for each stem the documents that hold it. */
import { categories, forces } from '../catalogue/vocabulary.ts';
import type { Category, Force, ProblemGroup } from '../catalogue/vocabulary.ts';
import { BitReader } from './bit-coder.ts';
import { frequencyOf } from './frequencies.ts';
import { slugOf, unpackSynonyms, unpackWeights, unpackWords } from './index-file.ts';
import type { IndexFile } from './index-file.ts';
import { codeLevels } from './levels.ts';
import { SynonymTable, meaningName } from './synonyms.ts';

export interface PatternCard { slug: string; title: string; category: Category; categoryLabel: string; /** Known, but without a page yet. */ outline: boolean; forces: Readonly<Partial<Record<Force, number>>> }
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
  /** How strongly the stem speaks for the document. */
  frequency: number;
  /** False for a problem's words that are counted for a candidate: they are not the pattern's own. */
  own: boolean;
}

/** What a page shares with others counts for less, and is held against it where it is long, by half. */
const shareOfOthers = 0.5;

export function loadCorpus(index: IndexFile): Corpus {
  const words = unpackWords(index.words);
  const groups = unpackSynonyms(index.synonyms);
  const synonyms = new SynonymTable(groups);
  const stems = [...words, ...new Set(groups.map(meaningName))];
  const read = (texts: readonly string[]): Set<string> => new Set(texts.flatMap((text) => synonyms.terms(text).map((term) => term.stem)));
  const postings = new Map<string, Posting[]>();
  const held = index.problems.map(() => new Set<string>());
  codeLevels(new BitReader(index.levels), stems.length, index.patterns.length + index.problems.length).forEach((row, at) => {
    const stem = stems[at] ?? '';
    postings.set(stem, row.map(({ document, level }) => ({ document, frequency: frequencyOf(level), own: true })));
    for (const { document } of row) held[document - index.patterns.length]?.add(stem);
  });
  const weights = index.patterns.map((pattern) => unpackWeights(pattern[4], index.forces));
  addShared(postings, weights.map((own) => read((Object.keys(own) as Force[]).filter((force) => (own[force] ?? 0) > 0).map((force) => forces[force] ?? ''))), true);
  addShared(postings, index.patterns.map((_, place) => new Set(index.problems.flatMap(([, , , candidates], at) => (candidates.includes(place) ? [...held[at] ?? []] : [])))), false);
  const slugs = index.patterns.map(([slug, , , title]) => slug || slugOf(title));
  return {
    patterns: index.patterns.map(([, category, outline, title], at) => ({ slug: slugs[at] ?? '', title, category, categoryLabel: categories[category].label, outline: outline === 1, forces: weights[at] ?? {} })),
    problems: index.problems.map(([slug, group, title, candidates]) => ({ slug: slug || slugOf(title), title, group, candidates: candidates.flatMap((at) => slugs[at] ?? []), titleStems: [...read([title])] })),
    synonyms,
    postings,
  };
}

/** @param sets what each pattern has from elsewhere */
function addShared(postings: Map<string, Posting[]>, sets: readonly ReadonlySet<string>[], own: boolean): void {
  const filled = sets.filter(({ size }) => size > 0);
  const mean = filled.reduce((sum, { size }) => sum + size, 0) / Math.max(1, filled.length);
  sets.forEach((set, document) => {
    for (const stem of set) {
      const posting = { document, frequency: shareOfOthers / (0.5 + 0.5 * set.size / mean), own };
      const list = postings.get(stem);
      if (list === undefined) postings.set(stem, [posting]);
      else list.push(posting);
    }
  });
}
