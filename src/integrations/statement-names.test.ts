import { expect, test } from 'vitest';
import { withStatementNames } from './statement-names.ts';

const statements = 'const statements = { claim: `insert into keys`, read: `select 1` };';

test('a statement that is asked for and answered gets a name', () => {
  for (const ask of ['await transaction.query(statements.claim, [1])', 'query(statements.claim)', 'text === statements.claim, x.query(statements.claim, [])']) {
    expect(withStatementNames(`${statements} ${ask}; y({ [statements.claim]: () => [] });`), ask).toBe(`const statements = { claim: "statements.claim", read: \`select 1\` }; ${ask}; y({ [statements.claim]: () => [] });`);
  }
});

test('two constants give two names', () => {
  const code = withStatementNames('const a = { run: `1` }; const b = { run: `2` }; query(a.run); query(b.run); y({ [a.run]: 1, [b.run]: 2 });');
  expect(code).toContain('const a = { run: "a.run" }; const b = { run: "b.run" };');
});

test('a text stays where somebody may read it, where nobody answers, and where it is more than a text', () => {
  for (const use of ['say(statements.claim)', 'statements.claim.length', 'text.includes(statements.claim)', 'y(statements)', 'run(statements.claim, [])', 'query([], statements.claim)']) {
    expect(withStatementNames(`${statements} query(statements.claim); y({ [statements.claim]: 1 }); ${use};`), use).toContain('insert into keys');
  }
  expect(withStatementNames(`${statements} query(statements.claim);`)).toContain('insert into keys');
  expect(withStatementNames('const statements = { claim: `a ${x}` }; query(statements.claim); y({ [statements.claim]: 1 });')).toContain('a ${x}');
});
