/** Words and phrases that mean the same to somebody who has a problem. */
import { tokensOf } from './tokens.ts';

/** A member of a group is a word or a phrase, as stems. */
export type SynonymGroup = readonly (readonly string[])[];

/** A group as its name in an index (a stem cannot start like this) and its members of one word. */
interface Meaning { name: string; words: readonly string[] }

export interface Term {
  /** A stem, or the name of a group whose phrase stands here. */
  stem: string;
  start: number;
  end: number;
}

export class SynonymTable {
  readonly #meaningByName = new Map<string, Meaning>();
  readonly #meaningsByWord = new Map<string, Meaning[]>();
  readonly #phrasesByFirst = new Map<string, { stems: readonly string[]; meaning: Meaning }[]>();

  constructor(groups: readonly SynonymGroup[]) {
    for (const group of groups) {
      const meaning: Meaning = { name: meaningName(group), words: group.flatMap((member) => (member.length === 1 ? member : [])) };
      this.#meaningByName.set(meaning.name, meaning);
      for (const member of group) {
        const [first = ''] = member;
        if (member.length === 1) append(this.#meaningsByWord, first, meaning);
        else append(this.#phrasesByFirst, first, { stems: member, meaning });
      }
    }
  }

  /** The words that say something, and after its first word each phrase of the table. */
  terms(text: string): Term[] {
    const tokens = tokensOf(text);
    return tokens.flatMap((token, at): Term[] => {
      const phrases = (this.#phrasesByFirst.get(token.stem) ?? []).filter(({ stems }) => stems.every((stem, offset) => tokens[at + offset]?.stem === stem));
      return [
        ...(token.says ? [{ stem: token.stem, start: token.start, end: token.end }] : []),
        ...phrases.map(({ stems, meaning }) => ({ stem: meaning.name, start: token.start, end: tokens[at + stems.length - 1]?.end ?? token.end })),
      ];
    });
  }

  /** Every word that has a synonym. */
  words(): Iterable<string> {
    return this.#meaningsByWord.keys();
  }

  /** What else means the same as a term: other words, and the name of the group for its phrases. */
  others(term: string): string[] {
    const named = this.#meaningByName.get(term);
    const meanings = named === undefined ? this.#meaningsByWord.get(term) ?? [] : [named];
    return [...new Set(meanings.flatMap(({ name, words }) => [name, ...words]))].filter((other) => other !== term);
  }
}

/**
 * The groups of `content/data/synonyms.yaml` as stems.
 * @throws TypeError that says where, what was found and what is expected
 */
export function synonymGroups(raw: unknown): SynonymGroup[] {
  if (!Array.isArray(raw)) throw new TypeError('synonyms: expected a list of groups, each a list of words and phrases');
  const owner = new Map<string, number>();
  return raw.map((group: unknown, index): SynonymGroup => {
    if (!Array.isArray(group) || group.length < 2 || !group.every((member) => typeof member === 'string')) {
      throw new TypeError(`synonyms.${index}: found ${JSON.stringify(group)}; expected a list of at least two words or phrases`);
    }
    const members = group.map((member: string) => ({ member, stems: tokensOf(member).map((token) => token.stem) }));
    for (const { member, stems } of members) {
      if (stems.length === 0) throw new TypeError(`synonyms.${index}: found "${member}"; expected letters`);
    }
    const distinct = new Map(members.map(({ stems }) => [stems.join(' '), stems]));
    for (const key of distinct.keys()) {
      if (key.includes(' ') && owner.has(key)) throw new TypeError(`synonyms.${index}: the phrase "${key}" stands in group ${owner.get(key)} too; expected one group for a phrase`);
      owner.set(key, index);
    }
    return [...distinct.values()];
  });
}

const mark = '~';

export function meaningName(group: SynonymGroup): string {
  return mark + (group[0] ?? []).join('-');
}

function append<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
