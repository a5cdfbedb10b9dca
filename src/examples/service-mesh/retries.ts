import { nameOf, ofKind, serviceOf } from './resources.ts';
import type { Call, Facts, Finding, HttpRoute, Mesh, Workload } from './resources.ts';

/** Istio's policy for routes that say nothing. */
const defaultRetries = { attempts: 2, retryOn: 'connect-failure,refused-stream,unavailable,cancelled' };

/** Idempotent by RFC 9110, section 9.2.2. */
const idempotent = ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'];

/** The request has not reached the service: repeating it repeats no effect. */
const unsent = ['connect-failure', 'refused-stream', 'reset-before-request'];

/** Conditions that only answers of gRPC can fulfil. */
const ofGrpc = ['cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable'];

/** Requests that one request may become. */
export function triesOf({ retries = defaultRetries }: HttpRoute): number {
  return 1 + retries.attempts;
}

// #region retries
/** Retries of the mesh and of the library multiply: neither knows of the other. */
export function retriedTwice(mesh: Mesh, { calls }: Facts): Finding[] {
  return routesOf(mesh, calls).flatMap(({ resource, host, route }) => calls
    .filter(({ to, attempts }) => to === host && attempts > 1 && triesOf(route) > 1)
    .map(({ from, attempts }) => ({
      rule: 'retried twice', resource,
      message: `one request of '${from}' may reach '${route.name}' ${attempts * triesOf(route)} times: ${attempts} attempts of its library × ${triesOf(route)} of the mesh; leave them to one of the two`,
    })));
}

/** What was sent may have taken effect, whatever came back. */
export function repeatedEffect(mesh: Mesh, { calls, workloads, repeatable }: Facts): Finding[] {
  return routesOf(mesh, calls).flatMap(({ resource, host, route }) => {
    const { retryOn } = { ...defaultRetries, ...route.retries };
    const protocol = workloads.find(({ name }) => name === host)?.protocol ?? 'http';
    const risky = retryOn.split(',').map((condition) => condition.trim())
      .filter((condition) => !unsent.includes(condition) && (protocol === 'grpc' || !ofGrpc.includes(condition)));
    if (triesOf(route) === 1 || risky.length === 0 || repeatable.includes(route.name) || isIdempotent(route, protocol)) return [];
    return [{
      rule: 'repeated effect', resource,
      message: `'${route.name}' is repeated on ${risky.join(', ')}, and may have taken effect by then: name idempotent methods, retry on connect-failure, refused-stream alone, or make it repeatable`,
    }];
  });
}
// #endregion retries

// #region amplification
/** How many requests may reach each service for one at the entrance, if all fail at the end of the chain. */
export function amplification(mesh: Mesh, { calls }: Facts, entrance: string): Map<string, number> {
  const most = new Map<string, number>();
  const follow = (from: string, requests: number, path: readonly string[]): void => {
    // Of two ways to a service either may be taken, and both: they add up.
    most.set(from, (most.get(from) ?? 0) + requests);
    for (const { to, attempts } of calls.filter((call) => call.from === from && !path.includes(call.to))) {
      const tries = routesOf(mesh, calls).filter(({ host }) => host === to).map(({ route }) => triesOf(route));
      follow(to, requests * attempts * Math.max(...tries), [...path, to]);
    }
  };
  follow(entrance, 1, [entrance]);
  return most;
}
// #endregion amplification

/** Also for a service that is called and that no VirtualService names: Istio's defaults hold for it all the same. */
export function routesOf(mesh: Mesh, calls: readonly Call[] = []): { resource: string; host: string; route: HttpRoute }[] {
  const named = ofKind(mesh, 'VirtualService').flatMap((service) => service.spec.hosts.flatMap((host) => service.spec.http.map((route) => ({ resource: nameOf(service), host: serviceOf(host), route }))));
  const silent = new Set(calls.map(({ to }) => to).filter((to) => !named.some(({ host }) => host === to)));
  return [...named, ...Array.from(silent, (host) => ({ resource: `Service ${host}`, host, route: { name: `any call of ${host}`, route: [{ destination: { host } }] } }))];
}

/** A route without a match takes all methods; every call of gRPC is a POST. */
function isIdempotent({ match = [] }: HttpRoute, protocol: Workload['protocol']): boolean {
  return protocol === 'http' && match.length > 0 && match.every(({ method }) => method !== undefined && idempotent.includes(method.exact));
}
