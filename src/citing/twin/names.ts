/** Patterns, problems and guides by name, as links with their host. */
import { isPublished } from '../../catalogue/vocabulary.ts';
import { pathOf } from '../addresses.ts';
import { link, plainLine } from '../markdown.ts';
import type { Atlas } from './atlas.ts';

/** A link where the pattern has a page that somebody reviewed, words where it has none yet; other words than its title keep it in brackets. */
export function patternName({ patterns, absolute }: Atlas, slug: string, words?: string): string {
  const data = patterns.find((known) => known.slug === slug)?.data;
  const title = data?.title ?? slug;
  if (data !== undefined && isPublished(data)) return `${link(words ?? title, absolute(pathOf('pattern', slug)))}${data.status === 'superseded' ? ' (superseded)' : ''}`;
  return plainLine(words === undefined || words.toLowerCase().includes(title.toLowerCase()) ? words ?? title : `${words} (${title})`);
}

export function problemName({ absolute }: Atlas, { slug, data }: Atlas['problems'][number]): string {
  return link(data.title, absolute(pathOf('problem', slug)));
}

export function guideName({ absolute }: Atlas, { slug, data }: Atlas['guides'][number]): string {
  return link(data.title, absolute(pathOf('guide', slug)));
}
