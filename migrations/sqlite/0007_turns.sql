-- What happened at each turn of a call, why a call booked nothing, and what is asked of a live call by those it is for.
-- Read beside ../postgres/0007_turns.sql, which says the same in the other dialect.

-- Nothing while the call goes on, and when something was booked.
alter table calls add column why_not text;
create index calls_by_caller on calls (business_id, caller) where caller is not null;

create table call_turns (
    call_id blob not null references calls (id) on delete cascade,
    -- The number of the line it begins at: the caller's words, as a rule.
    n integer not null,
    document text not null check (length(document) <= 8192),
    primary key (call_id, n)
) strict, without rowid;

-- Written by whichever node somebody's page is on, and carried out by the node that the call is on.
create table call_commands (
    id blob primary key,
    business_id blob not null references businesses (id) on delete cascade,
    call_id blob not null references calls (id) on delete cascade,
    kind text not null check (kind in ('put_through', 'end')),
    -- Whom to put it through to, E.164.
    number text,
    user_id blob,
    created_at text not null check (length(created_at) = 20),
    taken_at text check (length(taken_at) = 20)
) strict;
create index call_commands_waiting on call_commands (created_at) where taken_at is null;
create index call_commands_by_call on call_commands (call_id);

-- Somebody has seen to it.
alter table notes add column done_at text check (length(done_at) = 20);
create index notes_open on notes (business_id, id) where done_at is null;
create index outbox_by_business on outbox (business_id, created_at, id) where kind = 'sms';
create index outbox_failed on outbox (business_id, created_at, id)
    where kind = 'sms' and (state = 'failed' or delivery in ('undelivered', 'failed'));
