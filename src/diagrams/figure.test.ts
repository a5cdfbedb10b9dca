// @vitest-environment node
import { describe, expect, test } from 'vitest';
import type { Drawing } from './drawing.ts';
import { PageFigures } from './figure.ts';

const drawing: Drawing = {
  svg: '<svg id="dg-1" aria-labelledby="dg-1-0"><title id="dg-1-0">A & B</title><a href="/patterns/saga/">Saga</a><path marker-end="url(#dg-1-1)"/></svg>',
  id: 'dg-1',
  type: 'flowchart',
  title: 'A & B',
  description: 'A calls B.',
  width: 640,
  height: 200,
  links: ['/patterns/saga/'],
  warnings: [],
};
const source = 'flowchart TD\n\n  A --> B';

describe('PageFigures', () => {
  test('a drawing that can scroll stands in a focusable, labelled region', () => {
    const html = new PageFigures().html(drawing, { source });
    expect(html).toContain('<div class="diagram-view" tabindex="0" role="region" aria-label="Diagram: A &amp; B">');
  });

  test('a drawing that fits a phone is no stop for the keyboard', () => {
    expect(new PageFigures().html({ ...drawing, width: 330 }, { source })).toContain('<div class="diagram-view"><svg');
  });

  test('holds caption, description and source, escaped', () => {
    const html = new PageFigures().html(drawing, { source, caption: 'From <A>' });
    expect(html).toContain('<span class="diagram-caption">From &lt;A&gt;</span>');
    expect(html).toContain('<details data-pagefind-ignore>');
    expect(html).toContain('<p>A calls B.</p>');
    expect(html).toContain('A --&gt; B');
  });

  test('is one line, because a blank line ends HTML in Markdown', () => {
    expect(new PageFigures().html(drawing, { source })).not.toContain('\n');
  });

  test('the same diagram twice on one page has ids and a label of its own', () => {
    const figures = new PageFigures();
    figures.html(drawing, { source });
    const second = figures.html(drawing, { source });
    expect(second).toContain('<svg id="dg-1r1" aria-labelledby="dg-1r1-0"><title id="dg-1r1-0">');
    expect(second).toContain('url(#dg-1r1-1)');
    expect(second).toContain('aria-label="Diagram: A &amp; B (2)"');
  });
});
