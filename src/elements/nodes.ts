/** Elements built from text. Words of readers and of the catalogue are only ever text nodes. */

import { fromRoot } from './from-root.ts';

export type Child = Node | string;

export function node<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, name = '', ...children: Child[]): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (name !== '') element.className = name;
  element.append(...children);
  return element;
}

/** @param address on this site it begins at the root, whatever the base is */
export function link(address: string, text: string): HTMLAnchorElement {
  const anchor = node('a', '', text);
  anchor.href = address.startsWith('/') ? fromRoot(address) : address;
  return anchor;
}

export function button(name: string, text: string, press: (pressed: HTMLButtonElement) => void): HTMLButtonElement {
  const element = node('button', name, text);
  element.type = 'button';
  element.addEventListener('click', () => press(element));
  return element;
}

/** Puts text on the clipboard and says so on the button for a moment. */
export async function copyWith(pressed: HTMLButtonElement, text: string): Promise<boolean> {
  const label = pressed.dataset['label'] ?? pressed.textContent ?? '';
  pressed.dataset['label'] = label;
  let copied = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    copied = false;
  }
  pressed.textContent = copied ? 'Copied' : 'Copying is not allowed here';
  setTimeout(() => { pressed.textContent = label; }, 2000);
  return copied;
}
