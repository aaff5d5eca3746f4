-- Who comes, kept from booking to booking; and what the pages about many calls at once read. Read beside
-- ../postgres/0009_customers.sql, which says the same in the other dialect.

create table customers (
    -- The id of the booking, or of the message, that first told of them.
    id blob primary key,
    business_id blob not null references businesses (id) on delete cascade,
    phone text not null,
    name text not null,
    -- The name without capitals and accents, and the number: what a search looks in, and what names are sorted by.
    search text not null,
    -- The owner's.
    note text not null default '',
    -- Somebody of the business wrote the name: what a later caller says does not replace it.
    named integer not null default 0,
    first_seen text not null check (length(first_seen) = 20),
    last_seen text not null check (length(last_seen) = 20),
    unique (business_id, phone)
) strict;
create index customers_by_last on customers (business_id, last_seen, id);
create index customers_by_first on customers (business_id, first_seen, id);
create index customers_by_name on customers (business_id, search, id);

insert into customers (id, business_id, phone, name, search, first_seen, last_seen)
select id, business_id, phone, name, lower(name) || ' ' || phone, first_seen, confirmed_at from (
    select id, business_id, phone, name, confirmed_at,
        min(confirmed_at) over (partition by business_id, phone) as first_seen,
        row_number() over (partition by business_id, phone order by confirmed_at desc, id desc) as n
    from bookings where phone is not null and confirmed_at is not null
) as seen where n = 1;

-- Calls by their start, with what is counted about them, so that the rows with the conversations in them are not read.
-- Nothing that changes with every turn stands in it: that would be written again with each of them.
create index calls_counted on calls
    (business_id, started_at, id, ended_at, claimed_at, outcome, why_not, epoch);
create index call_reports_counted on call_reports (call_id, cost_micros, first_word_ms);
create index bookings_of_calls on bookings (call_id, confirmed_at)
    where call_id is not null and confirmed_at is not null and replacing is null;
create index bookings_confirmed on bookings (business_id, confirmed_at, service_id, staff_id)
    where confirmed_at is not null;
create index outbox_by_recipient on outbox (business_id, recipient, created_at) where kind = 'sms';
create index notes_by_caller on notes (business_id, caller, id) where caller is not null;
