-- What the ledger holds. Read beside ../postgres/0001_ledger.sql, which says the same in the other dialect.
-- `strict` makes SQLite keep the types it was told; moments are checked for their length, so that they compare as text.

create table server_secrets (
    name text primary key,
    value blob not null check (length(value) = 32)
) strict;

-- One row, written and read by the readiness check.
create table probe (
    id integer primary key check (id = 1),
    n integer not null
) strict;

create table businesses (
    id blob primary key,
    version integer not null,
    document text not null,
    created_at text not null check (length(created_at) = 20),
    updated_at text not null check (length(updated_at) = 20)
) strict;

create table business_numbers (
    number text primary key,
    business_id blob not null references businesses (id) on delete cascade
) strict;
create index business_numbers_business on business_numbers (business_id);

create table bookings (
    id blob primary key,
    business_id blob not null references businesses (id),
    staff_id blob not null,
    service_id blob not null,
    starts_at text not null check (length(starts_at) = 20),
    ends_at text not null check (length(ends_at) = 20),
    -- With the buffers: what may not overlap.
    busy_from text not null check (length(busy_from) = 20),
    busy_to text not null check (length(busy_to) = 20 and busy_from < busy_to),
    -- Service and start. Bookings of one session share it (a class); a hold that replaces a booking borrows that one's.
    session_key text not null,
    -- 0 to capacity - 1; from 1000 on a borrowed place.
    seat integer not null check (seat >= 0),
    capacity integer not null check (capacity > 0),
    wall text not null,
    zone text not null,
    name text not null,
    phone text,
    status text not null check (status in ('held', 'confirmed', 'cancelled', 'moved', 'expired')),
    expires_at text not null check (length(expires_at) = 20),
    confirmed_at text check (length(confirmed_at) = 20),
    cancelled_at text check (length(cancelled_at) = 20),
    moved_to blob,
    -- Given up by the caller, rather than run out: it cannot be confirmed any more.
    released_at text check (length(released_at) = 20),
    replacing blob,
    call_id blob,
    key text not null,
    unverified integer not null,
    version integer not null,
    created_at text not null check (length(created_at) = 20),
    unique (business_id, key)
) strict;
-- Rule A: two live rows of one member of staff do not overlap, unless they are the same session.
create trigger bookings_no_overlap_insert before insert on bookings
when new.status in ('held', 'confirmed')
begin
    select raise(abort, 'bookings_no_overlap') where exists (
        select 1 from bookings
        where business_id = new.business_id and staff_id = new.staff_id and status in ('held', 'confirmed')
            and session_key <> new.session_key and busy_to > new.busy_from and busy_from < new.busy_to
    );
end;
create trigger bookings_no_overlap_update
before update of status, business_id, staff_id, session_key, busy_from, busy_to on bookings
when new.status in ('held', 'confirmed')
begin
    select raise(abort, 'bookings_no_overlap') where exists (
        select 1 from bookings
        where business_id = new.business_id and staff_id = new.staff_id and status in ('held', 'confirmed')
            and session_key <> new.session_key and busy_to > new.busy_from and busy_from < new.busy_to
            and id <> old.id
    );
end;
-- Rule B: every seat of a session is taken once.
create unique index bookings_one_per_seat on bookings (business_id, staff_id, session_key, seat)
    where status in ('held', 'confirmed');
-- By the end, since what lies behind us is never looked at.
create index bookings_live_staff on bookings (business_id, staff_id, busy_to, busy_from)
    where status in ('held', 'confirmed');
create index bookings_live on bookings (business_id, busy_to, busy_from) where status in ('held', 'confirmed');
create index bookings_by_start on bookings (business_id, starts_at, id);
create index bookings_by_phone on bookings (business_id, phone, starts_at, id) where phone is not null;
create index bookings_by_call on bookings (call_id) where call_id is not null;
create index bookings_by_replaced on bookings (replacing) where replacing is not null;

create table calls (
    id blob primary key,
    business_id blob not null references businesses (id),
    vendor text not null,
    vendor_call text not null,
    caller text,
    started_at text not null check (length(started_at) = 20),
    ended_at text check (length(ended_at) = 20),
    outcome text not null,
    epoch integer not null,
    connected integer not null,
    claimed_at text check (length(claimed_at) = 20),
    session text,
    -- The connection before the current one: a late report about it closes nothing.
    previous_session text,
    state text,
    line_count integer not null,
    unique (vendor, vendor_call)
) strict;
create index calls_by_vendor_call on calls (business_id, vendor_call);
create index calls_by_business on calls (business_id, id);

create table call_lines (
    call_id blob not null references calls (id) on delete cascade,
    n integer not null,
    speaker text not null check (speaker in ('caller', 'agent')),
    text text not null,
    said_at text not null check (length(said_at) = 20),
    cut integer not null,
    primary key (call_id, n)
) strict;

create table outbox (
    id blob primary key,
    business_id blob not null references businesses (id),
    kind text not null check (kind in ('sms', 'calendar')),
    template text not null,
    booking_id blob,
    call_id blob,
    recipient text not null,
    body text not null,
    dedupe_key text not null unique,
    state text not null check (state in ('pending', 'sending', 'sent', 'failed')),
    attempts integer not null,
    fence integer not null,
    due_at text not null check (length(due_at) = 20),
    leased_until text check (length(leased_until) = 20),
    first_sent_at text check (length(first_sent_at) = 20),
    sent_at text check (length(sent_at) = 20),
    vendor_id text,
    delivery text,
    problem text,
    expires_at text not null check (length(expires_at) = 20),
    created_at text not null check (length(created_at) = 20)
) strict;
create index outbox_due on outbox (due_at, id) where state in ('pending', 'sending');
create index outbox_by_booking on outbox (booking_id) where booking_id is not null;
create index outbox_by_call on outbox (call_id) where call_id is not null;
create index outbox_by_vendor on outbox (vendor_id) where vendor_id is not null;

create table notes (
    id blob primary key,
    business_id blob not null references businesses (id),
    call_id blob,
    caller text,
    name text,
    text text not null,
    created_at text not null check (length(created_at) = 20)
) strict;
create index notes_by_business on notes (business_id, id);
create index notes_by_call on notes (call_id) where call_id is not null;

create table idempotency_keys (
    key text primary key,
    hash text not null,
    status integer,
    body text,
    started_at text not null check (length(started_at) = 20)
) strict;
create index idempotency_keys_by_age on idempotency_keys (started_at);
