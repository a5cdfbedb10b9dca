import type { Drawing } from './drawing.ts';

export interface FigureOptions {
  readonly caption?: string | undefined;
  readonly source: string;
  /** Address of the drawing as files, without the ending. */
  readonly files?: string | undefined;
}

/** Figures of one page: a diagram that stands there twice gets ids and a label of its own each time. */
export class PageFigures {
  readonly #times = new Map<string, number>();

  html(drawing: Drawing, { caption, source, files }: FigureOptions): string {
    const earlier = this.#count(drawing.id);
    const svg = earlier === 0 ? drawing.svg : drawing.svg.replaceAll(drawing.id, `${drawing.id}r${earlier}`);
    const again = this.#count(`label ${drawing.title}`);
    const label = `Diagram: ${drawing.title}${again === 0 ? '' : ` (${again + 1})`}`;
    const scrolls = drawing.width * SMALLEST_SCALE > NARROWEST_VIEW;
    const view = scrolls ? ` tabindex="0" role="region" aria-label="${escapeHtml(label)}"` : '';
    return [
      `<figure class="diagram ${drawing.width > WIDE ? 'wide ' : ''}not-content" style="--dg-w:${drawing.width}">`,
      `<div class="diagram-view"${view}>${svg}</div>`,
      '<figcaption>',
      caption ? `<span class="diagram-caption">${escapeHtml(caption)}</span>` : '',
      files === undefined ? '' : `<span class="diagram-files print-hidden" data-pagefind-ignore><a href="${files}.svg">SVG</a> <a href="${files}.png">PNG</a></span>`,
      '<details data-pagefind-ignore>',
      `<summary>Text version<span class="sr-only"> of the diagram: ${escapeHtml(drawing.title)}</span></summary>`,
      `<p>${escapeHtml(drawing.description)}</p>`,
      // A blank line would end the HTML block in Markdown.
      `<pre tabindex="0"><code>${escapeHtml(source).replaceAll('\n', '&#10;')}</code></pre>`,
      '</details></figcaption></figure>',
    ].join('');
  }

  #count(key: string): number {
    const times = this.#times.get(key) ?? 0;
    this.#times.set(key, times + 1);
    return times;
  }
}

/** Text of 14 px is never shown below 80 % (diagrams.css); a drawing that needs less scrolls in its frame. */
const SMALLEST_SCALE = 0.8;

/** Width that a 320 px screen leaves for a drawing. */
const NARROWEST_VIEW = 264;

/** What is wider takes both columns of a printed page: in one of them its text would be too small to read. */
const WIDE = 560;

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
