import { satteriHeadingIdsPlugin } from '@astrojs/markdown-satteri';
import { markdownToHtml, mdxToJs } from 'satteri';
import { describe, expect, test } from 'vitest';
import { anchors } from './anchors.ts';

const options = { hastPlugins: [satteriHeadingIdsPlugin(), anchors], features: { headingAttributes: true } };
const whole = async (markdown: string): Promise<string> => (await markdownToHtml(markdown, options)).html;
const html = async (markdown: string): Promise<string> => (await whole(markdown)).replaceAll(/ aria-label="[^"]*"/g, '');

describe('headings', () => {
  test('have an id, and a link that says where it leads', async () => {
    expect((await whole('## What it costs')).trim())
      .toBe('<div class="sl-heading-wrapper level-h2"><h2 id="what-it-costs">What it costs</h2><a class="sl-anchor-link" href="#what-it-costs" aria-label="Section “What it costs”"></a></div>');
  });

  test('keep the id that the author gave them, whatever they say', async () => {
    expect(await html('### Compared with locks {#compared-with-two-phase-commit}')).toContain('<h3 id="compared-with-two-phase-commit">Compared with locks</h3><a class="sl-anchor-link" href="#compared-with-two-phase-commit">');
    expect((await mdxToJs('### Locks {#two-phase-commit}', options)).code).toContain('"#two-phase-commit"');
  });
});

describe('claims', () => {
  test('a point of a list is named by its words in bold', async () => {
    expect(await html('## When it goes wrong\n\n- **Silence is read as no.** Log before you send.\n- **It’s *über* full.**'))
      .toContain('<ul>\n<li id="silence-is-read-as-no"><strong>Silence is read as no.</strong> Log before you send.<a class="claim" href="#silence-is-read-as-no"></a></li>\n<li id="its-uber-full">');
  });

  test('a sentence, on its line, by its first words, with what stands in it', async () => {
    expect(await html('## What it costs\n\nEvery order takes [eleven short transactions](/x/) in the database.\nIn return `nobody` waits.')).toContain(
      '<p><span id="every-order-takes-eleven-short">Every order takes <a href="/x/">eleven short transactions</a> in the database.<a class="claim" href="#every-order-takes-eleven-short"></a></span>\n<span id="in-return-nobody-waits">');
  });

  test('in a list with air, the mark follows the last words', async () => {
    expect(await html('## When not to use it\n\n- One thing.\n\n  And more.\n\n- Another.\n')).toMatch(/<li id="one-thing[^"]*">\s*<p>One thing\.<\/p>\s*<p>And more\.<a class="claim"/);
  });

  test('no id stands twice, and none takes that of a heading', async () => {
    const ids = [...(await html('## What it costs\n\n- **Time.** A.\n- **Time.** B.\n- **Sources.** C.\n\n## Sources')).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids).toEqual(['what-it-costs', 'time', 'time-2', 'sources-2', 'sources']);
  });

  test('other sections have none', async () => {
    expect(await html('## What it costs\n\n## Variants\n\n- **Forward only.** Repeat.\n\nA sentence.')).not.toContain('class="claim"');
  });
});
