/** Which pages a rule is about. */
import type { ContentTree, SourcePage } from './content-tree.ts';

type Kind = SourcePage['kind'];

/** Pages that have a text: a pattern in outline has none yet. */
export function writtenPages(tree: ContentTree, ...kinds: readonly Kind[]): SourcePage[] {
  return tree.pages.filter(({ kind, status }) => status !== 'outline' && (kinds.length === 0 || kinds.includes(kind)));
}

/** Those that call themselves complete: rules of completeness let drafts be. */
export function completePages(tree: ContentTree, ...kinds: readonly Kind[]): SourcePage[] {
  return writtenPages(tree, ...kinds).filter(({ status }) => status !== 'draft');
}
