/** A mistake that is planted in a copy of real files, and what its rule says to it. */
import type { Breach } from '../../src/checks/rule.ts';

export interface Fixture {
  /** What is wrong, in a few words. */
  name: string;
  /** Each file with its change; a text makes a new file, undefined takes one out. A change that changes nothing is a mistake of the fixture. */
  plant: Readonly<Record<string, Change>>;
  /** All that the rule says, in the order of file and place. None: a case to which it is silent. */
  expected: readonly Expected[];
  /** What `--fix` makes of it: the text of each file that it changes, as a change of the real one; the rule is silent then. */
  mended?: Readonly<Record<string, Change>>;
}

export type Change = string | undefined | ((text: string) => string);

/** `at`: the text at the place of the breach, which is looked up in the planted file, with enough of what follows to be the only such place. */
export type Expected = { file: string } & ({ at: string } | { line: number; column: number }) & Partial<Record<'expected' | 'mend', string | RegExp>> & { found: string | RegExp; nearest?: Breach['nearest'] };

/** The first place alone. @throws when there is none */
export function replaced(from: string, to: string): (text: string) => string {
  return (text) => {
    if (!text.includes(from)) throw new Error(`the fixture looks for ${JSON.stringify(from)}, which is not there`);
    return text.replace(from, () => to);
  };
}

/** The same text as it stands in the real file. */
export function unchanged(text: string): string {
  return text;
}
