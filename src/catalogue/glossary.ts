/** The words that pages take as known, from `content/data/glossary.yaml`: for the build, the terminal and tests alike. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseList } from './list-file.ts';
import { termSchema } from './schema.ts';
import type { Term } from './schema.ts';
import { CatalogueError } from './violations.ts';
import type { Violation } from './violations.ts';

export const glossaryFile = 'content/data/glossary.yaml';

/** In the order of the alphabet. @throws CatalogueError with all violations at once */
export function readGlossary(root = process.cwd()): Term[] {
  const { terms, violations } = parseGlossary(readFileSync(join(root, glossaryFile), 'utf8'));
  if (violations.length > 0) throw new CatalogueError(violations);
  return terms;
}

interface Read { terms: Term[]; violations: Violation[] }

/** Each page of a build asks for the same text, and reading it takes as long as the page. */
let last: { text: string; read: Read } | undefined;

/** The terms that can be read, and what is wrong. */
export function parseGlossary(text: string): Read {
  if (last?.text !== text) last = { text, read: parsed(text) };
  return last.read;
}

function parsed(text: string): Read {
  const { items, violations } = parseList(glossaryFile, 'glossary', text, termSchema, Object.keys(termSchema.shape));
  return { terms: items, violations: [...violations, ...confusions(items)] };
}

function confusions(terms: readonly Term[]): Violation[] {
  const owners = new Map(terms.flatMap(({ id, words }) => words.map((word) => [word.toLowerCase(), id] as const)).toReversed());
  return terms.flatMap(({ id, words }, index): Violation[] => {
    const violation = (key: string, found: string, expected: string): Violation => ({ rule: 'glossary-file', file: glossaryFile, key: `${index}.${key}`, found, expected });
    const before = terms[index - 1]?.id ?? '';
    return [
      ...(before < id ? [] : [violation('id', `"${id}" behind "${before}"`, 'each id once, in the order of the alphabet')]),
      ...words.flatMap((word, place) => {
        const owner = owners.get(word.toLowerCase());
        return owner === id || owner === undefined ? [] : [violation(`words.${place}`, `"${word}", which leads to "${owner}" already`, 'each word at one term')];
      }),
    ];
  });
}
