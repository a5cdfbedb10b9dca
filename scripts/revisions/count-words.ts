/** How many words came and went between two texts: first line by line, then word by word within what is left. */
export function countWords(before: string, after: string): { added: number; removed: number } {
  const lines = unmatched(before.split('\n'), after.split('\n'));
  const words = unmatched(wordsOf(lines.removed), wordsOf(lines.added));
  return { added: words.added.length, removed: words.removed.length };
}

function wordsOf(lines: readonly string[]): string[] {
  return lines.join(' ').match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? [];
}

/** What a longest common subsequence leaves over. Where the table would be too large, order is passed over. */
function unmatched(before: readonly string[], after: readonly string[]): { removed: string[]; added: string[] } {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const [old, fresh] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  return old.length * fresh.length > 25_000_000 ? withoutOrder(old, fresh) : inOrder(old, fresh);
}

function inOrder(old: readonly string[], fresh: readonly string[]): { removed: string[]; added: string[] } {
  const width = fresh.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = fresh.length - 1; j >= 0; j--) {
      lengths[i * width + j] = old[i] === fresh[j] ? (lengths[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
    }
  }
  const [removed, added]: [string[], string[]] = [[], []];
  let [i, j] = [0, 0];
  while (i < old.length && j < fresh.length) {
    if (old[i] === fresh[j]) [i, j] = [i + 1, j + 1];
    else if ((lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0)) removed.push(old[i++] ?? '');
    else added.push(fresh[j++] ?? '');
  }
  return { removed: [...removed, ...old.slice(i)], added: [...added, ...fresh.slice(j)] };
}

function withoutOrder(old: readonly string[], fresh: readonly string[]): { removed: string[]; added: string[] } {
  const left = new Map<string, number>();
  for (const each of old) left.set(each, (left.get(each) ?? 0) + 1);
  const added = fresh.filter((each) => {
    const count = left.get(each) ?? 0;
    if (count > 0) left.set(each, count - 1);
    return count === 0;
  });
  return { removed: [...left].flatMap(([each, count]) => new Array<string>(count).fill(each)), added };
}
