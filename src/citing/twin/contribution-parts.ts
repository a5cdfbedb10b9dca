/** What pages about contributing show of the site itself. */
import { fieldKinds, fieldsOf } from '../../catalogue/fields.ts';
import type { Field, FieldKind } from '../../catalogue/fields.ts';
import { wordLists } from '../../catalogue/word-lists.ts';
import type { WordListName } from '../../catalogue/word-lists.ts';
import { blocks, bullets, fenced, link, numbered, plainLine, table } from '../markdown.ts';
import type { Atlas } from './atlas.ts';
import type { Inside } from './plain-markdown.ts';

export function contributionList({ contributions, absolute }: Atlas): string {
  return numbered(contributions.map(({ path, title, description }) => `${link(title, absolute(path))}: ${plainLine(description)}`));
}

/** A component as an author writes it, what it takes, and what becomes of it. @param bare what it is without a script */
export function specimen(component: string, bare: string | undefined, inside: Inside | undefined, { attributes }: Atlas): string {
  return blocks(
    fenced(inside?.source ?? '', 'mdx'),
    bullets(attributes(component).map(({ name, type, isRequired, means }) => `\`${name}\` (${plainLine(type)}${isRequired ? '' : ', may be left out'}): ${plainLine(means)}`)),
    bare === undefined ? '' : `Without JavaScript: ${plainLine(bare)}`,
    inside?.text ?? '',
  );
}

/** @throws when there are no entries of that kind */
export function fieldList(kind: string): string {
  if (!(kind in fieldKinds)) throw new Error(`<FieldList of="${kind}"> knows ${Object.keys(fieldKinds).join(', ')}`);
  const rows = (fields: readonly Field[], above = ''): string[][] => fields.flatMap(({ name, isRequired, means, type, inner }) => [[`\`${above}${name}\`${isRequired ? '' : ' (may be left out)'}`, plainLine(means), plainLine(type)], ...rows(inner, `${above}${name} › `)]);
  return table(['Field', 'What it says', 'Form'], rows(fieldsOf(kind as FieldKind)));
}

/** @throws when there is no such list */
export function wordList(name: string): string {
  if (!(name in wordLists)) throw new Error(`<WordList of="${name}"> knows ${Object.keys(wordLists).join(', ')}`);
  return bullets(Object.entries(wordLists[name as WordListName]).map(([word, label]) => `\`${word}\`: ${plainLine(label)}`));
}
