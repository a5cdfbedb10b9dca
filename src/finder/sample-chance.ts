/** Numbers that look like chance and are the same each time, for tests. @returns the next one, a whole number below 2 ** 24 */
export function chanceFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 8;
  };
}
