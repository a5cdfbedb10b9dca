import type { Fixture } from './fixture.ts';

const questions = 'content/data/questions/saga.yaml';

export const fixtures: Fixture[] = [
  {
    name: 'a question with other capitals and blanks',
    plant: { [questions]: (text) => `${text}- xa / jta in microservices,  is it dead? what instead?\n` },
    expected: [{ file: questions, at: 'xa / jta', found: '"xa / jta in microservices,  is it dead? what instead?"', expected: /^a question that stands once; it is content\/data\/questions\/saga\.yaml: questions\.\d+, too$/ }],
  },
];
