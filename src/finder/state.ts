/** What a reader said and answered, as the address of the page. */
import { forceNames } from '../catalogue/names.ts';
import type { Force } from '../catalogue/vocabulary.ts';
import type { ForceAnswer } from './evidence.ts';

export interface FinderState {
  query: string;
  forces: ReadonlyMap<Force, ForceAnswer>;
  /** Identifiers of sentences and whether they hold. */
  claims: ReadonlyMap<string, boolean>;
}

export const emptyState: FinderState = { query: '', forces: new Map(), claims: new Map() };

/** A longer address is cut by chat programs and refused by servers. */
export const longestInAddress = 1_000;
/** More answers than this nobody gives; a made-up address may hold thousands. */
const mostClaims = 40;

export function isEmpty({ query, forces: own, claims }: FinderState): boolean {
  return query.trim() === '' && own.size === 0 && claims.size === 0;
}

/** With the question mark; empty for the empty state. Readable: `?q=charged+twice&applies=no-broker&must=tight-latency&no=…`. */
export function writeState({ query, forces: own, claims }: FinderState): string {
  const having = (answer: ForceAnswer): string[] => [...own].filter(([, given]) => given === answer).map(([force]) => force);
  const holding = (wanted: boolean): string[] => [...claims].filter(([, holds]) => holds === wanted).map(([id]) => id);
  const lists: [string, string[]][] = [['applies', having('applies')], ['must', having('must')], ['not', having('not')], ['yes', holding(true)], ['no', holding(false)]];
  // The sign for what could not be read would make the address look damaged.
  const text = wellFormed(query.trim().slice(0, longestInAddress)).replaceAll('\uFFFD', ' ').trim();
  const parts = [
    ...(text === '' ? [] : [`q=${encodeURIComponent(text).replaceAll('%20', '+')}`]),
    ...lists.filter(([, list]) => list.length > 0).map(([name, list]) => `${name}=${list.join(',')}`),
  ];
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** What can be read of an address. `damaged` when something of ours was left out; names of others are none of our business. */
export function readState(search: string): { state: FinderState; damaged: boolean } {
  let damaged = false;
  let query: string | undefined;
  const own = new Map<Force, ForceAnswer>();
  const claims = new Map<string, boolean>();
  for (const part of search.replace(/^\?/, '').split('&')) {
    const at = part.indexOf('=');
    const name = at === -1 ? part : part.slice(0, at);
    const value = decoded(at === -1 ? '' : part.slice(at + 1));
    if (name === 'q') {
      if (query !== undefined || value.damaged) damaged = true;
      query ??= value.text.trim();
    } else if (isForceAnswer(name)) {
      for (const force of listed(value.text)) {
        const known = forceNames.find((each) => each === force);
        if (known === undefined || own.has(known)) damaged = true;
        else own.set(known, name);
      }
    } else if (name === 'yes' || name === 'no') {
      for (const id of listed(value.text)) {
        if (!/^[a-z0-9]+(-[a-z0-9]+)*\.[0-9a-z]{3}$/.test(id) || claims.has(id) || claims.size === mostClaims) damaged = true;
        else claims.set(id, name === 'yes');
      }
    }
  }
  return { state: { query: query ?? '', forces: own, claims }, damaged };
}

/** Half of a surrogate pair, left by a cut, cannot be encoded. */
export function wellFormed(text: string): string {
  return text.replace(/[\uD800-\uDBFF]$/, '').toWellFormed();
}

function decoded(value: string): { text: string; damaged: boolean } {
  const spaced = value.replaceAll('+', ' ');
  try {
    const text = decodeURIComponent(spaced);
    return { text: text.replaceAll('\uFFFD', ' '), damaged: text.includes('\uFFFD') };
  } catch {
    // What is whole is kept; a browser shows the rest as signs that mean nothing.
    const text = spaced.replaceAll(/(?:%[0-9a-f]{2})+/gi, (bytes) => {
      try {
        return decodeURIComponent(bytes);
      } catch {
        return ' ';
      }
    });
    return { text: text.replaceAll('%', ' ').replaceAll(/\s+/g, ' '), damaged: true };
  }
}

function listed(value: string): string[] {
  return value.split(',').map((item) => item.trim()).filter((item) => item !== '');
}

function isForceAnswer(name: string): name is ForceAnswer {
  return name === 'applies' || name === 'must' || name === 'not';
}
