import { whenAsked } from './when-asked.ts';

/** Fetches a page of the site when a reader reaches for its link, unless they save data; of a term, what it means. */
const fetched = new Set([location.pathname]);

function reach(event: Event): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link?.matches('[href*="glossary/#"]') === true) {
    // A finger is on its way there already.
    if ((event as PointerEvent).pointerType !== 'touch') whenAsked(({ explain }) => explain(link));
    return;
  }
  const saves = (navigator as { connection?: { saveData?: boolean } }).connection?.saveData === true;
  if (link === null || saves || link.origin !== location.origin || link.download !== '' || !link.pathname.endsWith('/') || fetched.has(link.pathname)) return;
  fetched.add(link.pathname);
  const ahead = document.createElement('link');
  ahead.rel = 'prefetch';
  ahead.href = link.pathname;
  document.head.append(ahead);
}

for (const event of ['pointerover', 'focusin']) document.addEventListener(event, reach, { passive: true });
