/** Opens the sections of a page that belong to a level and closes the others, keeps the choice, and opens what a link leads into. */
const all = document.querySelectorAll<HTMLDetailsElement>('.sl-markdown-content > details');
const gist = document.querySelector<HTMLDetailsElement>('.gist');
const rest = document.createElement('button');

/** @param chosen by hand, and so to be remembered; else it came from the address or from memory */
export function showLevel(buttons: HTMLElement, level: string, chosen: boolean): void {
  for (const section of all) section.open = level === 'all' || section === gist || (level === '5min' && !section.classList.contains('deep'));
  gist?.classList.toggle('drawing-only', level === '1min');
  if (level === '1min') gist?.append(rest);
  else rest.remove();
  // Until now the sheet did it, from the first paint on.
  delete document.documentElement.dataset['read'];
  for (const button of buttons.querySelectorAll('button')) button.ariaPressed = String(button.value === level);
  if (chosen) keep(level);
  else reveal(location.hash);
}

function keep(level: string): void {
  try {
    if (level === 'all') localStorage.removeItem('read');
    else localStorage.setItem('read', level);
  } catch { /* Storage may be forbidden: it lasts for the page. */ }
  const address = new URL(location.href);
  if (level === 'all') address.searchParams.delete('read');
  else address.searchParams.set('read', level);
  history.replaceState(history.state, '', address);
}

/** Not every browser opens what stands around the place that a link names. */
function reveal(hash: string): void {
  let id = hash.slice(1);
  try { id = decodeURIComponent(id); } catch { /* No place of ours is written like this. */ }
  const place = document.getElementById(id);
  const section = place?.closest<HTMLDetailsElement>('.sl-markdown-content > details');
  if (place === null || section === null || section === undefined) return;
  section.open = true;
  if (place.getClientRects().length === 0) showRest();
  place.scrollIntoView();
}

function showRest(): void {
  gist?.classList.remove('drawing-only');
  rest.remove();
}

rest.className = 'chip';
rest.textContent = 'The rest of this section';
rest.addEventListener('click', () => {
  showRest();
  // The button is gone; the next Tab goes on behind the heading.
  gist?.querySelector('summary')?.focus();
});
gist?.addEventListener('toggle', () => { if (!gist.open) showRest(); });
addEventListener('hashchange', () => reveal(location.hash));
document.addEventListener('click', ({ target }) => {
  const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href*="#"]') : null;
  if (link?.pathname === location.pathname && link.hash === location.hash) reveal(link.hash);
});

// Chromium prints a closed section open by the sheet for paper; others need this.
let closed: HTMLDetailsElement[] = [];
addEventListener('beforeprint', () => {
  closed = [...all].filter(({ open }) => !open);
  for (const section of closed) section.open = true;
});
addEventListener('afterprint', () => { for (const section of closed) section.open = false; });
