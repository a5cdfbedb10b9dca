import type { Transaction } from '../database.ts';
import type { Order } from '../orders/index.ts';

export async function prepare(open: Transaction, { id, lines }: Order): Promise<void> {
  await open.query('insert into shipping.parcel (order_id, pieces) values ($1, $2)', [id, lines.reduce((sum, { pieces }) => sum + pieces, 0)]);
}

export async function toSend(open: Transaction): Promise<number[]> {
  return (await open.query<{ order_id: number }>('select order_id from shipping.parcel where not is_sent order by order_id', [])).map((row) => row.order_id);
}

export async function send(open: Transaction, orderId: number): Promise<void> {
  await open.query('update shipping.parcel set is_sent = true where order_id = $1', [orderId]);
}
