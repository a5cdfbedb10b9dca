/** A breach from the place where it stands. */
import type { ContentTree } from './content-tree.ts';
import type { Breach, Said } from './rule.ts';

/** @param offset in the text as the tree reads it */
export function atOffset(tree: ContentTree, file: string, offset: number, said: Said): Breach {
  return { file, ...tree.placeAt(file, offset), ...said };
}

/** @param key in the frontmatter, such as `relations.0.to`; where it is missing, the nearest key above it */
export function atKey(tree: ContentTree, file: string, key: string, said: Said): Breach {
  return atOffset(tree, file, tree.places(file).key(key).start, said);
}

/** At what stands behind a key. */
export function atValue(tree: ContentTree, file: string, key: string, said: Said): Breach {
  return atOffset(tree, file, tree.places(file).value(key).start, said);
}
