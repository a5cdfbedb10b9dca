import { accessibleText, type AccessibleText } from './accessible-text.ts';
import { cleanSvg } from './clean-svg.ts';
import { crop } from './crop.ts';
import { createDocument } from './document.ts';
import type { RuledDrawing } from './drawing.ts';
import { FontMetrics } from './font-metrics.ts';
import { layOutLabel } from './label-layout.ts';
import { installMeasuring } from './measuring.ts';
import { loadMermaid, typeName } from './parse.ts';
import { readSheet } from './shared-sheet.ts';
import { createSvg } from './svg-elements.ts';

export interface DrawRequest {
  readonly source: string;
  readonly id: string;
}

/** Draws one diagram at a time: all share one document. Changes this thread's globals. */
export type Draw = (request: DrawRequest) => Promise<RuledDrawing>;

export async function createDraw(sharedRules: ReadonlySet<string> = readSheet()): Promise<Draw> {
  const window = createDocument();
  const { document } = window;
  const metrics = new FontMetrics();
  installMeasuring(window, metrics);
  const mermaid = await loadMermaid();

  return async ({ source, id }) => {
    try {
      const { svg: markup, diagramType } = await mermaid.render(id, source);
      const host = document.createElement('div');
      host.innerHTML = markup;
      document.body.append(host);
      const svg = host.querySelector('svg');
      if (!svg) throw new Error('Mermaid drew nothing');
      return finish(svg, diagramType, source, id);
    } finally {
      document.body.replaceChildren();
    }
  };

  function finish(svg: SVGSVGElement, diagramType: string, source: string, id: string): RuledDrawing {
    const type = typeName(diagramType);
    const layouts = new Map(
      [...svg.querySelectorAll('foreignObject')].flatMap((holder) =>
        holder.firstElementChild ? [[holder, layOutLabel(holder.firstElementChild, metrics)] as const] : [],
      ),
    );
    const text = accessibleText(source);
    name(svg, text, id);
    svg.setAttribute('font-size', '14');
    const report = cleanSvg(svg, { id, type, layouts, metrics, sharedRules });
    crop(svg, metrics);
    const size = setSize(svg);
    const links = nameLinks(svg);
    svg.setAttribute('role', links.length > 0 ? 'group' : 'img');
    const colours = report.unknownColours.map((colour) => `${colour} will not follow the dark theme; ${CLASSES_INSTEAD}`);
    return { svg: serialise(svg), id, type, ...text, ...size, links, warnings: [...report.warnings, ...colours], rules: report.rules };
  }
}

const CLASSES_INSTEAD = 'use the classes :::accent, :::danger, :::ok or :::muted instead of colours';

function name(svg: Element, { title, description }: AccessibleText, id: string): void {
  for (const old of svg.querySelectorAll(':scope > title, :scope > desc')) old.remove();
  for (const attribute of ['aria-labelledby', 'aria-describedby', 'aria-roledescription']) svg.removeAttribute(attribute);
  const parts = [
    ['desc', description, 'aria-describedby'],
    ['title', title, 'aria-labelledby'],
  ] as const;
  for (const [tag, text, attribute] of parts) {
    if (text === '') continue;
    const element = createSvg(svg.ownerDocument, tag, { id: `${id}-${tag}` });
    element.textContent = text;
    svg.prepend(element);
    svg.setAttribute(attribute, element.id);
  }
}

function setSize(svg: Element): { width: number; height: number } {
  const box = (svg.getAttribute('viewBox') ?? '').split(/\s+/).map(Number);
  const width = Math.ceil(box[2] ?? 0);
  const height = Math.ceil(box[3] ?? 0);
  svg.setAttribute('width', String(width));
  svg.setAttribute('height', String(height));
  svg.removeAttribute('style');
  return { width, height };
}

function nameLinks(svg: Element): string[] {
  return [...svg.querySelectorAll('a[href]')].map((link) => {
    const href = link.getAttribute('href') ?? '';
    if (link.textContent.trim() === '') link.setAttribute('aria-label', href);
    return href;
  });
}

function serialise(svg: Element): string {
  return svg.outerHTML
    .replace(/<(path|rect|circle|ellipse|line|polygon|polyline|use|stop)\b([^>]*)><\/\1>/g, '<$1$2/>')
    .replace(/\s*\n\s*/g, ' ');
}
