/** `/` opens the search, `?` says which keys there are, `g` and a letter lead to a page. What they do beyond comes when it is asked for. */
import { isForUs } from './single-keys.ts';
import { whenAsked } from './when-asked.ts';

const letterMs = 1500;
let wentAt = -letterMs;

document.addEventListener('keydown', (event) => {
  const { key, timeStamp } = event;
  if (!isForUs(event)) return;
  if (key === '/') {
    event.preventDefault();
    document.querySelector<HTMLElement>('.search-open')?.click();
  } else if (key === '?' || timeStamp - wentAt < letterMs) whenAsked(({ press }) => press(key));
  wentAt = key === 'g' ? timeStamp : -letterMs;
});
