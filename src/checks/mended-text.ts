/** What edits make of a text. */
import type { Edit } from './rule.ts';

/**
 * The text with those edits that do not reach into one another, and those that were left out. An edit that stands twice is one.
 * @param edits of one file, as offsets in the text with line ends as \n and without its byte order mark
 * @param raw the text as it stands in the file; its mark and its line ends stay as they are
 */
export function mendedText(raw: string, edits: readonly Edit[]): { text: string; left: readonly Edit[] } {
  const places = rawPlaces(raw);
  const lineEnd = raw.includes('\r\n') ? '\r\n' : '\n';
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  const left: Edit[] = [];
  let text = '';
  let done = 0;
  let last: Edit | undefined;
  for (const edit of sorted) {
    if (last !== undefined && last.start === edit.start && last.end === edit.end && last.text === edit.text) continue;
    if (last !== undefined && (edit.start < last.end || edit.start === last.start)) {
      left.push(edit);
      continue;
    }
    const [start, end] = [places(edit.start), places(edit.end)];
    text += raw.slice(done, start) + edit.text.replaceAll('\n', lineEnd);
    done = end;
    last = edit;
  }
  return { text: text + raw.slice(done), left };
}

/** From an offset in the text that rules read to one in the file. */
function rawPlaces(raw: string): (offset: number) => number {
  const mark = raw.startsWith('\uFEFF') ? 1 : 0;
  const dropped = [...raw.matchAll(/\r\n/g)].map(({ index }, before) => index - mark - before);
  return (offset) => offset + mark + dropped.filter((place) => place < offset).length;
}
