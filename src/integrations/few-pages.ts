/** The processor of pages, of which it has only a few in hand: the bundler asks for all at once, and each waits for its drawings with its whole tree. */
import type { satteri } from '@astrojs/markdown-satteri';
import { FewAtOnce } from './few-at-once.ts';

type Processor = ReturnType<typeof satteri>;

/** More than the drawing threads, so that they never wait for a page. */
const pagesAtOnce = 6;

export function fewPages(processor: Processor): Processor {
  const few = new FewAtOnce(pagesAtOnce);
  const create = processor.createMdxRenderer;
  return {
    ...processor,
    createMdxRenderer: async (shared, mdx) => {
      if (create === undefined) throw new TypeError(`the Markdown processor ${processor.name} makes no MDX pages`);
      const renderer = await create(shared, mdx);
      return { ...renderer, process: (...page) => few.run(() => renderer.process(...page)) };
    },
  };
}
