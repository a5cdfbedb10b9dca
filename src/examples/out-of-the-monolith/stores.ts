import type { Transaction } from '../self-contained-service/contract.ts';
import { learn, lookUp } from '../self-contained-service/replica.ts';
import { articleOf, productOf } from './translation.ts';
import type { Article, Product } from './translation.ts';

export interface Versioned { readonly version: number; readonly product: Product }

// #region store
/** Where one side keeps its products, whoever owns them at the moment. */
export interface Store {
  read(transaction: Transaction, sku: string): Promise<Versioned | undefined>;
  /** @returns false, and changes nothing, if this or a newer version is there */
  write(transaction: Transaction, sku: string, versioned: Versioned): Promise<boolean>;
}

/** The new service: first a copy of what the monolith owns, in the end the data itself. */
export const catalogueStore: Store = {
  async read(transaction, sku) {
    const known = await lookUp<Product>(transaction, 'catalogue', sku);
    return known?.body ? { version: Number(known.version), product: known.body } : undefined;
  },
  async write(transaction, sku, { version, product }) {
    // What has no way back is not let in.
    articleOf(sku, product);
    return learn(transaction, { source: 'catalogue', key: sku, version, body: product });
  },
};

/** The monolith: its own table, which its reports and joins go on reading. */
export const articleStore: Store = {
  async read(transaction, sku) {
    const [row] = await transaction.query<Article & { version: string }>(statements.read, [sku]);
    return row && { version: Number(row.version), product: productOf(row) };
  },
  async write(transaction, sku, { version, product }) {
    const { number, price, flags } = articleOf(sku, product);
    const values = [number, price, flags, version];
    const changed = await transaction.query(statements.write, values);
    return changed.length === 1;
  },
};
// #endregion store

/** As the monolith has it, and a version that the move has added. */
export const articleSchema = `
  create table articles (
    number  text primary key,
    price   numeric(9, 2) not null,
    flags   text not null default '',
    version bigint not null default 1
  );
`;

const statements = {
  read: 'select number, price::text, flags, version::text from articles where number = $1',
  write: `
    insert into articles (number, price, flags, version) values ($1, $2::numeric, $3, $4::bigint)
        on conflict (number) do update set price = excluded.price, flags = excluded.flags, version = excluded.version
           where articles.version < excluded.version
    returning number`,
} as const;
