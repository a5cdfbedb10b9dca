import type { FontMetrics } from './font-metrics.ts';
import { roundSelfLoops } from './self-loops.ts';

/** What the site's look asks for beyond style sheets. Runs on a drawing whose labels are text already. */
export function refine(svg: Element, metrics: FontMetrics): void {
  roundCorners(svg);
  moveGroupTitlesAside(svg, metrics);
  joinStateFrames(svg);
  widenTitledStates(svg);
  roundSelfLoops(svg);
  matchHalos(svg);
}

const CORNER_RADIUS = 4;

/** Room between the left edge of a group and its title. */
const TITLE_INSET = 10;

/** As attributes, because `rx` in a style sheet is not understood by every browser in use. */
function roundCorners(svg: Element): void {
  for (const box of svg.querySelectorAll('.node rect:not([rx]),.cluster > rect:not([rx])')) {
    if (box.matches('.dg-label-bg,.divider,.fork-join')) continue;
    box.setAttribute('rx', String(CORNER_RADIUS));
  }
}

/** Mermaid centres the title of a group, where edges that come from above run through it. */
function moveGroupTitlesAside(svg: Element, metrics: FontMetrics): void {
  for (const label of svg.querySelectorAll('.cluster > .cluster-label')) {
    const box = label.parentElement?.querySelector(':scope > rect');
    const text = label.querySelector('text');
    const lines = [...(text?.querySelectorAll(':scope > tspan') ?? [])];
    if (!box || !text || lines.length === 0 || svg.classList.contains('statediagram')) continue;
    const fontSize = 14;
    const width = Math.max(...lines.map((line) => metrics.width(line.textContent, fontSize)));
    if (width + 2 * TITLE_INSET > attribute(box, 'width')) continue;
    const y = /translate\(\s*[-\d.]+[\s,]+([-\d.]+)/.exec(label.getAttribute('transform') ?? '')?.[1] ?? '0';
    label.setAttribute('transform', `translate(${attribute(box, 'x') + TITLE_INSET},${Number(y) + 2})`);
    text.setAttribute('text-anchor', 'start');
    for (const line of lines) line.setAttribute('x', '0');
  }
}

/** The inner frame of a composite state ends a few pixels above the outer one and would look doubled. */
function joinStateFrames(svg: Element): void {
  for (const inner of svg.querySelectorAll('.statediagram-cluster rect.inner')) {
    const outer = inner.closest('.statediagram-cluster')?.querySelector('rect.outer');
    if (outer) inner.setAttribute('height', String(attribute(outer, 'y') + attribute(outer, 'height') - attribute(inner, 'y')));
  }
}

/** Mermaid leaves 4 px beside the text of a state that has a title and a description. */
function widenTitledStates(svg: Element): void {
  const extra = 6;
  for (const box of svg.querySelectorAll('rect.title-state')) {
    box.setAttribute('x', String(attribute(box, 'x') - extra));
    box.setAttribute('width', String(attribute(box, 'width') + 2 * extra));
    const divider = box.parentElement?.querySelector(':scope > line.divider');
    divider?.setAttribute('x1', String(attribute(divider, 'x1') - extra));
    divider?.setAttribute('x2', String(attribute(divider, 'x2') + extra));
  }
}

/** Text on a tinted block gets a halo in the colour of the tint (diagrams.css). */
function matchHalos(svg: Element): void {
  const blocks = [...svg.querySelectorAll('rect.rect')];
  for (const text of svg.querySelectorAll('text.messageText,text.loopText')) {
    const x = attribute(text, 'x');
    const y = attribute(text, 'y');
    const block = blocks.findLast((rect) => {
      const left = attribute(rect, 'x');
      const top = attribute(rect, 'y');
      return x > left && x < left + attribute(rect, 'width') && y >= top && y < top + attribute(rect, 'height');
    });
    const token = /--dg-(\w+)/.exec(block?.getAttribute('fill') ?? '')?.[1];
    if (token) text.classList.add(`on-${token}`);
  }
}

function attribute(element: Element, name: string): number {
  return Number.parseFloat(element.getAttribute(name) ?? '') || 0;
}
