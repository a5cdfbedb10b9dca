/** What the finder's index is made of, and what it finds. */
import { kinWordsFile } from '../catalogue/kin-words.ts';
import type { Pattern, Problem } from '../catalogue/schema.ts';
import { synonymsFile } from '../catalogue/synonyms.ts';
import { filesBelow } from '../catalogue/files.ts';
import { synonymGroups } from '../finder/synonyms.ts';
import type { SynonymGroup } from '../finder/synonyms.ts';
import type { ContentTree } from './content-tree.ts';
import { verdictsOn } from './kept-verdicts.ts';

export interface FinderInput {
  patterns: { slug: string; data: Pattern }[];
  problems: { slug: string; data: Problem }[];
  questions: [slug: string, questions: readonly string[]][];
  synonyms: SynonymGroup[];
  kin: string;
}

export interface Found {
  /** For each symptom of each pattern the pattern that is found first. */
  patterns: Record<string, readonly string[]>;
  /** For each symptom of each problem the first three, when it is typed and when it is confirmed. */
  problems: Record<string, readonly { said: readonly string[]; confirmed: readonly string[] }[]>;
}

const known = new WeakMap<ContentTree, Promise<Found>>();

/** In a thread of its own; a second run with the same pages asks nobody. */
export function foundBySymptoms(tree: ContentTree): Promise<Found> {
  const found = known.get(tree) ?? judged(tree);
  known.set(tree, found);
  return found;
}

async function judged(tree: ContentTree): Promise<Found> {
  const { patterns, problems, questions } = tree.catalogue;
  const input: FinderInput = {
    patterns: patterns.map(({ slug, data }) => ({ slug, data })),
    problems: problems.map(({ slug, data }) => ({ slug, data })),
    questions: [...questions],
    synonyms: readableGroups(tree),
    kin: tree.has(kinWordsFile) ? tree.read(kinWordsFile) : '',
  };
  const text = JSON.stringify(input);
  const finder = filesBelow(tree.root, 'src/finder', '.ts').map((file) => tree.read(file)).join('\0');
  const verdict = (await verdictsOn<Found>(tree.root, new URL('./judges/finder.ts', import.meta.url), [text], finder)).get(text);
  return verdict ?? { patterns: {}, problems: {} };
}

/** None where the file is broken, which is another mistake. */
function readableGroups(tree: ContentTree): SynonymGroup[] {
  try {
    return synonymGroups(tree.places(synonymsFile).data);
  } catch {
    return [];
  }
}
