import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const page = 'content/docs/contribute/for-programs.mdx';
const withCode = (code: string): ((text: string) => string) => replaced('## News\n', `## News\n\n\`\`\`ts\n${code}\n\`\`\`\n`);

export const fixtures: Fixture[] = [
  {
    name: 'a type that does not fit, with its line',
    plant: { [page]: withCode("const seats = 20;\nconst taken: number = 'many';") },
    expected: [{ file: page, at: "taken: number = 'many'", found: "type 'string' is not assignable to type 'number'", expected: 'code that compiles as in an example (line 2 of it)' }],
  },
  {
    name: 'a name that nobody knows',
    plant: { [page]: withCode('limit.admit();') },
    expected: [{ file: page, at: 'limit.admit', found: "cannot find name 'limit'" }],
  },
  {
    name: 'an excerpt whose brackets do not match',
    plant: { [page]: withCode('const limit = { …\n];') },
    expected: [{ file: page, at: '];\n```', found: /expected/ }],
  },
  {
    name: 'an import as an example has it, and an excerpt',
    plant: { [page]: (text) => withCode("import type { Clock } from '../clock.ts';\n\nexport const later = (clock: Clock): Clock => clock;")(withCode('export function stage({ record }) { … }')(text)) },
    expected: [],
  },
];
