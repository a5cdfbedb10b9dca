/**
 * One PostgreSQL (15 or later) in which several services work on purpose: each writes its own tables only,
 * and what others may use is published as a schema of views and functions with a version in its name.
 * To be run by the owner of the database, who may create roles.
 */

/** What others may rely on. */
export interface Contract {
  readonly service: string;
  /** Goes into the name of the schema, so that two versions stand side by side. */
  readonly version: number;
  /** Creates views and functions, with bare names; runs as the owner of the tables. */
  readonly contents: string;
  /** May read its views. */
  readonly users: readonly string[];
  /** Those of them who may call its functions too. */
  readonly callers?: readonly string[];
}

export const ownerOf = (service: string): string => `${service}_owner`;
export const schemaOf = ({ service, version }: Pick<Contract, 'service' | 'version'>): string => `${service}_v${version}`;

// #region own
/**
 * A schema that one role owns and migrates, and another one, the running service, reads and writes. Nobody else.
 * The two time limits, in milliseconds, are where a session of the service begins; it could raise them. The third it cannot.
 */
export function own(service: string): string {
  requireName(service);
  const owner = ownerOf(service);
  return `
    ${createRole(owner)} ${createRole(service)}
    grant ${owner} to current_user;
    create schema if not exists ${service} authorization ${owner};
    grant usage on schema ${service} to ${service};
    alter default privileges for role ${owner} in schema ${service}
      grant select, insert, update, delete on tables to ${service};
    alter default privileges for role ${owner} in schema ${service} grant usage on sequences to ${service};
    alter default privileges for role ${owner} in schema ${service} grant execute on routines to ${service};
    -- Everybody may execute a new function, unless the role that makes it has taken that back.
    alter default privileges for role ${owner} revoke execute on routines from public;
    alter role ${service} set lock_timeout = 2000;
    alter role ${service} set idle_in_transaction_session_timeout = 10000;
    alter role ${service} connection limit 50;
  `;
}
// #endregion own

// #region publish
/**
 * The views read, and `security definer` functions write, with the rights of the owner: their users need none on the tables.
 * Send it as one message, so that it is done whole or not at all.
 */
export function publish({ service, version, contents, users, callers = [] }: Contract): string {
  const schema = requireContract({ service, version, users, callers });
  return `
    create schema ${schema} authorization ${ownerOf(service)};
    set role ${ownerOf(service)};
    set search_path = ${schema};
    ${contents};
    reset search_path;
    grant usage on schema ${schema} to ${users.join(', ')};
    grant select on all tables in schema ${schema} to ${users.join(', ')};
    ${callers.length === 0 ? '' : `grant execute on all routines in schema ${schema} to ${callers.join(', ')};`}
    reset role;
  `;
}

/** Shuts the door and leaves the house: whoever was forgotten fails loudly, and one grant helps them. */
export function withdraw({ service, version, users }: Omit<Contract, 'contents'>): string {
  const schema = requireContract({ service, version, users });
  return `revoke usage on schema ${schema} from ${users.join(', ')}`;
}
// #endregion publish

function createRole(name: string): string {
  return `do $$ begin create role ${name} login; exception when duplicate_object then null; end $$;`;
}

function requireContract({ service, version, users, callers = [] }: Omit<Contract, 'contents'>): string {
  for (const name of [service, ...users, ...callers]) requireName(name);
  if (!(Number.isInteger(version) && version > 0)) throw new RangeError(`Cannot publish '${service}' as 'version' must be a whole number above 0: current value is ${version}`);
  if (users.length === 0) throw new RangeError(`Cannot publish '${service}' as 'users' must not be empty`);
  const stranger = callers.find((caller) => !users.includes(caller));
  if (stranger !== undefined) throw new RangeError(`Cannot publish '${service}' as each of 'callers' must be one of 'users': '${stranger}' is not`);
  return schemaOf({ service, version });
}

/** They stand in statements as they are, so nothing that would need quotes is let through. */
function requireName(name: string): void {
  if (!/^[a-z][a-z0-9_]{0,50}$/.test(name) || name.startsWith('pg_')) throw new RangeError(`Cannot share a database as a name must be of a-z, 0-9 and _, begin with a letter and not with pg_: current value is '${name}'`);
}
