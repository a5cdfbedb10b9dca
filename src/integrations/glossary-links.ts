/** Makes the first use of a term on a page lead to the glossary. Kept versions and twins are made elsewhere, and stay as they are. */
import { defineMdastPlugin } from 'satteri';
import type { MdastNode, MdastPluginDefinition } from 'satteri';
import { readGlossary } from '../catalogue/glossary.ts';
import { termLinks } from '../catalogue/term-links.ts';

/** Sätteri calls it once per document. */
export function glossaryLinks(): MdastPluginDefinition {
  return defineMdastPlugin({
    name: 'glossary-links',
    before(root, context) {
      const [, slug] = /\/content\/docs\/(?:patterns|problems|guides)\/(?:[^/]+\/)?([^/]+)\.mdx$/.exec(context.fileURL?.pathname ?? '') ?? [];
      if (slug === undefined) return;
      const links = termLinks(root as MdastNode, slug, readGlossary());
      for (const node of new Set(links.map((link) => link.node))) {
        if (node.type !== 'text') continue;
        const parts: MdastNode[] = [];
        let end = 0;
        for (const link of links.filter((each) => each.node === node)) {
          parts.push(text(node.value.slice(end, link.start)), { type: 'link', url: `/glossary/#${link.id}`, children: [text(node.value.slice(link.start, link.end))] } as MdastNode);
          end = link.end;
        }
        context.replaceNode(node, [...parts, text(node.value.slice(end))].filter((part) => part.type !== 'text' || part.value !== ''));
      }
    },
  });
}

function text(value: string): Extract<MdastNode, { type: 'text' }> {
  return { type: 'text', value };
}
