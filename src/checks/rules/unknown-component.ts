import { nearestWord } from '../../catalogue/nearest.ts';
import { atOffset } from '../breach.ts';
import { authorsComponents } from '../components.ts';
import type { ContentTree, SourcePage } from '../content-tree.ts';
import { componentsOf, mdxOf } from '../mdx-page.ts';
import type { Component } from '../mdx-page.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Breach, Edit, Rule } from '../rule.ts';

export const unknownComponent: Rule = {
  id: 'unknown-component',
  title: 'A page uses components that exist and that it imports',
  holds: 'always',
  check(tree) {
    const known = [...authorsComponents(tree).keys()];
    return writtenPages(tree).flatMap((page) => {
      const imported = importsOf(page);
      return [
        ...imported.filter(({ from, name }) => from === '~/components' && !known.includes(name)).map(({ name, start }) => unknown(tree, page.file, name, start, known, true)),
        ...componentsOf(page).filter(({ name }) => /^[A-Z]/.test(name) && !imported.some((each) => each.local === name)).map((component) => notImported(tree, page, component, known)),
      ];
    });
  },
};

interface Import { name: string; local: string; from: string; start: number }

function importsOf(page: SourcePage): Import[] {
  return mdxOf(page).nodes.flatMap(({ node, start }) => (node.type !== 'mdxjsEsm' ? [] : [...node.value.matchAll(/import\s*(?:(\w+)|\{([^}]*)\})\s*from\s*['"]([^'"]+)['"]/g)].flatMap((line) => {
    const [whole, alone, list = '', from = ''] = line;
    if (alone !== undefined) return [{ name: 'default', local: alone, from, start: start + line.index }];
    const listAt = start + line.index + whole.indexOf('{') + 1;
    return [...list.matchAll(/(\w+)(?:\s+as\s+(\w+))?/g)].map(({ index, 1: name = '', 2: local }) => ({ name, local: local ?? name, from, start: listAt + index }));
  })));
}

function unknown(tree: ContentTree, file: string, name: string, start: number, known: readonly string[], mendHere: boolean): Breach {
  const near = nearestWord(name, known);
  return atOffset(tree, file, start, {
    found: `"${name}", a component that does not exist`,
    expected: `one of ${known.join(', ')}`,
    nearest: near,
    mend: near === undefined ? 'use one of the components on /contribute/components/, or plain Markdown' : `write ${near}`,
    fix: near === undefined || !mendHere ? undefined : { file, start, end: start + name.length, text: near },
  });
}

function notImported(tree: ContentTree, page: SourcePage, { name, start }: Component, known: readonly string[]): Breach {
  if (!known.includes(name)) return unknown(tree, page.file, name, start + 1, known, true);
  return atOffset(tree, page.file, start + 1, {
    found: `"${name}", which the page does not import`,
    expected: `${name} among the names of the import at the beginning of the page`,
    mend: "add it to the line import { … } from '~/components';",
    fix: importEdit(page, name),
  });
}

/** The name in its place in the alphabet, or a line of its own where the page imports nothing. */
function importEdit({ file, text, bodyStart }: SourcePage, name: string): Edit {
  const line = /^import \{([^}]*)\} from '~\/components';$/m.exec(text.slice(bodyStart));
  if (line === null) return { file, start: bodyStart, end: bodyStart, text: `\nimport { ${name} } from '~/components';\n` };
  const names = [...(line[1] ?? '').split(',').map((each) => each.trim()).filter((each) => each !== ''), name].sort();
  const start = bodyStart + line.index;
  return { file, start, end: start + line[0].length, text: `import { ${names.join(', ')} } from '~/components';` };
}
