/** From what somebody calls a page to the page; who misses is told the nearest. */
import type { Catalogue, Page } from '../../src/catalogue/files.ts';
import type { Guide, Pattern, Problem } from '../../src/catalogue/schema.ts';
import { nearestWord } from '../../src/catalogue/violations.ts';
import { slugOf } from '../../src/finder/index-file.ts';

export type Kind = 'pattern' | 'problem' | 'guide';

export interface KnownPage {
  kind: Kind;
  slug: string;
  title: string;
  /** Other names, in the form of slugs. */
  names: readonly string[];
  page: Page<Pattern | Problem | Guide>;
}

export class UnknownIdError extends Error {
  override name = 'UnknownIdError';
}

export function knownPages({ patterns, problems, guides }: Catalogue): KnownPage[] {
  return [...patterns, ...problems, ...guides].map((page) => ({
    kind: page.data.kind,
    slug: page.slug,
    title: page.data.title,
    names: [page.data.title, ...(page.data.kind === 'pattern' ? page.data.alsoKnownAs : [])].map(slugOf),
    page,
  }));
}

/**
 * @param id a slug, a title, another name, or the address of a page, with or without version
 * @throws UnknownIdError with the nearest
 */
export function knownPage(pages: readonly KnownPage[], id: string, kind?: Kind): { known: KnownPage; version?: string } {
  const [, folder, slugInAddress, version] = /(?:^|\/)(patterns|problems|guides)\/([^/?#]+)(?:\/(\d+\.\d+))?(?:[/?#].*)?$/.exec(id.trim()) ?? [];
  const wanted = folder === undefined ? kind : folder.slice(0, -1) as Kind;
  const eligible = pages.filter((each) => wanted === undefined || each.kind === wanted);
  const slug = slugOf(slugInAddress ?? id);
  const known = (kind === undefined || wanted === kind ? eligible.find((each) => each.slug === slug) ?? eligible.find(({ names }) => names.includes(slug)) : undefined);
  if (known !== undefined) return { known, ...(version === undefined ? {} : { version }) };
  throw new UnknownIdError(`The catalogue has no ${kind ?? 'page'} "${id}".${hint(pages.filter((each) => kind === undefined || each.kind === kind), slug)} To search by what goes wrong, call find.`);
}

function hint(pages: readonly KnownPage[], slug: string): string {
  const near = nearestWord(slug, pages.flatMap((each) => [each.slug, ...each.names]));
  const words = slug.split('-').filter((word) => word.length > 3);
  const sharing = pages.filter((each) => words.some((word) => each.slug.includes(word) || each.names.some((name) => name.includes(word))));
  const found = [...pages.filter((each) => each.slug === near || (near !== undefined && each.names.includes(near))), ...sharing];
  const named = [...new Set(found)].slice(0, 3).map((each) => `${each.slug} (${each.title})`);
  return named.length === 0 ? '' : ` Nearest: ${named.join(', ')}.`;
}
