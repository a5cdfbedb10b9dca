import type { Database, Message, Transaction } from './contract.ts';

/** Two that are often met, for comparison. Each keeps its memory apart from the effect. */
export type Effect<Body> = (message: Message<Body>, transaction: Transaction) => Promise<unknown>;
/** Ids in Redis, in another database, in another transaction: each call by itself. */
export interface SeparateMemory {
  has(id: string): Promise<boolean>;
  add(id: string): Promise<void>;
}

/** Whoever dies between the two has remembered what never happened: the message is lost. */
export async function rememberFirst<Body>(memory: SeparateMemory, database: Database, message: Message<Body>, effect: Effect<Body>): Promise<void> {
  if (await memory.has(message.id)) return;
  await memory.add(message.id);
  await database.transaction((transaction) => effect(message, transaction));
}

/** Whoever dies between the two has not remembered what happened: the effect comes twice. So it does where copies overlap. */
export async function rememberLast<Body>(memory: SeparateMemory, database: Database, message: Message<Body>, effect: Effect<Body>): Promise<void> {
  if (await memory.has(message.id)) return;
  await database.transaction((transaction) => effect(message, transaction));
  await memory.add(message.id);
}
