const ground = `
with
  -- $1 services, $2 their logins, $3 their owners
  service as (select * from unnest($1::text[], $2::text[], $3::text[]) as given (name, login, owner)),
  actor as (
    select service.name as service, role.oid, role.rolname, role.rolsuper
      from service join pg_roles role on role.rolname in (service.login, service.owner)),
  ground as (
    select space.oid, space.nspname, space.nspowner, space.nspacl, service.name as service, service.owner
      from pg_namespace space left join service on service.name = space.nspname
     where space.nspname !~ '^pg_' and space.nspname <> 'information_schema'),
  -- What a package brings is the package's business: its functions are for everybody.
  packaged as (select classid, objid from pg_depend where deptype = 'e'),`;

const objects = `
  object as (
    select 'pg_namespace'::regclass as class, oid, 0 as part, service, owner, nspowner as held_by,
           coalesce(nspacl, acldefault('n', nspowner)) as acl
      from ground
    union all
    select 'pg_class'::regclass, relation.oid, 0, service, owner, relowner,
           coalesce(relacl, acldefault(case relkind when 'S' then 's'::"char" else 'r' end, relowner))
      from pg_class relation join ground on ground.oid = relnamespace
     where relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    union all
    select 'pg_class'::regclass, relation.oid, attnum, service, owner, relowner, attacl
      from pg_attribute join pg_class relation on relation.oid = attrelid join ground on ground.oid = relnamespace
     where attacl is not null
    union all
    select 'pg_proc'::regclass, routine.oid, 0, service, owner, proowner, coalesce(proacl, acldefault('f', proowner))
      from pg_proc routine join ground on ground.oid = pronamespace
    union all
    -- Not there yet: what the next table of a role will be open to.
    select 'pg_default_acl'::regclass, future.oid, 0, coalesce(ground.service, actor.service), null, defaclrole, defaclacl
      from pg_default_acl future left join ground on ground.oid = defaclnamespace left join actor on actor.oid = defaclrole),`;

// #region privilege
const privileges = `
  privilege as (
    select actor.service as "from", object.service as "to",
           actor.rolname, class, object.oid, part, grantee,
           case when bool_or(privilege_type = 'OWNERSHIP') then 'everything'
                else string_agg(distinct privilege_type, ', ' order by privilege_type)
           end as what
      from object
     cross join lateral (
            select grantee, privilege_type from aclexplode(acl)
             union all select held_by, 'OWNERSHIP') granted
      -- Member: by inheritance, or by set role.
      join actor on grantee = 0 or pg_has_role(actor.oid, grantee, 'MEMBER')
     where actor.service is distinct from object.service and not actor.rolsuper
       -- To be another service's role is named once, as a power.
       and grantee not in (select other.oid from actor other
                            where other.service <> actor.service)
       and (class, object.oid) not in (select classid, objid from packaged)
     group by actor.service, object.service, actor.rolname,
              class, object.oid, part, grantee),`;
// #endregion privilege

// #region dependency
const dependencies = `
  placed as (
    select 'pg_class'::regclass as class, oid, relnamespace as space from pg_class
    union all select 'pg_proc'::regclass, oid, pronamespace from pg_proc
    union all select 'pg_type'::regclass, oid, typnamespace from pg_type
    union all select 'pg_constraint'::regclass, oid, connamespace from pg_constraint
    union all select 'pg_rewrite'::regclass, rule.oid, relnamespace from pg_rewrite rule join pg_class on pg_class.oid = ev_class
    union all select 'pg_trigger'::regclass, fires.oid, relnamespace from pg_trigger fires join pg_class on pg_class.oid = tgrelid
               where not tgisinternal
    union all select 'pg_attrdef'::regclass, value.oid, relnamespace from pg_attrdef value join pg_class on pg_class.oid = adrelid
    union all select 'pg_policy'::regclass, policy.oid, relnamespace from pg_policy policy join pg_class on pg_class.oid = polrelid),
  dependency as (
    select distinct mine.service as "from", yours.service as "to", classid, objid, refclassid, refobjid
      from pg_depend
      join placed uses on (uses.class, uses.oid) = (classid, objid)
      join placed used on (used.class, used.oid) = (refclassid, refobjid)
      join ground mine on mine.oid = uses.space
      join ground yours on yours.oid = used.space
     where mine.service is distinct from yours.service and mine.service is not null
       -- A foreign key uses the table and its index: the table is enough.
       and not exists (select from pg_class where (refclassid, refobjid) = ('pg_class'::regclass, oid) and relkind in ('i', 'I'))
       and (refclassid, refobjid) not in (select classid, objid from packaged)),`;
// #endregion dependency

const powers = `
  power as (
    select actor.service as "from", held."to", actor.rolname, what
      from actor join pg_roles role on role.oid = actor.oid
     cross join lateral (
            select null as "to", each as what from unnest(
              array['superuser', 'createrole', 'createdb', 'replication', 'bypassrls'],
              array[role.rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls]) as attribute (each, has) where has
             union all
            select null, 'create in the database' where has_database_privilege(actor.oid, current_database(), 'CREATE')
             union all
            select null, 'member of ' || predefined.rolname from pg_roles predefined
             where predefined.rolname ~ '^pg_' and pg_has_role(actor.oid, predefined.oid, 'MEMBER')
             union all
            select other.service, 'member of ' || other.rolname from actor other
             where other.service <> actor.service and pg_has_role(actor.oid, other.oid, 'MEMBER')) held
     where not role.rolsuper or what = 'superuser')`;

/** One statement over the catalogue of PostgreSQL 15 or later. Anybody who may log in may run it. */
export const crossingsStatement = `${ground}${objects}${privileges}${dependencies}${powers}
select 'privilege' as kind, "from", "to", label.type || ' ' || label.identity as object,
       rolname || ' may ' || what || case when grantee = 0 then ', as everybody may'
         when grantee::regrole::text <> rolname then ', as ' || grantee::regrole else '' end as what
  from privilege cross join lateral pg_identify_object(class, oid, part) label
union all
select 'dependency', "from", "to", used.type || ' ' || used.identity, 'used by ' || uses.type || ' ' || uses.identity
  from dependency
 cross join lateral pg_identify_object(classid, objid, 0) uses
 cross join lateral pg_identify_object(refclassid, refobjid, 0) used
union all
select 'owner', service, (select service from actor where actor.oid = held_by), label.type || ' ' || label.identity,
       'belongs to ' || pg_get_userbyid(held_by) || ' instead of ' || owner
  from object cross join lateral pg_identify_object(class, oid, part) label
 where service is not null and part = 0 and pg_get_userbyid(held_by) <> owner
   and (class, object.oid) not in (select classid, objid from packaged)
union all
select 'power', "from", "to", 'role ' || rolname, what from power
order by 2, 3, 4, 5
`;
