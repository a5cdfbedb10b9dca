import { JSDOM, VirtualConsole } from 'jsdom';

export type DrawingWindow = Window & typeof globalThis;

/**
 * A window for Mermaid, published as globals because Mermaid reads them there. Only for threads
 * that do nothing else: a global `document` would mislead Astro and Vite.
 */
export function createDocument(): DrawingWindow {
  const { window } = new JSDOM('<!doctype html><html><body></body></html>', { virtualConsole: new VirtualConsole() });
  const drawing = window as unknown as DrawingWindow;
  const frame = (callback: FrameRequestCallback): number => {
    setImmediate(() => callback(0));
    return 0;
  };
  Object.defineProperty(drawing, 'requestAnimationFrame', { value: frame, configurable: true });
  // Mermaid waits for images in labels, and nothing is ever loaded here.
  Object.defineProperty(drawing.HTMLImageElement.prototype, 'complete', { get: () => true, configurable: true });

  const globals: Record<string, unknown> = { window: drawing, document: drawing.document, requestAnimationFrame: frame };
  for (const name of GLOBAL_CLASSES) globals[name] = drawing[name];
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return drawing;
}

const GLOBAL_CLASSES = [
  'Element',
  'HTMLElement',
  'SVGElement',
  'Node',
  'DOMParser',
  'XMLSerializer',
  'CSSStyleSheet',
  'MutationObserver',
  'Document',
  'DocumentFragment',
  'HTMLTemplateElement',
  'NodeFilter',
  'NamedNodeMap',
] as const;
