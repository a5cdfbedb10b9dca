import type { Clock } from '../clock.ts';
import { memoryDatabase as keyDatabase } from '../idempotency-key/memory-database.ts';
import { MemoryServer } from '../memory-transactions.ts';
import type { Slot } from '../memory-transactions.ts';
import { outboxStatements } from '../transactional-outbox/memory-database.ts';
import { statements } from './schema.ts';

/** The database of *payments* in memory: keys, outbox and payments. Tests hold the first two against PostgreSQL. */
export function paymentsDatabase(clock: Clock, onPayment: (order: string) => void): MemoryServer {
  return keyDatabase(clock, {
    ...outboxStatements(clock),
    [statements.insertPayment]: (open, [order]: [string]) => {
      open.onCommit(() => onPayment(order));
      return [];
    },
  });
}

/** The database of *accounts* in memory. A test holds the inbox against PostgreSQL. */
export function accountsDatabase(clock: Clock, onBooked: (customer: string) => void): MemoryServer {
  const inbox = new Map<string, Slot<{ message: string }>>();
  return new MemoryServer(clock, {
    [statements.remember]: async (open, [consumer, message]: [string, string]) => {
      const place = JSON.stringify([consumer, message]);
      const slot = inbox.get(place) ?? {};
      inbox.set(place, slot);
      if (await open.lock(slot) !== undefined) return [];
      slot.draft = { message };
      return [slot.draft];
    },
    [statements.book]: (open, [customer]: [string]) => {
      open.onCommit(() => onBooked(customer));
      return [];
    },
  });
}
