/** Gives headings and claims their ids as the site does. */
import { satteriHeadingIdsPlugin } from '@astrojs/markdown-satteri';
import { defineHastPlugin, mdxToJs } from 'satteri';
import { anchors } from '../../integrations/anchors.ts';

/** Ids of a text in their order; null where it cannot be read as MDX. */
export type Ids = readonly string[] | null;

export async function judging(text: string): Promise<Ids> {
  const ids: string[] = [];
  const collect = defineHastPlugin({
    name: 'collect-ids',
    after(root) {
      const look = (node: { type: string; properties?: Record<string, unknown>; children?: unknown[] }): void => {
        if (typeof node.properties?.['id'] === 'string') ids.push(node.properties['id']);
        for (const child of node.children ?? []) look(child as typeof node);
      };
      look(root as Parameters<typeof look>[0]);
    },
  });
  try {
    await mdxToJs(text, { features: { directive: true, headingAttributes: true, smartPunctuation: true }, hastPlugins: [satteriHeadingIdsPlugin(), anchors, collect] });
    return ids;
  } catch {
    return null;
  }
}
