-- What owners do in their own calendars. Read beside ../postgres/0015_following.sql, which says the same in the other dialect.

-- How far a calendar has been read.
create table followings (
    connection_id blob not null references connections (id) on delete cascade,
    business_id blob not null references businesses (id) on delete cascade,
    -- The vendor's id of it; empty: the account as a whole, of a vendor that keeps its own bookings.
    calendar text not null,
    -- The vendor's; nothing: it is read from its beginning.
    cursor text,
    -- When it is to be read next.
    due_at text not null check (length(due_at) = 20),
    looked_at text check (length(looked_at) = 20),
    -- How often it was read in vain, one after the other.
    tries integer not null default 0,
    primary key (connection_id, calendar)
) strict;
create index followings_due on followings (due_at);
create index followings_by_business on followings (business_id);

-- Where vendors report changes to. Written before the vendor is told of it.
create table hooks (
    -- A part of its address, and the vendor's name for it: 128 random bits.
    id text primary key,
    connection_id blob not null references connections (id) on delete cascade,
    business_id blob not null references businesses (id) on delete cascade,
    calendar text not null,
    -- The vendor's name for the watch; nothing: it has not answered yet.
    watch_id text,
    resource text,
    -- Until when it reports; nothing: until it is told to stop.
    until_at text check (length(until_at) = 20),
    -- When somebody has to look after it.
    due_at text not null check (length(due_at) = 20),
    created_at text not null check (length(created_at) = 20)
) strict;
create index hooks_by_connection on hooks (connection_id);
create index hooks_due on hooks (due_at);
create index hooks_by_business on hooks (business_id);

-- What an owner has done to an appointment in their calendar, and what comes of it here.
create table wishes (
    id blob primary key,
    business_id blob not null references businesses (id) on delete cascade,
    connection_id blob not null references connections (id) on delete cascade,
    -- Which event it was, and of which booking when it was seen.
    placement_id blob not null,
    booking_id blob not null references bookings (id) on delete cascade,
    kind text not null check (kind in ('move', 'cancel')),
    -- Where it was moved from and to; of one that was deleted, the first alone.
    was_from text not null check (length(was_from) = 20),
    was_to text not null check (length(was_to) = 20),
    wanted_from text check (length(wanted_from) = 20),
    wanted_to text check (length(wanted_to) = 20),
    state text not null check (state in ('waiting', 'carrying', 'done', 'refused', 'undone', 'over')),
    -- One of the program's own words for why it was refused.
    why text,
    -- Until then it can be undone; and when it is looked at again.
    due_at text not null check (length(due_at) = 20),
    seen_at text not null check (length(seen_at) = 20),
    ended_at text check (length(ended_at) = 20),
    -- Somebody has seen that it was refused.
    acknowledged_at text check (length(acknowledged_at) = 20),
    check ((kind = 'move') = (wanted_from is not null)),
    check ((wanted_from is null) = (wanted_to is null))
) strict;
create unique index wishes_open on wishes (placement_id) where state in ('waiting', 'carrying');
create index wishes_due on wishes (due_at) where state in ('waiting', 'carrying');
create index wishes_by_placement on wishes (placement_id, seen_at);
create index wishes_by_business on wishes (business_id, seen_at);
create index wishes_by_booking on wishes (booking_id);
create index wishes_by_connection on wishes (connection_id);
