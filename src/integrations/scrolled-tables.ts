/** A table that is wider than a phone scrolls in itself, and whoever has no pointer reaches it by its own stop. */
import { defineHastPlugin, type HastPluginDefinition } from 'satteri';

/** Sätteri calls it once per document. */
export function scrolledTables(): HastPluginDefinition {
  return defineHastPlugin({
    name: 'scrolled-tables',
    before(root, context) {
      for (const node of root.children) {
        if (node.type === 'element' && node.tagName === 'table') context.replaceNode(node, { ...node, properties: { ...node.properties, tabindex: '0' } });
      }
    },
  });
}
