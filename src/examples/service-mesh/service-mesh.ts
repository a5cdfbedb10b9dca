import { ejectionOfAll, misreadWeights, missingSubsets, unknownHosts } from './destinations.ts';
import { acceptedPlaintext, refusedPlaintext } from './encryption.ts';
import type { Facts, Finding, Mesh, Resource } from './resources.ts';
import { repeatedEffect, retriedTwice } from './retries.ts';
import { contradictingTimeouts } from './timeouts.ts';

// #region check
/**
 * All that is wrong with the settings of a mesh, judged by what the mesh cannot know. Made for the pipeline that applies them:
 * each setting is valid for Istio, and together they hurt. Semantics: Istio's API and Envoy's router, as of 2026.
 * @throws RangeError for facts or durations that make no sense
 */
export function checkMesh(mesh: Mesh, facts: Facts): Finding[] {
  requireFacts(facts);
  const rules = [
    retriedTwice, repeatedEffect, contradictingTimeouts,
    misreadWeights, missingSubsets, ejectionOfAll, unknownHosts,
    acceptedPlaintext, refusedPlaintext,
  ];
  return rules.flatMap((rule) => rule(mesh, facts));
}
// #endregion check

/**
 * What `kubectl apply -f -` takes, in two steps: wait until the first has reached the proxies, or routes
 * send to subsets that these do not know yet, and the answer is 503. To remove subsets, the other way round.
 */
export function manifestsOf({ resources }: Mesh): [pools: string, routes: string] {
  const list = (items: readonly Resource[]): string => JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, undefined, 2);
  return [list(resources.filter(({ kind }) => kind !== 'VirtualService')), list(resources.filter(({ kind }) => kind === 'VirtualService'))];
}

function requireFacts({ calls, workloads }: Facts): void {
  for (const { from, to, attempts, timeoutMs } of calls) {
    requireFact(`attempts of ${from} → ${to}`, attempts, Number.isInteger(attempts) && attempts > 0, 'a positive integer');
    requireFact(`timeoutMs of ${from} → ${to}`, timeoutMs, timeoutMs > 0 && timeoutMs < Infinity, 'above 0 and finite');
  }
  for (const { name, instances, needed } of workloads) {
    requireFact(`instances of ${name}`, instances, Number.isInteger(instances) && instances > 0, 'a positive integer');
    requireFact(`needed of ${name}`, needed, Number.isInteger(needed) && needed > 0 && needed <= instances, `an integer from 1 to ${instances}`);
  }
}

function requireFact(name: string, value: number, isAllowed: boolean, rule: string): void {
  if (!isAllowed) throw new RangeError(`'${name}' must be ${rule}: current value is ${value}`);
}
