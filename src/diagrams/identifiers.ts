/**
 * Drops identifiers that nothing refers to and renames the others to `<prefix>-0`, `<prefix>-1` …:
 * Mermaid repeats some of them (`actor0`, `root-0`) in every drawing, and a page holds several.
 */
export function renameIdentifiers(svg: Element, prefix: string): void {
  const elements = [svg, ...svg.querySelectorAll('*')];
  const referred = referredIdentifiers(elements);
  const renamed = new Map<string, string>();
  for (const element of elements) {
    if (element === svg || element.id === '') continue;
    if (!referred.has(element.id)) element.removeAttribute('id');
    else if (!renamed.has(element.id)) renamed.set(element.id, `${prefix}-${renamed.size.toString(36)}`);
  }
  for (const element of elements) {
    for (const { name, value } of [...element.attributes]) {
      const next = name === 'id' ? renamed.get(value) : withNewNames(name, value, renamed);
      if (next !== undefined && next !== value) element.setAttribute(name, next);
    }
  }
}

export function referredIdentifiers(elements: Iterable<Element>): Set<string> {
  const referred = new Set<string>();
  for (const element of elements) {
    for (const { name, value } of element.attributes) {
      for (const [, id = ''] of value.matchAll(URL_REFERENCE)) referred.add(id);
      if (name === 'href' && value.startsWith('#')) referred.add(value.slice(1));
      if (IDREFS.has(name)) for (const id of value.split(/\s+/)) referred.add(id);
    }
  }
  return referred;
}

const URL_REFERENCE = /url\(["']?#([^"')]+)["']?\)/g;

const IDREFS = new Set(['aria-labelledby', 'aria-describedby']);

function withNewNames(name: string, value: string, renamed: ReadonlyMap<string, string>): string {
  const newName = (id: string): string => renamed.get(id) ?? id;
  if (IDREFS.has(name)) return value.split(/\s+/).map(newName).join(' ');
  if (name === 'href' && value.startsWith('#')) return `#${newName(value.slice(1))}`;
  return value.includes('#') ? value.replace(URL_REFERENCE, (_, id: string) => `url(#${newName(id)})`) : value;
}
