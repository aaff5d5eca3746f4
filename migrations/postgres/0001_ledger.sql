-- What the ledger holds. Read beside ../sqlite/0001_ledger.sql, which says the same in the other dialect.

create extension if not exists btree_gist;

create table server_secrets (
    name text primary key,
    value bytea not null check (length(value) = 32)
);

-- One row, written and read by the readiness check.
create table probe (
    id int primary key check (id = 1),
    n bigint not null
);

create table businesses (
    id uuid primary key,
    version int not null,
    document text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);

create table business_numbers (
    number text primary key,
    business_id uuid not null references businesses (id) on delete cascade
);
create index business_numbers_business on business_numbers (business_id);

create table bookings (
    id uuid primary key,
    business_id uuid not null references businesses (id),
    staff_id uuid not null,
    service_id uuid not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    -- With the buffers: what may not overlap.
    busy_from timestamptz not null,
    busy_to timestamptz not null check (busy_from < busy_to),
    -- Service and start. Bookings of one session share it (a class); a hold that replaces a booking borrows that one's.
    session_key text not null,
    -- 0 to capacity - 1; from 1000 on a borrowed place.
    seat int not null check (seat >= 0),
    capacity int not null check (capacity > 0),
    wall text not null,
    zone text not null,
    name text not null,
    phone text,
    status text not null check (status in ('held', 'confirmed', 'cancelled', 'moved', 'expired')),
    expires_at timestamptz not null,
    confirmed_at timestamptz,
    cancelled_at timestamptz,
    moved_to uuid,
    -- Given up by the caller, rather than run out: it cannot be confirmed any more.
    released_at timestamptz,
    replacing uuid,
    call_id uuid,
    key text not null,
    unverified boolean not null,
    version int not null,
    created_at timestamptz not null,
    unique (business_id, key),
    -- Rule A: two live rows of one member of staff do not overlap, unless they are the same session.
    constraint bookings_no_overlap exclude using gist (
        business_id with =,
        staff_id with =,
        tstzrange(busy_from, busy_to) with &&,
        session_key with <>
    ) where (status in ('held', 'confirmed'))
);
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
    id uuid primary key,
    business_id uuid not null references businesses (id),
    vendor text not null,
    vendor_call text not null,
    caller text,
    started_at timestamptz not null,
    ended_at timestamptz,
    outcome text not null,
    epoch int not null,
    connected boolean not null,
    claimed_at timestamptz,
    session text,
    -- The connection before the current one: a late report about it closes nothing.
    previous_session text,
    state text,
    line_count int not null,
    unique (vendor, vendor_call)
);
create index calls_by_vendor_call on calls (business_id, vendor_call);
create index calls_by_business on calls (business_id, id);

create table call_lines (
    call_id uuid not null references calls (id) on delete cascade,
    n int not null,
    speaker text not null check (speaker in ('caller', 'agent')),
    text text not null,
    said_at timestamptz not null,
    cut boolean not null,
    primary key (call_id, n)
);

create table outbox (
    id uuid primary key,
    business_id uuid not null references businesses (id),
    kind text not null check (kind in ('sms', 'calendar')),
    template text not null,
    booking_id uuid,
    call_id uuid,
    recipient text not null,
    body text not null,
    dedupe_key text not null unique,
    state text not null check (state in ('pending', 'sending', 'sent', 'failed')),
    attempts int not null,
    fence int not null,
    due_at timestamptz not null,
    leased_until timestamptz,
    first_sent_at timestamptz,
    sent_at timestamptz,
    vendor_id text,
    delivery text,
    problem text,
    expires_at timestamptz not null,
    created_at timestamptz not null
);
create index outbox_due on outbox (due_at, id) where state in ('pending', 'sending');
create index outbox_by_booking on outbox (booking_id) where booking_id is not null;
create index outbox_by_call on outbox (call_id) where call_id is not null;
create index outbox_by_vendor on outbox (vendor_id) where vendor_id is not null;

create table notes (
    id uuid primary key,
    business_id uuid not null references businesses (id),
    call_id uuid,
    caller text,
    name text,
    text text not null,
    created_at timestamptz not null
);
create index notes_by_business on notes (business_id, id);
create index notes_by_call on notes (call_id) where call_id is not null;

create table idempotency_keys (
    key text primary key,
    hash text not null,
    status int,
    body text,
    started_at timestamptz not null
);
create index idempotency_keys_by_age on idempotency_keys (started_at);
