/** The dictionary of British English, which takes most of a second to unfold. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { decodeTrie, encodeTrieDataToBTrie } from 'cspell-trie-lib';
import type { ITrie } from 'cspell-trie-lib';

/** What somebody may have meant, the likeliest first; null where the word is right. */
export type Spelling = readonly string[] | null;

const dictionary = openDictionary();

export function judging(word: string): Spelling {
  if (isKnown(word)) return britishForm(word);
  return dictionary.suggest(word, { numSuggestions: 8, ignoreCase: false, timeout: 500 }).filter((each) => isKnown(each) && britishForm(each) === null).slice(0, 5);
}

/** Capitals begin a sentence or a name; the dictionary knows which words have to have one. */
function isKnown(word: string): boolean {
  return dictionary.hasWord(word, true) || dictionary.hasWord(word.toLowerCase(), true);
}

/** The dictionary has both "organise" and "organize"; the house writes the former. */
function britishForm(word: string): Spelling {
  if (/(?:^|re|over|under|down|up)siz|priz|seiz/i.test(word)) return null;
  const other = word.replace(/iz(?=(?:e|es|ed|er|ers|ing|ation|ations|ational|able)$)/, 'is').replace(/yz(?=(?:e|es|ed|er|ers|ing)$)/, 'ys');
  return other !== word && isKnown(other) ? [other] : null;
}

/** Unfolded once, and kept in a form that can be read as it is. */
function openDictionary(): ITrie {
  const manifest = findPackageJSON('@cspell/dict-en-gb-mit', import.meta.url);
  if (manifest === undefined) throw new Error('the package "@cspell/dict-en-gb-mit" is not installed: run npm ci');
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
  const kept = fileURLToPath(new URL(`../../../node_modules/.cache/checks/en-GB-${version}.btrie`, import.meta.url));
  try {
    return decodeTrie(readFileSync(kept));
  } catch {
    const trie = decodeTrie(gunzipSync(readFileSync(join(dirname(manifest), 'en_GB.trie.gz'))));
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(`${kept}.${process.pid}.tmp`, encodeTrieDataToBTrie(trie.data));
    renameSync(`${kept}.${process.pid}.tmp`, kept);
    return trie;
  }
}
