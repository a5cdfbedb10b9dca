import { nearestWord } from '../../catalogue/nearest.ts';
import { atOffset } from '../breach.ts';
import { componentsOf } from '../mdx-page.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Rule } from '../rule.ts';

/** Components that bring a part of an example to life, and the file that makes it one. */
const parts: Record<string, string> = { Simulator: 'scenario.ts', PostgresLab: 'lab.ts' };

export const exampleParts: Rule = {
  id: 'example-parts',
  title: 'A simulator names an example that has a scenario',
  holds: 'always',
  check(tree) {
    return writtenPages(tree).flatMap((page) => componentsOf(page).flatMap((component) => {
      const [part, example] = [parts[component.name], component.attributes['example']];
      if (part === undefined || example === undefined || example === '') return [];
      const known = tree.files.flatMap((file) => (file.startsWith('src/examples/') && file.endsWith(`/${part}`) ? file.split('/')[2] ?? [] : []));
      if (known.includes(example)) return [];
      const near = nearestWord(example, known);
      const { start, end } = component.at('example');
      return [atOffset(tree, page.file, start, {
        found: `"${example}", an example without ${part}`,
        expected: `one of ${known.join(', ')}`,
        nearest: near,
        mend: near === undefined ? `write src/examples/${example}/${part}, or take <${component.name}> out` : `write ${near}`,
        fix: near === undefined ? undefined : { file: page.file, start, end, text: near },
      })];
    }));
  },
};
