/** PostgreSQL 16 or later, in the database of the effects. */
// #region table
export const auditSchema = `
  create table audit_log (
    chain    text not null,
    seq      bigint not null check (seq > 0),
    -- Text and not jsonb, which would order keys and lose digits: what is hashed is what is stored.
    -- With unique keys, or two readers take two meanings from one text.
    record   text not null check (record is json object with unique keys),
    previous text not null,
    hash     text not null,
    primary key (chain, seq),
    -- Nobody can follow on the same entry twice, whatever the program does.
    unique (chain, previous)
  );
  create index audit_log_on on audit_log ((record::json ->> 'on'), (record::json ->> 'at'));
  create index audit_log_by on audit_log ((record::json ->> 'by'), (record::json ->> 'at'));

  -- Granted to what the services log in as. It does not own the table, so it cannot give itself more.
  create role audit_writer nologin;
  grant select, insert on audit_log to audit_writer;
`;
// #endregion table

export const statements = {
  // #region append
  /**
   * Until the end of the transaction this chain is ours. A row lock on the last entry would not do: it cannot lock the next one.
   * A lock of the session would not do either, where a pooler gives the next transaction another session.
   */
  lock: "select pg_advisory_xact_lock(hashtextextended('audit_log ' || $1, 0))",

  /**
   * A statement of its own: under READ COMMITTED what it sees begins after the lock was got, so that includes the entry of
   * whoever had it before; an older snapshot runs into the unique constraint instead.
   * The time is read under the lock too, from one clock for all: numbers and times go the same way until that clock is set back.
   */
  last: `
    select last.seq::double precision as seq, last.hash,
           to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as now
      from (values (1)) always
      left join (select seq, hash from audit_log where chain = $1 order by seq desc limit 1) last on true`,

  insert: 'insert into audit_log (chain, seq, record, previous, hash) values ($1, $2, $3, $4, $5)',
  // #endregion append

  page: 'select chain, seq::double precision as seq, record, previous, hash from audit_log where chain = $1 and seq > $2 order by seq limit $3',
};
