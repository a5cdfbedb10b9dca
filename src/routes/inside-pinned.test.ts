import { expect, test } from 'vitest';
import { insidePinned } from './inside-pinned.ts';

const html = `<h1 id="saga">Saga <em>x</em></h1>
<p><a href="https://example.org/atlas/patterns/saga/#problem">a</a> <a href="https://example.org/atlas/patterns/saga/#gone">b</a> <a href="https://example.org/atlas/find/">c</a> <a href="https://example.com/patterns/saga/">d</a></p>
<h2 id="problem">Problem</h2><pre>&lt;a href=&quot;https://example.org/atlas/x/&quot;></pre><tr><th>From</th><th></th></tr>`;

test('a kept text stands on its own page', () => {
  expect(insidePinned(html, { site: 'https://example.org/atlas', address: '/patterns/saga/' })).toBe(`<p><a href="#problem">a</a> <a href="/patterns/saga/#gone">b</a> <a href="/find/">c</a> <a href="https://example.com/patterns/saga/">d</a></p>
<h2 id="problem">Problem</h2><pre>&lt;a href=&quot;https://example.org/atlas/x/&quot;></pre><tr><th scope="col">From</th><td></td></tr>`);
});
