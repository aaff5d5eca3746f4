-- Whether what vendors report reaches this server. Read beside ../postgres/0016_heard.sql, which says the same in the other dialect.

-- When something believable last arrived there; nothing: not yet, or something happened that should have been reported.
alter table hooks add column heard_at text check (length(heard_at) = 20);

-- Listings are asked for otherwise now, and vendors go on with a cursor only for the question that it was given for: each
-- calendar is read from its beginning once.
update followings set cursor = null;
