/** Where questions come from, and what a reader of a report calls it. */
export const questionSets = {
  benchmark: 'benchmark, questions of our own',
  real: 'benchmark, real questions',
  symptoms: 'symptoms of patterns',
  problems: 'symptoms of problems',
  questions: 'questions of patterns',
} as const;
export type QuestionSet = keyof typeof questionSets;
