/** SVG as text. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

export function element(name: string, attributes: Attributes, inside = ''): string {
  const written = Object.entries(attributes).filter(([, value]) => value !== undefined).map(([key, value]) => ` ${key}="${escaped(String(value))}"`).join('');
  return `<${name}${written}${inside === '' ? '/>' : `>${inside}</${name}>`}`;
}

export function text(words: string, attributes: Attributes): string {
  return element('text', attributes, escaped(words));
}

export function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
