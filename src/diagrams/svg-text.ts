import { union, type Box } from './boxes.ts';
import { parseLength, StyleReader, type TextStyle } from './cascade.ts';
import { elementName, isElement } from './dom-names.ts';
import type { FontMetrics } from './font-metrics.ts';

/** Box of a `<text>` or of a `<tspan>` in it, in the text's own coordinates. */
export function textBox(element: Element, metrics: FontMetrics): Box | undefined {
  let box: Box | undefined;
  for (const run of layOutText(element, metrics)) {
    const { ascent, descent } = run;
    box = union(box, { x0: run.x, y0: run.baseline - ascent, x1: run.x + run.width, y1: run.baseline + descent });
  }
  return box;
}

export function textAdvance(element: Element, metrics: FontMetrics): number {
  return layOutText(element, metrics).reduce((total, run) => total + run.width, 0);
}

export interface Run {
  readonly element: Element;
  readonly text: string;
  readonly style: TextStyle;
  readonly baseline: number;
  readonly ascent: number;
  readonly descent: number;
  x: number;
  width: number;
}

/** Text between two absolute positions; anchored as a whole. */
interface Chunk {
  anchor: string;
  readonly runs: Run[];
}

/** The runs of a `<text>`, or of a part of it, where they stand in its own coordinates. */
export function layOutText(element: Element, metrics: FontMetrics): Run[] {
  const root = element.closest('text') ?? element;
  const chunks = new TextWalk(root, metrics).chunks;
  for (const chunk of chunks) anchorChunk(chunk, metrics);
  return chunks.flatMap((chunk) => chunk.runs).filter((run) => element.contains(run.element));
}

/** Walks a `<text>` and places its runs as if every chunk started at its anchor. */
class TextWalk {
  readonly chunks: Chunk[] = [];
  readonly #root: Element;
  readonly #metrics: FontMetrics;
  readonly #styles: StyleReader;
  #x = 0;
  #y = 0;
  #afterSpace = true;

  constructor(root: Element, metrics: FontMetrics) {
    this.#root = root;
    this.#metrics = metrics;
    this.#styles = new StyleReader(root);
    this.#walk(root);
  }

  #walk(element: Element): void {
    const style = this.#styles.of(element);
    if (style.hidden) return;
    this.#move(element, style);
    for (const child of element.childNodes) {
      if (child.nodeType === 3) this.#add(element, child.nodeValue ?? '', style);
      else if (isElement(child) && ['tspan', 'a', 'textpath'].includes(elementName(child))) this.#walk(child);
    }
  }

  #move(element: Element, style: TextStyle): void {
    const first = (name: string): number | undefined =>
      parseLength(element.getAttribute(name)?.trim().split(/[\s,]+/)[0], style.fontSize);
    const x = first('x');
    const y = first('y');
    if (x !== undefined) this.#afterSpace = true;
    this.#x = (x ?? this.#x) + (first('dx') ?? 0);
    this.#y = (y ?? this.#y) + (first('dy') ?? 0);
    if (this.chunks.length === 0 || x !== undefined || y !== undefined) this.chunks.push({ anchor: style.textAnchor, runs: [] });
  }

  #add(element: Element, raw: string, style: TextStyle): void {
    const text = keepsSpaces(element, this.#root) ? raw : this.#collapse(raw);
    const chunk = this.chunks.at(-1);
    if (text === '' || !chunk) return;
    this.#afterSpace = text.endsWith(' ');
    if (chunk.runs.length === 0) chunk.anchor = style.textAnchor;
    const width = this.#metrics.width(text, style.fontSize, style.fontWeight);
    const ascent = this.#metrics.ascent(style.fontSize);
    const descent = this.#metrics.descent(style.fontSize);
    const baseline = this.#y + baselineShift(style, ascent, descent);
    chunk.runs.push({ element, text, style, baseline, ascent, descent, x: this.#x, width });
    this.#x += width;
  }

  #collapse(raw: string): string {
    const text = raw.replace(/\s+/g, ' ');
    return this.#afterSpace ? text.replace(/^ /, '') : text;
  }
}

function anchorChunk(chunk: Chunk, metrics: FontMetrics): void {
  const first = chunk.runs[0];
  const last = chunk.runs.at(-1);
  if (!first || !last) return;
  if (last.text.endsWith(' ')) last.width = metrics.width(last.text.trimEnd(), last.style.fontSize, last.style.fontWeight);
  const width = last.x + last.width - first.x;
  const shift = chunk.anchor === 'middle' ? -width / 2 : chunk.anchor === 'end' ? -width : 0;
  for (const run of chunk.runs) run.x += shift;
}

function keepsSpaces(element: Element, root: Element): boolean {
  for (let node: Element | null = element; node; node = node === root ? null : node.parentElement) {
    if (node.getAttribute('xml:space') === 'preserve' || /white-space:\s*pre/.test(node.getAttribute('style') ?? '')) return true;
  }
  return false;
}

/** Distance from the alphabetic baseline. Half the x-height of IBM Plex Sans is 0.258 em. */
function baselineShift({ baseline, fontSize }: TextStyle, ascent: number, descent: number): number {
  switch (baseline) {
    case 'middle':
      return 0.258 * fontSize;
    case 'central':
      return (ascent - descent) / 2;
    case 'hanging':
      return ascent * 0.8;
    case 'text-before-edge':
    case 'text-top':
      return ascent;
    case 'text-after-edge':
    case 'ideographic':
      return -descent;
    default:
      return 0;
  }
}
