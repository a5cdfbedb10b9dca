/** Words, numbers and single signs. */
const tokens = /[\w$#]+|[^\s\w$#]/g;

/**
 * Where something of a compiled line stands in its source line. The compiler takes words out and puts others in, so the
 * longest common sequence of tokens tells which stayed; what was put in has the place of the next that did. (Sucrase's own
 * map of columns ends, in version 3.35.1, at the first template with an empty part.)
 * @param column from 0, as the result
 */
export function sourceColumn(compiled: string, source: string, column: number): number {
  const [here, there] = [[...compiled.matchAll(tokens)], [...source.matchAll(tokens)]];
  const at = here.findLastIndex(({ index }) => index <= column);
  for (const [mine, theirs] of commonTokens(here.map(String), there.map(String))) {
    if (mine < at) continue;
    const start = there[theirs]?.index ?? 0;
    return mine === at ? start + column - (here[mine]?.index ?? 0) : start;
  }
  return source.trimEnd().length;
}

/** Pairs of positions at which both lists have the same text, as many as there can be, in order. */
function commonTokens(here: readonly string[], there: readonly string[]): [number, number][] {
  const width = there.length + 1;
  const lengths = new Uint32Array((here.length + 1) * width);
  const length = (mine: number, theirs: number): number => lengths[mine * width + theirs] ?? 0;
  for (let mine = here.length - 1; mine >= 0; mine--) {
    for (let theirs = there.length - 1; theirs >= 0; theirs--) {
      lengths[mine * width + theirs] = here[mine] === there[theirs] ? length(mine + 1, theirs + 1) + 1 : Math.max(length(mine + 1, theirs), length(mine, theirs + 1));
    }
  }
  const pairs: [number, number][] = [];
  for (let mine = 0, theirs = 0; mine < here.length && theirs < there.length;) {
    if (here[mine] === there[theirs]) pairs.push([mine++, theirs++]);
    else if (length(mine + 1, theirs) >= length(mine, theirs + 1)) mine++;
    else theirs++;
  }
  return pairs;
}
