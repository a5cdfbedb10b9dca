import { expect, test } from 'vitest';
import { inSections } from './reading-levels.ts';

const heading = (id: string): string => `<div class="sl-heading-wrapper level-h2"><h2 id="${id}">Title</h2><a class="sl-anchor-link" href="#${id}" aria-label="Section"></a></div>`;
const words = (count: number): string => `<p>${'word '.repeat(count)}</p>`;

test('each second-level heading becomes the summary of an open section that says when it is closed and whether it is printed', () => {
  const { html } = inSections(`<p>Lead</p>${heading('solution')}<p>S</p>${heading('what-it-costs')}<p>W</p>${heading('code')}<p>C</p>`);
  const summary = (id: string): string => `<summary class="sl-heading-wrapper level-h2"><h2 id="${id}">Title</h2></summary><a class="sl-anchor-link" href="#${id}" aria-label="Section" tabindex="-1"></a>`;
  expect(html).toBe(`<p>Lead</p><details open class="gist">${summary('solution')}<p>S</p></details><details open>${summary('what-it-costs')}<p>W</p></details><details open class="deep off-paper">${summary('code')}<p>C</p></details>`);
});

test('minutes count what is read: the lead, then the sections of a level, never a drawing, code or what is folded in', () => {
  const silent = `<svg>${'word '.repeat(5000)}</svg><pre>${'word '.repeat(5000)}</pre><details>${'word '.repeat(5000)}</details>`;
  expect(inSections(`${words(238)}${silent}${heading('problem')}${words(476)}${heading('forces')}${words(714)}`).minutes).toEqual({ '1min': 1, '5min': 3, all: 6 });
});
