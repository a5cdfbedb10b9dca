/** A connection to the database. One who may log in is enough to read the catalogue. */
export interface Connection {
  query<Row>(text: string, parameters: readonly unknown[]): Promise<readonly Row[]>;
}

// #region owned
/** One service and what it owns: a schema of its name, in a database that others may use, too. */
export interface OwnedSchema {
  /** Name of the schema and of the login of the service: lower-case letters, digits and `_`. */
  readonly service: string;
  /** Sessions that the service may hold, over all its instances. */
  readonly connections: number;
  /** Default limits of a session, in milliseconds. A session may change them: they stop accidents, not intent. */
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
}
// #endregion owned

/** The login of the service: reads and writes rows. */
export const loginOf = (service: string): string => service;
/** Owns schema and tables; only the migrations of the service log in as this. */
export const ownerOf = (service: string): string => `${service}_owner`;

// #region crossing
/** A way from one service to what another owns. */
export interface Crossing {
  readonly kind:
    /** The role of `from` may do this to an object of `to`. */
    | 'privilege'
    /** An object of `from` uses one of `to`: a foreign key, a view, a trigger, a default. */
    | 'dependency'
    /** An object of `from` belongs to a role that is not its owner, and works with the rights of that role. */
    | 'owner'
    /** The role of `from` may do more than any service needs, such as a superuser. */
    | 'power';
  readonly from: string;
  /** The service that owns the object; undefined for ground that belongs to nobody, such as the schema `public`. */
  readonly to?: string;
  /** For example `table inventory.stock`. */
  readonly object: string;
  /** What exactly, and through whom. The same state of the database gives the same words. */
  readonly what: string;
}
// #endregion crossing
