import { whenAsked } from './when-asked.ts';

/** Notes on this device what was read, and leads on along the guide that a reader came from. Nothing of it is sent. */
const title = document.querySelector('cite-menu') && document.querySelector('h1')?.textContent;
try {
  const kept = localStorage['recent'];
  const place = document.querySelector<HTMLElement>('.recent');
  if (kept && place) whenAsked(({ showRecent }) => showRecent(place));
  if (title && kept !== 'off') localStorage['recent'] = JSON.stringify([[location.pathname, title], ...(JSON.parse(kept ?? '[]') as [string, string][]).filter(([path]) => path !== location.pathname)].slice(0, 8));
  if (title && (document.referrer.includes('guides/') || sessionStorage['guide'])) whenAsked(({ followGuide }) => followGuide());
} catch { /* storage is forbidden, or holds what is not ours */ }
