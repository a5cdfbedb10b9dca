import { nameOf, ofKind } from './resources.ts';
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
      message: `the weights of '${name}' add up to ${sum}: ${sum === 0 ? 'nobody gets any traffic' : `the split is ${shares.join(', ')}`}`,
    }];
  });
}

/** A subset that no rule defines has no hosts: its share of the traffic gets 503. */
export function missingSubsets(mesh: Mesh): Finding[] {
  const defined = ofKind(mesh, 'DestinationRule').flatMap(({ spec: { host, subsets = [] } }) => subsets.map(({ name }) => `${host} ${name}`));
  return routesOf(mesh).flatMap(({ resource, route: { name, route } }) => route
    .filter(({ destination: { host, subset } }) => subset !== undefined && !defined.includes(`${host} ${subset}`))
    .map(({ destination: { host, subset } }) => ({ rule: 'subsets', resource, message: `'${name}' sends to subset '${subset}' of '${host}', which no DestinationRule defines` })));
}

/** A fault that all instances share lets them all look ill. */
export function ejectionOfAll(mesh: Mesh, { workloads }: Facts): Finding[] {
  return ofKind(mesh, 'DestinationRule').flatMap((rule) => {
    const detection = rule.spec.trafficPolicy?.outlierDetection;
    return workloads.filter(({ name }) => detection !== undefined && name === rule.spec.host).flatMap(({ name, instances, needed }) => {
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
// #endregion destinations
