import { on } from './contract.ts';
import type { EventType, Service, Work } from './contract.ts';

// #region catalogue
export interface Placed {
  orderId: string;
  customerId: string;
  totalCents: number;
  lines: { sku: string; quantity: number }[];
  channel: 'web' | 'app' | 'other';
}

export const orderPlaced: EventType<Placed> = {
  type: 'orders.order-placed.v1', owner: 'orders', outside: 'data warehouse',
  read: (data) => ({
    orderId: data.text('orderId'),
    customerId: data.text('customerId'),
    totalCents: data.count('totalCents'),
    lines: data.list('lines', (line) => ({ sku: line.text('sku'), quantity: line.count('quantity') })),
    channel: data.oneOf('channel', ['web', 'app'], 'other'), // came later, and will grow
  }),
};
// #endregion catalogue

export const orderCancelled = about('orders', 'order-cancelled');
export const paymentTaken = about('payments', 'payment-taken');
export const paymentDeclined = about('payments', 'payment-declined');
export const parcelSent: EventType<{ orderId: string; customerId: string; street: string }> = {
  type: 'shipping.parcel-sent.v1', owner: 'shipping',
  read: (data) => ({ orderId: data.text('orderId'), customerId: data.text('customerId'), street: data.text('street') }),
};
/** Carries the whole new state, so that its readers need not ask. */
export const addressChanged: EventType<{ customerId: string; street: string }> = {
  type: 'accounts.address-changed.v1', owner: 'accounts',
  read: (data) => ({ customerId: data.text('customerId'), street: data.text('street') }),
};

export const catalogue = [addressChanged, orderPlaced, orderCancelled, paymentTaken, paymentDeclined, parcelSent];

export interface Outside {
  /** Charges once for a key, however often it is called. */
  charge(key: string, cents: number, signal: AbortSignal): Promise<'taken' | 'declined'>;
  /** Sends one letter for a key. */
  send(key: string, customerId: string, text: string, signal: AbortSignal): Promise<void>;
}

// #region shop
/** Who reacts to what. Orders knows neither shipping nor notifications. */
export function shopServices({ charge, send }: Outside): Service[] {
  return [
    { name: 'accounts', announces: [addressChanged], reactions: [] },
    {
      name: 'orders', announces: [orderPlaced], reactions: [
        on(paymentDeclined, [orderCancelled], ({ data }, work) => work.announce(orderCancelled, data.orderId, data)),
      ],
    },
    {
      name: 'payments', announces: [], reactions: [
        on(orderPlaced, [paymentTaken, paymentDeclined], async ({ data: { orderId, customerId, totalCents } }, work) => {
          const answer = await charge(orderId, totalCents, work.signal);
          await work.announce(answer === 'taken' ? paymentTaken : paymentDeclined, orderId, { orderId, customerId });
        }),
      ],
    },
    { name: 'shipping', announces: [], reactions: shippingReactions() },
    {
      name: 'notifications', announces: [], reactions: [
        on(orderPlaced, [], ({ id, data }, { signal }) => send(id, data.customerId, `Thank you for order ${data.orderId}`, signal)),
        on(orderCancelled, [], ({ id, data }, { signal }) => send(id, data.customerId, `Order ${data.orderId} is cancelled`, signal)),
        on(parcelSent, [], ({ id, data }, { signal }) => send(id, data.customerId, `Order ${data.orderId} is on its way to ${data.street}`, signal)),
      ],
    },
  ];
}
// #endregion shop

// #region shipping
interface Address { version: number; street: string; waiting: string[] }
interface Parcel { customerId?: string; paid?: true; sent?: true }

/** Needs three facts from three services, in whatever order they come: each is kept, and the last one sends the parcel. */
function shippingReactions(): Service['reactions'] {
  const send = async (orderId: string, news: Parcel, work: Work): Promise<void> => {
    const parcel: Parcel = { ...await work.get<Parcel>(`order ${orderId}`), ...news };
    work.put(`order ${orderId}`, parcel);
    const { customerId, paid, sent } = parcel;
    if (customerId === undefined || !paid || sent) return;
    const address = await addressOf(customerId, work);
    if (address.version === 0) return work.put(`customer ${customerId}`, { ...address, waiting: [...address.waiting, orderId] });
    work.put(`order ${orderId}`, { ...parcel, sent: true });
    await work.announce(parcelSent, orderId, { orderId, customerId, street: address.street });
  };
  return [
    on(orderPlaced, [parcelSent], ({ data: { orderId, customerId } }, work) => send(orderId, { customerId }, work)),
    on(paymentTaken, [parcelSent], ({ data: { orderId } }, work) => send(orderId, { paid: true }, work)),
    on(addressChanged, [parcelSent], async ({ version, data: { customerId, street } }, work) => {
      const known = await addressOf(customerId, work);
      if (version <= known.version) return; // an older one that came late
      work.put(`customer ${customerId}`, { version, street, waiting: [] });
      for (const orderId of known.waiting) await send(orderId, {}, work);
    }),
  ];
}
// #endregion shipping

async function addressOf(customerId: string, work: Work): Promise<Address> {
  return await work.get<Address>(`customer ${customerId}`) ?? { version: 0, street: '', waiting: [] };
}

function about(owner: string, happened: string): EventType<{ orderId: string; customerId: string }> {
  return { type: `${owner}.${happened}.v1`, owner, read: (data) => ({ orderId: data.text('orderId'), customerId: data.text('customerId') }) };
}
