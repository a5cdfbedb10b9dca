/**
 * Comes with pages that the worker of /offline/ serves, and is silent until a new release has replaced the one of this page.
 * The page goes on as it is; when it is loaded anew the reader decides, since something may stand in a field.
 */
import sheetText from '../styles/kept-notice.css?inline';
import { adoptSheet } from './adopt-sheet.ts';
import { button, node } from './nodes.ts';

navigator.serviceWorker.addEventListener('message', ({ data }: MessageEvent<{ kind?: string }>) => {
  if (data.kind === 'new-release' && document.querySelector('.kept-notice') === null) show();
});

function show(): void {
  adoptSheet(sheetText);
  const place = node('div', 'kept-notice print-hidden');
  place.setAttribute('role', 'status');
  document.body.append(place);
  // A status is read when it changes, not when it comes.
  requestAnimationFrame(() => place.append(
    node('p', '', 'A new version of the atlas is kept on this device. This page is of the one before and goes on working.'),
    node('div', '', button('chip', 'Reload this page', () => location.reload()), button('chip', 'Later', () => place.remove())),
  ));
}
