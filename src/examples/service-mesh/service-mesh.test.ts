import { describe, expect, test } from 'vitest';
import { VirtualClock } from '../virtual-clock.ts';
import type { Facts, Finding, HttpRoute, Mesh, MutualTls, PeerAuthentication, Resource, VirtualService } from './resources.ts';
import { amplification, triesOf } from './retries.ts';
import { checkMesh, manifestsOf } from './service-mesh.ts';
import { shopFacts, shopMesh } from './shop-mesh.ts';
import { durationMs } from './timeouts.ts';

const payments = { name: 'payments', namespace: 'shop', labels: { app: 'payments' }, protocol: 'http', instances: 10, needed: 6 } as const;
const strict: PeerAuthentication = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace: 'istio-system' }, spec: { mtls: { mode: 'STRICT' } } };

function routing(...http: Partial<HttpRoute>[]): VirtualService {
  return {
    apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'payments', namespace: 'shop' },
    spec: { hosts: ['payments'], http: http.map((route) => ({ name: 'charge', route: [{ destination: { host: 'payments' } }], timeout: '3s', retries: { attempts: 0 }, ...route })) },
  };
}

function meshOf(...resources: Resource[]): Mesh {
  return { rootNamespace: 'istio-system', resources: [strict, ...resources] };
}

function check(mesh: Mesh, facts: Partial<Facts> = {}): Finding[] {
  return checkMesh(mesh, { calls: [], workloads: [payments], repeatable: [], ...facts });
}

const messages = (mesh: Mesh, facts: Partial<Facts> = {}): string[] => check(mesh, facts).map(({ rule, message }) => `${rule}: ${message}`);

/** The library of a caller around the proxy of a mesh around a service that always fails; @returns the requests that the service saw */
function requestsSeen(attempts: number, tries: number): number {
  let seen = 0;
  const repeat = (times: number, call: () => void): void => {
    for (let each = 0; each < times; each += 1) call();
  };
  repeat(attempts, () => repeat(tries, () => { seen += 1; }));
  return seen;
}

/** A router as Envoy describes it, before a service that never answers: each try has its limit, and all have one together. @returns the tries that came to their own end */
async function wholeTries(tries: number, tryMs: number, limitMs: number): Promise<number> {
  const clock = new VirtualClock();
  const limit = new AbortController();
  let whole = 0;
  const request = (async () => {
    for (let each = 0; each < tries && !limit.signal.aborted; each += 1) {
      await clock.sleep(tryMs, limit.signal).then(() => { whole += 1; }, () => {});
    }
  })();
  clock.setTimeout(() => limit.abort(), limitMs + 0.5); // a try that ends at the limit has ended
  await clock.advance(limitMs + 1);
  await request;
  return whole;
}

describe('the mesh of the shop', () => {
  test('has nothing that hurts', () => {
    expect(checkMesh(shopMesh, shopFacts)).toEqual([]);
  });

  test('is what kubectl applies, nothing lost, and what routes point to before the routes', () => {
    const [pools, routes] = manifestsOf(shopMesh).map((text) => JSON.parse(text) as { apiVersion: string; kind: string; items: Resource[] });
    expect([pools!.apiVersion, pools!.kind]).toEqual(['v1', 'List']);
    expect(pools!.items.map(({ kind }) => kind)).toEqual(['DestinationRule', 'DestinationRule', 'PeerAuthentication']);
    expect(routes!.items.map(({ kind }) => kind)).toEqual(['VirtualService', 'VirtualService']);
    for (const resource of shopMesh.resources) expect([...pools!.items, ...routes!.items]).toContainEqual(resource);
  });

  test('lets no request become more than three', () => {
    expect(amplification(shopMesh, shopFacts, 'orders')).toEqual(new Map([['orders', 1], ['payments', 3], ['inventory', 2]]));
  });
});

describe('retries of library and mesh', () => {
  test('multiply, and the product is that which the service sees', () => {
    const mesh = meshOf(routing({ retries: { attempts: 2, retryOn: 'connect-failure' } }));
    expect(check(mesh, { calls: [{ from: 'orders', to: 'payments', attempts: 3, timeoutMs: 9_000 }] })).toEqual([{
      rule: 'retried twice', resource: 'VirtualService shop/payments',
      message: `one request of 'orders' may reach 'charge' ${requestsSeen(3, 3)} times: 3 attempts of its library × 3 of the mesh; leave them to one of the two`,
    }]);
    expect(requestsSeen(3, 3)).toBe(9);
  });

  test('a route that says nothing is retried twice all the same', () => {
    const { retries, ...silent } = routing({}).spec.http[0]!;
    const mesh = meshOf({ ...routing(), spec: { hosts: ['payments'], http: [silent] } });
    expect(retries).toEqual({ attempts: 0 });
    expect(messages(mesh, { calls: [{ from: 'orders', to: 'payments', attempts: 2, timeoutMs: 9_000 }] })).toEqual([
      "retried twice: one request of 'orders' may reach 'charge' 6 times: 2 attempts of its library × 3 of the mesh; leave them to one of the two",
    ]);
  });

  test('one of the two is enough, and either will do', () => {
    const retried = meshOf(routing({ retries: { attempts: 2, retryOn: 'connect-failure' } }));
    expect(check(retried, { calls: [{ from: 'orders', to: 'payments', attempts: 1, timeoutMs: 9_000 }] })).toEqual([]);
    expect(check(meshOf(routing({})), { calls: [{ from: 'orders', to: 'payments', attempts: 3, timeoutMs: 9_000 }] })).toEqual([]);
  });

  test('along a chain they multiply again', () => {
    const calls = [
      { from: 'web', to: 'orders', attempts: 2, timeoutMs: 20_000 },
      { from: 'orders', to: 'payments', attempts: 3, timeoutMs: 9_000 },
      { from: 'payments', to: 'orders', attempts: 3, timeoutMs: 9_000 }, // back again: followed once
    ];
    const mesh = meshOf(routing({ retries: { attempts: 1 } }, { retries: { attempts: 0 } }));
    expect(amplification(mesh, { calls, workloads: [], repeatable: [] }, 'web')).toEqual(new Map([['web', 1], ['orders', 6], ['payments', 36]]));
  });

  test('two ways to a service add up', () => {
    const calls = [
      { from: 'web', to: 'payments', attempts: 5, timeoutMs: 9_000 },
      { from: 'web', to: 'orders', attempts: 1, timeoutMs: 9_000 },
      { from: 'orders', to: 'payments', attempts: 1, timeoutMs: 9_000 },
    ];
    expect(amplification(meshOf(routing({})), { calls, workloads: [], repeatable: [] }, 'web').get('payments')).toBe(8);
  });

  test('without a VirtualService the defaults hold all the same', () => {
    expect(check(meshOf(), { calls: [{ from: 'orders', to: 'payments', attempts: 2, timeoutMs: 9_000 }] }).map(({ rule, resource }) => `${rule} ${resource}`)).toEqual(['retried twice Service payments', 'timeouts Service payments']);
  });
});

describe('what may have taken effect', () => {
  test('is not repeated on an answer, nor on a connection that broke after sending', () => {
    const mesh = meshOf(routing({ match: [{ method: { exact: 'POST' } }], retries: { attempts: 1, retryOn: '5xx, reset,connect-failure' } }));
    expect(messages(mesh)).toEqual([
      "repeated effect: 'charge' is repeated on 5xx, reset, and may have taken effect by then: name idempotent methods, retry on connect-failure, refused-stream alone, or make it repeatable",
    ]);
  });

  test('may be repeated while it has not been sent, or if it is declared repeatable', () => {
    expect(check(meshOf(routing({ retries: { attempts: 2, retryOn: 'connect-failure,refused-stream' } })))).toEqual([]);
    expect(check(meshOf(routing({ retries: { attempts: 2, retryOn: '5xx' } })), { repeatable: ['charge'] })).toEqual([]);
    expect(check(meshOf(routing({ retries: { attempts: 0, retryOn: '5xx' } })))).toEqual([]);
  });

  test('cannot be known of a route that takes every method, or one method in one of its matches', () => {
    const risky = { attempts: 1, retryOn: '503' };
    expect(messages(meshOf(routing({ retries: risky })))[0]).toContain('is repeated on 503');
    expect(messages(meshOf(routing({ match: [{ method: { exact: 'GET' } }, { uri: { prefix: '/charges' } }], retries: risky })))).toHaveLength(1);
    expect(messages(meshOf(routing({ match: [{ method: { exact: 'GET' } }, { method: { exact: 'PUT' } }], retries: risky })))).toEqual([]);
  });

  test('the default policy is harmless for HTTP and not for gRPC, whose every call is a POST', () => {
    const mesh = meshOf(routing({ match: [{ method: { exact: 'GET' } }], retries: { attempts: 2 } }));
    expect(check(mesh)).toEqual([]);
    expect(messages(mesh, { workloads: [{ ...payments, protocol: 'grpc' }] })[0]).toContain('is repeated on unavailable, cancelled');
    expect(messages(meshOf(routing({ retries: { attempts: 2 } })), { workloads: [] })).toEqual(["unknown host: 'payments' is no workload of the facts: nothing about it can be judged"]);
    expect(check(meshOf(routing({ retries: { attempts: 2, retryOn: 'reset-before-request' } })))).toEqual([]);
  });
});

describe('timeouts', () => {
  test('there is none unless you set one', () => {
    const { timeout, ...endless } = routing({}).spec.http[0]!;
    expect(timeout).toBe('3s');
    expect(messages(meshOf({ ...routing(), spec: { hosts: ['payments'], http: [endless] } }))).toEqual([
      "timeouts: 'charge' has no timeout, and the mesh sets none: a call that hangs, hangs for ever",
    ]);
    expect(messages(meshOf(routing({ timeout: '0s', retries: { attempts: 1, perTryTimeout: '1s', retryOn: 'connect-failure' } })))).toHaveLength(1);
  });

  test('a caller that leaves first lets the mesh work for nobody', () => {
    const facts = (timeoutMs: number) => ({ calls: [{ from: 'orders', to: 'payments', attempts: 1, timeoutMs }] });
    expect(messages(meshOf(routing({})), facts(2_000))).toEqual(["timeouts: 'charge' may take 3s, and 'orders' leaves after 2000 ms: the tries that follow are for nobody"]);
    expect(messages(meshOf(routing({})), facts(3_000))).toHaveLength(1);
    expect(messages(meshOf(routing({})), facts(3_001))).toEqual([]);
    expect(messages(meshOf(routing({})), { calls: [{ from: 'orders', to: 'inventory', attempts: 1, timeoutMs: 1 }] })).toEqual(["timeouts: 'any call of inventory' has no timeout, and the mesh sets none: a call that hangs, hangs for ever"]);
  });

  test('a limit for each try that is not below that of all is ignored', () => {
    const retries = { attempts: 2, perTryTimeout: '3s', retryOn: 'connect-failure' };
    expect(messages(meshOf(routing({ retries })))).toEqual(["timeouts: 'charge' ignores perTryTimeout 3s: it must be below the timeout 3s"]);
  });

  test('tries for which there is no time are counted as a router counts them', async () => {
    const tries = async (attempts: number, perTryTimeout: string): Promise<string> => `${await wholeTries(attempts + 1, durationMs(perTryTimeout), 3_000)} of ${attempts + 1}`;
    const found = (attempts: number, perTryTimeout: string): string[] => messages(meshOf(routing({ retries: { attempts, perTryTimeout, retryOn: 'connect-failure' } })));
    expect(found(3, '1400ms')).toEqual([`timeouts: 'charge' has time for ${await tries(3, '1400ms')} tries: 3s for 1400ms each`]);
    expect(found(9, '700ms')).toEqual([`timeouts: 'charge' has time for ${await tries(9, '700ms')} tries: 3s for 700ms each`]);
    expect([await tries(3, '1400ms'), await tries(9, '700ms'), await tries(2, '1s')]).toEqual(['2 of 4', '4 of 10', '3 of 3']);
    expect(found(2, '1s')).toEqual([]);
  });

  test('durations are those of Go', () => {
    expect(['250ms', '1.5s', '1m30s', '2h', '1h0.5s'].map(durationMs)).toEqual([250, 1_500, 90_000, 7_200_000, 3_600_500]);
    expect(() => durationMs('2 seconds')).toThrow("'2 seconds' is no duration");
    expect(() => durationMs('3')).toThrow(RangeError);
    expect(() => check(meshOf(routing({ timeout: '' })))).toThrow("'' is no duration");
  });
});

describe('weights, subsets and ejection', () => {
  const versions = (...names: string[]): Resource => ({
    apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'payments', namespace: 'shop' },
    spec: { host: 'payments', subsets: names.map((version) => ({ name: version, labels: { version } })) },
  });
  const split = (...weights: (number | undefined)[]): Mesh => meshOf(versions('v1', 'v2'), routing({
    route: weights.map((weight, index) => ({ destination: { host: 'payments', subset: `v${index + 1}` }, ...(weight === undefined ? {} : { weight }) })),
  }));

  test('a forgotten zero is another split', () => {
    expect(messages(split(90, 1))).toEqual(["weights: the weights of 'charge' add up to 91: the split is payments v1 98.9 %, payments v2 1.1 %"]);
    expect(messages(split(95, undefined))).toEqual(["weights: the weights of 'charge' add up to 95: the split is payments v1 100.0 %, payments v2 0.0 %"]);
    expect(messages(split(0, 0))).toEqual(["weights: the weights of 'charge' add up to 0: Istio refuses that"]);
    expect(messages(split(95, 5))).toEqual([]);
    expect(messages(split(1))).toEqual([]);
  });

  test('a destination without a subset is named as all', () => {
    const mesh = meshOf(routing({ route: [{ destination: { host: 'payments' }, weight: 9 }, { destination: { host: 'payments-eu' }, weight: 1 }] }));
    expect(messages(mesh)[0]).toContain('payments all 90.0 %, payments-eu all 10.0 %');
  });

  test('a subset that nobody defines is found', () => {
    expect(check(meshOf(versions('v1'), routing({ route: [{ destination: { host: 'payments', subset: 'v2' } }] })))).toEqual([
      { rule: 'subsets', resource: 'VirtualService shop/payments', message: "'charge' sends to subset 'v2' of 'payments', which no DestinationRule defines" },
    ]);
  });

  const ejecting = (outlierDetection: { maxEjectionPercent?: number; minHealthPercent?: number }, host = 'payments'): Mesh => meshOf({
    apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'payments', namespace: 'shop' }, spec: { host, trafficPolicy: { outlierDetection } },
  });

  test('a shared fault must not eject more than the busiest hour can spare', () => {
    expect(check(ejecting({ maxEjectionPercent: 100 }))).toEqual([{
      rule: 'ejection', resource: 'DestinationRule shop/payments',
      message: "up to 10 of 10 instances of 'payments' may be ejected, and the busiest hour needs 6: lower maxEjectionPercent, or set minHealthPercent to 60 or more",
    }]);
    expect(messages(ejecting({ maxEjectionPercent: 50 }))[0]).toContain('up to 5 of 10');
  });

  test('unless few leave, or all return when few are left', () => {
    expect(check(ejecting({ maxEjectionPercent: 40 }))).toEqual([]);
    expect(check(ejecting({}))).toEqual([]);
    expect(check(ejecting({ maxEjectionPercent: 100, minHealthPercent: 60 }))).toEqual([]);
    expect(messages(ejecting({ maxEjectionPercent: 100, minHealthPercent: 59 }))).toHaveLength(1);
    expect(messages(ejecting({ maxEjectionPercent: 100 }, 'elsewhere'))).toEqual(["unknown host: 'elsewhere' is no workload of the facts: nothing about it can be judged"]);
  });

  test('a full name is the same service', () => {
    const full = 'payments.shop.svc.cluster.local';
    expect(messages(ejecting({ maxEjectionPercent: 100 }, full))).toHaveLength(1);
    const late = [{ from: 'orders', to: 'payments', attempts: 1, timeoutMs: 2_000 }];
    expect(messages(meshOf(versions('v1'), { ...routing({ route: [{ destination: { host: full, subset: 'v1' } }] }), spec: { ...routing({ route: [{ destination: { host: full, subset: 'v1' } }] }).spec, hosts: [full] } }), { calls: late })).toEqual([
      "timeouts: 'charge' may take 3s, and 'orders' leaves after 2000 ms: the tries that follow are for nobody",
    ]);
  });
});

describe('encryption', () => {
  const policy = (namespace: string, spec: PeerAuthentication['spec'], name = 'default'): PeerAuthentication => ({ ...strict, metadata: { name, namespace }, spec });
  const only = (...resources: Resource[]): Mesh => ({ rootNamespace: 'istio-system', resources });
  const mode = (value: MutualTls) => ({ mtls: { mode: value } });
  const app = { selector: { matchLabels: { app: 'payments' } } };

  test('without a policy plaintext is accepted', () => {
    expect(check(only())).toEqual([{ rule: 'plaintext', resource: 'Workload shop/payments', message: "'payments' accepts plaintext: no policy says otherwise" }]);
    expect(check(only(strict))).toEqual([]);
  });

  test('a namespace that was left permissive is found, whatever the mesh says', () => {
    expect(check(only(strict, policy('shop', mode('PERMISSIVE'))))).toEqual([
      { rule: 'plaintext', resource: 'PeerAuthentication shop/default', message: "'payments' accepts plaintext: the mode is PERMISSIVE" },
    ]);
    expect(check(only(strict, policy('billing', mode('DISABLE'))))).toEqual([]);
  });

  test('the narrower policy wins, and one that says nothing is passed over', () => {
    expect(check(only(policy('istio-system', mode('PERMISSIVE')), policy('shop', mode('STRICT'))))).toEqual([]);
    expect(check(only(strict, policy('shop', mode('PERMISSIVE')), policy('shop', { ...app, ...mode('STRICT') }, 'payments')))).toEqual([]);
    expect(check(only(strict, policy('shop', mode('UNSET')), policy('shop', app, 'payments')))).toEqual([]);
    expect(check(only(strict, policy('shop', { selector: { matchLabels: { app: 'other' } }, ...mode('DISABLE') })))).toEqual([]);
  });

  test('a selector in the root namespace chooses nothing, and an empty one is none', () => {
    expect(messages(only(policy('istio-system', { ...app, ...mode('STRICT') }, 'payments')))).toEqual(["plaintext: 'payments' accepts plaintext: no policy says otherwise"]);
    const empty = { selector: { matchLabels: {} }, ...mode('PERMISSIVE') };
    expect(messages(only(strict, policy('shop', empty), policy('shop', { ...app, ...mode('STRICT') }, 'payments')))).toEqual([]);
  });

  test('a port left open is found', () => {
    const ports = policy('shop', { ...app, portLevelMtls: { 8080: { mode: 'DISABLE' }, 9090: { mode: 'UNSET' } } }, 'payments');
    expect(messages(only(strict, ports))).toEqual(["plaintext: port 8080 of 'payments' accepts plaintext: its mode is DISABLE"]);
    expect(messages(only(ports))).toEqual(["plaintext: 'payments' accepts plaintext: no policy says otherwise"]);
  });

  test('a caller that is told to speak plaintext to a strict service is found', () => {
    const plain = (host: string): Resource => ({ apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'plain', namespace: 'shop' }, spec: { host, trafficPolicy: { tls: { mode: 'DISABLE' } } } });
    expect(check(only(strict, plain('payments')))).toEqual([
      { rule: 'plaintext', resource: 'DestinationRule shop/plain', message: "callers of 'payments' speak plaintext, and it accepts none: every call fails" },
    ]);
    expect(messages(only(plain('payments')))).toEqual(["plaintext: 'payments' accepts plaintext: no policy says otherwise"]);
    expect(messages(only(strict, plain('payments.shop.svc.cluster.local')))).toHaveLength(1);
    expect(messages(only(strict, plain('elsewhere')))).toEqual(["unknown host: 'elsewhere' is no workload of the facts: nothing about it can be judged"]);
  });
});

describe('facts', () => {
  test('that make no sense are refused with name, rule and value', () => {
    const call = { from: 'orders', to: 'payments', attempts: 1, timeoutMs: 1 };
    const facts = (over: Partial<Facts>) => () => check(meshOf(), over);
    expect(facts({ calls: [{ ...call, attempts: 0 }] })).toThrow("'attempts of orders → payments' must be a positive integer: current value is 0");
    expect(facts({ calls: [{ ...call, timeoutMs: Infinity }] })).toThrow("'timeoutMs of orders → payments' must be above 0 and finite: current value is Infinity");
    expect(facts({ workloads: [{ ...payments, instances: 1.5 }] })).toThrow("'instances of payments' must be a positive integer: current value is 1.5");
    expect(facts({ workloads: [{ ...payments, needed: 11 }] })).toThrow("'needed of payments' must be an integer from 1 to 10: current value is 11");
  });

  test('a route knows its tries', () => {
    expect([triesOf(routing({}).spec.http[0]!), triesOf(routing({ retries: { attempts: 4 } }).spec.http[0]!)]).toEqual([1, 5]);
  });
});
