/** The address is the state: `/compare/?of=saga,transactional-outbox`. */
import { mostCompared } from '../citing/comparison-markdown.ts';
import { meantPattern, namedPattern, slugOf } from './names.ts';
import type { KnownName } from './names.ts';

/** What was asked for, in its order: a pattern, or a name that nobody bears and perhaps what was meant. */
export type Asked = { slug: string } | { unknown: string; meant?: string };

export interface Comparison {
  asked: readonly Asked[];
  /** Those that are set side by side: the first four that are known. */
  shown: readonly string[];
}

/** More names than this nobody gives; a made-up address may hold thousands. */
export const mostAsked = 12;
const longestName = 60;
/** A longer address is cut by chat programs and refused by servers. */
const longestSearch = 2_000;

/** @param search of the address, with its question mark */
export function readComparison(search: string, known: readonly KnownName[]): Comparison {
  const values = search.slice(0, longestSearch).replace(/^\?/, '').split('&').filter((part) => part.startsWith('of=')).map((part) => part.slice('of='.length));
  const names = values.flatMap((value) => decoded(value).split(',')).map((name) => name.replaceAll(/\s+/g, ' ').trim().slice(0, longestName)).filter((name) => name !== '');
  const asked = names.slice(0, mostAsked).map((name): Asked => {
    const pattern = namedPattern(name, known);
    if (pattern !== undefined) return { slug: pattern.slug };
    const meant = meantPattern(name, known);
    return { unknown: name.toWellFormed(), ...(meant === undefined ? {} : { meant: meant.slug }) };
  });
  return comparisonOf(asked);
}

/** Each once, where it was named first. */
export function comparisonOf(asked: readonly Asked[]): Comparison {
  const names = asked.map(nameOf);
  const once = asked.filter((_, at) => names.indexOf(names[at] ?? '') === at);
  return { asked: once, shown: once.flatMap((each) => ('slug' in each ? [each.slug] : [])).slice(0, mostCompared) };
}

/** With its question mark; empty where nothing is asked. */
export function writeComparison(asked: readonly Asked[]): string {
  return asked.length === 0 ? '' : `?of=${asked.map((each) => ('slug' in each ? each.slug : encodeURIComponent(each.unknown))).join(',')}`;
}

function nameOf(asked: Asked): string {
  return 'slug' in asked ? asked.slug : `?${slugOf(asked.unknown) || asked.unknown}`;
}

function decoded(value: string): string {
  const spaced = value.replaceAll('+', ' ');
  try {
    return decodeURIComponent(spaced);
  } catch {
    // What is whole is kept.
    return spaced.replaceAll(/(?:%[\da-f]{2})+/gi, (bytes) => {
      try {
        return decodeURIComponent(bytes);
      } catch {
        return ' ';
      }
    });
  }
}
