/** Lower-case name without a namespace prefix: jsdom keeps `xhtml:div` as Mermaid wrote it. */
export function elementName(element: Element): string {
  return (element.localName || element.nodeName).toLowerCase().replace(/^xhtml:/, '');
}

export function isElement(node: Node | null | undefined): node is Element {
  return node?.nodeType === 1;
}

export function childElements(element: Element): Element[] {
  return [...element.childNodes].filter(isElement);
}

/** The declarations of a `style` attribute or of a rule's body. */
export function parseDeclarations(text: string | null | undefined): Map<string, string> {
  const declarations = new Map<string, string>();
  for (const part of (text ?? '').split(';')) {
    const colon = part.indexOf(':');
    if (colon <= 0) continue;
    const value = part.slice(colon + 1).replace(/\s*!important/i, '').trim();
    if (value !== '') declarations.set(part.slice(0, colon).trim().toLowerCase(), value);
  }
  return declarations;
}
