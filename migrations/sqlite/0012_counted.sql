-- What is counted about a call stands with the call, so that the pages about many of them ask one index and nothing else.
-- Read beside ../postgres/0012_counted.sql, which says the same in the other dialect.
--
-- Where it is not written, it is looked up in the rows that it comes from: of calls that go on, and of those that a server of
-- before wrote, which may run beside this one for a while.

-- What the reports of its connections come to. 0 once it is over, until one comes.
alter table calls add column cost_micros integer;
alter table calls add column first_word_ms integer;
-- When its first booking was confirmed.
alter table calls add column booked_at text check (length(booked_at) = 20);
-- How many were said when it ended, if it booked.
alter table calls add column sentences integer;

-- Calls that go on are left alone, since each of their turns writes to them; and those whose report may still be written by
-- a server of before.
update calls set
    cost_micros = coalesce((select sum(r.cost_micros) from call_reports r where r.call_id = calls.id), 0),
    first_word_ms = (select max(r.first_word_ms) from call_reports r where r.call_id = calls.id),
    booked_at = (select min(b.confirmed_at) from bookings b
        where b.call_id = calls.id and b.confirmed_at is not null and b.replacing is null),
    sentences = case when outcome = 'booked' then (select max(l.n) + 1 from call_lines l where l.call_id = calls.id) end
where ended_at < strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-1 hour');

-- Nothing that changes with every turn stands in it, as before.
drop index calls_counted;
create index calls_counted on calls (business_id, started_at, id, ended_at, claimed_at, outcome, why_not, epoch,
    cost_micros, first_word_ms, booked_at, sentences);

-- Bookings by when they were made, with all that is counted about them.
create index bookings_counted on bookings
    (business_id, confirmed_at, service_id, staff_id, replacing, call_id, status)
    where confirmed_at is not null;
drop index bookings_confirmed;

-- Text messages are counted by what did not become of them: few are lost, and few wait.
create index outbox_waiting on outbox (business_id, created_at)
    where kind = 'sms' and state in ('pending', 'sending');
