import { atOffset } from '../breach.ts';
import type { Rule } from '../rule.ts';
import { violationsOf } from '../violations-of.ts';

export const notYaml: Rule = {
  id: 'not-yaml',
  title: 'Frontmatter and data files are YAML',
  holds: 'always',
  async check(tree) {
    return (await violationsOf(tree, 'not-yaml')).map(({ file }) => {
      const { offset = 0, message = '', code = '' } = tree.places(file).mistake ?? {};
      return atOffset(tree, file, offset, {
        found: `text that is not YAML: ${message.replace(/:? at line \d+, column \d+:?$/, '').replace(/^[A-Z](?=[a-z])/, (letter) => letter.toLowerCase())}`,
        expected: 'YAML',
        mend: advice[code] ?? 'mend the YAML there; it may be the line above that is not closed',
      });
    });
  },
};

const quotes = 'put the text in quotes: a colon with a blank behind it begins a value';
const closing = 'close what was opened above: a quote, a bracket or a brace';
/** By the code that the parser gives its error. */
const advice: Record<string, string> = {
  BLOCK_AS_IMPLICIT_KEY: quotes,
  MULTILINE_IMPLICIT_KEY: `write the value behind its key and a colon, and indent what belongs below a key; or ${quotes}`,
  MISSING_CHAR: closing,
  BAD_COLLECTION_TYPE: closing,
  TAB_AS_INDENT: 'indent with blanks instead of tabs',
  DUPLICATE_KEY: 'keep one of the two keys',
  BAD_ALIAS: 'put the text in quotes: `*` and `&` have a meaning of their own at the beginning of a value',
  ALIAS: 'write out what the alias stands for; or put the text in quotes, where `*` is meant as a star',
  TOO_DEEP: 'take out the brackets and the indents that nothing needs',
  BAD_SCALAR_START: 'put the text in quotes: it begins with a character that has a meaning of its own',
  BAD_INDENT: 'indent the line as far as those beside it',
};
