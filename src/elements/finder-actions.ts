/** What a reader takes along: the link, the answer as Markdown, a decision record. */
import type { Taken } from './finder-take-away.ts';
import { button, copyWith, link, node } from './nodes.ts';

/** @param shown slugs of the answer, which can be set side by side @param say to a screen reader @param notify on the page */
export function actions(taken: () => Taken, shown: readonly string[], say: (text: string) => void, notify: (text: string) => void): HTMLElement {
  const fail = (): void => notify('That could not be loaded. Check the connection and try again.');
  const copied = (success: boolean): void => say(success ? 'Copied.' : 'Copying is not allowed here.');
  return node(
    'div', 'finder-actions',
    ...(shown.length < 2 ? [] : [comparing(shown)]),
    button('chip', 'Copy link', (pressed) => void copyWith(pressed, taken().address).then(copied)),
    button('chip', 'Copy as Markdown', (pressed) => {
      import('./finder-take-away.ts').then(async ({ asMarkdown }) => copied(await copyWith(pressed, await asMarkdown(taken())))).catch(fail);
    }),
    button('chip', 'Start a decision record', () => {
      import('./finder-take-away.ts').then(({ startRecord }) => startRecord(taken())).catch(fail);
    }),
  );
}

/** More than four nobody can read side by side. */
const mostCompared = 4;

function comparing(shown: readonly string[]): HTMLElement {
  const way = link(`/compare/?of=${shown.slice(0, mostCompared).join(',')}`, `Compare ${shown.length > mostCompared ? `the first ${mostCompared}` : 'these'}`);
  way.className = 'chip';
  return way;
}
