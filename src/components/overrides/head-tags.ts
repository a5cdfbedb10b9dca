/** Tags of a page for other programs, beside those that Starlight writes. */
import type { StarlightRouteData } from '@astrojs/starlight/route-data';
import { guidePages, isUnlisted, knownPatterns, patternPages, problemsAnsweredBy, successorOf } from '../../catalogue/entries.ts';
import type { Guide, Pattern, Problem, Published } from '../../catalogue/schema.ts';
import { categories, isPublished } from '../../catalogue/vocabulary.ts';
import { filePathOf, underBase } from '../../citing/addresses.ts';
import { atlas } from '../../citing/authorship.ts';
import { citedPage } from '../../citing/cited-page.ts';
import { longDay } from '../../citing/day.ts';
import { metaTags } from '../../citing/meta-tags.ts';
import { previewHeight, previewWidth } from '../../citing/preview-size.ts';
import { structuredData } from '../../citing/structured-data.ts';
import type { DescribedPage } from '../../citing/structured-data.ts';
import { siteAddress } from '../site-address.ts';
import { statusLabels } from './status-labels.ts';

type HeadTag = StarlightRouteData['head'][number];
type Cited = Published<Pattern | Problem | Guide>;

const lists: Record<string, string> = { compare: 'Compare patterns', patterns: 'Patterns', problems: 'Problems', guides: 'Guides' };

/** @param path of the page, such as `/patterns/saga/` */
export async function headTags({ head, entry: { data } }: StarlightRouteData, path: string): Promise<HeadTag[]> {
  const kept = head.filter(({ attrs }) => attrs?.['name'] !== 'generator' && attrs?.['property'] !== 'og:type');
  const cited = 'status' in data && isPublished(data) ? data as Cited : undefined;
  const unlisted = await isUnlisted(path);
  const slug = path.split('/').at(-2) ?? '';
  const own = cited === undefined ? [] : metaTags(citedPage(cited.kind, slug, cited, siteAddress), [await answers(cited, slug), ['Status', `${statusLabels[cited.status]} ${longDay(cited.reviewed)}, version ${cited.changes[0]?.version}`]]);
  const picture = path === '/map/' || isPair(path) ? `${path}preview.png` : cited === undefined ? '/preview.png' : filePathOf(cited.kind, slug, 'preview.png');
  return [
    ...kept,
    ...[
      { property: 'og:type', content: cited === undefined ? 'website' : 'article' },
      { property: 'og:image', content: absolute(picture) },
      { property: 'og:image:width', content: String(previewWidth) },
      { property: 'og:image:height', content: String(previewHeight) },
      { property: 'og:image:alt', content: `${data.title} (${atlas})` },
      ...own,
      ...(unlisted ? [{ name: 'robots', content: 'noindex' }] : []),
    ].map((attrs): HeadTag => ({ tag: 'meta', attrs })),
    // A page that is not to be found needs no description for search engines.
    ...(!unlisted && head.some(({ attrs }) => attrs?.['rel'] === 'canonical' && attrs['href'] === `${siteAddress}${path.slice(1)}`) ? [await described(path, data, cited, absolute(picture))] : []),
  ];
}

/** Two alternatives side by side have a picture that names them. */
function isPair(path: string): boolean {
  return /^\/compare\/./.test(path);
}

/** What the page is good for, in a chat. */
async function answers(data: Cited, slug: string): Promise<[label: string, data: string]> {
  const successor = await successorOf(data);
  if (successor !== undefined) return ['Superseded by', successor.title];
  const titles = new Map((await knownPatterns()).map((pattern) => [pattern.slug, pattern.data.title]));
  const named = (slugs: readonly (string | undefined)[]): string => [...new Set(slugs.flatMap((each) => titles.get(each ?? '') ?? []))].join(', ');
  if (data.kind === 'problem') return ['Candidates', named(data.candidates.map(({ pattern }) => pattern))];
  if (data.kind === 'guide') return ['Leads through', named(data.patterns)];
  return ['Solves', (await problemsAnsweredBy(slug)).slice(0, mostSolved).map((problem) => problem.data.title).join(' · ')];
}

/** Chats cut off what is longer. */
const mostSolved = 3;

async function described(path: string, { title, description = '' }: { title: string; description?: string | undefined }, cited: Cited | undefined, image: string): Promise<HeadTag> {
  const versions = cited === undefined ? {} : { versions: { version: cited.changes[0]?.version ?? '', published: cited.changes.at(-1)?.date ?? '', modified: cited.changes[0]?.date ?? '' } };
  const page: DescribedPage = { title, description, address: absolute(path), home: siteAddress, image, trail: await trailTo(path, title), ...versions };
  return { tag: 'script', attrs: { type: 'application/ld+json' }, content: structuredData(page) };
}

/** From the first page through the list, the category and, for its code, the page it belongs to. */
async function trailTo(path: string, title: string): Promise<{ title: string; address: string }[]> {
  const [, folder = '', slug = ''] = path.split('/');
  const above = [{ title: atlas, path: '/' }];
  if (folder === 'categories' || (folder in lists && slug !== '')) {
    const list = folder in lists ? folder : 'patterns';
    above.push({ title: lists[list] ?? '', path: `/${list}/` });
  }
  const pattern = folder === 'patterns' ? (await patternPages()).find((page) => page.slug === slug) : undefined;
  if (pattern !== undefined) above.push({ title: categories[pattern.data.category].label, path: `/categories/${pattern.data.category}/` });
  const home = pattern ?? (folder === 'guides' ? (await guidePages()).find((page) => page.slug === slug) : undefined);
  if (home !== undefined && home.address !== path) above.push({ title: home.data.title, path: home.address });
  return [...above, { title, path }].map((step) => ({ title: step.title, address: absolute(step.path) }));
}

function absolute(path: string): string {
  return underBase(siteAddress, path);
}
