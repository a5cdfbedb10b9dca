/** What the rules of the catalogue say, which the build refuses as well; each tree is asked once. */
import { parseRedirects, redirectsFile } from '../catalogue/redirects.ts';
import { synonymsFile } from '../catalogue/synonyms.ts';
import { parseVersion, versionViolations } from '../catalogue/versions.ts';
import type { FrozenVersion } from '../catalogue/versions.ts';
import type { Violation } from '../catalogue/violations.ts';
import type { ContentTree } from './content-tree.ts';
import type { Reader } from './shown-code.ts';

const known = new WeakMap<ContentTree, Promise<readonly Violation[]>>();

export function violationsOf(tree: ContentTree): Promise<readonly Violation[]> {
  const all = known.get(tree) ?? gather(tree);
  known.set(tree, all);
  return all;
}

async function gather(tree: ContentTree): Promise<readonly Violation[]> {
  const redirects = tree.has(redirectsFile) ? parseRedirects(tree.read(redirectsFile)).violations : [];
  return [...tree.catalogue.violations, ...redirects, ...await ofSynonyms(tree), ...await ofVersions(tree)];
}

async function ofSynonyms(tree: ContentTree): Promise<readonly Violation[]> {
  if (!tree.has(synonymsFile)) return [];
  const { mistake, data } = tree.places(synonymsFile);
  if (mistake !== undefined) return [{ rule: 'not-yaml', file: synonymsFile, key: 'synonyms', found: 'text that is not YAML', expected: 'YAML' }];
  const { synonymGroups } = await import('../finder/synonyms.ts');
  try {
    synonymGroups(data);
    return [];
  } catch (error) {
    const [, group, said = String(error)] = /^synonyms(?:\.(\d+))?: (.*)$/.exec(error instanceof Error ? error.message : '') ?? [];
    const [found = said, expected = 'a list of groups, each a list of words and phrases that mean the same'] = said.replace(/^found /, '').split('; expected ');
    return [{ rule: 'synonyms-file', file: synonymsFile, key: group ?? '', found: group === undefined ? 'something else than a list' : found, expected }];
  }
}

async function ofVersions(tree: ContentTree): Promise<readonly Violation[]> {
  const { shownCode } = await import('./shown-code.ts');
  const violations: Violation[] = [];
  const versions = tree.files.filter((file) => /^content\/versions\/.*\.md$/.test(file)).flatMap((file): FrozenVersion[] => {
    try {
      return [parseVersion(file, tree.read(file))];
    } catch {
      violations.push({ rule: 'frozen-text-changed', file, key: 'frozen', found: 'a file whose second line does not begin with `frozen: `', expected: 'the text as it was published, which git still has' });
      return [];
    }
  });
  const unreadable = new Set(tree.pages.filter(({ data }) => data === undefined).map(({ kind, slug }) => `content/versions/${kind}s/${slug}/`));
  const readExample: Reader = (file) => tree.read(file);
  const all = versionViolations(tree.catalogue, versions, ({ body }) => {
    try {
      return shownCode(readExample, body);
    } catch {
      return undefined;
    }
  });
  return [...violations, ...all.filter(({ rule, file }) => rule !== 'version-without-page' || ![...unreadable].some((folder) => file.startsWith(folder)))];
}
