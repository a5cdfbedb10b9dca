import { atOffset } from '../breach.ts';
import type { Compiled } from '../judges/typescript.ts';
import { verdictsOn } from '../kept-verdicts.ts';
import { codeOf, placeInCode } from '../mdx-page.ts';
import { writtenPages } from '../page-kinds.ts';
import type { Rule } from '../rule.ts';

export const typescriptCode: Rule = {
  id: 'typescript-code',
  title: 'TypeScript on a page compiles',
  holds: 'always',
  inThread: true,
  async check(tree) {
    const blocks = writtenPages(tree).flatMap((page) => codeOf(page).filter(({ language }) => /^(?:ts|typescript)$/.test(language)).map((block) => ({ page, block })));
    const compiled = await verdictsOn<Compiled>(tree.root, new URL('../judges/typescript.ts', import.meta.url), blocks.map(({ block }) => block.code), tree.read('src/examples/tsconfig.json'));
    return blocks.flatMap(({ page, block }) => {
      const mistake = compiled.get(block.code);
      return mistake == null ? [] : [atOffset(tree, page.file, placeInCode(page.text, block, mistake.line, mistake.column), {
        found: inLowerCase(mistake.message.replace(/\.$/, '').replaceAll('\n', ' ')),
        expected: `code that compiles as in an example (line ${mistake.line} of it)`,
        mend: 'mend the code, or put "…" where something is left out: then only its syntax is read',
      })];
    });
  },
};

function inLowerCase(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}
