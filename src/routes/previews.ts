/** What each page shows in its preview picture: a pattern its glyph and a problem, a problem its candidates, a guide its patterns. */
import { guidePages, knownPatterns, listedPatterns, patternPages, problemPages, problemsAnsweredBy } from '../catalogue/entries.ts';
import { relationsAmong } from '../catalogue/relations.ts';
import { categories, problemGroups } from '../catalogue/vocabulary.ts';
import type { Category } from '../catalogue/vocabulary.ts';
import { listedTitle } from '../citing/pairs.ts';
import { glyphMarkup } from '../components/glyphs.ts';
import type { Preview } from '../pictures/preview.ts';
import { comparedPairs } from './compared-pairs.ts';

export interface PagePreview { kind: 'patterns' | 'problems' | 'guides' | 'compare'; slug: string; preview: Preview }

export async function pagePreviews(): Promise<PagePreview[]> {
  const [patterns, problems, guides, known] = [await patternPages(), await problemPages(), await guidePages(), await knownPatterns()];
  const named = (slugs: readonly (string | undefined)[]): typeof known => [...new Set(slugs)].flatMap((slug) => known.filter((pattern) => pattern.slug === slug));
  return [
    ...await Promise.all(patterns.map(async ({ slug, data }): Promise<PagePreview> => {
      const [problem] = await problemsAnsweredBy(slug);
      return {
        kind: 'patterns', slug,
        preview: {
          kicker: `${categories[data.category].label} pattern`, title: data.title, accent: accentOf(data.category), glyphs: glyphsOf([{ slug, data }]),
          line: problem === undefined ? undefined : { label: 'Answers', text: problem.data.title },
        },
      };
    })),
    ...problems.map(({ slug, data }): PagePreview => {
      const candidates = named(data.candidates.map(({ pattern }) => pattern));
      return { kind: 'problems', slug, preview: { kicker: `Problem · ${problemGroups[data.group]}`, title: data.title, accent: '--ink', glyphs: glyphsOf(candidates), line: listed('Candidates', candidates) } };
    }),
    ...guides.map(({ slug, data }): PagePreview => {
      const through = named(data.patterns);
      return { kind: 'guides', slug, preview: { kicker: 'Guide', title: data.title, accent: '--ink', glyphs: glyphsOf(through), line: listed('Leads through', through) } };
    }),
    ...(await comparedPairs()).map(({ name, title, patterns: compared }): PagePreview => ({
      kind: 'compare', slug: name,
      preview: { kicker: 'Which one?', title: listedTitle(title), accent: '--ink', glyphs: glyphsOf(compared), line: { label: 'Side by side', text: 'What decides, forces, when not, costs' } },
    })),
  ];
}

/** For every page that has no picture of its own. */
export function sitePreview(): Preview {
  return {
    kicker: 'Microservice design patterns', title: 'What is going wrong in your services?', accent: '--ink',
    line: { label: 'Say it in your own words', text: 'The atlas answers with the pattern that fits' },
    glyphs: (Object.keys(categories) as Category[]).map((category) => ({ svg: glyphMarkup(category, undefined), accent: accentOf(category) })),
  };
}

export async function mapPreview(): Promise<Preview> {
  const patterns = await listedPatterns();
  return { ...sitePreview(), kicker: 'Map', title: 'How the patterns stand to each other', line: { label: 'On one sheet', text: `${patterns.length} patterns, ${relationsAmong(patterns).length} relations` } };
}

interface Named { slug: string; data: { title: string; category: Category } }

const mostGlyphs = 4;
/** Longer lists would take a third line. */
const mostLetters = 62;

/** Patterns without a drawing of their own share that of their category. */
function glyphsOf(patterns: readonly Named[]): Preview['glyphs'] {
  const drawn = new Map(patterns.map(({ slug, data }) => [glyphMarkup(slug, data.category), accentOf(data.category)]));
  return [...drawn].slice(0, mostGlyphs).map(([svg, accent]) => ({ svg, accent }));
}

function listed(label: string, patterns: readonly Named[]): Preview['line'] {
  const titles = patterns.map(({ data }) => data.title);
  if (titles.length === 0) return undefined;
  let shown = titles.length;
  while (shown > 1 && titles.slice(0, shown).join(', ').length > mostLetters) shown--;
  return { label, text: `${titles.slice(0, shown).join(', ')}${shown === titles.length ? '' : ` and ${titles.length - shown} more`}` };
}

function accentOf(category: Category): string {
  return `--cat-${category}`;
}
