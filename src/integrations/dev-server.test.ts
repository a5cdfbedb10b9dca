import { describe, expect, test } from 'vitest';
import { askedPage } from './asked-page.ts';
import { MissedReload, merged } from './one-reload.ts';

describe('askedPage', () => {
  const asked = (url: string, base = '/', accept = 'text/html,application/xhtml+xml'): string | undefined => askedPage({ url, headers: { accept } }, base);

  test('is the address below the base, with its slash', () => {
    expect(asked('/patterns/saga/?q=1')).toBe('/patterns/saga/');
    expect(asked('/patterns/saga')).toBe('/patterns/saga/');
    expect(asked('/atlas/patterns/saga/', '/atlas/')).toBe('/patterns/saga/');
    expect(asked('/atlas-of-stars/', '/atlas')).toBe('/atlas-of-stars/');
  });

  test('is nothing for what no reader reads', () => {
    expect(asked('/patterns/saga/', '/', '*/*')).toBeUndefined();
    expect(askedPage({ url: '/', headers: {} }, '/')).toBeUndefined();
  });
});

describe('merged', () => {
  const recorded = (): { sent: unknown[]; send: ReturnType<typeof merged> } => {
    const sent: unknown[] = [];
    return { sent, send: merged((...args) => void sent.push(args), (path) => (path === '*' ? 5 : 60)) };
  };

  test('reloads that come together are one', async () => {
    const { sent, send } = recorded();
    send({ type: 'full-reload', path: '*' });
    send({ type: 'full-reload' });
    expect(sent).toEqual([]);
    await expect.poll(() => sent).toEqual([[{ type: 'full-reload' }]]);
  });

  test('a reload waits for one that is still to come, not for ever', async () => {
    const { sent, send } = recorded();
    send({ type: 'full-reload' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    send({ type: 'full-reload', path: '*' });
    await expect.poll(() => sent).toEqual([[{ type: 'full-reload' }]]);
    send({ type: 'full-reload' });
    await expect.poll(() => sent).toHaveLength(2);
  });

  test('everything else goes at once, and as it is', () => {
    const { sent, send } = recorded();
    send('astro:content-changed', {});
    send({ type: 'connected' });
    expect(sent).toEqual([['astro:content-changed', {}], [{ type: 'connected' }]]);
  });
});

describe('a reload that nobody heard', () => {
  test('is owed to whoever asked for a page before it was sent, once', () => {
    const missed = new MissedReload();
    missed.asked();
    missed.sent();
    expect(missed.connected()).toBe(true);
    expect(missed.connected()).toBe(false);
  });

  test('is not owed to a page that was asked for afterwards, or that heard it', () => {
    const missed = new MissedReload();
    missed.asked();
    expect(missed.connected()).toBe(false);
    missed.sent();
    missed.asked();
    expect(missed.connected()).toBe(false);
  });
});
