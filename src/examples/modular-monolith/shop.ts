import { catalogueTables, openCatalogue } from './catalogue/index.ts';
import type { Catalogue } from './catalogue/index.ts';
import type { Database } from './database.ts';
import { inventoryTables, openInventory } from './inventory/index.ts';
import type { Inventory } from './inventory/index.ts';
import { openOrders, ordersTables } from './orders/index.ts';
import type { Orders } from './orders/index.ts';
import { openPayments, paymentsTables } from './payments/index.ts';
import type { Payments } from './payments/index.ts';
import { openShipping, shippingTables } from './shipping/index.ts';
import type { Shipping } from './shipping/index.ts';

export interface Shop {
  readonly catalogue: Catalogue;
  readonly inventory: Inventory;
  readonly payments: Payments;
  readonly orders: Orders;
  readonly shipping: Shipping;
}

/** The statements that make the tables of a new shop: a schema for each module. */
export const shopTables = [catalogueTables, inventoryTables, paymentsTables, ordersTables, shippingTables].join('\n');

// #region compose
/** The composition root: the one place that knows every module and puts them together. */
export function openShop(database: Database): Shop {
  const catalogue = openCatalogue();
  const inventory = openInventory();
  const payments = openPayments();
  const orders = openOrders(database, { catalogue, inventory, payments });
  const shipping = openShipping(orders);
  return { catalogue, inventory, payments, orders, shipping };
}
// #endregion compose
