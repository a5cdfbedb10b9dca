/** A piece of a page, drawn as HTML while the site is built and as elements in a reader's browser. Words are only ever text. */

export type Part = string | PartElement;
export interface PartElement { tag: string; attributes: Readonly<Record<string, string>>; children: readonly Part[] }

/** @param attributes those that are undefined are left out */
export function part(tag: string, attributes: Readonly<Record<string, string | undefined>>, ...children: readonly Part[]): PartElement {
  return { tag, attributes: Object.fromEntries(Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined)), children };
}

/** Seen by all, read by none. */
export function sign(text: string): PartElement {
  return part('span', { class: 'weight', 'aria-hidden': 'true' }, text);
}

/** @param between said between any two */
export function joined(parts: readonly Part[], between: string): Part[] {
  return parts.flatMap((each, at) => (at === 0 ? [each] : [between, each]));
}
