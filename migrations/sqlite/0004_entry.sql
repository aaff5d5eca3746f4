-- How often somebody guessed, for all nodes together. Read beside ../postgres/0004_entry.sql, which says the same in the other
-- dialect.

create table sign_in_attempts (
    -- A keyed hash of whom they were for: an e-mail address, whether anybody has it or not, or one browser that has
    -- signed in before.
    account blob primary key check (length(account) = 32),
    -- In a row, the last one included.
    attempts integer not null,
    last_at text not null check (length(last_at) = 20),
    -- The next one is looked at from then on.
    next_at text not null check (length(next_at) = 20)
) strict;
create index sign_in_attempts_by_age on sign_in_attempts (last_at);
create index one_time_links_by_age on one_time_links (expires_at);
