/** RSS of new and changed pages. No date but those of the changes: two builds are the same. */
import rss from '@astrojs/rss';
import type { APIRoute } from 'astro';
import { guidePages, patternPages, problemPages } from '../catalogue/entries.ts';
import { changesOf } from '../citing/changes.ts';
import { atlas } from './atlas.ts';

export const GET: APIRoute = async () => {
  const { absolute } = await atlas();
  return rss({
    title: 'Pattern Atlas: changes',
    description: 'New and changed pages of a catalogue of microservice design patterns that starts from what goes wrong.',
    site: absolute('/'),
    xmlns: { atom: 'http://www.w3.org/2005/Atom' },
    customData: `<language>en-GB</language><atom:link href="${absolute('/changes.xml')}" rel="self" type="application/rss+xml"/>`,
    items: changesOf({ pattern: await patternPages(), problem: await problemPages(), guide: await guidePages() }).map(({ kind, title, description, version, date, what, path }) => ({
      title: `${title} ${version}`,
      description: `${what} ${description}`,
      link: absolute(path),
      pubDate: new Date(date),
      categories: [kind],
    })),
  });
};
