/**
 * What stands between `<Specimen of="…">` and its end in the text of a page: what a reader sees as source is what was shown.
 * @throws when the page has no such specimen, or two of one name
 */
export function specimenSource(body: string, component: string): string {
  const lines = body.replaceAll('\r\n', '\n').split('\n');
  const tags = withoutCode(lines);
  const starts = tags.flatMap((line, index) => (line === `<Specimen of="${component}">` || line.startsWith(`<Specimen of="${component}" `) ? [index] : []));
  const [start] = starts;
  if (start === undefined || starts.length > 1) throw new Error(`<Specimen of="${component}"> should stand on the page once, its tags on lines of their own; it stands there ${starts.length} times`);
  const end = tags.indexOf('</Specimen>', start);
  if (end < 0) throw new Error(`<Specimen of="${component}"> is not closed by "</Specimen>" on a line of its own`);
  return lines.slice(start + 1, end).join('\n').trim();
}

/** The same lines, those of fenced code empty: a tag in there is only shown. */
function withoutCode(lines: readonly string[]): string[] {
  let fenced = false;
  return lines.map((line) => {
    const isFence = line.startsWith('```');
    if (isFence) fenced = !fenced;
    return isFence || fenced ? '' : line;
  });
}
