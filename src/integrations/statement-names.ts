/**
 * In a worker no server reads the text of a statement: the simulated database only recognises it. So a worker can do
 * without the text. This gives a name instead to each statement of which a program does nothing but ask for it, as
 * `query(statements.claim, …)`, compare it, and say what it does, as `{ [statements.claim]: … }`. Tests hold what it does against PostgreSQL.
 */
import { listOf, programOf, readOnlyConstants, visit } from './program-tree.ts';
import type { Node } from './program-tree.ts';

/** @throws SyntaxError where it does not parse */
export function withStatementNames(code: string): string {
  const program = programOf(code);
  const constants = readOnlyConstants(program);
  // By constant and property.
  const asked = new Set<string>();
  const answered = new Set<string>();
  const otherwise = new Set<string>();
  visit(program, undefined, (node, { parent, field }) => {
    if (node.type !== 'MemberExpression' || node['computed'] === true) return;
    const name = `${String((node['object'] as Node)['name'])}.${String((node['property'] as Node)['name'])}`;
    if (parent !== undefined && isQuery(parent, node)) asked.add(name);
    else if (parent?.type === 'Property' && field === 'key') answered.add(name);
    else if (parent?.['operator'] !== '===') otherwise.add(name);
  });
  const texts: { node: Node; name: string }[] = [];
  for (const [object, constant] of constants) {
    for (const property of listOf(object['properties'])) {
      const name = `${constant}.${String((property['key'] as Node | undefined)?.['name'])}`;
      const value = property['value'] as Node | undefined;
      if (value?.type === 'TemplateLiteral' && listOf(value['expressions']).length === 0 && asked.has(name) && answered.has(name) && !otherwise.has(name)) texts.push({ node: value, name });
    }
  }
  return texts.toSorted((one, other) => other.node.start - one.node.start).reduce((rest, { node, name }) => `${rest.slice(0, node.start)}${JSON.stringify(name)}${rest.slice(node.end)}`, code);
}

/** `query(node, …)`, of anything. */
function isQuery(call: Node, node: Node): boolean {
  const callee = call['callee'] as Node | undefined;
  const name = callee?.type === 'MemberExpression' && callee['computed'] === false ? callee['property'] as Node : callee;
  return call.type === 'CallExpression' && listOf(call['arguments'])[0] === node && name?.['name'] === 'query';
}
