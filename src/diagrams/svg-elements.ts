const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';

export function createSvg(document: Document, name: string, attributes: Record<string, string | number> = {}): Element {
  const element = document.createElementNS(SVG_NAMESPACE, name);
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, String(value));
  return element;
}

/** Two decimals: a hundredth of a pixel is invisible, and Mermaid writes up to fifteen. */
export function rounded(value: number): number {
  return Number(value.toFixed(2));
}
