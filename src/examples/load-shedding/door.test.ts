import { expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import { behindDoor } from './door.ts';
import { LoadShedder } from './load-shedding.ts';

function setUp({ patienceMs = 1_000 } = {}) {
  const clock = new VirtualClock();
  const shedder = new LoadShedder({ name: 'orders', slots: 1, holdMs: 100, waitMs: 150, clock, random: () => 0.25, spreadMs: 4_000 });
  const bodies: string[] = [];
  const handle = behindDoor({
    shedder,
    priorityOf: ({ url }) => (url.endsWith('/checkout') ? 0 : 1),
    isExempt: ({ url }) => url.endsWith('/health'),
    patienceMs,
  }, async (request) => {
    if (request.url.endsWith('/health')) return new Response('well');
    bodies.push(await request.text());
    await clock.sleep(100);
    if (request.url.endsWith('/broken')) throw new Error('broken');
    return new Response('done');
  });
  const post = (path: string, body = 'order'): Promise<Response> => handle(new Request(`https://orders.example${path}`, { method: 'POST', body }));
  return { clock, shedder, bodies, post };
}

test('a full service answers 503 with a time to come back, in whole seconds and never too early, and reads no body', async () => {
  const { clock, bodies, post } = setUp();
  const first = post('/checkout');
  const second = post('/checkout');
  const third = await post('/checkout', 'never read');
  expect([third.status, third.headers.get('retry-after')]).toEqual([503, '2']);
  await clock.advance(300);
  expect([(await first).status, (await second).status, bodies]).toEqual([200, 200, ['order', 'order']]);
});

test('probes are answered while everything is full', async () => {
  const { post } = setUp();
  void post('/checkout');
  void post('/checkout');
  expect(await (await post('/health')).text()).toBe('well');
});

test('what matters is decided by the request: a checkout goes before a page', async () => {
  const { clock, post } = setUp();
  const order: string[] = [];
  const first = post('/checkout');
  void post('/page').then(({ status }) => order.push(`page ${status}`));
  void post('/checkout').then(({ status }) => order.push(`checkout ${status}`));
  await clock.advance(500);
  expect((await first).status).toBe(200);
  expect(order).toEqual(['page 503', 'checkout 200']);
});

test('a caller who would be gone before its answer is refused at once', async () => {
  const { clock, bodies, post } = setUp({ patienceMs: 199 });
  const first = post('/checkout');
  expect((await post('/checkout')).status).toBe(503);
  await clock.advance(100);
  expect([(await first).status, bodies]).toEqual([200, ['order']]);
});

test('an error of the handler stays what it is', async () => {
  const { clock, shedder, post } = setUp();
  const broken = post('/broken').catch((error: unknown) => error);
  await clock.advance(100);
  expect(await broken).toEqual(new Error('broken'));
  expect(shedder.running).toBe(0);
});

test('a caller that hangs up while it waits is not worked for', async () => {
  const { clock, bodies, post, shedder } = setUp();
  const handle = behindDoor({ shedder, priorityOf: () => 0, isExempt: () => false, patienceMs: 1_000 }, async () => {
    bodies.push('hung up');
    return new Response('done');
  });
  void post('/checkout');
  const controller = new AbortController();
  const gone = handle(new Request('https://orders.example/checkout', { signal: controller.signal })).catch((error: unknown) => error);
  await clock.advance(10);
  controller.abort(new Error('gone'));
  expect(await gone).toEqual(new Error('gone'));
  await clock.advance(500);
  expect(bodies).toEqual(['order']);
});
