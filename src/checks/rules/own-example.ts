import { atOffset } from '../breach.ts';
import { componentsOf, headingsOf } from '../mdx-page.ts';
import { completePages, writtenPages } from '../page-kinds.ts';
import type { Rule } from '../rule.ts';

export const ownExample: Rule = {
  id: 'own-example',
  title: 'A pattern shows its own example, and each example is shown',
  holds: 'from review on',
  check(tree) {
    const shows = new Map(writtenPages(tree).map((page) => [page, componentsOf(page).filter(({ name }) => name === 'Snippet')]));
    const complete = completePages(tree, 'pattern');
    const homes = new Set([...shows].filter(([page, snippets]) => page.kind === 'pattern' || (page.kind === 'guide' && snippets.length > 0)).map(([{ slug }]) => slug));
    const folders = new Map(tree.files.flatMap((file) => /^src\/examples\/([^/]+)\//.exec(file)?.[1] ?? []).map((folder) => [folder, tree.files.find((file) => file.startsWith(`src/examples/${folder}/`)) ?? '']));
    return [
      ...complete.flatMap((page) => (shows.get(page) ?? []).filter(({ attributes }) => !attributes['file']?.startsWith(`${page.slug}/`)).map((component) => atOffset(tree, page.file, component.at('file').start, {
        found: `"${component.attributes['file']}", which belongs to another page`,
        expected: `a file in src/examples/${page.slug}/`,
        mend: 'show a region of the own example; link to the other page for the rest',
      }))),
      ...complete.filter((page) => shows.get(page)?.length === 0).map((page) => atOffset(tree, page.file, headingsOf(page, 2).find(({ text }) => text === 'Code')?.start ?? page.bodyStart, {
        found: 'no code',
        expected: `<Snippet file="${page.slug}/…" region="…" /> below "## Code"`,
        mend: 'show the regions of the example that carry the idea',
      })),
      ...[...folders].filter(([folder]) => !homes.has(folder)).map(([folder, file]) => ({ file, line: 1, column: 1, found: `src/examples/${folder}/, which no page shows`, expected: 'a page of a pattern, or a guide with snippets, that is called like the folder', mend: `npm run new -- ${folder} begins its page, and a draft is enough; or rename the folder` })),
    ];
  },
};
