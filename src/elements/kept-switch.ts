/** A switch whose choice stays on this device: nothing is kept while it is on, as it is from the start. */
import { node } from './nodes.ts';

/** @param key in the storage of the browser @param more what else there is to say */
export function keptSwitch(key: string, words: string | Node, more = '', turned: (on: boolean) => void = () => {}): HTMLLabelElement {
  const box = node('input');
  box.type = 'checkbox';
  box.checked = true;
  try {
    box.checked = localStorage.getItem(key) !== 'off';
  } catch { /* it stays on */ }
  box.addEventListener('change', () => {
    try {
      if (box.checked) localStorage.removeItem(key);
      else localStorage.setItem(key, 'off');
    } catch { /* for this page it stays as it was */ }
    turned(box.checked);
  });
  return node('label', 'kept-switch', box, node('span', '', words, ...(more === '' ? [] : [' ', node('small', '', more)])));
}
