import { parseRedirects, redirected, redirectsFile } from '../../catalogue/redirects.ts';
import { atOffset } from '../breach.ts';
import type { ContentTree, SourcePage } from '../content-tree.ts';
import type { Breach, Rule } from '../rule.ts';

const ledger = 'content/data/addresses.txt';
const folders: Record<SourcePage['kind'], string> = { pattern: '/patterns/', problem: '/problems/', guide: '/guides/', house: '/contribute/' };

/** Pages alone; places on them are known only when the site is built, and tests/site holds them. */
export const lostAddress: Rule = {
  id: 'lost-address',
  title: 'No address of a page is lost',
  holds: 'always',
  check(tree) {
    const there = new Set(tree.pages.filter(({ status }) => status !== 'outline').map(addressOf));
    const redirects = tree.has(redirectsFile) ? parseRedirects(tree.read(redirectsFile)).redirects : [];
    return pagesIn(tree).flatMap(({ address, offset }): Breach[] => {
      if (there.has(address)) return [];
      const target = redirected(address, redirects);
      if (target === undefined) return [atOffset(tree, ledger, offset, { found: `"${address}", which was given out and leads nowhere now`, expected: `its page, or a line in ${redirectsFile}`, mend: `say where its readers shall go: \`- { from: ${address}, to: /…/, since: <today> }\`` })];
      const [page = ''] = target.split('#');
      return there.has(page) || !isPage(page) ? [] : [atOffset(tree, ledger, offset, { found: `"${address}", which leads on to "${target}", where nothing is`, expected: 'the address of a page', mend: `lead it to a page that is there, in ${redirectsFile}` })];
    });
  },
};

function pagesIn(tree: ContentTree): { address: string; offset: number }[] {
  if (!tree.has(ledger)) return [];
  return [...tree.read(ledger).matchAll(/^\/.*\/$/gm)].flatMap(({ 0: address, index }) => (isPage(address) ? [{ address, offset: index }] : []));
}

/** One of a file in content/docs, neither a list nor what stands below a page. */
function isPage(address: string): boolean {
  return /^\/(patterns|problems|guides)\/[^/]+\/$|^\/contribute\/(?:[^/]+\/)+$/.test(address);
}

function addressOf({ file, slug, kind }: SourcePage): string {
  if (kind !== 'house') return `${folders[kind]}${slug}/`;
  return `/${file.slice('content/docs/'.length, -'.mdx'.length).replace(/(^|\/)index$/, '$1')}/`.replaceAll('//', '/');
}
