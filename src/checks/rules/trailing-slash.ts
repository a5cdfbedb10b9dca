import { addressesOf } from '../addresses.ts';
import { atOffset } from '../breach.ts';
import { isInside, linksOf } from '../links.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Rule } from '../rule.ts';

export const trailingSlash: Rule = {
  id: 'trailing-slash',
  title: 'The address of a page ends with a slash',
  holds: 'always',
  inThread: true,
  async check(tree) {
    const addresses = await addressesOf(tree);
    return writtenPages(tree).flatMap((page) => linksOf(page).filter(isInside).flatMap(({ url, start }) => {
      const [, path = '', rest = ''] = /^([^?#]*)(.*)$/.exec(url) ?? [];
      if (!path.startsWith('/') || addresses.has(path) || !addresses.has(`${path}/`)) return [];
      return [atOffset(tree, page.file, start, {
        found: `"${url}"`,
        expected: `"${path}/${rest}"`,
        mend: 'put a slash behind the address of the page',
        fix: { file: page.file, start: start + path.length, end: start + path.length, text: '/' },
      })];
    }));
  },
};
