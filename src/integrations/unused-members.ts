/**
 * A bundler leaves out functions that nobody calls, but keeps each method of a class of which one is called, and each
 * property of a constant. The parts of the simulator can do more than any one scenario asks of them. This takes out of a
 * whole program the members that nothing in it names, neither in code nor in a text by which it could look for them.
 */
import { listOf, programOf, readOnlyConstants, visit } from './program-tree.ts';
import type { Node, Place } from './program-tree.ts';

/** What can be left out without a trace if nobody names it. */
interface Member { name: string; node: Node; /** Names that stand in it; they count once somebody names it. */ says: Set<string> }

/** What an engine calls or reads by itself. */
const protocols = ['constructor', 'then', 'next', 'return', 'throw', 'toString', 'toJSON', 'valueOf', 'handleEvent', 'name', 'message', 'cause', 'stack'];

/**
 * @param code a module together with all that it imports
 * @throws SyntaxError where it does not parse
 */
export function withoutUnusedMembers(code: string): string {
  const said = new Set(protocols);
  const unused = membersOf(programOf(code), said);
  for (let found = [...unused]; found.length > 0;) {
    found = [...unused].filter(({ name }) => said.has(name));
    for (const member of found) {
      unused.delete(member);
      for (const name of member.says) said.add(name);
    }
  }
  return without([...unused].map(({ node }) => node), code);
}

/** @param said gets the names that stand outside of all members */
function membersOf(program: Node, said: Set<string>): Set<Member> {
  const members = new Map<Node, Member>();
  const constants = readOnlyConstants(program);
  const add = (node: Node, name: string): void => void members.set(node, { name, node, says: new Set() });
  visit(program, said, (node, { parent, field, inside }, says) => {
    if (node.type === 'ClassBody') for (const member of listOf(node['body'])) if (isFree(member)) add(member, nameOf(member, node));
    const constant = constants.get(node);
    if (constant !== undefined) for (const property of listOf(node['properties'])) if (isFree(property)) add(property, `${constant}.${nameOf(property)}`);
    const isOwnName = field === 'key' && parent !== undefined && members.has(parent);
    if (!isOwnName) for (const name of namesOf(node, { parent, field, inside })) says.add(name);
    return members.get(node)?.says ?? says;
  });
  return new Set(members.values());
}

/** Names that a node says: of a property, of a constant's property, and every word of a text. */
function namesOf(node: Node, { parent, field, inside }: Place): string[] {
  if (node.type === 'PrivateIdentifier') return [privateName(node, inside)];
  if (node.type === 'Identifier' && ((field === 'property' && parent?.['computed'] === false) || (field === 'key' && parent?.['computed'] === false))) return [node['name'] as string];
  if (node.type === 'MemberExpression' && node['computed'] === false) return [`${String((node['object'] as Node)['name'])}.${String((node['property'] as Node)['name'])}`];
  const text = node.type === 'Literal' ? node['value'] : node.type === 'TemplateElement' ? (node['value'] as { cooked: string }).cooked : undefined;
  return typeof text === 'string' ? text.match(/[\w$]+/g) ?? [] : [];
}

/** A member of which nothing remains when it is gone: making it has no effect, and no expression computes its name. */
function isFree({ type, computed, value }: Node): boolean {
  return computed === false && (type === 'MethodDefinition' || (['PropertyDefinition', 'Property'].includes(type) && isPlain(value as Node | null)));
}

function isPlain(value: Node | null): boolean {
  return value === null || ['Literal', 'ArrowFunctionExpression', 'FunctionExpression'].includes(value.type) || (value.type === 'TemplateLiteral' && listOf(value['expressions']).length === 0);
}

function nameOf(member: Node, inside?: Node): string {
  const key = member['key'] as Node;
  return key.type === 'PrivateIdentifier' ? privateName(key, inside) : String(key['name'] ?? key['value']);
}

/** Private names of two classes are two names. */
function privateName(key: Node, inside: Node | undefined): string {
  return `#${key['name'] as string} in ${inside?.start}`;
}

function without(nodes: Node[], code: string): string {
  let kept = '';
  let at = 0;
  for (const { start, end } of nodes.toSorted((one, other) => one.start - other.start)) {
    if (start < at) continue;
    kept += code.slice(at, start);
    // A property of an object takes the comma after it along.
    at = end + (/^\s*,/.exec(code.slice(end, end + 50))?.[0].length ?? 0);
  }
  return kept + code.slice(at);
}
