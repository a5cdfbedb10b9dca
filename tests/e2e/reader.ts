/** A reader with a browser: opens pages and notes everything that a reader must never meet. */
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest';
import { launchBrowser } from '../../scripts/browser.ts';

export interface Reader {
  /** Opens an address of the site in a fresh context. */
  open(address: string, options?: BrowserContextOptions): Promise<Page>;
  /** A fresh context without a page loaded, for what has to be listened to from the start. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
}

export const origin = inject('origin');

/** Call once in a test file. After each test nothing may have failed, complained or left the site. */
export function useReader(): Reader {
  let browser: Browser;
  let trouble: string[] = [];

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    const found = trouble;
    trouble = [];
    expect(found).toEqual([]);
  });
  afterAll(() => browser?.close());

  async function newPage(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ baseURL: origin, viewport: { width: 1280, height: 900 }, reducedMotion: 'no-preference', ...options });
    context.on('console', (message) => {
      // What did not load is noted below, with its address.
      if (message.text().startsWith('Failed to load resource')) return;
      if (message.type() === 'error' || message.type() === 'warning') trouble.push(`console: ${message.text()} (${message.page()?.url()})`);
    });
    context.on('weberror', (error) => trouble.push(`error: ${error.error().message}`));
    context.on('request', (request) => {
      if (!request.url().startsWith(`${origin}/`) && !/^(data|blob|about):/.test(request.url())) trouble.push(`request to another host: ${request.url()}`);
    });
    context.on('response', (response) => {
      if (response.status() >= 400 && response.request().resourceType() !== 'document') trouble.push(`${response.status()}: ${response.url()}`);
    });
    context.on('dialog', (dialog) => {
      trouble.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    return context.newPage();
  }

  return {
    newPage,
    async open(address, options) {
      const page = await newPage(options);
      await page.goto(address, { waitUntil: 'networkidle' });
      return page;
    },
  };
}
