/**
 * What the shop was asked for in a quarter, as far as this catalogue is concerned: with each file that has to change,
 * the line in it at which the change begins. The tests find each line in the code base.
 */
export interface Request { readonly wanted: string; readonly begins: readonly (readonly [file: string, line: string])[] }

// #region requests
export const requests: readonly Request[] = [
  { wanted: 'A gift note with an order', begins: [
    ['orders/tables.ts', 'customer text not null,'],
    ['orders/place-order.ts', 'export interface Basket'],
  ] },
  { wanted: 'Five pieces of a product at most', begins: [
    ['orders/place-order.ts', 'if (!(Number.isSafeInteger(pieces)'],
  ] },
  // #endregion requests
  { wanted: 'A brand for each product', begins: [
    ['catalogue/tables.ts', 'title text not null,'],
    ['catalogue/products.ts', 'export interface Product'],
  ] },
  { wanted: 'A withdrawn product comes back', begins: [
    ['catalogue/index.ts', 'withdraw(open: Transaction, sku: string): Promise<void>;'],
    ['catalogue/products.ts', 'export async function withdraw'],
  ] },
  { wanted: 'A list of what has to be bought again', begins: [
    ['inventory/index.ts', 'inStock(open: Transaction, sku: string): Promise<number>;'],
    ['inventory/stock.ts', 'export async function inStock'],
  ] },
  { wanted: 'Stock in two warehouses', begins: [
    ['inventory/tables.ts', 'sku text primary key,'],
    ['inventory/stock.ts', 'export async function receive'],
    ['inventory/stock.ts', 'export async function take'],
  ] },
  { wanted: 'Credit that ends after a year', begins: [
    ['payments/tables.ts', 'cents integer not null check (cents >= 0)'],
    ['payments/credit.ts', 'export async function charge'],
  ] },
  { wanted: 'A number to follow the parcel', begins: [
    ['shipping/tables.ts', 'is_sent boolean not null default false'],
    ['shipping/parcels.ts', 'export async function send'],
    ['shipping/index.ts', 'send(open: Transaction, orderId: number): Promise<void>;'],
  ] },
  { wanted: 'A large order in several parcels', begins: [
    ['shipping/tables.ts', 'order_id integer primary key,'],
    ['shipping/parcels.ts', 'export async function prepare'],
  ] },
  { wanted: 'Prices in a second currency', begins: [
    ['catalogue/tables.ts', 'price_cents integer not null check (price_cents >= 0),'],
    ['catalogue/products.ts', 'export async function priceOf'],
    ['catalogue/index.ts', 'priceOf(open: Transaction, sku: string): Promise<number>;'],
    ['orders/tables.ts', 'total_cents integer not null'],
    ['orders/place-order.ts', 'const totalCents'],
    ['payments/tables.ts', 'cents integer not null\n'],
    ['payments/credit.ts', 'export interface Charge'],
  ] },
  { wanted: 'A customer takes an order back', begins: [
    ['orders/index.ts', 'onPlaced(listener: PlacedListener): void;'],
    ['orders/place-order.ts', 'export async function ordersOf'],
    ['orders/tables.ts', 'total_cents integer not null'],
    ['payments/index.ts', 'charge(open: Transaction, charge: Charge): Promise<void>;'],
    ['payments/credit.ts', 'export async function charge'],
    ['shipping/parcels.ts', 'export async function toSend'],
  ] },
  { wanted: 'Cheese by weight', begins: [
    ['inventory/tables.ts', 'pieces integer not null check (pieces >= 0)'],
    ['inventory/stock.ts', 'export interface Pieces'],
    ['orders/tables.ts', 'pieces integer not null check (pieces > 0),'],
    ['orders/place-order.ts', 'if (!(Number.isSafeInteger(pieces)'],
    ['shipping/tables.ts', 'pieces integer not null,'],
    ['shipping/parcels.ts', 'export async function prepare'],
  ] },
];
