/** Fetches a page of the site when a reader reaches for its link, unless they save data. */
const fetched = new Set([location.pathname]);

function reach({ target }: Event): void {
  const link = target instanceof Element ? target.closest('a') : null;
  const saves = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
  if (link === null || saves || link.origin !== location.origin || link.download !== '' || !link.pathname.endsWith('/') || fetched.has(link.pathname)) return;
  fetched.add(link.pathname);
  const ahead = document.createElement('link');
  ahead.rel = 'prefetch';
  ahead.href = link.pathname;
  document.head.append(ahead);
}

for (const event of ['pointerover', 'focusin']) document.addEventListener(event, reach, { passive: true });
