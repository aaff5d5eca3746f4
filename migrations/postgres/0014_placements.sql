-- Which event in a calendar, or which booking at a vendor that keeps its own, stands for which of our bookings. Read beside
-- ../sqlite/0014_placements.sql, which says the same in the other dialect.

create table placements (
    id uuid primary key,
    business_id uuid not null references businesses (id) on delete cascade,
    -- A move hands the row on to the booking that takes the place of this one.
    booking_id uuid not null references bookings (id) on delete cascade,
    connection_id uuid not null,
    -- The vendor's id of the calendar, or of the kind of appointment.
    calendar text not null,
    -- What the vendor's side is marked with. The booking it was made for, whatever it stands for by now.
    key_booking uuid not null,
    generation int not null check (generation > 0),
    state text not null check (state in ('placing', 'placed', 'withdrawing', 'gone')),
    -- The request that makes it has left at least once: look for it before another does.
    asked_at timestamptz,
    vendor_id text,
    etag text,
    link text,
    meeting text,
    -- As it was written last; nothing: it never stood, as far as is known.
    stands_from timestamptz,
    stands_to timestamptz,
    -- As it is to stand.
    wanted_from timestamptz not null,
    wanted_to timestamptz not null check (wanted_from < wanted_to),
    -- From the earlier to the later of the two.
    reach_from timestamptz not null,
    reach_to timestamptz not null,
    -- SHA-256 of what was written last.
    digest text not null,
    tries int not null,
    -- When somebody has to look at it again; nothing: all is as it should be.
    due_at timestamptz,
    created_at timestamptz not null
);
create unique index placements_key on placements (connection_id, key_booking, generation);
create index placements_by_booking on placements (booking_id);
create index placements_by_vendor on placements (connection_id, vendor_id) where vendor_id is not null;
create index placements_reach on placements (business_id, reach_to, reach_from) where state <> 'gone';
create index placements_due on placements (due_at) where due_at is not null;
create index placements_asked on placements (connection_id, asked_at) where asked_at is not null;

-- Whoever is at it to bring an appointment's placements at one provider in order, through all its moves. By its first
-- booking.
create table placement_turns (
    booking_id uuid not null,
    provider text not null,
    business_id uuid not null references businesses (id) on delete cascade,
    holder uuid not null,
    leased_until timestamptz not null,
    primary key (booking_id, provider)
);

-- Of an unverified booking: when the calendar was last asked about it, and when it said that the time was taken.
alter table bookings add column checked_at timestamptz;
alter table bookings add column collided_at timestamptz;
create index bookings_unverified on bookings (starts_at) where unverified = true and status = 'confirmed';

-- Changes that did not get into a calendar, for Today.
create index outbox_lost_events on outbox (business_id, created_at) where kind = 'calendar' and state = 'failed';
