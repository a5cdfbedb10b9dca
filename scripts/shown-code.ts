import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mdxToMdast } from 'satteri';
import type { MdastNode } from 'satteri';
import { cutRegion } from '../src/components/regions.ts';

/** The regions of code that a page shows, in its order. @param body MDX below the frontmatter */
export function shownCode(root: string, body: string): string[] {
  return snippetsIn(mdxToMdast(body, { features: { directive: true, headingAttributes: true } })).map(({ file, region }) => cutRegion(file, readFileSync(join(root, 'src/examples', file), 'utf8'), region));
}

function snippetsIn(node: MdastNode): { file: string; region: string | undefined }[] {
  if ((node.type === 'mdxJsxFlowElement' || node.type === 'mdxJsxTextElement') && node.name === 'Snippet') {
    const value = (name: string): string | undefined => {
      const attribute = node.attributes.find((each) => each.type === 'mdxJsxAttribute' && each.name === name);
      return typeof attribute?.value === 'string' ? attribute.value : undefined;
    };
    return [{ file: value('file') ?? '', region: value('region') }];
  }
  return 'children' in node ? node.children.flatMap(snippetsIn) : [];
}
