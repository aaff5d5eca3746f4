-- What was taken back while an event was in our hands. Read beside ../sqlite/0018_put_back.sql, which says the same in the other
-- dialect.

-- How often it was found elsewhere than it is to stand, and is to be put back: whoever had it in hand by then does not know.
alter table placements add column put_back integer not null default 0;
