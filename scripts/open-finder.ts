/** The catalogue and its finder, from the files, without a build. */
import { readCatalogue, withoutDrafts } from '../src/catalogue/files.ts';
import type { Catalogue } from '../src/catalogue/files.ts';
import { readKinWords } from '../src/catalogue/kin-words.ts';
import { readSynonyms, synonymsFile } from '../src/catalogue/synonyms.ts';
import { CatalogueError } from '../src/catalogue/violations.ts';
import { loadCorpus } from '../src/finder/corpus.ts';
import type { Corpus } from '../src/finder/corpus.ts';
import { kinTable } from '../src/finder/kin.ts';
import { packIndex } from '../src/finder/pack.ts';
import { synonymGroups } from '../src/finder/synonyms.ts';

/** @throws CatalogueError with all violations at once */
export function openFinder(root = process.cwd(), catalogue = withoutDrafts(readCatalogue(root))): { corpus: Corpus; catalogue: Catalogue } {
  const { patterns, problems, questions } = catalogue;
  let groups;
  try {
    groups = synonymGroups(readSynonyms(root));
  } catch (error) {
    throw new CatalogueError([{ rule: 'synonyms-file', file: synonymsFile, key: 'groups', found: error instanceof Error ? error.message : String(error), expected: 'lists of words and phrases' }]);
  }
  return { corpus: loadCorpus(packIndex({ patterns, problems, synonyms: groups, questions, kin: kinTable(readKinWords(root)) })), catalogue };
}
