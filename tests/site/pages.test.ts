import { HtmlValidate } from 'html-validate';
import { describe, expect, test } from 'vitest';
import { readCatalogue } from '../../src/catalogue/files.ts';
import { root } from '../architecture/repository.ts';
import { pages, siteFiles, siteText, textOf } from './built-site.ts';

const origin = 'https://pattern-atlas.github.io';
const found = pages.filter(({ address }) => address !== '/404.html');
/** Of the address of a version of a page. */
const versionEnd = /(?<=\/)\d+\.\d+\/$/;

describe('every page', () => {
  test('is valid HTML', () => {
    const validator = new HtmlValidate({
      extends: ['html-validate:recommended'],
      // Expressive Code writes each line of code as a <div>.
      elements: ['html5', { code: { permittedContent: ['@phrasing', 'div'] } }],
      rules: {
        // Style, not validity: the build writes it.
        'no-trailing-whitespace': 'off',
        'attribute-boolean-style': 'off',
        'attribute-empty-style': 'off',
        'doctype-style': 'off',
        'void-style': 'off',
        'long-title': 'off',
        // HTML has allowed ids that begin with an underscore since version 5; "_top" is Starlight's.
        'valid-id': ['error', { relaxed: true }],
        // In a form, a button without a type is the one that sends it.
        'no-implicit-button-type': 'off',
        // The contents of a page stand there twice, and a screen shows one; axe looks at what is shown.
        'unique-landmark': 'off',
        // A drawing that scrolls is a region only then, so the element stays the same.
        'prefer-native-element': ['error', { exclude: ['region'] }],
        // Expressive Code and the diagrams colour and size with style attributes.
        'no-inline-style': 'off',
        // Integrity guards files of other hosts; all of ours come from the page's own.
        'require-sri': 'off',
      },
    });
    const messages = pages.flatMap(({ address, html }) => validator.validateStringSync(html).results
      .flatMap(({ messages: all }) => all.map(({ ruleId, message, line, selector }) => `${address}:${line}: ${ruleId}: ${message} (${selector ?? ''})`)));
    expect(messages).toEqual([]);
  }, 180_000);

  test('has one first heading and leaves out no level on the way down', () => {
    const wrong = pages.flatMap(({ address, document }) => {
      const levels = [...document.querySelectorAll('main :is(h1, h2, h3, h4, h5, h6), header h1')].map((heading) => Number(heading.tagName.slice(1)));
      const jump = levels.findIndex((level, index) => index > 0 && level > (levels[index - 1] ?? 1) + 1);
      return [
        ...(document.querySelectorAll('h1').length === 1 ? [] : [`${address}: ${document.querySelectorAll('h1').length} first headings`]),
        ...(jump < 0 ? [] : [`${address}: a heading of level ${levels[jump]} follows one of level ${levels[jump - 1]}`]),
      ];
    });
    expect(wrong).toEqual([]);
  });

  test('has a title and a description of its own', () => {
    const titles = found.map(({ document }) => document.title);
    const descriptions = found.map(({ document }) => document.querySelector('meta[name="description"]')?.getAttribute('content') ?? '');
    expect(titles.filter((title, index) => title === '' || titles.indexOf(title) !== index)).toEqual([]);
    expect(descriptions.filter((text, index) => text === '' || descriptions.indexOf(text) !== index)).toEqual([]);
    expect(descriptions.filter((text) => text.length > 160)).toEqual([]);
  });

  test('names its own address as the canonical one, and a version that of the latest', () => {
    const wrong = found.map(({ address, document }) => [`${origin}${address.replace(versionEnd, '')}`, document.querySelector('link[rel="canonical"]')?.getAttribute('href')]);
    expect(wrong.filter(([own, named]) => own !== named)).toEqual([]);
    // What answers at every address that does not exist has none of its own.
    expect(pages.filter(({ address, document }) => address === '/404.html' && document.querySelector('link[rel="canonical"]') !== null)).toEqual([]);
  });

  test('says its language, and its title in the first heading', () => {
    expect(pages.filter(({ document }) => document.documentElement.lang !== 'en').map(({ address }) => address)).toEqual([]);
    expect(pages.filter(({ document }) => textOf(document.querySelector('h1')) === '').map(({ address }) => address)).toEqual([]);
  });

  test('asks no other host for anything', () => {
    const parts = 'script[src], link[rel~="stylesheet"], link[rel~="icon"], link[rel~="preload"], link[rel~="modulepreload"], link[rel~="preconnect"], link[rel~="dns-prefetch"], img[src], source[srcset], iframe[src], video[src], audio[src], object[data], embed[src], use[href]';
    const outside = pages.flatMap(({ address, document }) => [...document.querySelectorAll(parts)]
      .flatMap((element) => ['src', 'href', 'srcset', 'data'].map((name) => element.getAttribute(name) ?? ''))
      .filter((value) => /^(https?:)?\/\//.test(value))
      .map((value) => `${address}: ${value}`));
    const styles = [...siteFiles.filter((file) => file.endsWith('.css')).map((file) => [file, siteText(file)] as const),
      ...pages.flatMap(({ address, document }) => [...document.querySelectorAll('style')].map((style) => [address, style.textContent ?? ''] as const))];
    const inStyles = styles.flatMap(([where, text]) => [...text.matchAll(/(?:url\(\s*["']?|@import\s+["'])((?:https?:)?\/\/[^"')]+)/g)].map(([, address]) => `${where}: ${address}`));
    expect([...outside, ...inStyles]).toEqual([]);
  });

  test('has no handler in an attribute and no script address that runs text', () => {
    const handlers = pages.flatMap(({ address, document }) => [...document.querySelectorAll('*')]
      .flatMap((element) => [...element.attributes].filter(({ name, value }) => /^on[a-z]+$/.test(name) || /^\s*javascript:/i.test(value)).map(({ name }) => `${address}: ${name} on ${element.tagName.toLowerCase()}`)));
    expect(handlers).toEqual([]);
  });

  test('uses every id once', () => {
    const twice = pages.flatMap(({ address, document }) => {
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
      return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))].map((id) => `${address}: #${id}`);
    });
    expect(twice).toEqual([]);
  });
});

describe('the site as a whole', () => {
  test('the sitemap names every page once, and neither a version nor a draft', () => {
    const named = siteFiles.filter((file) => /^sitemap-\d+\.xml$/.test(file)).flatMap((file) => [...siteText(file).matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => address));
    expect(named.sort()).toEqual(found.filter(({ address, document }) => !versionEnd.test(address) && document.querySelector('meta[name="robots"]') === null).map(({ address }) => `${origin}${address}`).sort());
  });

  test('every page is reached from the home page, or by an old link to what another page took the place of', () => {
    const { patterns, problems, guides } = readCatalogue(root);
    const reached = new Set(['/', ...[...patterns, ...problems, ...guides].flatMap(({ slug, data }) => (data.status === 'superseded' ? [`/${data.kind}s/${slug}/`] : []))]);
    for (const address of reached) {
      const page = pages.find((each) => each.address === address);
      for (const link of page?.document.querySelectorAll('a[href]') ?? []) {
        const url = new URL(link.getAttribute('href') ?? '', `${origin}${address}`);
        if (url.origin === origin && pages.some((each) => each.address === url.pathname)) reached.add(url.pathname);
      }
    }
    expect(found.filter(({ address }) => !reached.has(address)).map(({ address }) => address)).toEqual([]);
  });
});
