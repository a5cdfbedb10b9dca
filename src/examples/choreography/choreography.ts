import { UndeclaredFactError } from './contract.ts';
import type { Fact, Facts, Reaction, Store } from './contract.ts';

export * from './contract.ts';

/** What a reaction remembers of one process. It has to outlast the last reminder. */
interface Part { readonly heard: Facts; readonly told?: Fact | null; readonly reminded: number }

/** The fact that begins a process. Tell it in the transaction of the change that it reports. */
export function firstFact(process: string, type: string, data: unknown): Fact {
  return { id: `${process}/${type}`, process, type, causation: null, data, reminder: 0 };
}

// #region hear
/**
 * Brings a fact to one reaction: effect, memory and what it tells are one transaction of the service.
 * @returns what was told; undefined for a repeat, and while it still waits for other facts
 * @throws what `act` threw, or UndeclaredFactError: nothing has happened, and the fact has to come again
 */
export function hear(store: Store, reaction: Reaction, fact: Fact): Promise<Fact | undefined> {
  const { name, needs, tells, act } = reaction;
  const key = `part/${name}/${fact.process}`;
  return store.transaction(async (open) => {
    const part = await open.get<Part>(key) ?? { heard: {}, reminded: 0 };
    if (part.told !== undefined) {
      // Done. A copy from the broker says nothing new; a reminder means that somebody behind may not have heard.
      if (part.told === null || fact.reminder <= part.reminded) return undefined;
      const again: Fact = { ...part.told, reminder: fact.reminder };
      await open.put(key, { ...part, reminded: fact.reminder });
      await open.tell(again);
      return again;
    }
    const heard: Facts = { [fact.type]: fact, ...part.heard };
    const isComplete = needs.every((type) => type in heard);
    const outcome = isComplete ? await act(heard, open) ?? null : undefined;
    const told = outcome && factOf(reaction, fact, outcome);
    await open.put(key, { heard, reminded: fact.reminder, ...(told !== undefined && { told }) });
    if (told) await open.tell(told);
    return told ?? undefined;
  });

  function factOf({ service }: Reaction, { process, id: causation }: Fact, { type, data = null }: { type: string; data?: unknown }): Fact {
    if (!tells.includes(type)) throw new UndeclaredFactError(`${service}: '${name}' told ${type}, which it has not declared`);
    return { id: `${process}/${type}`, process, type, causation, data, reminder: 0 };
  }
}
// #endregion hear

/** All that have to hear of it: what the subscriptions at the broker say. */
export function listeners(reactions: readonly Reaction[], { type }: Pick<Fact, 'type'>): Reaction[] {
  return reactions.filter(({ needs }) => needs.includes(type));
}
