/** Parts as elements of the page. */
import type { Part } from '../comparing/part.ts';
import { fromRoot } from './from-root.ts';

export function nodesOf(...parts: readonly Part[]): Node[] {
  return parts.map((each) => {
    if (typeof each === 'string') return document.createTextNode(each);
    const element = document.createElement(each.tag);
    for (const [name, value] of Object.entries(each.attributes)) element.setAttribute(name, name === 'href' && value.startsWith('/') ? fromRoot(value) : value);
    element.append(...nodesOf(...each.children));
    return element;
  });
}
