import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const programs = 'content/docs/contribute/for-programs.mdx';

export const fixtures: Fixture[] = [
  {
    name: 'elements of HTML, and what they bring along',
    plant: { [saga]: replaced('The dangerous moment is', 'The <b>dangerous</b> moment <span style="color: red" onclick="x()">is</span>') },
    expected: [
      { file: saga, at: '<b>', found: '"<b>", an element of HTML', mend: 'write **words**' },
      { file: saga, at: '<span', found: '"<span>", an element of HTML' },
      { file: saga, at: 'color: red', found: '"style" on <span>' },
      { file: saga, at: 'x()', found: '"onclick" on <span>' },
    ],
  },
  {
    name: 'a script in a page of the house; elements are allowed there',
    plant: { [programs]: replaced('## News\n', '## News\n\n<script src="/x.js"></script>\n\n<details><summary>More</summary></details>\n') },
    expected: [{ file: programs, at: '<script', found: '"<script>", an element of HTML' }],
  },
  {
    name: 'HTML that is shown as code',
    plant: { [saga]: replaced('The dangerous moment is', 'The `<b>` moment is') },
    expected: [],
  },
];
