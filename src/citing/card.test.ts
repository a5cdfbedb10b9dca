import { expect, test } from 'vitest';
import { cardHtml, cardPathOf } from './card.ts';
import { citedPage } from './cited-page.ts';
import { oEmbed } from './oembed.ts';

const cited = citedPage('pattern', 'tea-egg', { title: 'Tea "Egg" & <b>lid</b>', description: 'Holds <leaves> together.', changes: [{ version: '1.2', date: '2026-11-27' }] }, 'https://example.org/atlas/');
const home = 'https://example.org/atlas/';

test('a card says what the page is, links to it beside the frame, and has no script and no style of its own', () => {
  const html = cardHtml(cited, { kicker: 'Data pattern', colour: 'in-data', glyph: '<svg></svg>', sheet: '/atlas/card.css', home });
  expect(html).toContain('<h1><a href="https://example.org/atlas/patterns/tea-egg/" target="_blank" rel="noopener">Tea &quot;Egg&quot; &amp; &lt;b&gt;lid&lt;/b&gt;</a></h1>\n<p>Holds &lt;leaves&gt; together.</p>');
  expect(html).toContain('Version 1.2 · <time datetime="2026-11-27">27 November 2026</time>');
  expect(html).toContain('<html lang="en" class="in-data">');
  expect(html).not.toMatch(/<script|<style|style=/);
  expect(cardHtml(cited, { kicker: 'Guide', sheet: '/card.css', home })).not.toMatch(/class="glyph"|undefined/);
  expect(cardPathOf(cited)).toBe('/patterns/tea-egg/card/');
});

test('oEmbed shows the card in a frame that may open links and nothing else', () => {
  const answer = oEmbed(cited, { home, card: 'https://example.org/atlas/patterns/tea-egg/card/', picture: 'https://example.org/atlas/patterns/tea-egg/preview.png' });
  expect(answer).toMatchObject({ version: '1.0', type: 'rich', title: cited.title, provider_url: home, thumbnail_width: 1200, thumbnail_height: 630 });
  expect(answer.html).toContain('title="Tea &quot;Egg&quot; &amp; &lt;b&gt;lid&lt;/b&gt;: Holds &lt;leaves&gt; together." sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"');
  expect(answer.html).toContain(`width="${answer.width}" height="${answer.height}"`);
});
