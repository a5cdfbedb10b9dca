/** Words that the catalogue does not know, brought to those that it knows: typing errors and unfinished words. */

export interface NearWord { stem: string; weight: number }

/**
 * The nearest stems first; none for short words, where every other word is near. A wrong letter also spoils the stemming of
 * what follows it ("retryng"), so a stem may stand for the beginning of a longer word.
 */
export function nearWords(word: string, vocabulary: Iterable<string>): NearWord[] {
  if (word.length < 4 || !/^[a-z]+$/.test(word)) return [];
  const allowed = word.length < 8 ? 1 : 2;
  const found: NearWord[] = [];
  for (const stem of vocabulary) {
    if (stem[0] !== word[0]) continue;
    if (stem.length > word.length && stem.startsWith(word)) found.push({ stem, weight: 0.6 });
    else if (word.length >= 5 && stem.length >= 4 && Math.abs(stem.length - word.length) <= allowed) {
      const distance = editDistance(word, stem, allowed);
      if (distance <= allowed) found.push({ stem, weight: distance === 1 ? 0.7 : 0.5 });
    } else if (stem.length >= 5 && word.length > stem.length && word.length <= stem.length + 4) {
      if (editDistance(word.slice(0, stem.length), stem, 1) <= 1) found.push({ stem, weight: 0.4 });
    }
  }
  return found.sort((a, b) => b.weight - a.weight || (a.stem < b.stem ? -1 : 1)).slice(0, 3);
}

/** Insertions, deletions, replacements and swaps of neighbours; stops when more than `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min((last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, (last[column - 1] ?? 0) + (same ? 0 : 1));
      if (!same && row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    if (Math.min(...current) > limit) return limit + 1;
    [beforeLast, last] = [last, current];
  }
  return last[b.length] ?? limit + 1;
}
