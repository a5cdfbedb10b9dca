/** Reads a report that anybody may have written: each field is checked, cut or refused, and no more of it is kept. */
import type { ChangedPage, ChangedPart } from './changed.ts';
import type { Moved, Score, SetReport } from './moved.ts';
import { questionSets } from './question-sets.ts';
import type { QuestionSet } from './question-sets.ts';
import type { Report } from './report.ts';

export class ReportError extends Error {
  override name = 'ReportError';
}

const mostBytes = 4 * 1024 * 1024;
const mostRows = 1_000;

/** @throws ReportError that names the field */
export function untrustedReport(bytes: Uint8Array): Report {
  if (bytes.length > mostBytes) throw new ReportError(`it has ${bytes.length} bytes; expected at most ${mostBytes}`);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new ReportError('it is not JSON');
  }
  const { changed, moved } = record(value, 'report');
  return { changed: changedReport(record(changed, 'changed')), moved: movedReport(record(moved, 'moved')) };
}

type Fields = Record<string, unknown>;

function changedReport({ before, after, pages, other }: Fields): Report['changed'] {
  return {
    before: text(before, 'changed.before'), after: text(after, 'changed.after'),
    pages: list(pages, 'changed.pages', (page, place): ChangedPage => {
      const fields = record(page, place);
      return {
        file: text(fields['file'], `${place}.file`), title: text(fields['title'], `${place}.title`),
        address: shaped(fields['address'], `${place}.address`, /^\/[a-z0-9/._-]{0,200}$/),
        state: oneOf(fields['state'], `${place}.state`, ['new', 'changed', 'gone']),
        parts: list(fields['parts'], `${place}.parts`, (part, at) => oneOf<ChangedPart>(part, at, ['page', 'code', 'example', 'tests', 'glyph', 'sources', 'questions'])),
        versionBefore: version(fields['versionBefore'], `${place}.versionBefore`), versionAfter: version(fields['versionAfter'], `${place}.versionAfter`),
        what: fields['what'] === null ? null : text(fields['what'], `${place}.what`),
        wordsAdded: count(fields['wordsAdded'], `${place}.wordsAdded`), wordsRemoved: count(fields['wordsRemoved'], `${place}.wordsRemoved`),
      };
    }),
    other: list(other, 'changed.other', text),
  };
}

function movedReport(fields: Fields): Report['moved'] {
  if ('failure' in fields) return { failure: text(fields['failure'], 'moved.failure') };
  return {
    before: text(fields['before'], 'moved.before'), after: text(fields['after'], 'moved.after'),
    notes: list(fields['notes'], 'moved.notes', text),
    sets: list(fields['sets'], 'moved.sets', (set, place): SetReport => {
      const { set: name, asked, moved, scored, before, after } = record(set, place);
      return { set: setName(name, `${place}.set`), asked: count(asked, `${place}.asked`), moved: count(moved, `${place}.moved`), scored: count(scored, `${place}.scored`), before: score(before, `${place}.before`), after: score(after, `${place}.after`) };
    }),
    moved: list(fields['moved'], 'moved.moved', movedRow),
    added: list(fields['added'], 'moved.added', movedRow),
    dropped: count(fields['dropped'], 'moved.dropped'),
  };
}

function movedRow(row: unknown, place: string): Moved {
  const { set, query, expected, before, after, placeBefore, placeAfter } = record(row, place);
  const slugs = (value: unknown, key: string): string[] => list(value, `${place}.${key}`, (slug, at) => shaped(slug, at, /^[a-z0-9-]{1,80}$/)).slice(0, 10);
  const rank = (value: unknown, key: string): number | null => (value === null ? null : count(value, `${place}.${key}`));
  return {
    set: setName(set, `${place}.set`), query: text(query, `${place}.query`), expected: slugs(expected, 'expected'), before: slugs(before, 'before'), after: slugs(after, 'after'),
    placeBefore: rank(placeBefore, 'placeBefore'), placeAfter: rank(placeAfter, 'placeAfter'),
  };
}

function score(value: unknown, place: string): Score {
  const { hitAt1, hitAt3, reciprocal } = record(value, place);
  const share = (each: unknown, key: string): number => {
    if (typeof each !== 'number' || !(each >= 0 && each <= 1)) throw wrong(each, `${place}.${key}`, 'a share from 0 to 1');
    return each;
  };
  return { hitAt1: share(hitAt1, 'hitAt1'), hitAt3: share(hitAt3, 'hitAt3'), reciprocal: share(reciprocal, 'reciprocal') };
}

function setName(value: unknown, place: string): QuestionSet {
  return oneOf(value, place, Object.keys(questionSets) as QuestionSet[]);
}

function version(value: unknown, place: string): string | null {
  return value === null ? null : shaped(value, place, /^[\w.+-]{1,20}$/);
}

function record(value: unknown, place: string): Fields {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw wrong(value, place, 'an object');
  return value as Fields;
}

function list<Item>(value: unknown, place: string, read: (item: unknown, place: string) => Item): Item[] {
  if (!Array.isArray(value)) throw wrong(value, place, 'a list');
  return value.slice(0, mostRows).map((item: unknown, at) => read(item, `${place}.${at}`));
}

function text(value: unknown, place: string): string {
  if (typeof value !== 'string') throw wrong(value, place, 'a text');
  return value.slice(0, 600);
}

function shaped(value: unknown, place: string, shape: RegExp): string {
  if (typeof value !== 'string' || !shape.test(value)) throw wrong(value, place, `a text like ${shape.source}`);
  return value;
}

function count(value: unknown, place: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw wrong(value, place, 'a whole number');
  return value as number;
}

function oneOf<Name extends string>(value: unknown, place: string, names: readonly Name[]): Name {
  const name = names.find((each) => each === value);
  if (name === undefined) throw wrong(value, place, `one of ${names.join(', ')}`);
  return name;
}

function wrong(value: unknown, place: string, expected: string): ReportError {
  return new ReportError(`${place}: found ${String(JSON.stringify(value)).slice(0, 80)}; expected ${expected}`);
}
