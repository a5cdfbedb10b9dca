/** `/` opens the search, or goes to the box of the finder where that is; `?` says which keys there are, `g` and a letter lead to a page. What they do beyond comes when it is asked for. */
import { isForUs } from './single-keys.ts';
import { whenAsked } from './when-asked.ts';

const letterMs = 1500;
let wentAt = -letterMs;

document.addEventListener('keydown', (event) => {
  const { key, timeStamp } = event;
  if (!isForUs(event)) return;
  if (key === '/') {
    event.preventDefault();
    const box = document.querySelector<HTMLElement>('problem-finder input');
    if (box === null) document.querySelector<HTMLElement>('.search-open')?.click();
    else box.focus();
  } else if (key === '?' || timeStamp - wentAt < letterMs) whenAsked(({ press }) => press(key));
  wentAt = key === 'g' ? timeStamp : -letterMs;
});
