import type { Verification } from './consumer-driven-contract.ts';
import type { Contract } from './contract.ts';

export interface Answer { ok: boolean; /** One sentence for each pair that speaks against it. */ because: string[] }

/** What is said about one pair of versions. `unknown` is no yes. */
type Verdict = 'works' | 'breaks' | 'unknown';

/** Remembers who was tested with whom, and which versions run where. In memory; a broker of a company keeps it in a database. */
export class Broker {
  /** By consumer and version, a contract for each provider. */
  readonly #contracts: Contract[] = [];
  /** By provider version and the *content* of a contract: a version that changed nothing needs no second test. */
  readonly #results = new Map<string, boolean>();
  /** Versions that published or verified something. Of any other, nothing can be said. */
  readonly #known = new Set<string>();
  /** By environment and application: one version after a deployment, several after releases. */
  readonly #running = new Map<string, Set<string>>();

  publish(contract: Contract): void {
    this.#contracts.push(contract);
    this.#known.add(JSON.stringify([contract.consumer, contract.consumerVersion]));
  }

  record(provider: string, providerVersion: string, verifications: readonly Verification[]): void {
    this.#known.add(JSON.stringify([provider, providerVersion]));
    for (const { contract, problems } of verifications) this.#results.set(keyOf(provider, providerVersion, contract), problems.length === 0);
  }

  /** Takes the place of the version before. */
  deployed(environment: string, application: string, version: string): void {
    this.#running.set(JSON.stringify([environment, application]), new Set([version]));
  }

  /** Stands beside the versions before, as installed apps do, until `ended`. */
  released(environment: string, application: string, version: string): void {
    this.#running.set(JSON.stringify([environment, application]), new Set([...this.#versions(environment, application), version]));
  }

  ended(environment: string, application: string, version: string): void {
    this.#running.get(JSON.stringify([environment, application]))?.delete(version);
  }

  /**
   * What the build of a provider has to verify. A contract that runs nowhere is `pending`: its failure is told to the consumer,
   * and does not stop a provider that works with all that is out there.
   */
  contractsFor(provider: string): { contract: Contract; pending: boolean }[] {
    const unique = new Map(this.#contracts.filter((contract) => contract.provider === provider).map((contract) => [JSON.stringify([contract.consumer, contract.consumerVersion]), contract]));
    return [...unique.values()].map((contract) => ({ contract, pending: !this.#runsAnywhere(contract) }));
  }

  // #region can-i-deploy
  /**
   * Whether this version works with all versions that run there now, seen from both sides: as a consumer and as a provider.
   * A version that nobody has heard of, a provider that does not run there and a pair that nobody has tested are a no.
   */
  canIDeploy(application: string, version: string, environment: string): Answer {
    if (!this.#known.has(JSON.stringify([application, version]))) return { ok: false, because: [`nothing is known of ${application} ${version}`] };
    const because: string[] = [];
    for (const contract of this.#contracts) {
      const { consumer, consumerVersion, provider } = contract;
      if (consumer === application && consumerVersion === version) {
        const versions = this.#versions(environment, provider);
        if (versions.size === 0) because.push(`${provider} does not run in ${environment}, and ${consumer} ${version} needs it`);
        for (const providerVersion of versions) because.push(...this.#against(contract, providerVersion));
      }
      if (provider === application && this.#versions(environment, consumer).has(consumerVersion)) because.push(...this.#against(contract, version));
    }
    return { ok: because.length === 0, because };
  }
  // #endregion can-i-deploy

  #against(contract: Contract, providerVersion: string): string[] {
    const result = this.#results.get(keyOf(contract.provider, providerVersion, contract));
    const verdict: Verdict = result === undefined ? 'unknown' : result ? 'works' : 'breaks';
    const pair = `${contract.provider} ${providerVersion}`;
    const who = `${contract.consumer} ${contract.consumerVersion}`;
    return { works: [], breaks: [`${pair} breaks ${who}`], unknown: [`${pair} was never tested with ${who}`] }[verdict];
  }

  #versions(environment: string, application: string): ReadonlySet<string> {
    return this.#running.get(JSON.stringify([environment, application])) ?? new Set();
  }

  #runsAnywhere({ consumer, consumerVersion }: Contract): boolean {
    return [...this.#running].some(([key, versions]) => (JSON.parse(key) as string[])[1] === consumer && versions.has(consumerVersion));
  }
}

const keyOf = (provider: string, providerVersion: string, { consumer, interactions }: Contract): string => JSON.stringify([provider, providerVersion, consumer, interactions]);
