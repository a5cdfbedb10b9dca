/** What a reader may have meant who came to an address that leads nowhere. */
import { editDistance } from '../catalogue/nearest.ts';

/** Address below the site, title, and the versions that have an address of their own, newest first. */
export type ListedPage = readonly [path: string, title: string, ...versions: string[]];

export interface Nearest {
  /** The page is there, but not this version of it. */
  version?: { asked: string; page: ListedPage };
  /** Best first, at most three. */
  pages: readonly ListedPage[];
}

const most = 3;

export function nearestPages(path: string, listed: readonly ListedPage[]): Nearest {
  const asked = decoded(path).toLowerCase().replace(/\/?(index\.(html|md))?$/, '/');
  const above = listed.filter(([own]) => own !== '/' && asked.startsWith(own)).sort(([a], [b]) => b.length - a.length)[0];
  const [, version] = above === undefined ? [] : /^v?(\d[\d.]*)\/$/.exec(asked.slice(above[0].length)) ?? [];
  if (above !== undefined && above.length > 2 && version !== undefined) return { version: { asked: version, page: above }, pages: [] };
  const scored = listed.map((page) => ({ page, score: likeness(asked, page) })).filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
  const found = scored.map(({ page }) => page).filter((page) => page !== above).slice(0, most);
  // Something below a page that is there: a part of it that never was.
  return { pages: above !== undefined && above[0].split('/').length > 3 ? [above] : found };
}

/** 0 for what nobody meant; a slip of the pen comes before words in common. */
function likeness(asked: string, [path, title]: ListedPage): number {
  const [slug = '', wanted = ''] = [lastOf(path), lastOf(asked.replace(/\.[a-z]+\/$/, '/'))];
  if (slug === '' || wanted === '') return 0;
  const sameFolder = path.split('/')[1] === asked.split('/')[1] ? 0.1 : 0;
  const distance = editDistance(wanted, slug);
  if (distance <= Math.max(2, Math.floor(wanted.length / 4)) && distance < wanted.length) return 2 - distance / wanted.length + sameFolder;
  const words = wanted.split(/[^\p{L}\d]+/u).filter((word) => word.length > 2);
  const own = `${slug}-${title.toLowerCase()}`.split(/[^\p{L}\d]+/u);
  const shared = words.filter((word) => own.some((each) => each.startsWith(word))).length / Math.max(1, words.length);
  return shared < 0.5 ? 0 : shared - own.length / 1000 + sameFolder;
}

function lastOf(path: string): string {
  return path.split('/').filter((part) => part !== '').at(-1) ?? '';
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
