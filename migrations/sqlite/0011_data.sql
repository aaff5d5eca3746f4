-- What is erased, what is kept for how long, and that the log is only ever added to. Read beside
-- ../postgres/0011_data.sql, which says the same in the other dialect.

-- What was erased stays known by its number, so that it can be told when it is done, and done again on a restored backup.
create table erasures (
    id blob primary key,
    -- No foreign key: this row outlives the business.
    business_id blob not null,
    kind text not null check (kind in ('customer', 'business')),
    -- Who asked for it, to be shown how far it is; nothing else is known of them here.
    user_id blob not null,
    begun_at text not null check (length(begun_at) = 20),
    finished_at text check (length(finished_at) = 20)
) strict;
create index erasures_business on erasures (business_id);
create index erasures_open on erasures (id) where finished_at is null;

-- From then on it is as if it did not exist; what belongs to it is taken away piece by piece.
alter table businesses add column erased_at text check (length(erased_at) = 20);

-- What was said, and from which number, is gone: the customer was erased, or it was kept long enough.
alter table calls add column forgotten_at text check (length(forgotten_at) = 20);
create index data_calls_remembered on calls (business_id, started_at) where forgotten_at is null;

-- Append-only. The lines of a business may go when the business itself is being erased, and in no other case.
create trigger audit_not_changed before update on audit
begin
    select raise(abort, 'the audit log is only ever added to');
end;
create trigger audit_not_deleted before delete on audit
when not exists (select 1 from erasures where business_id = old.business_id and kind = 'business')
begin
    select raise(abort, 'the audit log is only ever added to');
end;
create index audit_by_actor on audit (business_id, actor) where business_id is not null;
