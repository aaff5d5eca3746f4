-- Which event in a calendar, or which booking at a vendor that keeps its own, stands for which of our bookings. Read beside
-- ../postgres/0014_placements.sql, which says the same in the other dialect.

create table placements (
    id blob primary key,
    business_id blob not null references businesses (id) on delete cascade,
    -- A move hands the row on to the booking that takes the place of this one.
    booking_id blob not null references bookings (id) on delete cascade,
    connection_id blob not null,
    -- The vendor's id of the calendar, or of the kind of appointment.
    calendar text not null,
    -- What the vendor's side is marked with. The booking it was made for, whatever it stands for by now.
    key_booking blob not null,
    generation integer not null check (generation > 0),
    state text not null check (state in ('placing', 'placed', 'withdrawing', 'gone')),
    -- The request that makes it has left at least once: look for it before another does.
    asked_at text check (length(asked_at) = 20),
    vendor_id text,
    etag text,
    link text,
    meeting text,
    -- As it was written last; nothing: it never stood, as far as is known.
    stands_from text check (length(stands_from) = 20),
    stands_to text check (length(stands_to) = 20),
    -- As it is to stand.
    wanted_from text not null check (length(wanted_from) = 20),
    wanted_to text not null check (length(wanted_to) = 20 and wanted_from < wanted_to),
    -- From the earlier to the later of the two.
    reach_from text not null check (length(reach_from) = 20),
    reach_to text not null check (length(reach_to) = 20),
    -- SHA-256 of what was written last.
    digest text not null,
    tries integer not null,
    -- When somebody has to look at it again; nothing: all is as it should be.
    due_at text check (length(due_at) = 20),
    created_at text not null check (length(created_at) = 20)
) strict;
create unique index placements_key on placements (connection_id, key_booking, generation);
create index placements_by_booking on placements (booking_id);
create index placements_by_vendor on placements (connection_id, vendor_id) where vendor_id is not null;
create index placements_reach on placements (business_id, reach_to, reach_from) where state <> 'gone';
create index placements_due on placements (due_at) where due_at is not null;
create index placements_asked on placements (connection_id, asked_at) where asked_at is not null;

-- Whoever is at it to bring an appointment's placements at one provider in order, through all its moves. By its first
-- booking.
create table placement_turns (
    booking_id blob not null,
    provider text not null,
    business_id blob not null references businesses (id) on delete cascade,
    holder blob not null,
    leased_until text not null check (length(leased_until) = 20),
    primary key (booking_id, provider)
) strict;

-- Of an unverified booking: when the calendar was last asked about it, and when it said that the time was taken.
alter table bookings add column checked_at text check (length(checked_at) = 20);
alter table bookings add column collided_at text check (length(collided_at) = 20);
create index bookings_unverified on bookings (starts_at) where unverified = true and status = 'confirmed';

-- Changes that did not get into a calendar, for Today.
create index outbox_lost_events on outbox (business_id, created_at) where kind = 'calendar' and state = 'failed';
