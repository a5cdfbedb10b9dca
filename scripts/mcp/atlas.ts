/** What the tools read: the catalogue from its files, and its finder once somebody asks. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCatalogue, withoutDrafts } from '../../src/catalogue/files.ts';
import type { Catalogue } from '../../src/catalogue/files.ts';
import { isCurrent } from '../../src/catalogue/vocabulary.ts';
import { pageWords } from '../../src/citing/page-words.ts';
import type { Facts, PatternFacts } from '../../src/citing/pattern-facts.ts';
import type { Corpus } from '../../src/finder/corpus.ts';
import { openFinder } from '../open-finder.ts';
import { knownPages } from './known.ts';
import type { KnownPage } from './known.ts';

export interface OpenAtlas {
  root: string;
  /** Absolute address of the home page of the published site. */
  home: string;
  /** Of the program. */
  version: string;
  catalogue: Catalogue;
  facts: Facts;
  pages: readonly KnownPage[];
  /** Built on first use: it takes a moment. */
  finder: () => Corpus;
}

/** @throws CatalogueError with all violations at once */
export function openAtlas(root: string): OpenAtlas {
  const { homepage: home, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { homepage: string; version: string };
  const catalogue = withoutDrafts(readCatalogue(root));
  let corpus: Corpus | undefined;
  return {
    root, home, version, catalogue,
    facts: { patterns: catalogue.patterns.map((page): PatternFacts => ({ ...page, words: pageWords(page.body) })), problems: catalogue.problems.filter(({ data }) => isCurrent(data)), home },
    pages: knownPages(catalogue),
    finder: () => (corpus ??= openFinder(root, catalogue).corpus),
  };
}
