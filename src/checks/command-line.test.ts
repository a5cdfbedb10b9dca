import { describe, expect, test } from 'vitest';
import { asked, chosenFiles, chosenRules } from './command-line.ts';
import { ContentTree } from './content-tree.ts';
import { rules } from './rules.ts';

const tree = new ContentTree(process.cwd());
const saga = 'content/docs/patterns/data/saga.mdx';

describe('options', () => {
  test('each may stand anywhere', () => {
    expect(asked(['--fix', saga, '--rule', 'a', '--rule=b', '--json'])).toEqual({ fix: true, json: true, github: false, list: false, help: false, rules: ['a', 'b'], paths: [saga] });
  });

  test.each([
    [['--fx'], 'there is no option "--fx". Did you mean "--fix"?'],
    [['-x'], 'there is no option "-x".'],
    [['--rule'], '--rule takes the id of a rule'],
    [['--rule', '--json'], '--rule takes the id of a rule'],
    [['--fix=yes'], '--fix takes no value'],
  ])('%j is told', (args, message) => {
    expect(() => asked(args)).toThrow(message);
  });
});

test('a rule that does not exist is told with the nearest', () => {
  expect(chosenRules([], rules)).toBe(rules);
  expect(chosenRules(['unanswered-pattern'], rules).map(({ id }) => id)).toEqual(['unanswered-pattern']);
  expect(() => chosenRules(['unanswerd-pattern'], rules)).toThrow('there is no rule "unanswerd-pattern". Did you mean "unanswered-pattern"?');
  expect(() => chosenRules(['x'], rules)).toThrow('--list shows them');
});

describe('files', () => {
  test('are those below the paths, whoever wrote the separators', () => {
    for (const path of [saga, 'content/docs/patterns/', `${process.cwd()}/${saga}`, 'content\\docs\\patterns\\data\\saga.mdx', '.', `./${saga}`]) expect(chosenFiles([path], tree, process.cwd())(saga), path).toBe(true);
    expect(chosenFiles(['content/docs/guides', 'src'], tree, process.cwd())(saga)).toBe(false);
    expect(chosenFiles([], tree, process.cwd())(saga)).toBe(true);
    expect(chosenFiles(['content/docs/patterns/data'], tree, process.cwd())(saga)).toBe(true);
  });

  test('are looked for from the folder where the command was typed', () => {
    expect(chosenFiles(['saga.mdx'], tree, `${process.cwd()}/content/docs/patterns/data`)(saga)).toBe(true);
  });

  test('that are not there are told with the nearest', () => {
    expect(() => chosenFiles(['content/docs/patterns/data/sga.mdx'], tree, process.cwd())).toThrow(`there is nothing to check at "content/docs/patterns/data/sga.mdx". Did you mean "${saga}"?`);
    expect(() => chosenFiles(['saga'], tree, process.cwd())).toThrow(/Did you mean "content\/.*saga/);
    expect(() => chosenFiles(['../elsewhere.mdx'], tree, process.cwd())).toThrow('there is nothing to check');
  });
});
