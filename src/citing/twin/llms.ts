/** `llms.txt` as https://llmstxt.org asks: a title, a quotation, text without headings, and lists of links under headings. */
import { categories, isCurrent } from '../../catalogue/vocabulary.ts';
import type { Category } from '../../catalogue/vocabulary.ts';
import { pathOf, twinPathOf } from '../addresses.ts';
import type { CitedKind } from '../addresses.ts';
import { blocks, bullets, link, plainLine } from '../markdown.ts';
import type { Atlas } from './atlas.ts';
import { pairEntries } from './list-parts.ts';

export function llmsText(atlas: Atlas): string {
  const { absolute, patterns, problems, guides } = atlas;
  const entry = (kind: CitedKind) => ({ slug, data: { title, description } }: { slug: string; data: { title: string; description: string } }): string => (
    `${link(title, absolute(twinPathOf(pathOf(kind, slug))))}: ${plainLine(description)}`
  );
  const file = (name: string, path: string, note: string): string => `${link(name, absolute(path))}: ${note}`;
  const written = patterns.filter(({ data }) => isCurrent(data));
  return `${blocks(
    '# Pattern Atlas',
    '> A catalogue of microservice design patterns that starts from what goes wrong. Each page says when to use a pattern and when not, how it fails, what it costs and what to watch, with tested code and sources that somebody opened.',
    'Start from the problem: its page asks what tells the candidates apart and says what to try first. A pattern page ends with when not to use it.',
    'Every page is also Markdown at its own address with `index.md` behind it. Its head names the address of this version, which keeps saying what it said: cite that one. Text is CC BY 4.0, code MIT.',
    '## Problems',
    bullets(problems.filter(({ data }) => isCurrent(data)).map(entry('problem'))),
    ...(Object.keys(categories) as Category[]).flatMap((category) => {
      const own = written.filter(({ data }) => data.category === category);
      return own.length === 0 ? [] : [`## Patterns: ${categories[category].label.toLowerCase()}`, bullets(own.map(entry('pattern')))];
    }),
    '## Guides',
    bullets(guides.filter(({ data }) => isCurrent(data)).map(entry('guide'))),
    '## Comparisons of alternatives',
    bullets(pairEntries(atlas).map(({ title, path, why }) => `${link(title, absolute(twinPathOf(path)))}: ${plainLine(why)}`)),
    '## Data',
    bullets([
      file('patterns.json', '/patterns.json', 'every pattern with symptoms, forces, trade-offs, relations and sources'),
      file('problems.json', '/problems.json', 'every problem with its symptoms, questions and candidates'),
      file('glossary.json', '/glossary.json', 'what the words mean that the pages take as known'),
      file('Map', twinPathOf('/map/'), 'every relation between patterns that have a page, with its reason, and the map as SVG and PNG'),
      file('For programs', twinPathOf('/contribute/for-programs/'), 'what is served for programs, and what is promised about it'),
      file('changes.xml', '/changes.xml', 'RSS of new and changed pages'),
    ]),
    '## Optional',
    bullets([
      file('Glossary', twinPathOf('/glossary/'), 'the same words, one after the other'),
      file('llms-full.txt', '/llms-full.txt', 'all problems, patterns and guides in one file'),
      file('Find by problem', twinPathOf('/find/'), 'every problem with what people report'),
    ]),
  )}\n`;
}
