import { describe, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { backendsOf, disagreements, FrontBusyError, FrontTimeoutError, limited, mobileBackend, webBackend } from './backends-for-frontends.ts';
import type { Front, Offer, Services } from './backends-for-frontends.ts';

const euros = (cents: number) => ({ cents, currency: 'EUR' });
const usual: Offer = { price: euros(2_490), orderable: true, deliveryDays: 3 };

/** Services that answer at once, or after `tookMs`; `rule` is how the shop decides. */
function shop({ rule = () => usual, tookMs = 0, clock = new VirtualClock(), ...instead }: { rule?: (id: string, customer: string) => Offer; tookMs?: number; clock?: VirtualClock } & Partial<Services> = {}) {
  const calls: string[] = [];
  const answer = async <T>(call: string, value: T, signal: AbortSignal): Promise<T> => {
    calls.push(call);
    if (tookMs > 0) await clock.sleep(tookMs, signal);
    return value;
  };
  const services: Services = {
    product: (id, signal) => answer(`product ${id}`, { id, name: 'Hat', text: 'A long text.', pictures: [{ url: 'l.jpg', widthPx: 1_600, photographer: 'purchase' } as { url: string; widthPx: number }, { url: 's.jpg', widthPx: 320 }, { url: 'm.jpg', widthPx: 640 }], details: { Colour: 'green' }, purchasePriceCents: 900 }, signal),
    offer: (id, customer, signal) => answer(`offer ${id} ${customer}`, rule(id, customer), signal),
    reviews: (id, most, signal) => answer(`reviews ${id} ${most}`, { count: 2, stars: 4.5, newest: most === 0 ? [] : [{ by: 'Ada', text: 'Warm.' }] }, signal),
    ...instead,
  };
  return { services, calls, clock };
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => expect.fail('resolved'), (error: unknown) => error);
}

const frontsOf = (services: Services): Front[] => {
  const web = webBackend(services);
  const mobile = mobileBackend(services);
  return [
    { name: 'web', claim: async (...of) => { const { price, buy } = await web.productPage(...of); return { price: price.text, orderable: buy.enabled }; }, written: ({ price }) => `€${(price.cents / 100).toFixed(2)}` },
    { name: 'mobile', claim: async (...of) => { const { price, canBuy } = await mobile.product(...of); return { price, orderable: canBuy }; }, written: ({ price }) => `${(price.cents / 100).toFixed(2)} EUR` },
  ];
};
const cases = [['hat', 'ada'], ['wine', 'ada'], ['wine', 'tim'], ['mug', 'ada']] as const;

describe('each front end has a shape of its own', () => {
  test('the web page has all of it in one answer', async () => {
    const { services, calls } = shop({ rule: () => ({ ...usual, before: euros(2_990) }) });
    expect(await webBackend(services).productPage('hat', 'ada')).toEqual({
      title: 'Hat', text: 'A long text.', gallery: [{ url: 'l.jpg', widthPx: 1_600 }, { url: 's.jpg', widthPx: 320 }, { url: 'm.jpg', widthPx: 640 }], details: [['Colour', 'green']],
      price: { text: '€24.90', before: '€29.90' }, buy: { enabled: true, note: 'In your hands in 3 days' }, reviews: { count: 2, stars: 4.5, newest: ['Ada: Warm.'] },
    });
    expect(calls).toEqual(['product hat', 'offer hat ada', 'reviews hat 10']);
  });

  test('the app gets what fits on a phone, and asks for no more', async () => {
    const { services, calls } = shop();
    expect(await mobileBackend(services).product('hat', 'ada')).toEqual({ name: 'Hat', picture: 'm.jpg', price: '24.90 EUR', canBuy: true, reason: undefined, stars: 4.5 });
    expect(calls).toEqual(['product hat', 'offer hat ada', 'reviews hat 0']);
  });

  test('the app takes the largest picture where none fills a phone, and does without where there is none', async () => {
    const product = (pictures: { url: string; widthPx: number }[]): Services['product'] => async (id) => ({ id, name: 'Hat', text: '', pictures, details: {} });
    expect(await mobileBackend(shop({ product: product([{ url: 'xs.jpg', widthPx: 80 }, { url: 's.jpg', widthPx: 320 }]) }).services).product('hat', 'ada')).toMatchObject({ picture: 's.jpg' });
    expect(await mobileBackend(shop({ product: product([]) }).services).product('hat', 'ada')).toMatchObject({ picture: undefined });
  });

  test('neither passes on what a service says and the screen does not need', async () => {
    const { web, mobile } = backendsOf(shop().services);
    for (const answer of [await web.productPage('hat', 'ada'), await mobile.product('hat', 'ada')]) expect(JSON.stringify(answer)).not.toMatch(/purchase|900/);
  });

  test('a reason that did not exist when they were built breaks neither', async () => {
    const { services } = shop({ rule: () => ({ ...usual, orderable: false, because: 'recalled' }) });
    expect((await webBackend(services).productPage('hat', 'ada')).buy).toEqual({ enabled: false, note: 'Not available' });
    expect(await mobileBackend(services).product('hat', 'ada')).toMatchObject({ canBuy: false, reason: 'recalled' });
    const known = shop({ rule: () => ({ ...usual, orderable: false, because: 'sold-out' }) });
    expect((await webBackend(known.services).productPage('hat', 'ada')).buy.note).toBe('Sold out; more is on the way');
    const silent = shop({ rule: () => ({ ...usual, orderable: false }) });
    expect((await webBackend(silent.services).productPage('hat', 'ada')).buy.note).toBe('Not available');
  });
});

describe('rules of the business stay where they are decided', () => {
  const adultsOnly = (id: string, customer: string): Offer => (id === 'wine' && customer === 'tim' ? { ...usual, orderable: false, because: 'adults-only' } : usual);

  test('both front ends show what was decided, for each product and customer', async () => {
    const { services } = shop({ rule: adultsOnly });
    expect(await disagreements(services, frontsOf(services), cases)).toEqual([]);
  });

  test('a new rule reaches both without a change in either', async () => {
    const sale = shop({ rule: (id, customer) => ({ ...adultsOnly(id, customer), price: euros(id === 'mug' ? 995 : 1_990), before: euros(2_490) }) });
    expect(await disagreements(sale.services, frontsOf(sale.services), cases)).toEqual([]);
    expect((await mobileBackend(sale.services).product('mug', 'ada')).price).toBe('9.95 EUR');
  });

  test('a discount that somebody built into the app is found, with front end, product and field', async () => {
    const { services } = shop({ rule: adultsOnly });
    const [web, mobile] = frontsOf(services);
    const own: Front = { ...mobile!, claim: async (id, customer) => ({ ...(await mobile!.claim(id, customer)), ...(id === 'mug' && { price: '22.41 EUR' }), orderable: true }) };
    expect(await disagreements(services, [web!, own], cases)).toEqual([
      { front: 'mobile', id: 'wine', customer: 'tim', field: 'orderable', shown: true, decided: false },
      { front: 'mobile', id: 'mug', customer: 'ada', field: 'price', shown: '22.41 EUR', decided: '24.90 EUR' },
    ]);
  });
});

describe('a change for one front end does not break the other', () => {
  const texts = (import.meta as unknown as { glob: (pattern: string, options: object) => Record<string, string> }).glob('./*.ts', { query: '?raw', import: 'default', eager: true });
  const importsOf = (file: string): string[] => [...texts[file]!.matchAll(/(?:from|import) ?\(?'([^']+)'/g)].map(([, from]) => from!);

  test('neither knows the other: what both import is the services and the plumbing', () => {
    expect(importsOf('./web.ts')).toEqual(['./contract.ts', './limited.ts']);
    expect(importsOf('./mobile.ts')).toEqual(['./contract.ts', './limited.ts']);
    expect(importsOf('./limited.ts')).toEqual(['../clock.ts', './contract.ts', './contract.ts']);
  });

  /** What installed versions of the app read, with the type they expect. */
  const installed: Record<string, Record<string, string>> = { '2.8': { name: 'string', price: 'string', canBuy: 'boolean' }, '3.1': { name: 'string', price: 'string', canBuy: 'boolean', reason: 'string', picture: 'string' } };
  const brokenVersions = (answer: object): string[] => Object.entries(installed).filter(([, fields]) => Object.entries(fields).some(([field, type]) => typeof (answer as Record<string, unknown>)[field] !== type)).map(([version]) => version);

  test('installed apps read the same answer whatever the web shop has become', async () => {
    const { services } = shop({ rule: () => ({ ...usual, orderable: false, because: 'sold-out' }) });
    const { web, mobile } = backendsOf(services);
    const before = await mobile.product('hat', 'ada');
    web.productPage = async () => ({ headline: 'a page of quite another shape' }) as never;
    await web.productPage('hat', 'ada');
    expect(await mobile.product('hat', 'ada')).toEqual(before);
    expect(brokenVersions(before)).toEqual([]);
    const { canBuy, ...withoutIt } = before;
    expect([canBuy, brokenVersions(withoutIt)]).toEqual([false, ['2.8', '3.1']]); // the check can fail
  });

  test('a web shop that floods a service or waits for it takes nothing from the app', async () => {
    const clock = new VirtualClock();
    const { services } = shop({ clock, tookMs: 100 });
    const { web, mobile } = backendsOf(services, clock);
    const flood = Array.from({ length: 200 }, () => web.productPage('hat', 'ada').then(() => 'shown', (error: unknown) => error));
    const app = mobile.product('hat', 'ada');
    await clock.advance(100);
    expect(await app).toMatchObject({ name: 'Hat' });
    const outcomes = await Promise.all(flood);
    expect(outcomes.filter((outcome) => outcome === 'shown').length).toBe(50);
    expect(outcomes.filter((outcome) => outcome instanceof FrontBusyError).length).toBe(150);
    expect((outcomes[199] as Error).message).toBe('web has 50 calls of product open, the most it may have');
    expect(clock.pending).toBe(0);
  });

  test('each waits as long as its own users would', async () => {
    const clock = new VirtualClock();
    const { services } = shop({ clock, tookMs: 600 });
    const { web, mobile } = backendsOf(services, clock);
    const page = web.productPage('hat', 'ada');
    const app = rejection(mobile.product('hat', 'ada'));
    await clock.advance(500);
    expect(await app).toBeInstanceOf(FrontTimeoutError);
    expect(String(await app)).toContain('did not answer mobile within 500 ms');
    await clock.advance(100);
    expect((await page).title).toBe('Hat');
    expect(clock.pending).toBe(0);
  });
});

describe('a part that a screen can do without', () => {
  const reviewsDown: Services['reviews'] = async () => { throw new Error('503'); };

  test('is a named gap, and not an empty answer', async () => {
    const { services } = shop({ reviews: reviewsDown });
    expect((await webBackend(services).productPage('hat', 'ada')).reviews).toBeUndefined();
    expect(await mobileBackend(services).product('hat', 'ada')).not.toHaveProperty('stars');
    const none = shop({ reviews: async () => ({ count: 0, stars: 0, newest: [] }) });
    expect((await webBackend(none.services).productPage('hat', 'ada')).reviews).toEqual({ count: 0, stars: 0, newest: [] });
  });

  test('is told to stop when there will be no answer', async () => {
    const clock = new VirtualClock();
    const stopped: string[] = [];
    const reviews: Services['reviews'] = (_id, most, signal) => clock.sleep(400, signal).then(() => ({ count: 0, stars: 0, newest: [] }), (error: unknown) => { stopped.push(`${most}`); throw error; });
    const { services } = shop({ reviews, product: async () => { throw new Error('503'); } });
    const { web, mobile } = backendsOf(services, clock);
    expect(String(await rejection(web.productPage('hat', 'ada')))).toContain('503');
    expect(String(await rejection(mobile.product('hat', 'ada')))).toContain('503');
    await clock.advance(0);
    expect(stopped).toEqual(['10', '0']);
    expect(clock.pending).toBe(0);
  });

  test('may not hide that the caller has left', async () => {
    const clock = new VirtualClock();
    const { services } = shop({ clock, tookMs: 100, product: async (id) => ({ id, name: 'Hat', text: '', pictures: [], details: {} }), offer: async () => usual });
    const gone = new Error('gone');
    const client = new AbortController();
    const error = rejection(backendsOf(services, clock).mobile.product('hat', 'ada', client.signal));
    await clock.advance(10);
    client.abort(gone);
    expect(await error).toBe(gone);
    expect(clock.pending).toBe(0);
  });
});

describe('the share of a front end', () => {
  const { signal } = new AbortController();

  test('is taken until the call has ended, and given back after an error and a synchronous throw', async () => {
    const clock = new VirtualClock();
    let fails = true;
    const { services } = shop({ product: async (id) => { await clock.sleep(1_000); return { id, name: 'Hat', text: '', pictures: [], details: {} }; }, reviews: () => { throw new Error('no address'); }, offer: async () => { if (fails) throw new Error('503'); return usual; } });
    const own = limited(services, { front: 'kiosk', mostOpen: 1, timeoutMs: 200, clock });
    const late = rejection(own.product('hat', signal));
    await clock.advance(200);
    expect(await late).toBeInstanceOf(FrontTimeoutError);
    expect(await rejection(own.product('hat', signal))).toBeInstanceOf(FrontBusyError); // it does not hear the abort
    await clock.advance(800);
    const third = rejection(own.product('hat', signal));
    await clock.advance(200);
    expect(await third).toBeInstanceOf(FrontTimeoutError);
    for (const time of [1, 2]) expect(String(await rejection(own.reviews('hat', 0, signal))), `${time}`).toContain('no address');
    expect(String(await rejection(own.offer('hat', 'ada', signal)))).toContain('503');
    fails = false;
    expect(await own.offer('hat', 'ada', signal)).toBe(usual);
  });

  test('is not waited for by a caller who leaves while the service is being asked, even if it never answers', async () => {
    const clock = new VirtualClock();
    const client = new AbortController();
    const gone = new Error('gone');
    const { services } = shop({ product: () => { client.abort(gone); return new Promise(() => {}); } });
    expect(await rejection(limited(services, { front: 'kiosk', mostOpen: 1, timeoutMs: 200, clock }).product('hat', client.signal))).toBe(gone);
    expect(clock.pending).toBe(0);
  });

  test('is not touched by a caller who has left before', async () => {
    const { services, calls, clock } = shop();
    const gone = new Error('gone');
    expect(await rejection(limited(services, { front: 'kiosk', mostOpen: 1, timeoutMs: 200, clock }).product('hat', AbortSignal.abort(gone)))).toBe(gone);
    expect(calls).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test('refuses limits that cannot work', () => {
    const { services } = shop();
    for (const bad of [0, 1.5, Number.NaN]) expect(() => limited(services, { front: 'kiosk', mostOpen: bad, timeoutMs: 200, clock: systemClock })).toThrow(`mostOpen of kiosk must be a positive integer: current value is ${bad}`);
    for (const bad of [0, Number.NaN, Infinity, 2 ** 31]) expect(() => limited(services, { front: 'kiosk', mostOpen: 1, timeoutMs: bad, clock: systemClock })).toThrow(`timeoutMs of kiosk must be above 0 and at most 2147483647: current value is ${bad}`);
  });
});
