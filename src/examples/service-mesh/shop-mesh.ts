import type { DestinationRule, Facts, Mesh, PeerAuthentication, VirtualService } from './resources.ts';

// #region payments
/** Reading may be repeated; charging only while it has certainly not arrived. */
const payments: VirtualService = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'payments', namespace: 'shop' },
  spec: {
    hosts: ['payments'],
    http: [
      {
        name: 'look-up',
        match: [{ method: { exact: 'GET' } }],
        route: [{ destination: { host: 'payments' } }],
        timeout: '2s',
        retries: { attempts: 2, perTryTimeout: '600ms', retryOn: '5xx,reset' },
      },
      {
        name: 'charge',
        match: [{ method: { exact: 'POST' }, uri: { prefix: '/charges' } }],
        route: [{ destination: { host: 'payments' } }],
        timeout: '3s',
        retries: { attempts: 2, retryOn: 'connect-failure,refused-stream' },
      },
      { name: 'rest', route: [{ destination: { host: 'payments' } }], timeout: '2s', retries: { attempts: 0 } },
    ],
  },
};

/** At most 40 % leave; with less than half healthy, all are asked again. */
const paymentsPool: DestinationRule = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name: 'payments', namespace: 'shop' },
  spec: {
    host: 'payments',
    trafficPolicy: {
      outlierDetection: {
        consecutive5xxErrors: 5, interval: '10s', baseEjectionTime: '30s',
        maxEjectionPercent: 40, minHealthPercent: 50,
      },
    },
  },
};
// #endregion payments

// #region rest
/** One request in twenty to the new version of a service that only others call. */
const inventory: VirtualService = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'inventory', namespace: 'shop' },
  spec: {
    hosts: ['inventory'],
    http: [{
      name: 'stock',
      route: [
        { destination: { host: 'inventory', subset: 'v1' }, weight: 95 },
        { destination: { host: 'inventory', subset: 'v2' }, weight: 5 },
      ],
      timeout: '1s',
      retries: { attempts: 0 },
    }],
  },
};

const inventoryVersions: DestinationRule = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'DestinationRule',
  metadata: { name: 'inventory', namespace: 'shop' },
  spec: {
    host: 'inventory',
    subsets: [{ name: 'v1', labels: { version: 'v1' } }, { name: 'v2', labels: { version: 'v2' } }],
  },
};

/** For the whole mesh: no plaintext. */
const encrypted: PeerAuthentication = {
  apiVersion: 'security.istio.io/v1',
  kind: 'PeerAuthentication',
  metadata: { name: 'default', namespace: 'istio-system' },
  spec: { mtls: { mode: 'STRICT' } },
};

export const shopMesh: Mesh = {
  rootNamespace: 'istio-system',
  resources: [payments, paymentsPool, inventory, inventoryVersions, encrypted],
};

export const shopFacts: Facts = {
  calls: [
    { from: 'orders', to: 'payments', attempts: 1, timeoutMs: 4_000 },
    { from: 'orders', to: 'inventory', attempts: 2, timeoutMs: 2_500 },
  ],
  workloads: [
    { name: 'payments', namespace: 'shop', labels: { app: 'payments' }, protocol: 'http', instances: 10, needed: 6 },
    { name: 'inventory', namespace: 'shop', labels: { app: 'inventory' }, protocol: 'http', instances: 4, needed: 3 },
  ],
  repeatable: [],
};
// #endregion rest
