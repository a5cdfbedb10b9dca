/** What the rules of the catalogue say, which the build refuses as well; each tree is asked once. */
import { comparisonsFile, parseComparisons } from '../catalogue/comparisons.ts';
import { glossaryFile, parseGlossary } from '../catalogue/glossary.ts';
import { parseRedirects, redirectsFile } from '../catalogue/redirects.ts';
import { synonymsFile } from '../catalogue/synonyms.ts';
import type { ViolatedRule } from '../catalogue/violated-rules.ts';
import { parseVersion, versionViolations } from '../catalogue/versions.ts';
import type { FrozenVersion } from '../catalogue/versions.ts';
import type { Violation } from '../catalogue/violations.ts';
import type { ContentTree } from './content-tree.ts';
import type { Reader } from './shown-code.ts';

type Asking = (tree: ContentTree) => readonly Violation[] | Promise<readonly Violation[]>;

const versionRules: readonly ViolatedRule[] = ['version-not-frozen', 'changed-without-version', 'version-lost', 'frozen-text-changed', 'version-without-page'];
const known = new WeakMap<ContentTree, Map<Asking, ReturnType<Asking>>>();

export async function violationsOf(tree: ContentTree, id: ViolatedRule): Promise<readonly Violation[]> {
  const asked = versionRules.includes(id) ? [ofVersions] : [ofCatalogue, ofComparisons, ofGlossary, ofRedirects, ofSynonyms];
  return (await Promise.all(asked.map((each) => once(tree, each)))).flat().filter(({ rule }) => rule === id);
}

/** All rules ask the same, and get the same. */
function once(tree: ContentTree, ask: Asking): ReturnType<Asking> {
  const own = known.get(tree) ?? new Map<Asking, ReturnType<Asking>>();
  known.set(tree, own);
  const answer = own.get(ask) ?? ask(tree);
  own.set(ask, answer);
  return answer;
}

function ofCatalogue(tree: ContentTree): readonly Violation[] {
  return tree.catalogue.violations;
}

function ofComparisons(tree: ContentTree): readonly Violation[] {
  return tree.has(comparisonsFile) ? parseComparisons(tree.read(comparisonsFile)).violations : [];
}

function ofGlossary(tree: ContentTree): readonly Violation[] {
  return tree.has(glossaryFile) ? parseGlossary(tree.read(glossaryFile)).violations : [];
}

function ofRedirects(tree: ContentTree): readonly Violation[] {
  return tree.has(redirectsFile) ? parseRedirects(tree.read(redirectsFile)).violations : [];
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
