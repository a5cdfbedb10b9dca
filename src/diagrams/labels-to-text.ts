import type { FontMetrics } from './font-metrics.ts';
import type { LabelLayout, LabelRun } from './label-layout.ts';
import { createSvg, rounded } from './svg-elements.ts';

/** Room between an edge label and the end of the patch that hides the edge behind it. */
const PATCH_PADDING = 4;

/**
 * Replaces every HTML label by SVG text with one positioned `tspan` per measured line. The layouts are
 * taken beforehand, while Mermaid's style sheet is still in the drawing.
 */
export function labelsToText(svg: Element, layouts: ReadonlyMap<Element, LabelLayout>, metrics: FontMetrics): string[] {
  const warnings: string[] = [];
  for (const holder of svg.querySelectorAll('foreignObject')) {
    const layout = layouts.get(holder);
    if (holder.querySelector('img,svg,i[class],math,.katex')) warnings.push(PICTURE_WARNING);
    if (!layout || layout.lines.length === 0) holder.remove();
    else holder.replaceWith(textGroup(holder, layout, metrics));
  }
  return [...new Set(warnings)];
}

const PICTURE_WARNING = 'images, icons and maths in labels are not supported and were left out';

function textGroup(holder: Element, layout: LabelLayout, metrics: FontMetrics): Element {
  const document = holder.ownerDocument;
  const content = holder.firstElementChild;
  const width = Number.parseFloat(holder.getAttribute('width') ?? '') || layout.width;
  const height = Number.parseFloat(holder.getAttribute('height') ?? '') || layout.height;
  const group = createSvg(document, 'g');
  const x = Number.parseFloat(holder.getAttribute('x') ?? '') || 0;
  const y = Number.parseFloat(holder.getAttribute('y') ?? '') || 0;
  const moves = [holder.getAttribute('transform') ?? '', x === 0 && y === 0 ? '' : `translate(${x},${y})`].join('');
  if (moves !== '') group.setAttribute('transform', moves);
  if (holder.closest('.edgeLabel') || content?.classList.contains('labelBkg')) {
    const patch = { class: 'dg-label-bg', x: -PATCH_PADDING, y: 0, width: width + 2 * PATCH_PADDING, height, rx: 3 };
    group.append(createSvg(document, 'rect', patch));
  }
  group.append(textElement(content, layout, width, metrics));
  return group;
}

function textElement(content: Element | null, layout: LabelLayout, width: number, metrics: FontMetrics): Element {
  const document = (content as Element).ownerDocument;
  const span = content?.querySelector('span');
  const text = createSvg(document, 'text');
  const classes = span?.getAttribute('class')?.trim();
  if (classes) text.setAttribute('class', classes);
  const inline = `${content?.getAttribute('style') ?? ''};${span?.getAttribute('style') ?? ''}`;
  const colour = /(?:^|;)\s*color:\s*([^;!]+)/.exec(inline)?.[1];
  if (colour) text.setAttribute('style', `fill:${colour.trim()}`);

  const ascent = metrics.ascent(layout.size);
  const firstBaseline = (layout.lineHeight - ascent - metrics.descent(layout.size)) / 2 + ascent;
  if (layout.centred) text.setAttribute('text-anchor', 'middle');
  layout.lines.forEach((line, index) => {
    const row = createSvg(document, 'tspan', {
      x: rounded(layout.centred ? width / 2 : 0),
      y: rounded(firstBaseline + index * layout.lineHeight),
    });
    for (const run of mergedRuns(line)) row.append(run.weight === 400 && !run.italic ? run.text : emphasised(document, run));
    text.append(row);
  });
  return text;
}

/** Neighbouring words of one style become one run; the line loses the spaces at its ends. */
function mergedRuns(line: readonly LabelRun[]): LabelRun[] {
  const runs: LabelRun[] = [];
  for (const word of line) {
    const last = runs.at(-1);
    if (last && last.weight === word.weight && last.italic === word.italic) {
      runs[runs.length - 1] = { ...last, text: last.text + word.text };
    } else runs.push(word);
  }
  const end = runs.length - 1;
  return runs.map((run, index) => {
    const start = index === 0 ? run.text.trimStart() : run.text;
    return { ...run, text: index === end ? start.trimEnd() : start };
  });
}

function emphasised(document: Document, run: LabelRun): Element {
  const element = createSvg(document, 'tspan');
  if (run.weight !== 400) element.setAttribute('font-weight', String(run.weight));
  if (run.italic) element.setAttribute('font-style', 'italic');
  element.textContent = run.text;
  return element;
}
