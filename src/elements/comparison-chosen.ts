/** The patterns that are compared, each with what can be done to it. */
import type { Compared } from '../comparing/compared.ts';
import { letterOf } from '../comparing/table-view.ts';
import { button, node } from './nodes.ts';

interface Chosen { replace: (slug: string) => void; remove: (compared: Compared) => void }

export function chosenItems(patterns: readonly Compared[], { replace, remove }: Chosen): HTMLElement[] {
  return patterns.map((compared, at) => {
    const { slug, data: { title, category } } = compared;
    return node(
      'li', `in-${category}`, node('b', 'badge', letterOf(at)), node('span', '', title),
      named(button('quiet', 'Replace', () => replace(slug)), `Replace ${title}`), named(button('quiet', 'Remove', () => remove(compared)), `Remove ${title}`),
    );
  });
}

function named(element: HTMLElement, name: string): HTMLElement {
  element.setAttribute('aria-label', name);
  return element;
}
