/** Parts as HTML text. */
import { escaped } from '../citing/escaped.ts';
import type { Part } from './part.ts';

const empty = new Set(['input', 'col', 'br']);

export function htmlOf(...parts: readonly Part[]): string {
  return parts.map((each) => {
    if (typeof each === 'string') return escaped(each);
    const attributes = Object.entries(each.attributes).map(([name, value]) => (value === '' ? ` ${name}` : ` ${name}="${escaped(value)}"`)).join('');
    return `<${each.tag}${attributes}>${empty.has(each.tag) ? '' : `${htmlOf(...each.children)}</${each.tag}>`}`;
  }).join('');
}
