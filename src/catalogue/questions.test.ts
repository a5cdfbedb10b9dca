import { expect, test } from 'vitest';
import { questionViolations } from './questions.ts';
import type { NamedPattern } from './questions.ts';
import { describeViolation } from './violations.ts';

const patterns = new Map<string, NamedPattern | null>([['steady-hand', { title: 'Steady Hand', alsoKnownAs: ['level cup', 'tip'] }], ['broken-page', null]]);

test('a list of questions is right, also where a name is only part of a word', () => {
  expect(told('steady-hand', ['Why is there coffee on the floor?', 'My cup is tipping over'])).toEqual([]);
});

test('a page that is broken itself makes no second mistake', () => {
  expect(told('broken-page', ['Why is there coffee on the floor?'])).toEqual([]);
});

test('a file of no pattern is told with the nearest', () => {
  expect(told('stedy-hand', ['Why is there coffee on the floor?'])).toEqual(['content/data/questions/stedy-hand.yaml: file name: found "stedy-hand"; expected the slug of a pattern. Did you mean "steady-hand"?']);
});

test('what is no list, and a list of nothing', () => {
  expect(told('steady-hand', { questions: ['Why?'] })[0]).toMatch(/questions: found \{"questions":\["Why\?"\]\}; expected a list of questions, each a text/);
  expect(told('steady-hand', 'Why?')[0]).toMatch(/questions: found "Why\?"; expected a list/);
  expect(told('steady-hand', [])[0]).toMatch(/questions: found 0 entries; expected at least 1/);
});

test('what is no text, an empty text, a long text', () => {
  expect(told('steady-hand', [42, ' ', 'a'.repeat(301), 'a'.repeat(300)]).map((each) => each.replace(/^[^:]*: /, ''))).toEqual([
    'questions.0: found 42; expected a text; put it in quotes where YAML reads something else.',
    'questions.1: found an empty text; expected a question or complaint.',
    'questions.2: found 301 characters; expected at most 300.',
  ]);
});

test('a question that stands twice, in one file or in two', () => {
  expect(told('steady-hand', ['Where is my coffee?', 'where is  my coffee?'])[0]).toMatch(/questions\.1: .* stands once; it is content\/data\/questions\/steady-hand\.yaml: questions\.0, too/);
  const files = ['broken-page', 'steady-hand'].map((slug) => ({ file: `${slug}.yaml`, slug, raw: ['Where is my coffee?'] }));
  expect(questionViolations(files, patterns).map(({ file, key }) => `${file} ${key}`)).toEqual(['steady-hand.yaml questions.0']);
});

test('a question that names its own pattern, by title or another name', () => {
  expect(told('steady-hand', ['Do I need a steady hand?', 'What is a Level-Cup?']).map((each) => each.replace(/^[^:]*: /, ''))).toEqual([
    'questions.0: found the name "Steady Hand"; expected what a reader says before knowing the answer.',
    'questions.1: found the name "level cup"; expected what a reader says before knowing the answer.',
  ]);
});

function told(slug: string, raw: unknown): string[] {
  return questionViolations([{ file: `content/data/questions/${slug}.yaml`, slug, raw }], patterns).map(describeViolation);
}
