/** Words that somebody may have meant. */

/** The known word within two or three typing errors of `word`, or undefined. */
export function nearestWord(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Whether no other known word is as near to `word` as `nearest`, so that it can have meant nothing else. */
export function nothingElseNear(word: string, nearest: string, known: Iterable<string>): boolean {
  const distance = editDistance(word.toLowerCase(), nearest.toLowerCase());
  return distance <= 2 && [...known].every((other) => other === nearest || editDistance(word.toLowerCase(), other.toLowerCase()) > distance);
}

/** Levenshtein distance, one row at a time. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
