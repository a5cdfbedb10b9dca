/** The Markdown of a page: its twin, made from the files as the site makes it, or the text that was kept of an earlier version. */
import { readVersions } from '../../src/catalogue/versions.ts';
import { nearestWord } from '../../src/catalogue/violations.ts';
import { isPublished } from '../../src/catalogue/vocabulary.ts';
import { pathOf, underBase } from '../../src/citing/addresses.ts';
import { blocks, bullets, link, plainLine, sentence } from '../../src/citing/markdown.ts';
import { twinOf } from '../../src/citing/twin.ts';
import type { Atlas } from '../../src/citing/twin.ts';
import type { Pattern } from '../../src/catalogue/schema.ts';
import type { OpenAtlas } from './atlas.ts';
import { simulationOf, snippetOf } from './examples.ts';
import type { KnownPage } from './known.ts';

export class UnknownVersionError extends Error {
  override name = 'UnknownVersionError';
}

/** @throws UnknownVersionError for a version that the page never had, with the nearest */
export async function pageText(atlas: OpenAtlas, known: KnownPage, version?: string): Promise<string> {
  const { slug, kind, title, page: { data } } = known;
  if (data.kind === 'pattern' && !isPublished(data)) {
    if (version !== undefined) throw new UnknownVersionError(`${title} has no version yet: ${data.status === 'draft' ? 'nobody has reviewed its page' : 'its page is still to be written'}. Leave the version out to read what is known.`);
    return outline(data, atlas.home);
  }
  const versions = data.changes.map((change) => change.version);
  const [current = ''] = versions;
  if (version === undefined) return twin(atlas, known);
  if (!versions.includes(version)) throw new UnknownVersionError(`${title} has no version "${version}". Nearest: ${nearestWord(version, versions) ?? current}. All: ${versions.join(', ')}.`);
  const kept = readVersions(atlas.root).find((each) => each.kind === kind && each.slug === slug && each.version === version);
  if (kept !== undefined) return kept.text;
  if (version === current) return twin(atlas, known);
  throw new UnknownVersionError(`The text of ${title} ${version} was not kept. The latest is ${current}.`);
}

/** Simulations take a moment, so only those are run that the page asks for. */
async function twin({ catalogue: { patterns, problems, guides, sources }, home, root }: OpenAtlas, { slug, page: { data, body } }: KnownPage): Promise<string> {
  const simulations = new Map<string, Awaited<ReturnType<typeof simulationOf>>>();
  const asked = new Set<string>();
  const atlas: Atlas = {
    absolute: (path) => underBase(home, path),
    patterns: byTitle(patterns), problems: byTitle(problems), guides: [...guides].sort((a, b) => a.data.order - b.data.order), sources,
    snippet: (file, region) => snippetOf(root, file, region),
    simulation: (example) => {
      const simulation = simulations.get(example);
      if (simulation !== undefined) return simulation;
      asked.add(example);
      throw new Error(`the simulation of ${example} was not run`);
    },
    // Only pages of the house show these.
    plate: { text: '', problems: [] }, contributions: [], comparisons: [], terms: [], attributes: () => [],
  };
  for (;;) {
    try {
      return twinOf({ path: pathOf(data.kind, slug), entry: { kind: data.kind, slug, data } as Parameters<typeof twinOf>[0]['entry'], body }, atlas);
    } catch (error) {
      if (asked.size === 0) throw error;
      for (const example of asked) simulations.set(example, await simulationOf(root, example));
      asked.clear();
    }
  }
}

/** What is known of a pattern whose page is still to be written, or a draft: an assistant is told nothing that nobody has reviewed. */
function outline({ title, description, alsoKnownAs, useWhen, notWhen, elsewhere, status }: Pattern, home: string): string {
  const list = (heading: string, items: readonly string[]): string => (items.length === 0 ? '' : blocks(`## ${heading}`, bullets(items)));
  return `${blocks(
    `# ${plainLine(title)}`,
    sentence(description),
    alsoKnownAs.length === 0 ? '' : `Also known as ${plainLine(alsoKnownAs.join(', '))}.`,
    `Its page in [Pattern Atlas](${home}) is ${status === 'draft' ? 'a draft that nobody has reviewed' : 'still to be written'}; this is what the finder knows of it. Text CC BY 4.0.`,
    list('Use when', useWhen.map(sentence)),
    list('Not when', notWhen.map(({ when, instead, see }) => `${sentence(when)} Then: ${sentence(instead)}${see === undefined ? '' : ` (get \`${see}\`)`}`)),
    list('Elsewhere', elsewhere.map(({ name, url }) => link(name, url))),
  )}\n`;
}

function byTitle<Page extends { data: { title: string } }>(pages: readonly Page[]): Page[] {
  return [...pages].sort((a, b) => a.data.title.localeCompare(b.data.title, 'en'));
}
