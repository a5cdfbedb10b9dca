import { ask } from './ask.ts';
import { askedIn, keyOf } from './asked.ts';
import type { Asked } from './asked.ts';
import { questionSets } from './question-sets.ts';
import type { QuestionSet } from './question-sets.ts';
import type { Range } from './revision.ts';

/** How well a set is answered; shares of those whose answer the catalogue holds. */
export interface Score { hitAt1: number; hitAt3: number; reciprocal: number }
export interface SetReport { set: QuestionSet; asked: number; moved: number; scored: number; before: Score; after: Score }

/** A question whose first three answers are others now. Places count from 1; null is "not among the first ten", or nothing expected. */
export interface Moved { set: QuestionSet; query: string; expected: readonly string[]; before: readonly string[]; after: readonly string[]; placeBefore: number | null; placeAfter: number | null }

export interface MovedReport {
  before: string;
  after: string;
  notes: readonly string[];
  sets: readonly SetReport[];
  /** Asked of both revisions. The most telling first: worse, then better, then the rest. */
  moved: readonly Moved[];
  /** Asked for the first time, with what the later revision answers. */
  added: readonly Moved[];
  /** Not asked any more. */
  dropped: number;
}

/** What two revisions answer to the questions of both; what is expected is what the later one says. */
export async function movedBetween(root: string, { before, after }: Range): Promise<MovedReport> {
  const [earlier, later] = [askedIn(before), askedIn(after)];
  const queries = [...new Set(later.map(({ query }) => query))];
  const [old, fresh] = await Promise.all([ask(root, before, queries), ask(root, after, queries)]);
  const notes = [old.note, fresh.note].filter((note) => note !== undefined);
  const answers = (ranked: readonly (readonly string[])[]): Map<string, readonly string[]> => new Map(queries.map((query, at) => [query, ranked[at] ?? []]));
  return { before: before.name, after: after.name, notes, ...compareAnswers(earlier, later, answers(old.ranked), answers(fresh.ranked)) };
}

/** @param before answers by query, best first */
export function compareAnswers(earlier: readonly Asked[], later: readonly Asked[], before: ReadonlyMap<string, readonly string[]>, after: ReadonlyMap<string, readonly string[]>): Pick<MovedReport, 'sets' | 'moved' | 'added' | 'dropped'> {
  const known = new Set(earlier.map(keyOf));
  const both = later.filter((asked) => known.has(keyOf(asked)));
  const rows = both.map((asked) => answered(asked, before, after));
  const moved = rows.filter((row) => row.before.join() !== row.after.join());
  const staying = new Set(later.map(keyOf));
  return {
    sets: (Object.keys(questionSets) as QuestionSet[]).map((set) => setReport(set, rows.filter((row) => row.set === set), moved)).filter(({ asked }) => asked > 0),
    moved: moved.toSorted((a, b) => telling(a) - telling(b)),
    added: later.filter((asked) => !known.has(keyOf(asked))).map((asked) => answered(asked, before, after)),
    dropped: earlier.filter((asked) => !staying.has(keyOf(asked))).length,
  };
}

function answered({ set, query, expected }: Asked, before: ReadonlyMap<string, readonly string[]>, after: ReadonlyMap<string, readonly string[]>): Moved {
  const [old, fresh] = [before.get(query) ?? [], after.get(query) ?? []];
  return { set, query, expected, before: old.slice(0, 3), after: fresh.slice(0, 3), placeBefore: placeOf(old, expected), placeAfter: placeOf(fresh, expected) };
}

function placeOf(ranked: readonly string[], expected: readonly string[]): number | null {
  const at = ranked.findIndex((slug) => expected.includes(slug));
  return at < 0 ? null : at + 1;
}

function setReport(set: QuestionSet, rows: readonly Moved[], moved: readonly Moved[]): SetReport {
  const scored = rows.filter(({ expected }) => expected.length > 0);
  return {
    set, asked: rows.length, moved: moved.filter((row) => row.set === set).length, scored: scored.length,
    before: scoreOf(scored.map(({ placeBefore }) => placeBefore)), after: scoreOf(scored.map(({ placeAfter }) => placeAfter)),
  };
}

function scoreOf(places: readonly (number | null)[]): Score {
  const share = (most: number): number => places.filter((place) => place !== null && place <= most).length / Math.max(1, places.length);
  return { hitAt1: share(1), hitAt3: share(3), reciprocal: places.reduce((sum: number, place) => sum + (place === null ? 0 : 1 / place), 0) / Math.max(1, places.length) };
}

/** Worse comes first, the deepest fall of all; then better, then those whose expected answer stays where it was. */
function telling({ placeBefore, placeAfter }: Moved): number {
  const fall = (placeAfter ?? 11) - (placeBefore ?? 11);
  return fall > 0 ? -100 - fall : fall < 0 ? -50 + fall : 0;
}
