/** Every page that has versions, as it is cited. */
import { guidePages, patternPages, problemPages } from '../catalogue/entries.ts';
import { citedPage } from '../citing/cited-page.ts';
import type { CitedPage } from '../citing/cited-page.ts';
import { siteAddress } from '../components/site-address.ts';

export async function citedPages(): Promise<CitedPage[]> {
  return [
    ...(await patternPages()).map(({ slug, data }) => citedPage('pattern', slug, data, siteAddress)),
    ...(await problemPages()).map(({ slug, data }) => citedPage('problem', slug, data, siteAddress)),
    ...(await guidePages()).map(({ slug, data }) => citedPage('guide', slug, data, siteAddress)),
  ];
}
