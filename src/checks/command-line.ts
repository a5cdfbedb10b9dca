/** What somebody asked of `npm run check`. */
import { isAbsolute, resolve, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { nearestWord } from '../catalogue/nearest.ts';
import { pathBelow } from '../catalogue/path-below.ts';
import type { ContentTree } from './content-tree.ts';
import type { Rule } from './rule.ts';

export const usage = `Usage: npm run check [-- options] [files and folders]

Looks at every page and data file, without a build, and tells all problems at once.
With files or folders, it tells those in them alone.

  --fix         mend what has one right answer, and tell the rest
  --rule <id>   only this rule; may stand several times
  --list        the rules, each with what it holds
  --json        for programs; the shape is told at https://pattern-atlas.github.io/contribute/checks/
  --github      annotations for GitHub as well; by itself where GITHUB_ACTIONS is set
  --help

Exit code: 0 nothing found, 1 something found, 2 wrong usage or a fault of the check itself.`;

export class UsageError extends Error {
  override name = 'UsageError';
}

export interface Asked { fix: boolean; json: boolean; github: boolean; list: boolean; help: boolean; rules: readonly string[]; paths: readonly string[] }

const options = {
  fix: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  github: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  rule: { type: 'string', multiple: true, default: [] as string[] },
} as const;

/** @throws UsageError */
export function asked(args: readonly string[]): Asked {
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    if (!(token.name in options)) throw new UsageError(`there is no option "${token.rawName}".${meant(token.name, Object.keys(options), '--')}`);
    if (token.name === 'rule' && (token.value === undefined || token.value.startsWith('-'))) throw new UsageError('--rule takes the id of a rule; --list shows them');
    if (token.name !== 'rule' && token.value !== undefined) throw new UsageError(`${token.rawName} takes no value`);
  }
  const { values: { rule, ...flags }, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  return { ...flags, rules: rule, paths: positionals };
}

/** @throws UsageError that names the rule that is nearest */
export function chosenRules(ids: readonly string[], rules: readonly Rule[]): readonly Rule[] {
  for (const id of ids) {
    if (!rules.some((rule) => rule.id === id)) throw new UsageError(`there is no rule "${id}".${meant(id, rules.map((rule) => rule.id)) || ' npm run check -- --list shows them'}`);
  }
  return ids.length === 0 ? rules : rules.filter(({ id }) => ids.includes(id));
}

/**
 * Whether a file was asked for. Paths may be absolute, from `from` or from the root, with the separators of any system.
 * @throws UsageError that names the file that is nearest
 */
export function chosenFiles(paths: readonly string[], tree: ContentTree, from: string): (file: string) => boolean {
  if (paths.length === 0) return () => true;
  const chosen = paths.map((path) => {
    const written = sep === '\\' ? path : path.replaceAll('\\', '/');
    const below = [resolve(from, written), resolve(tree.root, written)].map((full) => pathBelow(tree.root, full).replace(/\/$/, '')).filter((each) => !each.startsWith('..') && !isAbsolute(each));
    const known = below.find((each) => each === '' || tree.files.some((file) => file === each || file.startsWith(`${each}/`)));
    if (known !== undefined) return known;
    const name = written.split('/').at(-1) ?? written;
    const near = nearestWord(below.at(-1) ?? written, tree.files) ?? tree.files.find((file) => file.split('/').at(-1)?.replace(/\.\w+$/, '') === name.replace(/\.\w+$/, ''));
    throw new UsageError(`there is nothing to check at "${path}".${near === undefined ? '' : ` Did you mean "${near}"?`}`);
  });
  return (file) => chosen.some((each) => each === '' || file === each || file.startsWith(`${each}/`));
}

function meant(word: string, known: readonly string[], before = ''): string {
  const near = nearestWord(word, known);
  return near === undefined ? '' : ` Did you mean "${before}${near}"?`;
}
