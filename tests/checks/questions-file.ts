import type { Fixture } from './fixture.ts';

const questions = 'content/data/questions/saga.yaml';

export const fixtures: Fixture[] = [
  {
    name: 'a file of no pattern',
    plant: { 'content/data/questions/sagas.yaml': '- My order is half done, what now?\n' },
    expected: [{ file: 'content/data/questions/sagas.yaml', line: 1, column: 1, found: '"sagas"', expected: 'the slug of a pattern', nearest: 'saga' }],
  },
  {
    name: 'a question that YAML takes for something else, and an empty one',
    plant: { [questions]: (text) => `${text}- error: what now?\n- ""\n` },
    expected: [
      { file: questions, at: 'error: what now?', found: '{"error":"what now?"}', mend: 'write one question a line behind `- `, in quotes where it holds a colon' },
      { file: questions, at: '""\n', found: 'an empty text' },
    ],
  },
  {
    name: 'a file that is no list',
    plant: { [questions]: 'My order is half done.\n' },
    expected: [{ file: questions, line: 1, column: 1, found: '"My order is half done."', expected: 'a list of questions, each a text' }],
  },
];
