/** What an author wrote as sentences, on a page and in its frontmatter, word by word. */
import type { ContentTree, SourcePage } from './content-tree.ts';
import { codeOf, mdxOf } from './mdx-page.ts';
import type { Entry } from '../catalogue/schema.ts';

export interface Word {
  word: string;
  /** Offset in the file; looked up when asked for, since most words are right. */
  place: () => number;
}

/** Words of letters, without what belongs to names of programs, addresses and numbers. */
export function wordsOfPage(tree: ContentTree, page: SourcePage): readonly Word[] {
  const words = known.get(page) ?? [...wordsOfBody(page), ...(page.data === undefined ? [] : sentencesOf(page.data).flatMap(({ key, text }) => wordsIn(text).map(({ word, index }) => ({ word, place: () => placeInValue(tree, page, key, word, index) }))))];
  known.set(page, words);
  return words;
}

const known = new WeakMap<SourcePage, readonly Word[]>();

/** Words of which letters alone are right or wrong: abbreviations and names with a capital inside are left out. */
export function wordsIn(text: string): Part[] {
  const words: Part[] = [];
  for (const { 0: chunk, index } of text.matchAll(/\S+/g)) {
    for (const part of partsOf(chunk)) words.push({ word: part.word, index: index + part.index });
  }
  return words;
}

interface Part { word: string; index: number }

/** The same few thousand stand everywhere. */
const knownParts = new Map<string, readonly Part[]>();

function partsOf(chunk: string): readonly Part[] {
  let parts = knownParts.get(chunk);
  if (parts === undefined) {
    parts = /[\\/_@=<>{}$#|]|\d|\p{L}[.:]\p{L}/u.test(chunk) ? [] : [...chunk.matchAll(/\p{L}[\p{L}\p{M}]*(?:['’]\p{L}+)*/gu)].flatMap(({ 0: letters, index }) => {
      const word = letters.normalize('NFC').replaceAll('’', "'").replace(/'s$/, '');
      return word.length < 2 || /.\p{Lu}/u.test(word) ? [] : [{ word, index }];
    });
    knownParts.set(chunk, parts);
  }
  return parts;
}

function wordsOfBody(page: SourcePage): Word[] {
  const pieces = mdxOf(page).nodes.flatMap(({ node, start, end }) => (node.type === 'text' ? [{ start, text: page.text.slice(start, end) }] : []));
  const captions = codeOf(page).filter(({ language }) => language === 'mermaid').flatMap(({ start, end }) => [...page.text.slice(start, end).matchAll(/title="[^"]*"|accTitle:.*|accDescr(?::.*|\s*\{[^}]*\})/g)]
    .map(({ 0: text, index }) => ({ start: start + index, text: text.replace(/^(?:title=|accTitle:|accDescr)/, (key) => ' '.repeat(key.length)) })));
  return [...pieces, ...captions].flatMap(({ start, text }) => wordsIn(text).map(({ word, index }) => ({ word, place: () => start + index })));
}

interface Sentence { key: string; text: string }

/** What is said in the frontmatter in words of ours; names, messages of programs and the words of others are left out. */
function sentencesOf(data: Entry): Sentence[] {
  const list = (key: string, values: readonly string[]): Sentence[] => values.map((text, index) => ({ key: `${key}.${index}`, text }));
  const fields = <Row extends object>(key: string, rows: readonly Row[], ...names: readonly (keyof Row & string)[]): Sentence[] => rows.flatMap((row, index) => names.flatMap((name) => (typeof row[name] === 'string' ? [{ key: `${key}.${index}.${name}`, text: row[name] }] : [])));
  const own: Sentence[] = [{ key: 'title', text: data.title }, { key: 'description', text: data.description }];
  if (data.kind === 'plain' || data.kind === 'contribution') return own;
  own.push(...fields('changes', data.changes, 'what'));
  if (data.kind === 'problem') own.push(...list('symptoms', data.symptoms), ...fields('questions', data.questions, 'ask', 'tells'), ...fields('candidates', data.candidates, 'when', 'do', 'because'));
  if (data.kind === 'pattern') {
    own.push(
      ...fields('notToBeConfusedWith', data.notToBeConfusedWith, 'why'), ...list('symptoms', data.symptoms), ...list('useWhen', data.useWhen),
      ...fields('notWhen', data.notWhen, 'when', 'instead'), ...fields('relations', data.relations, 'why'), ...fields('libraries', data.libraries, 'covers'),
      ...Object.entries(data.tradeOffs).map(([axis, { why }]) => ({ key: `tradeOffs.${axis}.why`, text: why })),
    );
  }
  return own;
}

/** The text of a value may differ from what stands in the file by its quotation marks: the word is looked for behind its place. */
function placeInValue(tree: ContentTree, { file, text }: SourcePage, key: string, word: string, index: number): number {
  const { start, end } = tree.places(file).value(key);
  const value = text.slice(start, end).replaceAll('’', "'");
  const at = [value.indexOf(word, index), value.indexOf(word)].find((each) => each >= 0) ?? 0;
  return start + at;
}
