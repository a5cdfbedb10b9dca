/** Every page that somebody wrote, with the text below its frontmatter, read when it is asked for. */
import { bodyOf, draftPages, guidePages, housePages, patternPages, problemPages } from '../catalogue/entries.ts';
import type { WrittenPage } from '../citing/twin.ts';

export async function writtenPages(): Promise<WrittenPage[]> {
  return [
    ...(await patternPages()).map(({ slug, address, data, entry }) => ({ path: address, entry: { kind: 'pattern' as const, slug, data }, get body() { return bodyOf(entry); } })),
    ...(await problemPages()).map(({ slug, address, data, entry }) => ({ path: address, entry: { kind: 'problem' as const, slug, data }, get body() { return bodyOf(entry); } })),
    ...(await guidePages()).map(({ slug, address, data, entry }) => ({ path: address, entry: { kind: 'guide' as const, slug, data }, get body() { return bodyOf(entry); } })),
    ...(await draftPages()).map(({ slug, address, data, entry }): WrittenPage => ({ path: address, entry: { kind: data.kind, slug, data } as WrittenPage['entry'], get body() { return bodyOf(entry); } })),
    ...(await housePages()).map(({ address, data, entry }) => ({ path: address, entry: { kind: 'plain' as const, data }, get body() { return bodyOf(entry); } })),
  ];
}
