import { elementBox } from './element-boxes.ts';
import type { FontMetrics } from './font-metrics.ts';
import { rounded } from './svg-elements.ts';

/** Room for strokes and for the patches behind labels. */
const MARGIN = 4;

/**
 * Sets the view box to what is seen. Mermaid adds margins of its own, keeps room for invisible frames
 * around notes, and draws lifelines 2000 px long. Text is measured by its attributes: the sheet is gone.
 */
export function crop(svg: Element, metrics: FontMetrics): void {
  for (const frame of svg.querySelectorAll('.note-cluster')) frame.remove();
  const [, top = 0, , height = 0] = (svg.getAttribute('viewBox') ?? '').split(/\s+/).map(Number);
  for (const line of svg.querySelectorAll('line.actor-line')) line.setAttribute('y2', String(top + height));
  const box = elementBox(svg, metrics);
  if (!box) return;
  const size = [box.x0 - MARGIN, box.y0 - MARGIN, box.x1 - box.x0 + 2 * MARGIN, box.y1 - box.y0 + 2 * MARGIN];
  svg.setAttribute('viewBox', size.map(rounded).join(' '));
}
