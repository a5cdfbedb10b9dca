/** PostgreSQL 13 or later. Every time comes from the database: one clock for all instances of the service. */
// #region table
export const idempotencySchema = `
  create table idempotency_key (
    -- Who asks; from the credentials, never from the request.
    tenant       text not null,
    key          text not null,
    -- A hash, so that the payload itself is not kept.
    fingerprint  text not null,
    owner        uuid not null default gen_random_uuid(),
    lease_until  timestamptz not null,
    -- The key for calls to others; outlives an owner.
    downstream   uuid not null default gen_random_uuid(),
    -- Null: not answered yet.
    status       integer,
    -- Not jsonb, which would reorder the fields.
    body         json,
    expires_at   timestamptz not null,
    primary key (tenant, key)
  );
  create index idempotency_key_expiry on idempotency_key (expires_at);
`;
// #endregion table

export const statements = {
  expire: `delete from idempotency_key where tenant = $1 and key = $2 and expires_at <= now() and lease_until <= now()`,

  // #region claim
  /**
   * Claims a new key, or takes over one that was never answered and whose lease has ended.
   * No row: somebody else has it.
   */
  claim: `
    insert into idempotency_key as known (tenant, key, fingerprint, lease_until, expires_at)
    values ($1, $2, encode(sha256(convert_to($3::jsonb::text, 'UTF8')), 'hex'),
            now() + $4::double precision * interval '1 millisecond',
            now() + $5::double precision * interval '1 millisecond')
    on conflict (tenant, key) do update
       set owner = gen_random_uuid(), lease_until = excluded.lease_until
     where known.status is null and known.lease_until <= now()
       and known.fingerprint = excluded.fingerprint
    returning owner, downstream`,
  // #endregion claim

  /** In the transaction of a claim that failed: the conflict has locked the row, so it cannot change or vanish. */
  lookUp: `
    select status, body, fingerprint = encode(sha256(convert_to($3::jsonb::text, 'UTF8')), 'hex') as same,
           greatest(0, extract(epoch from lease_until - now()) * 1000)::double precision as "remainingMs"
      from idempotency_key where tenant = $1 and key = $2`,

  answer: `
    update idempotency_key set status = $4, body = $5::json
     where tenant = $1 and key = $2 and owner = $3 and status is null
    returning owner`,

  /** Ends the lease but keeps the row: the next attempt must call others with the same downstream key. */
  release: `
    update idempotency_key set lease_until = now()
     where tenant = $1 and key = $2 and owner = $3 and status is null
    returning owner`,

  /** The second look is for a row taken over meanwhile: PostgreSQL repeats the outer condition only. */
  forget: `
    delete from idempotency_key where (tenant, key) in (
      select tenant, key from idempotency_key where expires_at <= now() and lease_until <= now() limit $1)
       and expires_at <= now() and lease_until <= now()
    returning key`,
} as const;
