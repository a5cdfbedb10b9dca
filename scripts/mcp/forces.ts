/** Forces as a caller of a tool names them. */
import { z } from 'zod';
import { forceNames } from '../../src/catalogue/names.ts';
import { forces } from '../../src/catalogue/vocabulary.ts';
import type { Force } from '../../src/catalogue/vocabulary.ts';
import { nearestWord } from '../../src/catalogue/violations.ts';
import type { Said } from '../../src/citing/comparison-finding.ts';

const force = z.enum(forceNames, {
  error: ({ input }) => {
    const near = typeof input === 'string' ? nearestWord(input, forceNames) : undefined;
    return `${JSON.stringify(input)} is no force.${near === undefined ? '' : ` Nearest: ${near}.`} All: ${forceNames.join(', ')}`;
  },
});
const list = z.array(force).optional();

export const forcesSchema = z.strictObject({
  applies: list.describe('True of the system'),
  must: list.describe('True, and whatever breaks it is out of the question'),
  not: list.describe('Not true of the system'),
}).optional().describe(`What is true of the reader's system. ${forceNames.map((name) => `${name}: ${forces[name]}`).join('. ')}.`);

/** @throws RangeError for a force with two answers */
export function saidBy(given: z.infer<typeof forcesSchema>): Said {
  const said = new Map<Force, 'applies' | 'must' | 'not'>();
  for (const answer of ['applies', 'must', 'not'] as const) {
    for (const each of given?.[answer] ?? []) {
      if (said.has(each) && said.get(each) !== answer) throw new RangeError(`the force "${each}" stands under "${said.get(each)}" and under "${answer}"; give it one answer`);
      said.set(each, answer);
    }
  }
  return said;
}
