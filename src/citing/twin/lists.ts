/** Twins of the pages that only list. */
import { categories } from '../../catalogue/vocabulary.ts';
import type { Category } from '../../catalogue/vocabulary.ts';
import { blocks, fenced, link, plainLine } from '../markdown.ts';
import type { Atlas } from './atlas.ts';
import { documentOf } from './document.ts';
import { simulationInShort } from './example-parts.ts';
import { answerList, finderBox, glossaryList, guideList, pairList, patternList, problemList, relationTable } from './list-parts.ts';

export interface ListPage { path: string; title: string; description: string }

/** The twin of a page that lists patterns, problems or guides. @throws when there is no such list */
export function listTwin(page: ListPage, atlas: Atlas): string {
  const list = lists[page.path];
  if (list === undefined) throw new Error(`there is no list for the twin of ${page.path}; add it in src/citing/twin/lists.ts`);
  return headed(page, list(atlas), atlas);
}

const lists: Record<string, (atlas: Atlas) => string> = {
  '/compare/': (atlas) => blocks(
    `The address names what is compared, two to four patterns, such as ${link('?of=saga,transactional-outbox', atlas.absolute('/compare/?of=saga,transactional-outbox'))}; programs ask the tool \`compare\` of the server for assistants. These alternatives have pages of their own:`,
    pairList(atlas),
  ),
  '/find/': (atlas) => blocks(`The finder takes the question in its address, such as ${link('?q=customers are charged twice', atlas.absolute('/find/?q=customers+are+charged+twice'))}, and in a terminal \`npm run --silent find -- "customers are charged twice"\`.`, problemList(atlas)),
  '/glossary/': glossaryList,
  '/guides/': guideList,
  '/map/': relationTable,
  '/offline/': (atlas) => blocks(
    `A browser keeps the catalogue at the word of its reader, by the buttons of ${link('this page', atlas.absolute('/offline/'))}. A program takes ${link('llms-full.txt', atlas.absolute('/llms-full.txt'))}, all text in one file, or ${link('patterns.json', atlas.absolute('/patterns.json'))}; ${link('offline.json', atlas.absolute('/offline.json'))} lists the files that a browser keeps, each with its bytes and the beginning of its SHA-256.`,
    ...(Object.keys(categories) as Category[]).flatMap((category) => [`## ${categories[category].label}`, patternList(atlas, category)]),
    '## Problems',
    answerList(atlas),
  ),
  '/patterns/': (atlas) => blocks(...(Object.keys(categories) as Category[]).flatMap((category) => [`## ${categories[category].label}`, `${plainLine(categories[category].line)}.`, patternList(atlas, category)])),
  '/poster/': answerList,
  '/problems/': (atlas) => blocks(finderBox(atlas), problemList(atlas)),
};

/** What the home page shows above its text. */
export function homeTop(atlas: Atlas): string {
  return blocks(finderBox(atlas), simulationInShort('circuit-breaker', atlas));
}

export function categoryTwin(category: Category, path: string, atlas: Atlas): string {
  const { label, line } = categories[category];
  return headed({ path, title: label, description: `${line}.` }, patternList(atlas, category), atlas);
}

/** The files of an example, whole. @param home path of the page to which they belong */
export function codeTwin(page: ListPage, home: { title: string; path: string }, files: readonly { file: string; name: string; text: string }[], atlas: Atlas): string {
  return headed(page, blocks(
    `The example of ${link(home.title, atlas.absolute(home.path))}, file by file: what the page shows is cut from here, and the tests at the end hold it.`,
    ...files.map(({ file, name, text }) => blocks(`## ${plainLine(name)}`, link('Download', atlas.absolute(`/examples/${file}`)), fenced(text, 'ts'))),
  ), atlas);
}

function headed({ path, title, description }: ListPage, body: string, atlas: Atlas): string {
  return documentOf({ title, description, fields: {}, address: atlas.absolute(path), facts: [], body });
}
