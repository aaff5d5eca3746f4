-- Time that a business keeps for itself, and why a booking was cancelled. Read beside ../postgres/0006_blocks.sql, which
-- says the same in the other dialect.

create table blocks (
    id blob primary key,
    business_id blob not null references businesses (id) on delete cascade,
    -- Nothing: everybody.
    staff_id blob,
    starts_at text not null check (length(starts_at) = 20),
    ends_at text not null check (length(ends_at) = 20 and starts_at < ends_at),
    reason text not null,
    version integer not null,
    created_at text not null check (length(created_at) = 20),
    -- Set: it counts no more. Kept, so that removing it can be undone.
    removed_at text check (length(removed_at) = 20)
) strict;
-- By the end, since what lies behind us is never looked at.
create index blocks_live on blocks (business_id, ends_at, starts_at) where removed_at is null;

alter table bookings add column cancelled_by text;
alter table bookings add column cancel_reason text;

-- What was done to one booking.
create index audit_by_subject on audit (business_id, subject, id) where business_id is not null;
