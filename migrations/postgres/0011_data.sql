-- What is erased, what is kept for how long, and that the log is only ever added to. Read beside
-- ../sqlite/0011_data.sql, which says the same in the other dialect.

-- What was erased stays known by its number, so that it can be told when it is done, and done again on a restored backup.
create table erasures (
    id uuid primary key,
    -- No foreign key: this row outlives the business.
    business_id uuid not null,
    kind text not null check (kind in ('customer', 'business')),
    -- Who asked for it, to be shown how far it is; nothing else is known of them here.
    user_id uuid not null,
    begun_at timestamptz not null,
    finished_at timestamptz
);
create index erasures_business on erasures (business_id);
create index erasures_open on erasures (id) where finished_at is null;

-- From then on it is as if it did not exist; what belongs to it is taken away piece by piece.
alter table businesses add column erased_at timestamptz;

-- What was said, and from which number, is gone: the customer was erased, or it was kept long enough.
alter table calls add column forgotten_at timestamptz;
create index data_calls_remembered on calls (business_id, started_at) where forgotten_at is null;

-- Append-only. The lines of a business may go when the business itself is being erased, and in no other case.
create function audit_only_grows() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and exists (
        select 1 from erasures where business_id = old.business_id and kind = 'business'
    ) then
        return old;
    end if;
    raise exception 'the audit log is only ever added to';
end
$$;
create trigger audit_kept before update or delete on audit for each row execute function audit_only_grows();
create function audit_never_emptied() returns trigger language plpgsql as $$
begin
    raise exception 'the audit log is only ever added to';
end
$$;
create trigger audit_not_truncated before truncate on audit for each statement execute function audit_never_emptied();
create index audit_by_actor on audit (business_id, actor) where business_id is not null;
