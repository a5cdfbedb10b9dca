import { nearestWord } from '../../catalogue/nearest.ts';
import { atOffset } from '../breach.ts';
import type { ContentTree, SourcePage } from '../content-tree.ts';
import { cutRegion } from '../../components/regions.ts';
import { componentsOf } from '../mdx-page.ts';
import type { Component } from '../mdx-page.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Breach, Rule } from '../rule.ts';

export const snippet: Rule = {
  id: 'snippet',
  title: 'A snippet names a file and a region that exist',
  holds: 'always',
  check(tree) {
    return writtenPages(tree).flatMap((page) => componentsOf(page).filter(({ name, attributes }) => name === 'Snippet' && attributes['file'] !== undefined && attributes['file'] !== '').flatMap((component) => breaches(tree, page, component)));
  },
};

function breaches(tree: ContentTree, page: SourcePage, component: Component): Breach[] {
  const name = component.attributes['file'] ?? '';
  const file = `src/examples/${name}`;
  if (tree.has(file) && tree.files.includes(file)) return regionBreaches(tree, page, component, file);
  const folder = name.includes('/') ? `${name.split('/')[0]}/` : `${page.slug}/`;
  const examples = tree.files.filter((each) => /^src\/examples\/[^/]+\/.*\.ts$/.test(each)).map((each) => each.slice('src/examples/'.length));
  const own = examples.filter((each) => each.startsWith(folder));
  return [unknown(tree, page, component.at('file'), `"${name}", a file that does not exist`, own.length > 0 ? own : [`a path below src/examples, such as ${page.slug}/${page.slug}.ts`], nearestWord(name, own) ?? nearestWord(name, examples), 'the path of a file below src/examples')];
}

function regionBreaches(tree: ContentTree, page: SourcePage, component: Component, file: string): Breach[] {
  const region = component.attributes['region'];
  const text = tree.read(file);
  const known = [...text.matchAll(/^\s*\/\/ #region (.+?)\s*$/gm)].map(([, name = '']) => name);
  if (region === '' || (region !== undefined && !known.includes(region))) {
    return [unknown(tree, page, component.at('region'), `"${region}", a region that ${file} does not have`, known.length > 0 ? known : ['no region, since the file has none'], nearestWord(region, known), `"// #region ${region || 'name'}" and "// #endregion ${region || 'name'}" around the lines in ${file}`)];
  }
  try {
    return cutRegion(file.slice('src/examples/'.length), text, region).trim() === '' ? [atOffset(tree, page.file, component.start, { found: 'a snippet without a line of code', expected: 'at least one line', mend: `put the lines between the marks of the region in ${file}` })] : [];
  } catch {
    const at = text.search(new RegExp(`^[ \\t]*// #region ${region ?? ''}\\s*$`, 'm'));
    return [atOffset(tree, file, at + (/^[ \t]*/.exec(text.slice(at))?.[0].length ?? 0), { found: `"// #region ${region}", which nothing closes`, expected: `"// #endregion ${region}" below it`, mend: 'add the line that closes the region' })];
  }
}

function unknown(tree: ContentTree, page: SourcePage, { start, end }: { start: number; end: number }, found: string, known: readonly string[], near: string | undefined, otherwise: string): Breach {
  return atOffset(tree, page.file, start, {
    found,
    expected: known.length === 1 ? known[0] ?? '' : `one of ${known.join(', ')}`,
    nearest: near,
    mend: near === undefined ? `write ${otherwise}` : `write ${near}`,
    fix: near === undefined ? undefined : { file: page.file, start, end, text: near },
  });
}
