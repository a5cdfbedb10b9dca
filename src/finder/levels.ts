/** A table of small numbers, most of them 0, in few bytes: rows are stems, columns documents, a number how strongly the stem speaks for the document. */
import { Odds, whole } from './bit-coder.ts';
import type { BitCoder } from './bit-coder.ts';

/** What a level adds to a page, in points. */
export const levelPoints = [0, 1.1, 2.2, 4] as const;

/** @param given the level to write; left out when reading. @returns for each row the documents that hold it, with their levels */
export function codeLevels(coder: BitCoder, rows: number, columns: number, given?: (row: number, column: number) => number): { document: number; level: number }[][] {
  // A document that held many stems so far will hold many more.
  const sizes = Array.from({ length: columns }, () => 1);
  let all = columns;
  const counts = new CountOdds();
  // A stem of many documents says little about most of them.
  const levels = Array.from({ length: 16 }, () => new CountOdds());
  return Array.from({ length: rows }, (_, row) => {
    const own = given === undefined ? [] : sizes.map((_size, column) => given(row, column));
    const count = counts.code(coder, own.filter((level) => level > 0).length);
    let left = count;
    let room = all;
    const held: { document: number; level: number }[] = [];
    for (let document = 0; left > 0 && document < columns; document += 1) {
      const size = sizes[document] ?? 1;
      const level = own[document] ?? 0;
      if (coder(left * size * whole / room, level > 0)) {
        held.push({ document, level: 1 + (levels[Math.min(15, Math.floor(2 * Math.log2(count)))]?.code(coder, level - 1) ?? 0) });
        sizes[document] = size + 1;
        all += 1;
        left -= 1;
      }
      room -= size;
    }
    return held;
  });
}

/** Whole numbers from 0, small ones often: how many binary digits, then the digits. */
class CountOdds {
  readonly #lengths: Odds[] = [];
  readonly #digits: Odds[] = [];

  code(coder: BitCoder, given: number): number {
    const digits = 32 - Math.clz32(given + 1);
    let length = 1;
    while (length < 16 && (this.#lengths[length] ??= new Odds()).code(coder, digits > length)) length += 1;
    let found = 1;
    for (let place = length - 2; place >= 0; place -= 1) found = found * 2 + ((this.#digits[found] ??= new Odds()).code(coder, ((given + 1) >> place) % 2 === 1) ? 1 : 0);
    return found - 1;
  }
}
