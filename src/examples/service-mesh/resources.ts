// #region resources
/** The part of Istio's resources that the checks read; the fields are those of its API, so the objects can be applied as JSON. */
export interface Metadata { readonly name: string; readonly namespace: string }

export interface VirtualService {
  readonly apiVersion: 'networking.istio.io/v1';
  readonly kind: 'VirtualService';
  readonly metadata: Metadata;
  readonly spec: { readonly hosts: readonly string[]; readonly http: readonly HttpRoute[] };
}
export interface HttpRoute {
  readonly name: string;
  readonly match?: readonly { readonly method?: { readonly exact: string }; readonly uri?: { readonly prefix: string } }[];
  readonly route: readonly { readonly destination: { readonly host: string; readonly subset?: string }; readonly weight?: number }[];
  /** Of the request with all its retries. Istio sets none by default. */
  readonly timeout?: string;
  readonly retries?: {
    /** Beside the first try. */
    readonly attempts: number;
    readonly perTryTimeout?: string;
    readonly retryOn?: string;
  };
}

export interface DestinationRule {
  readonly apiVersion: 'networking.istio.io/v1';
  readonly kind: 'DestinationRule';
  readonly metadata: Metadata;
  readonly spec: {
    readonly host: string;
    readonly trafficPolicy?: {
      readonly tls?: { readonly mode: 'DISABLE' | 'SIMPLE' | 'MUTUAL' | 'ISTIO_MUTUAL' };
      readonly outlierDetection?: {
        readonly consecutive5xxErrors?: number;
        readonly interval?: string;
        readonly baseEjectionTime?: string;
        /** Of the pool, 10 by default. */
        readonly maxEjectionPercent?: number;
        /** With fewer healthy hosts all are used again. 0 by default: never. */
        readonly minHealthPercent?: number;
      };
    };
    readonly subsets?: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>> }[];
  };
}

export type MutualTls = 'UNSET' | 'DISABLE' | 'PERMISSIVE' | 'STRICT';
export interface PeerAuthentication {
  readonly apiVersion: 'security.istio.io/v1';
  readonly kind: 'PeerAuthentication';
  readonly metadata: Metadata;
  readonly spec: {
    readonly selector?: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly mtls?: { readonly mode: MutualTls };
    readonly portLevelMtls?: Readonly<Record<number, { readonly mode: MutualTls }>>;
  };
}

export type Resource = VirtualService | DestinationRule | PeerAuthentication;
// #endregion resources

// #region facts
/** What no mesh can know, and without which its settings cannot be judged. */
export interface Facts {
  /** As the code of the caller does it. */
  readonly calls: readonly Call[];
  readonly workloads: readonly Workload[];
  /** Routes that may be repeated although their method does not say so, such as `charge` with an idempotency key. */
  readonly repeatable: readonly string[];
}
export interface Call {
  readonly from: string;
  readonly to: string;
  /** Of the library, with the first. */
  readonly attempts: number;
  /** For all of them together. */
  readonly timeoutMs: number;
}
export interface Workload {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly protocol: 'http' | 'grpc';
  readonly instances: number;
  /** How many of them the busiest hour needs. */
  readonly needed: number;
}
// #endregion facts

export interface Mesh {
  /** Where the policies of the whole mesh stand: `istio-system` unless it was installed otherwise. */
  readonly rootNamespace: string;
  readonly resources: readonly Resource[];
}

export interface Finding {
  readonly rule: string;
  /** Kind, namespace and name. */
  readonly resource: string;
  readonly message: string;
}

export function ofKind<Kind extends Resource['kind']>(mesh: Mesh, kind: Kind): Extract<Resource, { kind: Kind }>[] {
  return mesh.resources.filter((resource): resource is Extract<Resource, { kind: Kind }> => resource.kind === kind);
}

/** The name that facts use: `payments` for `payments.shop.svc.cluster.local` as well. */
export function serviceOf(host: string): string {
  return host.replace(/\.[a-z0-9-]+\.svc\.cluster\.local$/, '');
}

export function nameOf({ kind, metadata: { namespace, name } }: Resource): string {
  return `${kind} ${namespace}/${name}`;
}
