/** Every page that has a card, with what its card says beside its title. */
import { guidePages, patternPages, problemPages } from '../catalogue/entries.ts';
import { categories, problemGroups } from '../catalogue/vocabulary.ts';
import { citedPage } from '../citing/cited-page.ts';
import type { CitedPage } from '../citing/cited-page.ts';
import { glyphMarkup } from '../components/glyphs.ts';
import { siteAddress } from '../components/site-address.ts';

export interface Citable { params: { kind: string; slug: string }; props: { cited: CitedPage; kicker: string; colour?: string; glyph?: string } }

export async function cardPages(): Promise<Citable[]> {
  return [
    ...(await patternPages()).map(({ slug, data }) => ({
      params: { kind: 'patterns', slug },
      props: { cited: citedPage('pattern', slug, data, siteAddress), kicker: `${categories[data.category].label} pattern`, colour: `in-${data.category}`, glyph: glyphMarkup(slug, data.category) },
    })),
    ...(await problemPages()).map(({ slug, data }) => ({ params: { kind: 'problems', slug }, props: { cited: citedPage('problem', slug, data, siteAddress), kicker: `Problem: ${problemGroups[data.group].toLowerCase()}` } })),
    ...(await guidePages()).map(({ slug, data }) => ({ params: { kind: 'guides', slug }, props: { cited: citedPage('guide', slug, data, siteAddress), kicker: 'Guide' } })),
  ];
}
