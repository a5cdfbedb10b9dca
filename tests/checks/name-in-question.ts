import type { Fixture } from './fixture.ts';

const questions = 'content/data/questions/saga.yaml';

export const fixtures: Fixture[] = [
  {
    name: 'somebody who knows the name already',
    plant: { [questions]: (text) => `${text}- How do I write a saga?\n` },
    expected: [{ file: questions, at: 'How do I write a saga?', found: 'the name "Saga"', mend: 'say it as somebody would who has never heard the name' }],
  },
];
