-- The calendars and booking systems that businesses have connected. Read beside ../postgres/0013_connections.sql, which says
-- the same in the other dialect.

-- What seals a business's credentials, itself sealed with a master key that is not in the database.
create table data_keys (
    -- Random; it stands in each envelope.
    id blob primary key,
    business_id blob not null references businesses (id) on delete cascade,
    -- The id of the master key, 32 hexadecimal digits.
    master_key text not null check (length(master_key) = 32),
    wrapped blob not null,
    -- What is sealed anew is sealed with this one.
    in_use integer not null check (in_use in (0, 1)),
    created_at text not null check (length(created_at) = 20)
) strict;
create unique index data_keys_in_use on data_keys (business_id) where in_use;
create index data_keys_by_business on data_keys (business_id);
create index data_keys_by_master on data_keys (master_key);

create table connections (
    id blob primary key,
    business_id blob not null references businesses (id) on delete cascade,
    -- As in the business's document: "google_calendar".
    provider text not null,
    -- Whose it is; nothing: the whole business's.
    staff_id blob,
    -- The account, as the vendor and as its owner know it, and the server it lives on when the vendor has many.
    subject text not null,
    label text not null,
    home text,
    -- A refresh token, an app password or an API key, and the key that it is sealed with: one that is used stays.
    credential blob not null,
    data_key_id blob not null references data_keys (id),
    -- When the newest access token runs out. The token itself is in the memory of whichever process got it.
    access_expires_at text check (length(access_expires_at) = 20),
    -- What is used of it, as JSON, and since when anything is.
    choice text not null,
    chosen_at text check (length(chosen_at) = 20),
    state text not null check (state in ('choosing', 'active', 'reconnect')),
    reconnect_why text,
    reconnect_since text check (length(reconnect_since) = 20),
    -- When its owners were told that it has to be connected again.
    told_at text check (length(told_at) = 20),
    well_at text check (length(well_at) = 20),
    -- A fixed phrase of ours.
    problem text,
    problem_since text check (length(problem_since) = 20),
    -- One process at a time asks for a new token. The number grows with every lease and every new credential, so that one
    -- who is late writes nothing. begun_at: a request has gone out, and nothing is known of its answer yet.
    leased_until text check (length(leased_until) = 20),
    fence integer not null default 0,
    begun_at text check (length(begun_at) = 20),
    version integer not null default 1,
    created_at text not null check (length(created_at) = 20),
    check ((state = 'reconnect') = (reconnect_why is not null)),
    check ((reconnect_why is null) = (reconnect_since is null)),
    check ((problem is null) = (problem_since is null)),
    unique (business_id, provider, subject)
) strict;
create index connections_by_account on connections (provider, subject);
create index connections_by_data_key on connections (data_key_id);
create index connections_by_expiry on connections (access_expires_at) where state <> 'reconnect';
create index connections_to_tell on connections (reconnect_since) where told_at is null and state = 'reconnect';

-- Browsers on their way to a vendor's consent page.
create table connect_ways (
    -- SHA-256 of the `state` in the address: 256 bits, used once.
    hash blob primary key check (length(hash) = 32),
    business_id blob not null references businesses (id) on delete cascade,
    user_id blob not null references users (id) on delete cascade,
    -- Only the session that set out comes back.
    session_id blob not null,
    provider text not null,
    staff_id blob,
    -- The connection that is to be connected again.
    renews blob,
    -- RFC 7636. Of no use without the code and our own secret.
    verifier text not null,
    expires_at text not null check (length(expires_at) = 20)
) strict;
create index connect_ways_by_age on connect_ways (expires_at);
create index connect_ways_by_business on connect_ways (business_id);
