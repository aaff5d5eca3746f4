-- What is tried before it is saved, and whether calls arrive. Read beside ../postgres/0010_trials.sql, which says the same
-- in the other dialect.

-- A business's settings as somebody has typed them, for a call on trial. Kept for two hours.
create table drafts (
    id blob primary key,
    business_id blob not null references businesses (id) on delete cascade,
    user_id blob not null references users (id) on delete cascade,
    -- Which form it came from: "settings.receptionist".
    part text not null,
    document text not null,
    created_at text not null check (length(created_at) = 20)
) strict;
create index drafts_by_age on drafts (created_at);

-- When the telephone company last asked us something about a business, and whether we believed that it was it.
create table webhook_sightings (
    business_id blob not null references businesses (id) on delete cascade,
    -- The number that was called, if it is one of the business's; else empty.
    number text not null,
    genuine_at text check (length(genuine_at) = 20),
    refused_at text check (length(refused_at) = 20),
    -- One of the program's own words for why.
    refused_why text,
    primary key (business_id, number)
) strict;
