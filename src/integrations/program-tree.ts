/** Programs as trees, for what the build takes out of them. */
import { parseSync } from 'vite';

/** As ESTree has it. */
export interface Node { type: string; start: number; end: number; [field: string]: unknown }

/** Where a node stands. */
export interface Place { parent: Node | undefined; field: string; /** The class around it. */ inside: Node | undefined }

/** @throws SyntaxError where it does not parse */
export function programOf(code: string): Node {
  const { program, errors: [error] } = parseSync('program.js', code, { lang: 'js', sourceType: 'module' });
  if (error !== undefined) throw new SyntaxError(error.message);
  return program as unknown as Node;
}

/** @param see is told of every node with what it returned for the node around it */
export function visit<Context>(node: Node, context: Context, see: (node: Node, place: Place, context: Context) => Context, place: Place = { parent: undefined, field: '', inside: undefined }): void {
  const own = see(node, place, context);
  const inside = node.type === 'ClassBody' ? node : place.inside;
  for (const field in node) {
    const value = node[field];
    if (typeof value !== 'object' || value === null) continue;
    for (const child of Array.isArray(value) ? value : [value]) if (child?.type !== undefined) visit(child as Node, own, see, { parent: node, field, inside });
  }
}

/** Objects that a constant of the program names for good, and of which it only ever reads properties by their names. */
export function readOnlyConstants(program: Node): Map<Node, string> {
  const constants = new Map<Node, string>();
  const otherwise = new Set<string>();
  visit(program, new Set<unknown>(), (node, { parent, field }, parameters) => {
    if (node.type === 'VariableDeclaration' && node['kind'] === 'const' && parent === program) for (const { id, init } of listOf(node['declarations'])) if ((init as Node | null)?.type === 'ObjectExpression') constants.set(init as Node, (id as Node)['name'] as string);
    const isRead = parent?.type === 'MemberExpression' && (field === 'object' || field === 'property') && parent['computed'] === false;
    const isName = (field === 'id' && parent?.type === 'VariableDeclarator') || (field === 'key' && parent?.['computed'] === false);
    if (node.type === 'Identifier' && !isRead && !isName && !parameters.has(node['name'])) otherwise.add(node['name'] as string);
    // Whoever writes a property or deletes it has more in mind than reading.
    const target = (node.type === 'AssignmentExpression' ? node['left'] : node.type === 'UpdateExpression' || node['operator'] === 'delete' ? node['argument'] : undefined) as Node | undefined;
    if (target?.type === 'MemberExpression') otherwise.add(String((target['object'] as Node)['name']));
    return node.type.includes('Function') ? new Set([...parameters, ...listOf(node['params']).flatMap(boundBy)]) : parameters;
  });
  return new Map([...constants].filter(([, name]) => !otherwise.has(name)));
}

/** Names that a parameter gives to what comes in. */
function boundBy(pattern: Node): unknown[] {
  if (pattern.type === 'Identifier') return [pattern['name']];
  const parts = [pattern['left'], pattern['argument'], pattern.type === 'Property' ? pattern['value'] : undefined, pattern['properties'], pattern['elements']];
  return parts.flat().filter((part) => part !== null && part !== undefined).flatMap((part) => boundBy(part as Node));
}

/** For a field that holds several nodes. */
export function listOf(nodes: unknown): Node[] {
  return nodes as Node[];
}
