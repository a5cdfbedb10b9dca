/** The same text in other words: as long as it was, with a share of words that stand nowhere yet, and the same at every call. */

/** Says a text as the page of the given number would. */
export type Dialect = (text: string, number: number) => string;

const word = /[A-Za-z]{5,}/g;
/** What a page is linked, cited and drawn by. */
const kept = /(<[^>]*>|`[^`]*`|\]\([^)]*\)|https?:\S+|\{[^}]*\})/;

/** @param texts where other words are taken from */
export function dialect(texts: readonly string[]): Dialect {
  const byLength = new Map<number, string[]>();
  const known = [...new Set(texts.flatMap((text) => text.toLowerCase().match(word) ?? []))].sort();
  for (const each of known) byLength.set(each.length, [...byLength.get(each.length) ?? [], each]);
  return (text, number) => text.split(kept).map((part, at) => (at % 2 === 1 ? part : part.replaceAll(word, (each) => {
    const chance = hash(`${number} ${each.toLowerCase()}`);
    // A third are other words of the catalogue; a thirtieth are nobody's, since a page brings words of its own.
    if (chance % 30 === 1) return turned(each);
    const others = byLength.get(each.length) ?? [each];
    return chance % 3 === 0 ? asWritten(others[Math.floor(chance / 3) % others.length] ?? each, each) : each;
  }))).join('');
}

/** Of the text below the frontmatter: what is prose in other words, each drawing and each program as it is. */
export function bodyInDialect(body: string, number: number, inDialect: Dialect): string {
  return body.split(/(^```[\s\S]*?^```$)/m).map((part, at) => (at % 2 === 1
    // A drawing that nobody has drawn yet, of the same size.
    ? part.replace(/^( *accTitle: .*)$/m, `$1 (${number})`)
    : part.split('\n').map((line) => (/^(import|#|<)/.test(line) ? line : inDialect(line, number))).join('\n'))).join('');
}

function asWritten(other: string, like: string): string {
  return like[0] === like[0]?.toUpperCase() ? other.charAt(0).toUpperCase() + other.slice(1) : other;
}

/** The same letters, and no word. */
function turned(each: string): string {
  const half = Math.floor(each.length / 2);
  return asWritten((each.slice(half) + each.slice(0, half)).toLowerCase(), each);
}

/** FNV-1a with a last mix, since its low bits follow the last letter. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}
