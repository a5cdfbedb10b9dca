/** What the reader of stored lines needs to know of each. */
export interface StoredLine {
  readonly instance: string;
  readonly sequence: number;
  /** As the clock of the instance had it, in ISO 8601 and UTC. */
  readonly time: string;
}

// #region story
/**
 * The lines in the order in which to read them. Copies are left out. Within an instance the sequence decides, even
 * if its clock went backwards; between instances only the clocks are left, so close neighbours may stand the wrong way round.
 */
export function story<Line extends StoredLine>(lines: readonly Line[]): Line[] {
  const queues = [...byInstance(lines).values()];
  const read: Line[] = [];
  for (;;) {
    const next = queues.filter((queue) => queue.length > 0).reduce<Line[] | undefined>((first, queue) => (first === undefined || queue[0]!.time < first[0]!.time ? queue : first), undefined);
    if (next === undefined) return read;
    read.push(next.shift()!);
  }
}

/** How many lines are missing between the first and the last that arrived, by instance. What a crash took from the end is not seen. */
export function missing(lines: readonly StoredLine[]): Map<string, number> {
  const gaps = [...byInstance(lines)].map(([instance, own]) => [instance, own.at(-1)!.sequence - own[0]!.sequence + 1 - own.length] as const);
  return new Map(gaps.filter(([, count]) => count > 0));
}
// #endregion story

function byInstance<Line extends StoredLine>(lines: readonly Line[]): Map<string, Line[]> {
  const bySequence = new Map<string, Map<number, Line>>();
  for (const line of lines) {
    const own = bySequence.get(line.instance) ?? new Map<number, Line>();
    bySequence.set(line.instance, own.set(line.sequence, line));
  }
  return new Map([...bySequence].map(([instance, own]) => [instance, [...own.values()].sort((one, other) => one.sequence - other.sequence)]));
}
