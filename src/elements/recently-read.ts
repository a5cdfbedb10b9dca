/** What was read on this device last, with a way to forget it and to keep nothing. */
import { keptSwitch } from './kept-switch.ts';
import { button, link, node } from './nodes.ts';

type Read = [path: string, title: string];

/** The pages that were read, but for this one; the newest first. */
export function recentlyRead(): Read[] {
  try {
    const kept = JSON.parse(localStorage['recent'] ?? '[]') as Read[];
    return kept.filter(([path]) => path !== location.pathname);
  } catch {
    return [];
  }
}

/** @param place is filled anew, and empty where there is nothing to show */
export function showRecent(place: HTMLElement): void {
  const read = recentlyRead();
  const isOff = isSwitchedOff();
  place.hidden = read.length === 0 && !isOff;
  /** Who pressed is not left with nothing. */
  const stay = (): void => {
    showRecent(place);
    place.hidden = false;
    place.querySelector('input')?.focus();
  };
  const heading = node('h2', 'kicker', 'Recently read');
  const clear = button('', 'Clear', () => {
    try {
      localStorage.removeItem('recent');
    } catch { /* nothing was kept */ }
    stay();
  });
  const keep = keptSwitch('recent', 'Note on this device what I read', '', stay);
  place.replaceChildren(heading, node('ul', '', ...read.map(([path, title]) => node('li', '', pageLink(path, title)))), node('p', 'recent-choice', ...(read.length === 0 ? [] : [clear]), keep, link('/privacy/', 'What stays on your device')));
}

function isSwitchedOff(): boolean {
  try {
    return localStorage['recent'] === 'off';
  } catch {
    return false;
  }
}

/** The path was kept as it stood in the address, base and all. */
function pageLink(path: string, title: string): HTMLAnchorElement {
  const anchor = node('a', '', title);
  anchor.href = new URL(path, location.origin).pathname;
  return anchor;
}
