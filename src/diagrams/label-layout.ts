import { parseLength, StyleReader, type TextStyle } from './cascade.ts';
import { elementName, isElement, parseDeclarations } from './dom-names.ts';
import { servedWeight, type FontMetrics, type Weight } from './font-metrics.ts';

export interface LabelRun {
  readonly text: string;
  readonly size: number;
  readonly weight: Weight;
  readonly italic: boolean;
}

/** An HTML label as lines of runs, wrapped as a browser wraps them. */
export interface LabelLayout {
  readonly lines: LabelRun[][];
  readonly lineHeight: number;
  readonly width: number;
  readonly height: number;
  readonly size: number;
  readonly centred: boolean;
}

export function layOutLabel(element: Element, metrics: FontMetrics): LabelLayout {
  const styles = new StyleReader(element);
  const own = styles.of(element);
  const box = labelBox(element, own.fontSize);
  const paragraphs = collectLines(element, styles);
  const natural = Math.max(0, ...paragraphs.map((line) => lineWidth(line, metrics)));
  const wrapped = box.limit === undefined ? { lines: paragraphs, longestWord: 0 } : wrap(paragraphs, box.limit, metrics);
  const isEmpty = !wrapped.lines.some((line) => line.some((run) => run.text.trim() !== ''));
  const width = box.width ?? Math.min(natural, box.maxWidth ?? Infinity);
  return {
    lines: isEmpty ? [] : wrapped.lines,
    lineHeight: box.lineHeight,
    width: isEmpty ? 0 : Math.max(width, wrapped.longestWord),
    height: isEmpty ? 0 : wrapped.lines.length * box.lineHeight,
    size: own.fontSize,
    centred: own.textAlign === 'center' || wrapped.lines.length === 1,
  };
}

interface LabelBox {
  readonly lineHeight: number;
  readonly width: number | undefined;
  readonly maxWidth: number | undefined;
  /** Where lines break; `undefined` when the label may not wrap. */
  readonly limit: number | undefined;
}

function labelBox(element: Element, fontSize: number): LabelBox {
  const style = parseDeclarations(element.getAttribute('style'));
  const lineHeight = style.get('line-height') ?? '1.5';
  const width = parseLength(style.get('width'), fontSize);
  const maxWidth = parseLength(style.get('max-width'), fontSize);
  const mayWrap = width !== undefined || !/nowrap/.test(style.get('white-space') ?? '');
  return {
    lineHeight: /[a-z]/.test(lineHeight) ? (parseLength(lineHeight, fontSize) ?? 0) : Number.parseFloat(lineHeight) * fontSize,
    width,
    maxWidth,
    limit: mayWrap ? (width ?? maxWidth ?? Infinity) : undefined,
  };
}

function collectLines(element: Element, styles: StyleReader): LabelRun[][] {
  const lines: LabelRun[][] = [[]];
  const current = (): LabelRun[] => lines.at(-1) ?? [];
  const breakLine = (): void => {
    if (current().length > 0) lines.push([]);
  };
  const walk = (node: Element): void => {
    for (const child of node.childNodes) {
      if (child.nodeType === 3) {
        const collapsed = (child.nodeValue ?? '').replace(/\s+/g, ' ');
        const text = current().length === 0 ? collapsed.trimStart() : collapsed;
        if (text !== '') current().push(runOf(text, styles.of(node)));
      } else if (isElement(child)) {
        const name = elementName(child);
        const isBlock = name === 'p' || name === 'div' || name === 'li';
        if (name === 'br') lines.push([]);
        if (isBlock) breakLine();
        walk(child);
        if (isBlock) breakLine();
      }
    }
  };
  walk(element);
  while (lines.length > 1 && current().length === 0) lines.pop();
  return lines;
}

function runOf(text: string, style: TextStyle): LabelRun {
  return { text, size: style.fontSize, weight: servedWeight(style.fontWeight), italic: style.italic };
}

function wrap(paragraphs: LabelRun[][], limit: number, metrics: FontMetrics): { lines: LabelRun[][]; longestWord: number } {
  const lines: LabelRun[][] = [];
  let longestWord = 0;
  for (const paragraph of paragraphs) {
    let line: LabelRun[] = [];
    let used = 0;
    lines.push(line);
    for (const run of paragraph) {
      // Mermaid sets `white-space: break-spaces`, so the space after a word has to fit on the line too.
      for (const word of run.text.split(/(?<= )/)) {
        const width = metrics.width(word, run.size, run.weight);
        longestWord = Math.max(longestWord, metrics.width(word.trimEnd(), run.size, run.weight));
        if (used > 0 && used + width > limit) {
          line = [];
          lines.push(line);
          used = 0;
        }
        line.push({ ...run, text: word });
        used += width;
      }
    }
  }
  return { lines, longestWord };
}

function lineWidth(line: LabelRun[], metrics: FontMetrics): number {
  return line.reduce((total, run) => total + metrics.width(run.text, run.size, run.weight), 0);
}
