import { glossaryFile, parseGlossary } from '../../catalogue/glossary.ts';
import { near } from '../../catalogue/violations.ts';
import { atValue } from '../breach.ts';
import type { Rule } from '../rule.ts';
import { violationsOf } from '../violations-of.ts';

const mends = {
  id: 'give it an id of its own, and put it where the alphabet has it',
  words: 'leave the word to one of the two',
  patterns: 'name a pattern by its slug, the name of its file',
  notOn: 'name a page by its slug, the name of its file',
  sources: 'name a source by its key, the name of its file',
};

export const glossaryRule: Rule = {
  id: 'glossary-file',
  title: 'Terms of the glossary stand in order, and name what exists',
  holds: 'always',
  async check(tree) {
    if (!tree.has(glossaryFile)) return [];
    const { terms } = parseGlossary(tree.read(glossaryFile));
    const slugs = (kind?: string): string[] => tree.pages.filter((page) => page.kind !== 'house' && (kind === undefined || page.kind === kind)).map(({ slug }) => slug);
    const known = { patterns: slugs('pattern'), notOn: slugs(), sources: [...tree.catalogue.sources.keys()] };
    const what = { patterns: 'the slug of a pattern', notOn: 'the slug of a pattern, a problem or a guide', sources: 'the key of a source' };
    return [
      ...(await violationsOf(tree, 'glossary-file')).map(({ key, found, expected }) => atValue(tree, glossaryFile, key, { found, expected, mend: key.includes('words') ? mends.words : mends.id })),
      ...terms.flatMap((term, index) => (['patterns', 'notOn', 'sources'] as const).flatMap((field) => term[field].flatMap((slug, place) => (known[field].includes(slug) ? []
        : [atValue(tree, glossaryFile, `${index}.${field}.${place}`, { found: `"${slug}"`, expected: what[field], nearest: near(slug, known[field]).nearest, mend: mends[field] })])))),
    ];
  },
};
