export interface AccessibleText {
  readonly title: string;
  readonly description: string;
}

/**
 * `accTitle` and `accDescr` as the author wrote them. Mermaid puts them into the drawing for some
 * diagram types only, so they are read from the text for all.
 */
export function accessibleText(source: string): AccessibleText {
  const title = /^\s*accTitle\s*:\s*(.+)$/m.exec(source)?.[1];
  const description = /^\s*accDescr\s*:\s*(.+)$/m.exec(source)?.[1] ?? /^\s*accDescr\s*\{([^}]*)\}/m.exec(source)?.[1];
  return { title: oneLine(title), description: oneLine(description) };
}

function oneLine(text: string | undefined): string {
  return (text ?? '').trim().replace(/\s+/g, ' ');
}
