-- Addresses that customers open without signing in. Read beside ../sqlite/0008_links.sql, which says the same in the
-- other dialect.

create table booking_links (
    -- SHA-256 of what the address ends in: whoever reads this table cannot open it.
    hash bytea primary key check (length(hash) = 32),
    business_id uuid not null references businesses (id) on delete cascade,
    booking_id uuid not null unique references bookings (id) on delete cascade,
    -- The first booking of those that were moved into one another: what a calendar knows the appointment by.
    appointment_id uuid not null,
    -- How often it was moved until it became this booking.
    moves integer not null check (moves >= 0),
    -- BCP 47, the language the customer was spoken to in; nothing: the business's.
    language text
);
