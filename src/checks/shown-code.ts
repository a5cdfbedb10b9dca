import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mdxToMdast } from 'satteri';
import type { MdastNode } from 'satteri';
import { cutRegion } from '../components/regions.ts';

/** Reads a file below the repository. */
export type Reader = (file: string) => string;

export function fromDisk(root: string): Reader {
  return (file) => readFileSync(join(root, file), 'utf8');
}

/** The regions of code that a page shows, in its order. @param body MDX below the frontmatter @throws when a region is not there */
export function shownCode(read: Reader, body: string): string[] {
  return snippetsIn(mdxToMdast(body, { features: { directive: true, headingAttributes: true } })).map(({ file, region }) => cutRegion(file, read(`src/examples/${file}`), region));
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
