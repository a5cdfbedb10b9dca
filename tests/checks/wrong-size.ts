import type { Fixture } from './fixture.ts';

const saga = 'content/docs/patterns/data/saga.mdx';
const questions = 'content/data/questions/saga.yaml';

export const fixtures: Fixture[] = [
  {
    name: 'a description that is too short, a weight that is too large, a list with one entry too few',
    plant: { [saga]: (text) => text.replace(/description: .*/, 'description: Local commits.').replace('many-services: 2', 'many-services: 3').replace(/notWhen:\n(.*\n){4}/, 'notWhen:\n').replace(/^ {2}- \{ when: A mismatch.*$/m, (last) => `${last}\n${last}`) },
    expected: [
      { file: saga, at: 'Local commits.', found: '14 characters, "Local commits."', expected: 'at least 20 characters', mend: 'bring it up to at least 20 characters' },
      { file: saga, at: '- { when: A mismatch is rare and cheap to repair, instead: Compare both sides every few minutes and repair by a script }\n  - {', found: '2 entries', expected: 'at least 3 entries' },
      { file: saga, at: '3\n  costly', found: '3', expected: 'at most 2', mend: 'bring it down to at most 2' },
    ],
  },
  {
    name: 'a question that is a story',
    plant: { [questions]: (text) => `${text}- ${'and then it was charged once more '.repeat(10)}\n` },
    expected: [{ file: questions, at: 'and then it was charged once more and then it was charged once more and then it was charged once more and then it was charged once more and then it was charged once more and then it was charged once more and then it was charged once more and then it was charged once more and then it was charged once more and then it was charged once more', found: '339 characters', expected: 'at most 300' }],
  },
];
