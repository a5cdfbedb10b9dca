import type { Transaction } from '../database.ts';

/** Refused by payments: the credit of the customer does not cover the sum. */
export class PaymentRefusedError extends Error {
  override readonly name = 'PaymentRefusedError';
  readonly customer: string;

  constructor(customer: string) {
    super(`the credit of '${customer}' does not cover the sum`);
    this.customer = customer;
  }
}

export interface Charge { readonly orderId: number; readonly customer: string; readonly cents: number }

export async function payIn(open: Transaction, customer: string, cents: number): Promise<void> {
  await open.query(`insert into payments.credit values ($1, $2)
    on conflict (customer) do update set cents = credit.cents + excluded.cents`, [customer, cents]);
}

export async function charge(open: Transaction, { orderId, customer, cents }: Charge): Promise<void> {
  const paid = await open.query('update payments.credit set cents = cents - $2 where customer = $1 and cents >= $2 returning customer', [customer, cents]);
  if (paid.length === 0) throw new PaymentRefusedError(customer);
  await open.query('insert into payments.charge values ($1, $2, $3)', [orderId, customer, cents]);
}

export async function creditOf(open: Transaction, customer: string): Promise<number> {
  const [row] = await open.query<{ cents: number }>('select cents from payments.credit where customer = $1', [customer]);
  return row?.cents ?? 0;
}
