import { CopyTooOldError, OrderConflictError, OrderRefusedError } from './contract.ts';
import type { Order, OrderRequest } from './contract.ts';
import type { OrderService } from './self-contained-service.ts';

// #region http
/** `POST /orders` answers 202 and where to ask on; `GET /orders/{id}` tells what became of it. */
export async function answer(service: OrderService, request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const [, id] = /^\/orders\/([^/]+)$/.exec(pathname) ?? [];
  if (request.method === 'GET' && id !== undefined) {
    const order = await read(service, id);
    return order === undefined ? refusal(404, 'no such order') : Response.json(order);
  }
  if (request.method !== 'POST' || pathname !== '/orders') return refusal(404, 'no such resource');
  try {
    const order = await service.place(await bodyOf(request), request.signal);
    return accepted(order);
  } catch (error) {
    if (error instanceof CopyTooOldError) return refusal(503, error.message, { 'retry-after': '30' });
    if (error instanceof OrderConflictError) return refusal(409, error.message);
    if (error instanceof OrderRefusedError) return refusal(422, error.message);
    if (error instanceof RangeError) return refusal(400, error.message);
    throw error;
  }
}
// #endregion http

/** An id that is no text in percent encoding belongs to no order. */
async function read(service: OrderService, encoded: string): Promise<Order | undefined> {
  try {
    return await service.read(decodeURIComponent(encoded));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function accepted(order: Order): Response {
  return Response.json(order, { status: 202, headers: { location: `/orders/${encodeURIComponent(order.id)}` } });
}

function refusal(status: number, why: string, headers: Record<string, string> = {}): Response {
  return Response.json({ why }, { status, headers });
}

/** @throws RangeError when it is no order */
async function bodyOf(request: Request): Promise<OrderRequest> {
  const body = await request.json().catch(() => undefined) as Partial<OrderRequest> | null | undefined;
  const { id, customer, sku, pieces } = body ?? {};
  if (typeof id !== 'string' || typeof customer !== 'string' || typeof sku !== 'string' || typeof pieces !== 'number') {
    throw new RangeError("Cannot place an order as the body must be JSON with 'id', 'customer', 'sku' and 'pieces'");
  }
  return { id, customer, sku, pieces };
}
