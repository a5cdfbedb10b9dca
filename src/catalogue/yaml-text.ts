/** What a YAML text of the catalogue says, read in one way for all of its files. */
import { CORE_SCHEMA, load } from 'js-yaml';
import { isAlias, parseDocument, visit } from 'yaml';
import type { Document } from 'yaml';

/** Nobody needs them here, and a few lines of them stand for a million entries, or for an entry that holds itself. */
export const aliasRefused = 'An alias (`*name`) is not taken; write out what it stands for';

/** @throws Error that says what is wrong, with its place where the parser knows one */
export function parsedYaml(text: string): unknown {
  return (mayAlias.test(text) ? undefined : quicklyRead(text)) ?? slowlyRead(text);
}

/** Where the first alias stands. */
export function aliasIn(document: Document.Parsed): number | undefined {
  let found: number | undefined;
  visit(document, (_, node) => {
    if (!isAlias(node)) return undefined;
    found = node.range?.[0] ?? 0;
    return visit.BREAK;
  });
  return found;
}

const mayAlias = /(?:^|[\s[{,:])\*[^\s*]/;

/** js-yaml takes a third of the time; `yaml` tells the mistakes, with their places. */
function quicklyRead(text: string): unknown {
  try {
    return load(text, { schema: CORE_SCHEMA });
  } catch {
    return undefined;
  }
}

function slowlyRead(text: string): unknown {
  const document = parseDocument(text);
  const [mistake] = document.errors;
  if (mistake !== undefined) throw mistake;
  if (aliasIn(document) !== undefined) throw new Error(aliasRefused);
  return document.toJS() as unknown;
}
