import { nameOf, ofKind, serviceOf } from './resources.ts';
import type { Facts, Finding, Mesh } from './resources.ts';
import { routesOf } from './retries.ts';

// #region destinations
/** Weights are proportions: 9 and 1 are 90 % and 10 %, and so a forgotten zero is no error but another split. */
export function misreadWeights(mesh: Mesh): Finding[] {
  return routesOf(mesh).flatMap(({ resource, route: { name, route } }) => {
    const weights = route.map(({ weight = 0 }) => weight);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (route.length === 1 || sum === 100) return [];
    const shares = route.map(({ destination: { host, subset = 'all' } }, index) => `${host} ${subset} ${(100 * weights[index]! / sum).toFixed(1)} %`);
    return [{
      rule: 'weights', resource,
      message: `the weights of '${name}' add up to ${sum}: ${sum === 0 ? 'Istio refuses that' : `the split is ${shares.join(', ')}`}`,
    }];
  });
}

/** A subset that no rule defines has no hosts: its share of the traffic gets 503. */
export function missingSubsets(mesh: Mesh): Finding[] {
  const defined = ofKind(mesh, 'DestinationRule').flatMap(({ spec: { host, subsets = [] } }) => subsets.map(({ name }) => `${serviceOf(host)} ${name}`));
  return routesOf(mesh).flatMap(({ resource, route: { name, route } }) => route
    .filter(({ destination: { host, subset } }) => subset !== undefined && !defined.includes(`${serviceOf(host)} ${subset}`))
    .map(({ destination: { host, subset } }) => ({ rule: 'subsets', resource, message: `'${name}' sends to subset '${subset}' of '${host}', which no DestinationRule defines` })));
}

/** A fault that all instances share lets them all look ill. */
export function ejectionOfAll(mesh: Mesh, { workloads }: Facts): Finding[] {
  return ofKind(mesh, 'DestinationRule').flatMap((rule) => {
    const detection = rule.spec.trafficPolicy?.outlierDetection;
    return workloads.filter(({ name }) => detection !== undefined && name === serviceOf(rule.spec.host)).flatMap(({ name, instances, needed }) => {
      const { maxEjectionPercent = 10, minHealthPercent = 0 } = detection!;
      const left = instances - Math.floor(instances * maxEjectionPercent / 100);
      if (left >= needed || minHealthPercent >= 100 * needed / instances) return [];
      return [{
        rule: 'ejection', resource: nameOf(rule),
        message: `up to ${instances - left} of ${instances} instances of '${name}' may be ejected, and the busiest hour needs ${needed}: lower maxEjectionPercent, or set minHealthPercent to ${Math.ceil(100 * needed / instances)} or more`,
      }];
    });
  });
}

/** Settings of a service that no workload stands for cannot be judged: better said than passed over. */
export function unknownHosts(mesh: Mesh, { workloads }: Facts): Finding[] {
  const hosts = [
    ...ofKind(mesh, 'VirtualService').flatMap((resource) => resource.spec.hosts.map((host) => ({ resource, host }))),
    ...ofKind(mesh, 'DestinationRule').map((resource) => ({ resource, host: resource.spec.host })),
  ];
  return hosts.filter(({ host }) => !workloads.some(({ name }) => name === serviceOf(host)))
    .map(({ resource, host }) => ({ rule: 'unknown host', resource: nameOf(resource), message: `'${host}' is no workload of the facts: nothing about it can be judged` }));
}
// #endregion destinations
