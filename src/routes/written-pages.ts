/** Every page that somebody wrote, with the text below its frontmatter. */
import { draftPages, guidePages, housePages, patternPages, problemPages } from '../catalogue/entries.ts';
import type { WrittenPage } from '../citing/twin.ts';

export async function writtenPages(): Promise<WrittenPage[]> {
  return [
    ...(await patternPages()).map(({ slug, address, data, entry }) => ({ path: address, entry: { kind: 'pattern' as const, slug, data }, body: entry.body ?? '' })),
    ...(await problemPages()).map(({ slug, address, data, entry }) => ({ path: address, entry: { kind: 'problem' as const, slug, data }, body: entry.body ?? '' })),
    ...(await guidePages()).map(({ slug, address, data, entry }) => ({ path: address, entry: { kind: 'guide' as const, slug, data }, body: entry.body ?? '' })),
    ...(await draftPages()).map(({ slug, address, data, entry }): WrittenPage => ({ path: address, entry: { kind: data.kind, slug, data } as WrittenPage['entry'], body: entry.body ?? '' })),
    ...(await housePages()).map(({ address, data, entry }) => ({ path: address, entry: { kind: 'plain' as const, data }, body: entry.body ?? '' })),
  ];
}
