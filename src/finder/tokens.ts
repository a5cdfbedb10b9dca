/** Text to tokens: words with their place, their stem, and without the words that say nothing. */
import { stem } from './stem.ts';

export interface Token {
  stem: string;
  /** Where the word stands in the text, in UTF-16 units. */
  start: number;
  end: number;
  /** False for a word that says nothing by itself; it may still be part of a phrase ("timed out"). */
  says: boolean;
}

/** What lies behind is not read: no reader writes it, and a pasted log must not stop the page. */
export const longestText = 10_000;

/**
 * Tokens in the order of the text. "SocketTimeoutException" gives socket, timeout and exception; of numbers only those of
 * three digits (HTTP status codes) say something; hexadecimal identifiers are left out.
 */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  const read = text.slice(0, longestText);
  const isPlain = !beyondPlain.test(read);
  for (const match of read.matchAll(isPlain ? plainWord : word)) {
    const whole = match[0];
    if (isIdentifier(whole)) continue;
    let start = match.index;
    for (const part of /[A-Z]/.test(whole) ? whole.split(hump) : [whole]) {
      const plain = (isPlain ? part : part.normalize('NFKD').replace(/\p{M}/gu, '')).toLowerCase().replace(/['’](s|t|re|ve|ll|d|m)?$/, '').replaceAll(/['’]/g, '');
      const end = start + part.length;
      if (plain !== '') tokens.push({ stem: stem(plain), start, end, says: says(plain) });
      start = end;
    }
  }
  return tokens;
}

/** Letters and digits of any script, with an apostrophe inside. */
const word = /[\p{L}\p{N}\p{M}]+(?:['’][\p{L}]+)?/gu;
/** The same for a text in English, without the tables of letters of all scripts. */
const plainWord = /[A-Za-z\d]+(?:['’][A-Za-z]+)?/g;
/** Neither ASCII nor dashes, quotation marks and dots. */
const beyondPlain = /[^\0-\x7F\u2010-\u2027]/;
const hump = /(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;

function isIdentifier(whole: string): boolean {
  return whole.length > 40 || (whole.length >= 8 && /\d/.test(whole) && /^[\da-fA-F]+$/.test(whole));
}

function says(plain: string): boolean {
  if (/^\d+$/.test(plain)) return /^[1-5]\d\d$/.test(plain);
  return plain.length > 1 && !stopWords.has(plain) && !/^\d+(ms|s|m|h|x|k|gb|mb|kb)$/.test(plain);
}

/** Words of every sentence, the small talk of a question, and what is true of every page of this catalogue. */
const stopWords = new Set(`
a about above actually after all almost already also although always am among an and another any anybody anymore anyone anything are aren as at away
be because been before being between both but by can cannot cant could couldn did didn do does doesn doing don done dont each either else etc even ever every everybody everyone everything
few for from further get gets getting give given gives go goes going gone got had has hasn have haven having he hence her here hers him his how however
i if in instead into is isn it its itself just kind let lets like likely lot lots many may maybe me might mine more most much must my
need needed needs neither never next no nobody none nor not nothing now of off often on once one ones only onto or other others otherwise our ours out over own
per perhaps please put quite rather really same say says see seem seems several shall she should shouldn simply since so some somebody somehow someone something sometimes soon still such sure
than that thats the their theirs them themselves then there these they thing things this those though through thus to together too toward towards under until up upon us use used uses using usually
very via want wants was wasn way ways we well were weren what whats when whenever where whether which while who whole whom whose why will with within without won would wouldn yes yet you your yours
able best better good help idea know looking make makes making possible question right solution solve thanks try trying wanted
case example issue kinds problem situation
two three four five six seven eight nine ten hundred hundreds thousand thousands dozen half first last few
second seconds minute minutes hour hours day days week weeks month months year years today yesterday
microservice microservices pattern patterns architecture im ive weve
`.trim().split(/\s+/));
