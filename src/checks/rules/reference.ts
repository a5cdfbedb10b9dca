import { nearestWord } from '../../catalogue/nearest.ts';
import { atOffset } from '../breach.ts';
import type { ContentTree, SourcePage } from '../content-tree.ts';
import { componentsOf } from '../mdx-page.ts';
import { writtenPages } from '../page-kinds.ts';
import { hasReadableFrontmatter, listedSources } from '../sources-of.ts';
import type { Edit, Rule } from '../rule.ts';

export const reference: Rule = {
  id: 'reference',
  title: 'A reference names a source that the page lists',
  holds: 'always',
  check(tree) {
    const keys = tree.files.flatMap((file) => /^content\/data\/sources\/([^_/][^/]*)\.yaml$/.exec(file)?.[1] ?? []);
    return writtenPages(tree, 'pattern', 'problem', 'guide').filter((page) => hasReadableFrontmatter(tree, page)).flatMap((page) => {
      const listed = listedSources(tree, page);
      return componentsOf(page).filter(({ name, attributes }) => name === 'Ref' && attributes['to'] !== undefined && attributes['to'] !== '' && !listed.includes(attributes['to'])).map((ref) => {
        const key = ref.attributes['to'] ?? '';
        const { start, end } = ref.at('to');
        const exists = keys.includes(key);
        const near = exists ? undefined : nearestWord(key, listed) ?? nearestWord(key, keys);
        return atOffset(tree, page.file, start, {
          found: exists ? `"${key}", which the page does not list` : `"${key}", a source that does not exist`,
          expected: exists ? 'a key among the `sources` in the frontmatter' : `a file content/data/sources/${key}.yaml, and its key among the \`sources\` in the frontmatter`,
          nearest: near,
          mend: exists ? 'add the key to `sources`' : near === undefined ? 'write the file of the source, and add its key to `sources`' : `write ${near}`,
          fix: near !== undefined ? { file: page.file, start, end, text: near } : exists ? listing(tree, page, key) : undefined,
        });
      });
    });
  },
};

/** The key behind the others, in a list that stands on one line. */
function listing(tree: ContentTree, { file, text }: SourcePage, key: string): Edit | undefined {
  const { start, end } = tree.places(file).value('sources');
  const list = text.slice(start, end);
  if (!/^\[[^\n]*\]$/.test(list)) return undefined;
  return { file, start: end - 1, end: end - 1, text: list === '[]' ? key : `, ${key}` };
}
