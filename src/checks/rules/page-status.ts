import { nearestWord } from '../../catalogue/nearest.ts';
import { atValue } from '../breach.ts';
import type { ContentTree, SourcePage } from '../content-tree.ts';
import type { Breach, Rule, Said } from '../rule.ts';

/** Half a year: what held that long is called stable. */
const daysUntilStable = 182;
const msPerDay = 86_400_000;

export const pageStatus: Rule = {
  id: 'page-status',
  title: 'A page has earned its status',
  holds: 'always',
  check(tree) {
    const wrong = (page: SourcePage, key: string, said: Said | undefined): Breach[] => (said === undefined ? [] : [atValue(tree, page.file, key, said)]);
    return tree.pages.flatMap((page) => [
      ...wrong(page, 'status', draftAgain(tree, page)),
      ...wrong(page, 'status', notYetStable(page)),
      ...wrong(page, 'supersededBy', nobodysSuccessor(tree, page)),
    ]);
  },
};

function draftAgain(tree: ContentTree, { kind, slug, status }: SourcePage): Said | undefined {
  const frozen = tree.files.find((file) => file.startsWith(`content/versions/${kind}s/${slug}/`));
  if (status !== 'draft' || frozen === undefined) return undefined;
  return { found: `"draft", although ${frozen} was published`, expected: 'reviewed, stable or superseded', mend: 'change it back: readers cite that version; what is in doubt is said in the text, with a new version' };
}

function notYetStable({ data }: SourcePage): Said | undefined {
  if (data === undefined || !('reviewed' in data) || data.status !== 'stable' || data.reviewed === undefined) return undefined;
  const [newest] = data.changes;
  const days = newest === undefined ? 0 : Math.round((Date.parse(data.reviewed) - Date.parse(newest.date)) / msPerDay);
  if (days >= daysUntilStable) return undefined;
  return { found: `"stable", read ${days} days after version ${newest?.version}`, expected: `a reading at least ${daysUntilStable} days after the newest version`, mend: 'leave it `reviewed` until somebody has read it again from top to bottom, then change `reviewed` as well' };
}

function nobodysSuccessor(tree: ContentTree, { kind, slug, data }: SourcePage): Said | undefined {
  if (data === undefined || !('supersededBy' in data)) return undefined;
  const pages = tree.pages.filter((page) => page.kind === kind && page.slug !== slug && (page.status === 'reviewed' || page.status === 'stable')).map((page) => page.slug);
  if (pages.includes(data.supersededBy)) return undefined;
  return { found: `"${data.supersededBy}"`, expected: `the slug of another ${kind} that was reviewed`, nearest: nearestWord(data.supersededBy, pages), mend: 'name the page that took its place' };
}
