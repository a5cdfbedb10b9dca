import { asCode, longTable, table } from './markdown-cells.ts';
import { questionSets } from './question-sets.ts';
import type { Moved, MovedReport, SetReport } from './moved.ts';

/** @param most rows of a table, so that a comment stays within what GitHub takes */
export function movedMarkdown(report: MovedReport, most = 60): string {
  const asked = report.sets.reduce((sum, set) => sum + set.asked, 0);
  const [worse, better] = [report.moved.filter((row) => verdict(row).sign === '▼').length, report.moved.filter((row) => verdict(row).sign === '▲').length];
  const summary = report.moved.length === 0
    ? `${asked} questions asked of both; none has other answers among the first three.`
    : `${asked} questions asked of both; ${report.moved.length} ${report.moved.length === 1 ? 'has' : 'have'} other answers among the first three: ▼ ${worse} worse, ▲ ${better} better, = ${report.moved.length - worse - better} with the expected answer where it was.`;
  return [
    '### Answers of the finder that moved',
    `From ${asCode(report.before)} to ${asCode(report.after)}. ${summary}`,
    ...report.notes.map((note) => `> ${asCode(note, 600)}`),
    table(['set', 'asked', 'moved', 'hit@1', 'hit@3', 'MRR@10'], report.sets.map(setRow)),
    longTable(`Moved: ${report.moved.length}`, ['', 'question', 'expected', 'before', 'after'], report.moved.map(row), { most }),
    addedPart(report, most),
    report.dropped === 0 ? '' : `No longer asked: ${report.dropped}.`,
  ].filter(Boolean).join('\n\n');
}

function setRow({ set, asked, moved, scored, before, after }: SetReport): string[] {
  const change = (from: number, to: number): string => (scored === 0 ? '–' : [...new Set([share(from), share(to)])].join(' → '));
  return [questionSets[set], String(asked), String(moved), change(before.hitAt1, after.hitAt1), change(before.hitAt3, after.hitAt3), change(before.reciprocal, after.reciprocal)];
}

function share(value: number): string {
  return value.toFixed(3).replace(/^0/, '');
}

function addedPart({ added }: MovedReport, most: number): string {
  if (added.length === 0) return '';
  const missed = added.filter(({ expected, placeAfter }) => expected.length > 0 && (placeAfter ?? 11) > 3);
  const first = added.filter(({ placeAfter }) => placeAfter === 1).length;
  const found = `Asked for the first time: ${added.length}, of which ${first} find their answer first and ${missed.length} not among the first three.`;
  return [found, longTable(`New and not found: ${missed.length}`, ['question', 'expected', 'found'], missed.map(({ query, expected, after }) => [asCode(query), slugs(expected), slugs(after)]), { most })].filter(Boolean).join('\n\n');
}

function row(moved: Moved): string[] {
  const { sign, words } = verdict(moved);
  return [`${sign} ${words}`, asCode(moved.query), slugs(moved.expected), slugs(moved.before), slugs(moved.after)];
}

function verdict({ expected, placeBefore, placeAfter }: Moved): { sign: '▲' | '▼' | '='; words: string } {
  if (expected.length === 0) return { sign: '=', words: 'nothing expected' };
  const [from, to] = [placeBefore ?? 11, placeAfter ?? 11];
  if (from === to) return { sign: '=', words: `same place: ${ordinal(placeAfter)}` };
  return { sign: to < from ? '▲' : '▼', words: `${to < from ? 'better' : 'worse'}: ${ordinal(placeBefore)} → ${ordinal(placeAfter)}` };
}

function ordinal(place: number | null): string {
  return place === null ? 'not found' : `${place}${['th', 'st', 'nd', 'rd'][place] ?? 'th'}`;
}

function slugs(list: readonly string[]): string {
  return list.length === 0 ? 'none' : list.slice(0, 6).map((slug) => asCode(slug, 60)).join(', ');
}
