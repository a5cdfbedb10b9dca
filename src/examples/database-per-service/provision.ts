import { loginOf, ownerOf } from './contract.ts';
import type { OwnedSchema } from './contract.ts';

/**
 * PostgreSQL 15 or later. To be run by the owner of the database, who may create roles; a superuser is not needed.
 * May be run again. Passwords are no part of it: give the logins theirs from your store of secrets.
 * @throws RangeError when a name or a limit is not allowed
 */
export function provision(schema: OwnedSchema): string {
  requireSchema(schema);
  const { service, connections, statementTimeoutMs, lockTimeoutMs } = schema;
  const [login, owner] = [loginOf(service), ownerOf(service)];
  // #region provision
  return `
    ${createRole(owner)}
    ${createRole(login)}
    -- The administrator, who has no rights of the service by that, may act for its owner.
    grant ${owner} to current_user;
    create schema if not exists ${service} authorization ${owner};

    -- Rows, not tables: no truncate, no references, no trigger, no create.
    grant usage on schema ${service} to ${login};
    alter default privileges for role ${owner} in schema ${service}
      grant select, insert, update, delete on tables to ${login};
    alter default privileges for role ${owner} in schema ${service}
      grant usage on sequences to ${login};
    alter default privileges for role ${owner} in schema ${service}
      grant execute on routines to ${login};
    -- Everybody may execute a new function. In one schema that cannot be revoked, so in all.
    alter default privileges for role ${owner} revoke execute on routines from public;
    grant select, insert, update, delete on all tables in schema ${service} to ${login};
    grant usage on all sequences in schema ${service} to ${login};
    grant execute on all routines in schema ${service} to ${login};
    revoke execute on all routines in schema ${service} from public;

    -- Names without a schema are looked up here and nowhere else.
    alter role ${owner} set search_path = ${service};
    alter role ${login} set search_path = ${service};
    -- One service cannot take the sessions, the time and the locks of the others.
    alter role ${login} connection limit ${connections};
    alter role ${login} set statement_timeout = ${statementTimeoutMs};
    alter role ${login} set lock_timeout = ${lockTimeoutMs};
    alter role ${login} set idle_in_transaction_session_timeout = ${statementTimeoutMs};
  `;
  // #endregion provision
}

// #region close
/** Once in a database: what everybody may do by default, and services must not. */
export function closeDatabase(database: string, services: readonly string[]): string {
  for (const name of [database, ...services]) requireName(name);
  const roles = services.flatMap((service) => [loginOf(service), ownerOf(service)]);
  return `
    -- Includes connect and temporary tables.
    revoke all on database ${database} from public;
    revoke all on schema public from public;
    grant connect on database ${database} to ${roles.join(', ')};
  `;
}
// #endregion close

function createRole(name: string): string {
  // The command has no "if not exists". Of two runs at the same moment the index of names refuses the second.
  return `do $$ begin create role ${name} login; exception when duplicate_object or unique_violation then null; end $$;`;
}

function requireSchema({ service, connections, statementTimeoutMs, lockTimeoutMs }: OwnedSchema): void {
  requireName(service);
  for (const [name, value] of Object.entries({ connections, statementTimeoutMs, lockTimeoutMs })) {
    const isAllowed = Number.isInteger(value) && value > 0 && value < 2 ** 31;
    if (!isAllowed) throw new RangeError(`Cannot provision '${service}' as '${name}' must be a positive integer below 2147483648: current value is ${value}`);
  }
}

/** They stand in statements as they are, so nothing that would need quotes is let through. */
function requireName(name: string): void {
  if (!/^[a-z][a-z0-9_]{0,55}$/.test(name) || name.startsWith('pg_')) {
    throw new RangeError(`Cannot provision as a name must be of a-z, 0-9 and _, begin with a letter and not with pg_, and have at most 56 characters: current value is '${name}'`);
  }
}
