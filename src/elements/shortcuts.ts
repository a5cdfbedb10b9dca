/** Where keys lead, and the sheet that lists them. */
import sheetText from '../styles/shortcuts.css?inline';
import { adoptSheet } from './adopt-sheet.ts';
import { fromRoot } from './from-root.ts';
import { keptSwitch } from './kept-switch.ts';
import { button, node } from './nodes.ts';

const places: Record<string, { address: string; label: string }> = {
  f: { address: fromRoot('/find/'), label: 'Find by problem' },
  p: { address: fromRoot('/patterns/'), label: 'All patterns' },
  m: { address: fromRoot('/map/'), label: 'Map' },
  g: { address: fromRoot('/glossary/'), label: 'Glossary' },
};
let sheet: CSSStyleSheet | undefined;

/** @param key `?`, or the letter behind a `g` */
export function press(key: string): void {
  const place = places[key];
  if (key === '?') showKeys();
  else if (place !== undefined) location.assign(place.address);
}

export function showKeys(): void {
  sheet ??= adoptSheet(sheetText);
  const heading = node('h2', '', 'Keys');
  heading.id = 'keys-title';
  const dialog = node('dialog', 'keys');
  dialog.setAttribute('aria-labelledby', heading.id);
  const rows: [keys: string[], does: string][] = [
    [['Ctrl', 'K'], 'Search, and do things'],
    [['/'], document.querySelector('problem-finder') === null ? 'Search' : 'To the box of the finder'],
    ...(document.querySelector('cite-menu') === null ? [] : [[['C'], 'Cite this page'] as [string[], string]]),
    ...Object.entries(places).map(([letter, { label }]): [string[], string] => [['G', letter.toUpperCase()], label]),
    [['?'], 'This sheet'],
  ];
  dialog.append(
    node('header', '', heading, button('', 'Close', () => dialog.close())),
    node('dl', '', ...rows.map(([keys, does]) => node('div', '', node('dt', '', ...keys.flatMap((key, index) => [...(index === 0 ? [] : [' ']), node('kbd', '', key)])), node('dd', '', does)))),
    keptSwitch('keys', 'Single keys are on', 'Kept on this device. Ctrl K works either way.'),
  );
  const before = document.activeElement;
  dialog.addEventListener('close', () => {
    dialog.remove();
    // A menu that it was opened from has closed meanwhile.
    const back = before?.closest('details:not([open])')?.querySelector('summary') ?? before;
    if (back instanceof HTMLElement) back.focus();
  });
  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  document.body.append(dialog);
  dialog.showModal();
}
