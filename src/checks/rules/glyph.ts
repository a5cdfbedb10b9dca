import { atKey, atOffset } from '../breach.ts';
import { completePages, writtenPages } from '../page-kinds.ts';
import type { Breach, Rule } from '../rule.ts';

const mostBytes = 1536;

export const missingGlyph: Rule = {
  id: 'missing-glyph',
  title: 'Every pattern has its drawing',
  holds: 'from review on',
  check: (tree) => completePages(tree, 'pattern').filter(({ slug }) => !tree.has(glyphOf(slug))).map(({ file, slug }) => atKey(tree, file, 'title', {
    found: 'a pattern without a drawing',
    expected: `the file ${glyphOf(slug)}`,
    mend: 'draw the idea in a few strokes on a grid of 48; the drawings of others in src/components/glyphs show the manner',
  })),
};

export const glyphForm: Rule = {
  id: 'glyph-form',
  title: 'A drawing keeps to the grid, the colour of the text and 1.5 KB',
  holds: 'always',
  check: (tree) => writtenPages(tree, 'pattern').filter(({ slug }) => tree.has(glyphOf(slug))).flatMap(({ slug }): Breach[] => {
    const file = glyphOf(slug);
    const text = tree.read(file);
    const bytes = Buffer.byteLength(text);
    const start = Math.max(0, text.indexOf('<svg'));
    const stranger = /\sid=|<text|<script|<style|#[0-9a-f]{3,8}\b|rgb\(/i.exec(text);
    return [
      ...(bytes <= mostBytes ? [] : [atOffset(tree, file, 0, { found: `${bytes} bytes`, expected: `at most ${mostBytes}`, mend: 'leave strokes out, and round coordinates to whole numbers' })]),
      ...(/<svg [^>]*viewBox="0 0 48 48"/.test(text) ? [] : [atOffset(tree, file, start, { found: 'a drawing on another grid', expected: '<svg … viewBox="0 0 48 48">', mend: 'draw on the grid of 48' })]),
      ...(text.includes('currentColor') ? [] : [atOffset(tree, file, start, { found: 'a drawing that does not take the colour of the text', expected: 'stroke="currentColor" or fill="currentColor"', mend: 'draw in currentColor, so that light and dark both suit it' })]),
      ...(stranger === null ? [] : [atOffset(tree, file, stranger.index, { found: `\`${stranger[0].trim()}\``, expected: 'shapes alone: no id, text, script, style or colour of its own', mend: 'take it out; shapes take their colour from currentColor' })]),
    ];
  }),
};

function glyphOf(slug: string): string {
  return `src/components/glyphs/${slug}.svg`;
}
