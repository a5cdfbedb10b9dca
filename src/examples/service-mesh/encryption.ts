import { nameOf, ofKind, serviceOf } from './resources.ts';
import type { Facts, Finding, Mesh, MutualTls, PeerAuthentication, Workload } from './resources.ts';

// #region encryption
/** Who accepts plaintext: PERMISSIVE is for the move into the mesh, and nothing reminds you of its end. */
export function acceptedPlaintext(mesh: Mesh, { workloads }: Facts): Finding[] {
  return workloads.flatMap((workload) => {
    const { mode, by, ports } = mutualTls(mesh, workload);
    const resource = by === undefined ? `Workload ${workload.namespace}/${workload.name}` : nameOf(by);
    const open = Object.entries(ports).filter(([, port]) => port !== 'STRICT');
    return [
      ...(mode === 'STRICT' ? [] : [{ rule: 'plaintext', resource, message: `'${workload.name}' accepts plaintext: ${by === undefined ? 'no policy says otherwise' : `the mode is ${mode}`}` }]),
      ...(mode === 'STRICT' ? open : []).map(([port, at]) => ({ rule: 'plaintext', resource, message: `port ${port} of '${workload.name}' accepts plaintext: its mode is ${at}` })),
    ];
  });
}

/** A caller that is told to speak plaintext to whoever accepts none. */
export function refusedPlaintext(mesh: Mesh, { workloads }: Facts): Finding[] {
  return ofKind(mesh, 'DestinationRule').filter(({ spec }) => spec.trafficPolicy?.tls?.mode === 'DISABLE').flatMap((rule) => workloads
    .filter((workload) => workload.name === serviceOf(rule.spec.host) && mutualTls(mesh, workload).mode === 'STRICT')
    .map(({ name }) => ({ rule: 'plaintext', resource: nameOf(rule), message: `callers of '${name}' speak plaintext, and it accepts none: every call fails` })));
}
// #endregion encryption

/** The narrowest policy that says something: of the workload, of its namespace, of the mesh. In the root namespace Istio ignores a selector's policy. */
function mutualTls(mesh: Mesh, workload: Workload): { mode: MutualTls; by?: PeerAuthentication; ports: Record<string, MutualTls> } {
  const policies = ofKind(mesh, 'PeerAuthentication').filter(({ metadata }) => [workload.namespace, mesh.rootNamespace].includes(metadata.namespace));
  const labelsOf = ({ spec: { selector } }: PeerAuthentication): [string, string][] => Object.entries(selector?.matchLabels ?? {});
  const selecting = policies.filter((policy) => policy.metadata.namespace !== mesh.rootNamespace && labelsOf(policy).length > 0 && labelsOf(policy).every(([label, value]) => workload.labels[label] === value));
  const wide = policies.filter((policy) => labelsOf(policy).length === 0);
  const byWidth = [...selecting, ...wide.filter(({ metadata }) => metadata.namespace !== mesh.rootNamespace), ...wide.filter(({ metadata }) => metadata.namespace === mesh.rootNamespace)];
  const by = byWidth.find(({ spec }) => (spec.mtls?.mode ?? 'UNSET') !== 'UNSET');
  const mode = by?.spec.mtls?.mode ?? 'PERMISSIVE';
  const ports = Object.fromEntries(Object.entries(selecting[0]?.spec.portLevelMtls ?? {}).map(([port, at]) => [port, at.mode === 'UNSET' ? mode : at.mode]));
  return { mode, ports, ...(by === undefined ? {} : { by }) };
}
