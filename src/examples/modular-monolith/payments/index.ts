/** Public face of payments: what customers have paid in, and what they were charged. */
import type { Transaction } from '../database.ts';
import { charge, creditOf, payIn } from './credit.ts';
import type { Charge } from './credit.ts';

export { PaymentRefusedError } from './credit.ts';
export type { Charge } from './credit.ts';
export { tables as paymentsTables } from './tables.ts';

export interface Payments {
  /** @param cents whole and above 0 */
  payIn(open: Transaction, customer: string, cents: number): Promise<void>;
  /** Once for each order. @throws PaymentRefusedError, after which the transaction has to end */
  charge(open: Transaction, charge: Charge): Promise<void>;
  /** In cents. */
  creditOf(open: Transaction, customer: string): Promise<number>;
}

export function openPayments(): Payments {
  return { payIn, charge, creditOf };
}
