import type { CaseDesk, Overview } from './contract.ts';
import { MemoryStore } from './memory-store.ts';

/** The store with what people need besides. */
export class MemoryDesk extends MemoryStore implements CaseDesk {
  async resume(id: string): Promise<boolean> {
    const found = this.cases.get(id);
    if (found?.state !== 'parked') return false;
    if (found.log.at(-1)?.state === 'gave up') found.log.pop();
    Object.assign(found, { state: 'running', reason: '', dueMs: this.clock.now() });
    return true;
  }

  async open(most: number): Promise<readonly Overview[]> {
    const open = [...this.cases].filter(([, { state }]) => state !== 'ended').slice(0, most);
    return open.map(([id, { definition, state, log, reason, startMs }]) => ({ id, definition, state, at: log.at(-1)?.name ?? '', reason, ageMs: this.clock.now() - startMs }));
  }
}
