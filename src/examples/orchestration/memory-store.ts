import type { Clock } from '../clock.ts';
import type { CaseStore, Claim, Entry, Overview } from './contract.ts';

type Kept = Omit<Entry, 'leftMs'> & { dueMs: number };
export interface Case { definition: string; input: unknown; state: Overview['state']; dueMs: number; fence: number; wakes: number; isLeased: boolean; reason: string; startMs: number; log: Kept[]; messages: Map<string, unknown> }

/** Stands in for PostgreSQL in tests and simulations: it outlives any orchestrator, not this process. */
export class MemoryStore implements CaseStore {
  protected readonly clock: Clock;
  protected readonly cases = new Map<string, Case>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  async create(id: string, definition: string, input: unknown): Promise<boolean> {
    if (this.cases.has(id)) return false;
    const nowMs = this.clock.now();
    this.cases.set(id, { definition, input, state: 'running', dueMs: nowMs, fence: 0, wakes: 0, isLeased: false, reason: '', startMs: nowMs, log: [], messages: new Map() });
    return true;
  }

  async claim(definitions: readonly string[], leaseMs: number): Promise<Claim | undefined> {
    const nowMs = this.clock.now();
    let next: [string, Case] | undefined;
    for (const each of this.cases) {
      const { state, dueMs, definition } = each[1];
      if (state === 'running' && dueMs <= nowMs && definitions.includes(definition) && dueMs < (next?.[1].dueMs ?? Infinity)) next = each;
    }
    if (next === undefined) return undefined;
    const [id, found] = next;
    Object.assign(found, { fence: found.fence + 1, dueMs: nowMs + leaseMs, isLeased: true });
    const log = found.log.map(({ dueMs, ...entry }) => ({ ...entry, leftMs: dueMs - nowMs }));
    return { id, definition: found.definition, input: found.input, fence: found.fence, wakes: found.wakes, log };
  }

  async write(claim: Claim, place: number, { withinMs, ...entry }: Omit<Entry, 'leftMs'> & { withinMs?: number }, leaseMs: number): Promise<boolean> {
    return this.#held(claim, (found) => {
      const nowMs = this.clock.now();
      found.dueMs = nowMs + leaseMs;
      found.log[place] = { ...entry, dueMs: withinMs === undefined ? found.log[place]?.dueMs ?? nowMs : nowMs + withinMs };
    });
  }

  async rest(claim: Claim, delayMs: number, reason: string): Promise<boolean> {
    return this.#held(claim, (found) => {
      const nowMs = this.clock.now();
      Object.assign(found, { isLeased: false, reason, dueMs: found.wakes === claim.wakes ? nowMs + delayMs : nowMs });
    });
  }

  async close(claim: Claim, state: 'ended' | 'parked', reason: string): Promise<boolean> {
    return this.#held(claim, (found) => Object.assign(found, { isLeased: false, state, reason }));
  }

  async message(id: string, name: string): Promise<{ value: unknown } | undefined> {
    const messages = this.cases.get(id)!.messages;
    return messages.has(name) ? { value: messages.get(name) } : undefined;
  }

  async deliver(id: string, name: string, value: unknown): Promise<boolean> {
    const found = this.cases.get(id);
    if (found === undefined || found.state === 'ended' || found.messages.has(name)) return false;
    found.messages.set(name, value ?? null);
    found.wakes += 1;
    if (!found.isLeased) found.dueMs = Math.min(found.dueMs, this.clock.now());
    return true;
  }

  /** For a curve: how many are due and in nobody's hands. */
  get due(): number {
    const nowMs = this.clock.now();
    return [...this.cases.values()].filter(({ state, dueMs, isLeased }) => state === 'running' && !isLeased && dueMs <= nowMs).length;
  }

  #held({ id, fence }: Claim, change: (found: Case) => void): boolean {
    const found = this.cases.get(id);
    if (found?.fence !== fence || !found.isLeased) return false;
    change(found);
    return true;
  }
}
