import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readCatalogue } from '../../src/catalogue/files.ts';
import { cutRegion } from '../../src/components/regions.ts';
import { files, read, root } from '../architecture/repository.ts';
import { lastOfGuide, outlineProblems, patternOutline, problemOutline } from './headings.ts';
import { fencesOf, headingsOf, proseWords, tagsOf, withoutFences } from './page-text.ts';

const { patterns, problems, guides, sources } = readCatalogue(root);
const pages = [...patterns.filter(({ data }) => data.status !== 'outline'), ...problems, ...guides];
const written = patterns.filter(({ data }) => data.status !== 'outline');
const template = read('content/docs/patterns/_template.mdx');
const docs = files.filter((file) => file.startsWith('content/docs/') && file.endsWith('.mdx'));

describe('the catalogue', () => {
  test('holds patterns and problems', () => {
    expect(written.length).toBeGreaterThanOrEqual(7);
    expect(problems.length).toBeGreaterThanOrEqual(8);
    expect(new Set(written.map(({ data }) => data.category)).size).toBe(5);
  });

  test('every source is used by a page', () => {
    const used = new Set(pages.flatMap(({ data }) => data.sources));
    expect([...sources.keys()].filter((key) => !used.has(key)).map((key) => `content/data/sources/${key}.yaml`)).toEqual([]);
  });
});

describe('headings', () => {
  test('pattern pages have those of _template.mdx, in order', () => {
    const outline = patternOutline(template);
    expect(outline.headings).toHaveLength(13);
    expect(written.flatMap(({ file, body }) => outlineProblems(file, headingsOf(body, 2), outline))).toEqual([]);
  });

  test('problem pages have theirs, in order', () => {
    expect(problems.flatMap(({ file, body }) => outlineProblems(file, headingsOf(body, 2), problemOutline))).toEqual([]);
  });

  test('guides end with where to stop, and the sources', () => {
    expect(guides.filter(({ body }) => headingsOf(body, 2).slice(-2).join() !== lastOfGuide.join()).map(({ file }) => file)).toEqual([]);
  });

  test('no page writes its own title, and related patterns are compared', () => {
    expect(pages.filter(({ body }) => headingsOf(body, 1).length > 0).map(({ file }) => file)).toEqual([]);
    expect(written.filter(({ body }) => !headingsOf(body, 3).some((heading) => heading.startsWith('Compared with '))).map(({ file }) => file)).toEqual([]);
  });
});

describe('derived parts', () => {
  test('problem pages show what people report, what tells the candidates apart, and the sources', () => {
    const parts = ['Reports', 'TellApart', 'Sources'];
    expect(problems.flatMap(({ file, body }) => parts.filter((part) => !body.includes(`<${part} />`)).map((part) => `${file}: add <${part} />`))).toEqual([]);
  });
});

describe('prose', () => {
  test('a pattern page has 900 to 1,800 words of it', () => {
    expect(written.map(({ file, body }) => ({ file, words: proseWords(body) })).filter(({ words }) => words < 900 || words > 1800)).toEqual([]);
  });

  test('a guide has 700 to 2,200', () => {
    expect(guides.map(({ file, body }) => ({ file, words: proseWords(body) })).filter(({ words }) => words < 700 || words > 2200)).toEqual([]);
  });

  test('it is markdown and components: no HTML, script, style or handler', () => {
    const inline = /<(?!https?:)[a-z][\w-]*[\s>/]|\sstyle=|\son[a-z]+=/g;
    expect(pages.flatMap(({ file, body }) => [...withoutFences(body).replaceAll(/`[^`\n]*`/g, '').matchAll(inline)].map(([found]) => `${file}: ${found}`))).toEqual([]);
    expect(docs.filter((file) => /<(script|style)\b|\son[a-z]+=/.test(withoutFences(read(file))))).toEqual([]);
  });

  test('no word that sells or belittles', () => {
    const filler = /\b(simply|effortless(ly)?|seamless(ly)?|blazing(ly)?|cutting-edge|game-chang\w+|leverag\w+|in today's)\b/gi;
    expect(docs.flatMap((file) => [...withoutFences(read(file)).matchAll(filler)].map(([found]) => `${file}: ${found}`))).toEqual([]);
  });
});

describe('sources', () => {
  const opened = (keys: readonly string[]): number => keys.filter((key) => sources.get(key)?.opened !== undefined).length;

  test('a pattern rests on at least two that were opened, a problem or a guide on one', () => {
    expect(written.filter(({ data }) => opened(data.sources) < 2).map(({ file }) => file)).toEqual([]);
    expect([...problems, ...guides].filter(({ data }) => opened(data.sources) < 1).map(({ file }) => file)).toEqual([]);
  });

  test('every reference names a source that the page lists and somebody opened', () => {
    const wrong = pages.flatMap(({ file, body, data }) => tagsOf(body).filter(({ name }) => name === 'Ref')
      .map(({ attributes }) => attributes['to'] ?? '')
      .filter((key) => !data.sources.includes(key) || sources.get(key)?.opened === undefined)
      .map((key) => `${file}: <Ref to="${key}">`));
    expect(wrong).toEqual([]);
  });

  test('a source that was opened is referred to', () => {
    const idle = pages.flatMap(({ file, body, data }) => {
      const referred = new Set(tagsOf(body).filter(({ name }) => name === 'Ref').map(({ attributes }) => attributes['to']));
      return data.sources.filter((key) => sources.get(key)?.opened !== undefined && !referred.has(key)).map((key) => `${file}: sources: "${key}" carries no claim`);
    });
    expect(idle).toEqual([]);
  });
});

describe('diagrams', () => {
  test('a pattern page has at least two', () => {
    expect(written.filter(({ body }) => fencesOf(body).filter(({ language }) => language === 'mermaid').length < 2).map(({ file }) => file)).toEqual([]);
  });

  test('each has a caption, a name and a description', () => {
    const incomplete = pages.flatMap(({ file, body }) => fencesOf(body).filter(({ language, meta, text }) => language === 'mermaid'
      && !(/title="[^"]+"/.test(meta) && /^\s*accTitle:\s*\S/m.test(text) && /^\s*accDescr(:\s*\S|\s*\{)/m.test(text)))
      .map(({ meta }) => `${file}: the diagram ${meta || 'without a caption'}`));
    expect(incomplete).toEqual([]);
  });
});

describe('code', () => {
  test('a pattern page shows regions of its own tested example', () => {
    for (const { file, slug, body } of written) {
      const snippets = tagsOf(body).filter(({ name }) => name === 'Snippet');
      expect(snippets.length, file).toBeGreaterThan(0);
      for (const { attributes } of snippets) {
        const path = attributes['file'] ?? '';
        expect(path.startsWith(`${slug}/`), `${file}: <Snippet file="${path}">`).toBe(true);
        expect(cutRegion(path, read(`src/examples/${path}`), attributes['region']).length, `${file}: ${path}`).toBeGreaterThan(0);
      }
    }
  });

  test('what a guide shows is a region of a tested example', () => {
    for (const { file, body } of guides) {
      for (const { attributes } of tagsOf(body).filter(({ name }) => name === 'Snippet')) {
        const path = attributes['file'] ?? '';
        expect(cutRegion(path, read(`src/examples/${path}`), attributes['region']).length, `${file}: ${path}`).toBeGreaterThan(0);
      }
    }
  });

  test('every example belongs to a page', () => {
    const folders = new Set(files.flatMap((file) => /^src\/examples\/([^/]+)\//.exec(file)?.[1] ?? []));
    const own = guides.filter(({ body }) => tagsOf(body).some(({ name }) => name === 'Snippet'));
    expect([...folders].sort()).toEqual([...written, ...own].map(({ slug }) => slug).sort());
  });

  test('prose holds no pasted program: TypeScript comes from tested files', () => {
    expect(pages.flatMap(({ file, body }) => fencesOf(body).filter(({ language }) => /^(ts|tsx|js|typescript|javascript)$/.test(language)).map(() => file))).toEqual([]);
  });
});

describe('glyphs', () => {
  test('every pattern has one of at most 1.5 KB on the grid of 48, in the colour of the text', () => {
    for (const { slug } of written) {
      const file = `src/components/glyphs/${slug}.svg`;
      const glyph = readFileSync(`${root}${file}`, 'utf8');
      expect(Buffer.byteLength(glyph), file).toBeLessThanOrEqual(1536);
      expect(glyph, file).toMatch(/<svg [^>]*viewBox="0 0 48 48"/);
      expect(glyph, file).toContain('currentColor');
      expect(glyph, file).not.toMatch(/\sid=|<text|<script|<style|#[0-9a-f]{3,8}\b|rgb\(/i);
    }
  });
});
