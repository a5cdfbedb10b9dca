import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import type { Page } from './aggregate.ts';
import { createGateway } from './api-gateway.ts';
import type { GatewayOptions, RequestEvent } from './api-gateway.ts';
import { Backend } from './backend.ts';
import type { BackendEvent, BackendOptions, Transport } from './backend.ts';

const peer = '203.0.113.7';

function shop(options: Partial<GatewayOptions> & { transports?: Record<string, Transport>; limits?: Partial<BackendOptions> } = {}) {
  const clock = new VirtualClock();
  const calls: Request[] = [];
  const events: (RequestEvent | BackendEvent)[] = [];
  const onEvent = (event: RequestEvent | BackendEvent): void => void events.push(event);
  const backend = (name: string): Backend => new Backend({
    name, origin: `http://${name}.internal:8080`, maxConcurrent: 2, timeoutMs: 300, clock, onEvent, ...options.limits,
    fetch: async (request) => {
      calls.push(request);
      return (options.transports?.[name] ?? (async () => Response.json({ from: name })))(request);
    },
  });
  const [orders, shipping, catalogue] = [backend('orders'), backend('shipping'), backend('catalogue')];
  const handle = createGateway({
    deadlineMs: 1_000, clock, newRequestId: () => 'r-1', onEvent,
    authenticate: async (request) => (request.headers.get('authorization') === 'Bearer good' ? { id: 'customer-7' } : undefined),
    routes: [
      { prefix: '/catalogue', access: 'public', to: catalogue },
      { prefix: '/orders', access: 'signed-in', to: orders },
      { prefix: '/orders/archive', access: 'public', to: catalogue },
      {
        prefix: '/app/order', access: 'public', to: {
          order: { backend: orders, path: (url) => url.pathname.replace('/app/order', '/orders'), required: true },
          parcel: { backend: shipping, path: () => '/parcels', required: false },
        },
      },
      { prefix: '/app/offers', access: 'public', to: { offers: { backend: catalogue, path: (url) => `/offers${url.search}`, required: false } } },
    ],
    ...options,
  });
  const get = (path: string, headers: Record<string, string> = {}): Promise<Response> => handle(new Request(`https://shop.example${path}`, { headers }), peer);
  return { clock, calls, events, handle, get };
}

/** Answers after `delayMs` of virtual time and, like some clients, takes no notice of the signal. */
const slow = (clock: () => VirtualClock, delayMs: number): Transport => async () => {
  await clock().sleep(delayMs);
  return Response.json({ late: true });
};
const hanging: Transport = (request) => new Promise((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason)));

describe('routing', () => {
  test('the longest prefix wins, and the path reaches the service unchanged', async () => {
    const { calls, get } = shop();
    expect(await (await get('/orders/archive/9?full=1')).json()).toEqual({ from: 'catalogue' });
    expect(calls[0]?.url).toBe('http://catalogue.internal:8080/orders/archive/9?full=1');
  });

  test('a prefix matches whole segments only', async () => {
    const { calls, get } = shop();
    expect((await get('/catalogue-export')).status).toBe(404);
    expect(calls).toHaveLength(0);
  });

  test('what no route names is not reachable', async () => {
    const { get } = shop();
    const response = await get('/admin');
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ type: 'about:blank', title: 'No such address', status: 404, requestId: 'r-1' });
  });

  test('a path cannot choose another host', async () => {
    let seen = '';
    const backend = new Backend({ name: 'web', origin: 'http://web.internal', maxConcurrent: 1, timeoutMs: 1, clock: new VirtualClock(), fetch: async (request) => {
      seen = request.url;
      return new Response(null, { status: 204 });
    } });
    await backend.call(new Request('https://shop.example/'), { pathname: '//evil.example/x', search: '' }, { requestId: 'r', deadlineMs: 1, signal: new AbortController().signal });
    expect(seen).toBe('http://web.internal//evil.example/x');
  });

  test('an escape or a doubled slash does not slip past a protected prefix', async () => {
    const calls: string[] = [];
    const web = new Backend({ name: 'web', origin: 'http://web', maxConcurrent: 9, timeoutMs: 1, clock: new VirtualClock(), fetch: async ({ url }) => {
      calls.push(url);
      return new Response(null, { status: 204 });
    } });
    const { get } = shop({ routes: [{ prefix: '/', access: 'public', to: web }, { prefix: '/admin', access: 'signed-in', to: web }] });
    const statuses = [];
    for (const path of ['/admin', '/x/%2e%2e/admin', '/%61dmin', '/%41dmin', '//admin', '/x/..%2Fadmin', '/x/..%5Cadmin']) statuses.push((await get(path)).status);
    expect(statuses).toEqual([401, 401, 400, 400, 400, 400, 400]);
    expect(calls).toEqual([]);
    expect((await get('/caf%C3%A9%20menu')).status).toBe(204);
  });

  test('no escape of a character that needs none slips past a protected prefix', async () => {
    const web = new Backend({ name: 'web', origin: 'http://web', maxConcurrent: 9, timeoutMs: 1, clock: new VirtualClock(), fetch: async () => new Response(null, { status: 204 }) });
    const unreserved = 'AZaz09-._~';
    for (const character of unreserved) {
      const { get } = shop({ routes: [{ prefix: '/', access: 'public', to: web }, { prefix: `/ops${character}x`, access: 'signed-in', to: web }] });
      const escape = `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
      expect([character, (await get(`/ops${character}x`)).status, (await get(`/ops${escape}x`)).status]).toEqual([character, 401, 400]);
    }
  });

  test('method and body pass through, redirects are passed on and not followed', async () => {
    let seen = '';
    const { calls, handle } = shop({ transports: { catalogue: async (request) => {
      seen = await request.text();
      return new Response(null, { status: 303, headers: { location: '/catalogue/2' } });
    } } });
    const response = await handle(new Request('https://shop.example/catalogue', { method: 'POST', body: 'name=lamp' }), peer);
    expect([calls[0]?.method, calls[0]?.redirect, seen]).toEqual(['POST', 'manual', 'name=lamp']);
    expect([response.status, response.headers.get('location')]).toEqual([303, '/catalogue/2']);
  });
});

describe('who is calling', () => {
  test('a route for signed-in callers refuses a request without a valid token and calls no service', async () => {
    const { calls, get } = shop();
    const response = await get('/orders/1', { authorization: 'Bearer forged' });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(calls).toHaveLength(0);
  });

  test('the verified caller is named to the service, whatever the client claims', async () => {
    const { calls, clock, get } = shop();
    await (await get('/orders/1', { authorization: 'Bearer good', 'x-caller-id': 'customer-1' })).text();
    expect(calls[0]?.headers.get('x-caller-id')).toBe('customer-7');
    expect(calls[0]?.headers.get('authorization')).toBe('Bearer good');
    await clock.advance(0);
    expect(clock.pending).toBe(0);
  });

  test('a claimed identity does not pass a public route either', async () => {
    const { calls, get } = shop();
    await get('/catalogue/1', { 'x-caller-id': 'customer-1', 'x-real-ip': '10.0.0.1' });
    expect([calls[0]?.headers.has('x-caller-id'), calls[0]?.headers.has('x-real-ip')]).toEqual([false, false]);
  });

  test('a verifier that throws lets nobody in and says nothing about why', async () => {
    const { calls, events, get } = shop({ authenticate: () => { throw new Error('key server says no'); } });
    const response = await get('/orders/1', { authorization: 'Bearer good' });
    expect(response.status).toBe(502);
    expect(await response.text()).not.toContain('key server');
    expect(events).toMatchObject([{ type: 'request', status: 502, error: { message: 'key server says no' } }]);
    expect(calls).toHaveLength(0);
  });

  test('a verifier that hangs is given up at the deadline', async () => {
    const { clock, get } = shop({ authenticate: () => new Promise(() => {}) });
    const response = get('/orders/1', { authorization: 'Bearer good' });
    await clock.advance(1_000);
    expect((await response).status).toBe(504);
    expect(clock.pending).toBe(0);
  });
});

describe('headers', () => {
  test('hop-by-hop headers stop at the gateway, those that Connection names included', async () => {
    const { calls, get } = shop();
    await get('/catalogue', { connection: 'keep-alive, X-Hop', 'keep-alive': 'timeout=5', te: 'trailers', 'x-hop': '1', 'x-end': '2', 'proxy-authorization': 'secret', expect: '100-continue' });
    const names = [...(calls[0]?.headers.keys() ?? [])];
    expect(names).toContain('x-end');
    for (const name of ['connection', 'keep-alive', 'te', 'x-hop', 'proxy-authorization', 'expect']) expect(names).not.toContain(name);
  });

  test('hop-by-hop headers of the answer stop too, and every cookie survives', async () => {
    const { get } = shop({ transports: { catalogue: async () => new Response('ok', { headers: [
      ['connection', 'x-internal'], ['x-internal', 'pod-3'], ['set-cookie', 'a=1'], ['set-cookie', 'b=2'],
    ] }) } });
    const { headers } = await get('/catalogue');
    expect(headers.has('x-internal')).toBe(false);
    expect(headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  test('forwarded headers are written by the gateway, never continued from a client', async () => {
    const { calls, get } = shop();
    const response = await get('/catalogue', { 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.1', 'x-request-id': 'mine', 'x-forwarded-host': 'bank.example', 'x-forwarded-port': '1' });
    expect(Object.fromEntries(calls[0]?.headers ?? [])).toMatchObject({
      'x-forwarded-for': peer, 'x-forwarded-proto': 'https', 'x-forwarded-host': 'shop.example', 'x-request-id': 'r-1', 'x-timeout-ms': '300',
    });
    expect([calls[0]?.headers.has('forwarded'), calls[0]?.headers.has('x-forwarded-port')]).toEqual([false, false]);
    expect(response.headers.get('x-request-id')).toBe('r-1');
  });

  test('an answer that fetch has decoded is not announced as compressed', async () => {
    const { get } = shop({ transports: { catalogue: async () => new Response('plain', { headers: { 'content-encoding': 'gzip', 'content-length': '25' } }) } });
    const { headers } = await get('/catalogue');
    expect([headers.get('content-encoding'), headers.get('content-length')]).toEqual([null, null]);
  });
});

describe('limits', () => {
  test('a slow service costs its own limit, not the client’s patience', async () => {
    const { clock, events, get } = shop({ transports: { catalogue: hanging } });
    const response = get('/catalogue');
    await clock.advance(300);
    expect((await response).status).toBe(504);
    expect(events[0]).toMatchObject({ type: 'backend', backend: 'catalogue', outcome: 'timeout', durationMs: 300 });
    expect(clock.pending).toBe(0);
  });

  test('a call gets what is left of the deadline, and the service is told', async () => {
    const { clock, calls, get } = shop({ deadlineMs: 400, authenticate: async () => {
      await clock.sleep(250);
      return { id: 'customer-7' };
    }, transports: { orders: hanging } });
    const response = get('/orders/1');
    await clock.advance(399);
    expect(calls[0]?.headers.get('x-timeout-ms')).toBe('150');
    await clock.advance(1);
    expect((await response).status).toBe(504);
  });

  test('a call that has no time left is not made', async () => {
    const clock = new VirtualClock();
    const backend = new Backend({ name: 'orders', origin: 'http://o', maxConcurrent: 1, timeoutMs: 300, clock, fetch: () => { throw new Error('was called'); } });
    await clock.advance(400);
    const call = backend.call(new Request('http://o/1'), { pathname: '/1', search: '' }, { requestId: 'r', deadlineMs: 400, signal: new AbortController().signal });
    await expect(call).rejects.toThrow('no time left to call orders');
  });

  test('one service that hangs fills its own bulkhead and nobody else’s', async () => {
    const { clock, calls, get } = shop({ transports: { catalogue: hanging } });
    const open = [get('/catalogue/1'), get('/catalogue/2')];
    expect((await get('/catalogue/3')).status).toBe(503);
    expect((await get('/orders/1', { authorization: 'Bearer good' })).status).toBe(200);
    expect(calls).toHaveLength(3);
    await clock.advance(300);
    expect((await Promise.all(open)).map(({ status }) => status)).toEqual([504, 504]);
    const again = get('/catalogue/4');
    await clock.advance(0);
    expect(calls).toHaveLength(4);
    await clock.advance(300);
    expect((await again).status).toBe(504);
  });

  test('a slot stays taken while a service that ignores the signal is still working', async () => {
    const { clock, get } = shop({ limits: { maxConcurrent: 1 }, transports: { catalogue: slow(() => clock, 500) } });
    const first = get('/catalogue');
    await clock.advance(300);
    expect((await first).status).toBe(504);
    expect((await get('/catalogue')).status).toBe(503);
    await clock.advance(200);
    const third = get('/catalogue');
    await clock.advance(300);
    expect((await third).status).toBe(504);
    await clock.advance(200);
    expect(clock.pending).toBe(0);
  });

  test('a slot is held until the last byte of the body has gone, and freed when the client stops reading', async () => {
    const endless = (): ReadableStream<Uint8Array> => new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(8)) });
    const { clock, get } = shop({ limits: { maxConcurrent: 1 }, transports: { catalogue: async () => new Response(endless()) } });
    const first = await get('/catalogue');
    expect((await get('/catalogue')).status).toBe(503);
    await first.body?.cancel();
    await clock.advance(0);
    expect((await get('/catalogue')).status).toBe(200);
  });

  test('says how many slots are taken', async () => {
    const clock = new VirtualClock();
    const backend = new Backend({ name: 'orders', origin: 'http://o', maxConcurrent: 2, timeoutMs: 300, clock, fetch: slow(() => clock, 100) });
    const call = backend.call(new Request('http://o/1'), { pathname: '/1', search: '' }, { requestId: 'r', deadlineMs: 400, signal: new AbortController().signal });
    expect(backend.inFlight).toBe(1);
    await clock.advance(100);
    await (await call).text();
    await clock.advance(0);
    expect(backend.inFlight).toBe(0);
  });

  test('an answer without a body gives its slot back', async () => {
    const { clock, get } = shop({ limits: { maxConcurrent: 1 }, transports: { catalogue: async () => new Response(null, { status: 304 }) } });
    expect((await get('/catalogue')).status).toBe(304);
    expect((await get('/catalogue')).status).toBe(304);
    expect(clock.pending).toBe(0);
  });

  test('the limit covers a body that never ends', async () => {
    const stuck = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(new Uint8Array(1)) });
    const { clock, get } = shop({ transports: { catalogue: async () => new Response(stuck) } });
    const text = (await get('/catalogue')).text();
    const outcome = expect(text).rejects.toThrow('catalogue took longer than 300 ms');
    await clock.advance(300);
    await outcome;
    expect(clock.pending).toBe(0);
  });

  test('a connection that fails is a bad gateway and frees its slot', async () => {
    const { events, get } = shop({ limits: { maxConcurrent: 1 }, transports: { catalogue: async () => { throw new TypeError('fetch failed'); } } });
    expect((await get('/catalogue')).status).toBe(502);
    expect((await get('/catalogue')).status).toBe(502);
    expect(events[0]).toMatchObject({ outcome: 'failed', error: { name: 'BackendFailedError', cause: { message: 'fetch failed' } } });
  });

  test('an answer that cannot be passed on is a bad gateway and frees its slot', async () => {
    let letGo = 0;
    const odd = (body: BodyInit | null): Transport => async () => Object.defineProperty(new Response(body), 'status', { value: 999 });
    const endless = new ReadableStream({ cancel: () => { letGo++; } });
    const { clock, get } = shop({ limits: { maxConcurrent: 1 }, transports: { catalogue: odd(endless), orders: odd(null) } });
    expect([(await get('/catalogue')).status, letGo, (await get('/orders/archive')).status]).toEqual([502, 1, 502]);
    expect((await get('/orders/1', { authorization: 'Bearer good' })).status).toBe(502);
    expect(clock.pending).toBe(0);
  });

  test('a request that cannot be sent frees its slot', async () => {
    const clock = new VirtualClock();
    const inFlight: number[] = [];
    const backend = new Backend({ name: 'orders', origin: 'http://o', maxConcurrent: 1, timeoutMs: 300, clock, onEvent: (event) => inFlight.push(event.inFlight) });
    const used = new Request('http://o/1', { method: 'POST', body: 'read already' });
    await used.text();
    await expect(backend.call(used, { pathname: '/1', search: '' }, { requestId: 'r', deadlineMs: 400, signal: new AbortController().signal })).rejects.toThrow('orders could not be reached');
    expect([inFlight, clock.pending]).toEqual([[0], 0]);
  });

  test('a client that leaves ends the work behind it', async () => {
    const { clock, calls, events, handle } = shop({ transports: { catalogue: hanging } });
    const client = new AbortController();
    const outcome = expect(handle(new Request('https://shop.example/catalogue', { signal: client.signal }), peer)).rejects.toThrow('gone');
    await clock.advance(10);
    client.abort(new Error('gone'));
    await outcome;
    expect(calls[0]?.signal.aborted).toBe(true);
    expect(events).toMatchObject([{ type: 'backend', outcome: 'abandoned' }]);
    expect(clock.pending).toBe(0);
  });

  test('a client that has already left is not worked for, not even by the verifier', async () => {
    let checks = 0;
    const { handle } = shop({ authenticate: () => {
      checks++;
      return new Promise(() => {});
    } });
    await expect(handle(new Request('https://shop.example/orders/1', { signal: AbortSignal.abort(new Error('gone')) }), peer)).rejects.toThrow('gone');
    expect(checks).toBe(0);
  });
});

describe('a page from several services', () => {
  const page = async (response: Response): Promise<Page> => await response.json() as Page;

  test('all parts are asked at once and the page is complete', async () => {
    const { clock, calls, get } = shop({ transports: { orders: slow(() => clock, 200), shipping: slow(() => clock, 200) } });
    const response = get('/app/order/17', { 'if-none-match': '"v1"', range: 'bytes=0-1' });
    await clock.advance(200);
    expect(await page(await response)).toEqual({ complete: true, parts: { order: { status: 'ok', data: { late: true } }, parcel: { status: 'ok', data: { late: true } } } });
    expect(calls.map(({ url }) => url)).toEqual(['http://orders.internal:8080/orders/17', 'http://shipping.internal:8080/parcels']);
    expect(calls[0]?.headers.has('if-none-match')).toBe(false);
  });

  test('a part may be asked with a query', async () => {
    const { calls, get } = shop();
    await get('/app/offers?near=berlin');
    expect(calls[0]?.url).toBe('http://catalogue.internal:8080/offers?near=berlin');
  });

  test('a page is not stored: what its parts said about caching is lost', async () => {
    const { get } = shop({ transports: { orders: async () => Response.json({}, { headers: { 'cache-control': 'private' } }) } });
    expect((await get('/app/order/17')).headers.get('cache-control')).toBe('no-store');
  });

  test('a missing optional part is named on the page', async () => {
    const { clock, events, get } = shop({ transports: { shipping: hanging } });
    const response = get('/app/order/17');
    await clock.advance(300);
    expect(await page(await response)).toEqual({ complete: false, parts: { order: { status: 'ok', data: { from: 'orders' } }, parcel: { status: 'missing', reason: 'timeout' } } });
    expect(events.at(-1)).toMatchObject({ type: 'request', status: 200, missing: ['parcel'] });
  });

  test('an optional part that is busy or broken says so', async () => {
    const { clock, get } = shop({ limits: { maxConcurrent: 1 }, transports: { shipping: hanging } });
    const first = get('/app/order/1');
    await clock.advance(1);
    expect((await page(await get('/app/order/2'))).parts['parcel']).toEqual({ status: 'missing', reason: 'busy' });
    await clock.advance(300);
    await first;
    const broken = shop({ transports: { shipping: async () => new Response('<html>', { status: 200 }) } });
    expect((await page(await broken.get('/app/order/1'))).parts['parcel']).toEqual({ status: 'missing', reason: 'failed' });
  });

  test('an error page of an optional service is not passed off as data', async () => {
    const { get } = shop({ transports: { shipping: async () => Response.json({ oops: true }, { status: 500 }) } });
    expect((await page(await get('/app/order/1'))).parts['parcel']).toEqual({ status: 'missing', reason: 'failed' });
  });

  test('a required part that fails ends the page and the other calls at once', async () => {
    const { clock, calls, get } = shop({ transports: { orders: async () => { throw new TypeError('fetch failed'); }, shipping: hanging } });
    expect((await get('/app/order/17')).status).toBe(502);
    expect(calls[1]?.signal.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test('a required part that does not exist makes the page not exist', async () => {
    const { get } = shop({ transports: { orders: async () => new Response(null, { status: 404 }) } });
    expect((await get('/app/order/17')).status).toBe(404);
  });

  test('a required service that answers 500 is a bad gateway', async () => {
    const { get } = shop({ transports: { orders: async () => new Response('trace', { status: 500 }) } });
    const response = await get('/app/order/17');
    expect([response.status, await response.text()]).toEqual([502, expect.not.stringContaining('trace')]);
  });

  test('a part whose body stalls is a timeout, not bad data', async () => {
    const stall: Transport = async () => new Response(new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{')) }));
    const { clock, get } = shop({ transports: { shipping: stall } });
    const response = get('/app/order/17');
    await clock.advance(300);
    expect((await page(await response)).parts['parcel']).toEqual({ status: 'missing', reason: 'timeout' });
    expect(clock.pending).toBe(0);
  });

  test('a client that leaves ends every part', async () => {
    const { clock, calls, handle } = shop({ transports: { orders: hanging, shipping: hanging } });
    const client = new AbortController();
    const outcome = expect(handle(new Request('https://shop.example/app/order/1', { signal: client.signal }), peer)).rejects.toThrow('gone');
    await clock.advance(1);
    client.abort(new Error('gone'));
    await outcome;
    expect(calls.map(({ signal }) => signal.aborted)).toEqual([true, true]);
  });

  test('a client that leaves while a part is being asked for is let go', async () => {
    const client = new AbortController();
    const leaving: Transport = () => {
      client.abort(new Error('gone'));
      return new Promise(() => {});
    };
    const { handle } = shop({ transports: { orders: leaving } });
    await expect(handle(new Request('https://shop.example/app/order/1', { signal: client.signal }), peer)).rejects.toThrow('gone');
  });

  test('a client that leaves gets no page of missing parts', async () => {
    const { clock, handle } = shop({ transports: { catalogue: hanging } });
    const client = new AbortController();
    const outcome = expect(handle(new Request('https://shop.example/app/offers', { signal: client.signal }), peer)).rejects.toThrow('gone');
    await clock.advance(1);
    client.abort(new Error('gone'));
    await outcome;
  });

  test('a page can only be read', async () => {
    const { handle } = shop();
    const response = await handle(new Request('https://shop.example/app/order/1', { method: 'DELETE' }), peer);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  });
});

describe('options', () => {
  test('a limit that is no limit is refused with its name, rule and value', () => {
    expect(() => new Backend({ name: 'orders', origin: 'http://o', maxConcurrent: 0, timeoutMs: 1 })).toThrow("maxConcurrent of backend 'orders' must be a positive integer: current value is 0");
    expect(() => new Backend({ name: 'orders', origin: 'http://o', maxConcurrent: 1, timeoutMs: Infinity })).toThrow("timeoutMs of backend 'orders' must be a number of milliseconds above 0 and up to 2147483647: current value is Infinity");
    expect(() => shop({ deadlineMs: Number.NaN })).toThrow('deadlineMs must be a number of milliseconds above 0 and up to 2147483647: current value is NaN');
    expect(() => shop({ deadlineMs: 2 ** 31 })).toThrow('current value is 2147483648');
  });

  test('an origin that is no address is refused', () => {
    expect(() => new Backend({ name: 'orders', origin: 'orders:8080', maxConcurrent: 1, timeoutMs: 1 })).toThrow("origin of backend 'orders' must begin with http:// or https://: current value is 'orders:8080'");
    expect(() => new Backend({ name: 'orders', origin: '/orders', maxConcurrent: 1, timeoutMs: 1 })).toThrow("current value is '/orders'");
  });

  test('two routes with one prefix are refused', () => {
    const to = new Backend({ name: 'a', origin: 'http://a', maxConcurrent: 1, timeoutMs: 1 });
    expect(() => shop({ routes: [{ prefix: '/a', access: 'public', to }, { prefix: '/a', access: 'signed-in', to }] })).toThrow("routes must not name a prefix twice: '/a'");
  });

  test('the defaults are the system’s clock, a random request id and the global fetch', async () => {
    const to = new Backend({ name: 'none', origin: 'http://127.0.0.1:1', maxConcurrent: 1, timeoutMs: 5_000 });
    const handle = createGateway({ routes: [{ prefix: '/', access: 'public', to }], deadlineMs: 5_000, authenticate: async () => undefined });
    const response = await handle(new Request('https://shop.example/x'), peer);
    expect(response.status).toBe(502);
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});
