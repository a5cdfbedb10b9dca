import { replaced } from './fixture.ts';
import type { Fixture } from './fixture.ts';

const file = 'content/data/comparisons.yaml';

export const fixtures: Fixture[] = [
  {
    name: 'a pattern that is misspelt',
    plant: { [file]: replaced('log-aggregation, distributed', 'log-agregation, distributed') },
    expected: [{ file, at: 'log-agregation', found: '"log-agregation"', expected: 'the slug of a pattern', nearest: 'log-aggregation' }],
  },
  {
    name: 'a set that is compared already, and one that names a pattern twice',
    plant: { [file]: (text) => text.replace('[cache-aside, materialized-view, cache-fallback]', '[bulkhead, circuit-breaker, retry-with-backoff, timeout]').replace('[api-gateway, gateway-aggregation, backends-for-frontends]', '[api-gateway, gateway-aggregation, api-gateway]') },
    expected: [
      { file, at: '[bulkhead, circuit', found: 'bulkhead, circuit-breaker, retry-with-backoff, timeout, which are compared above', expected: 'each set of patterns once' },
      { file, at: '[api-gateway, gateway-aggregation, api', found: 'api-gateway, gateway-aggregation, api-gateway', expected: 'three or four different patterns' },
    ],
  },
];
