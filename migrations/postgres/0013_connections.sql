-- The calendars and booking systems that businesses have connected. Read beside ../sqlite/0013_connections.sql, which says
-- the same in the other dialect.

-- What seals a business's credentials, itself sealed with a master key that is not in the database.
create table data_keys (
    -- Random; it stands in each envelope.
    id uuid primary key,
    business_id uuid not null references businesses (id) on delete cascade,
    -- The id of the master key, 32 hexadecimal digits.
    master_key text not null check (length(master_key) = 32),
    wrapped bytea not null,
    -- What is sealed anew is sealed with this one.
    in_use boolean not null,
    created_at timestamptz not null
);
create unique index data_keys_in_use on data_keys (business_id) where in_use;
create index data_keys_by_business on data_keys (business_id);
create index data_keys_by_master on data_keys (master_key);

create table connections (
    id uuid primary key,
    business_id uuid not null references businesses (id) on delete cascade,
    -- As in the business's document: "google_calendar".
    provider text not null,
    -- Whose it is; nothing: the whole business's.
    staff_id uuid,
    -- The account, as the vendor and as its owner know it, and the server it lives on when the vendor has many.
    subject text not null,
    label text not null,
    home text,
    -- A refresh token, an app password or an API key, and the key that it is sealed with: one that is used stays.
    credential bytea not null,
    data_key_id uuid not null references data_keys (id),
    -- When the newest access token runs out. The token itself is in the memory of whichever process got it.
    access_expires_at timestamptz,
    -- What is used of it, as JSON, and since when anything is.
    choice text not null,
    chosen_at timestamptz,
    state text not null check (state in ('choosing', 'active', 'reconnect')),
    reconnect_why text,
    reconnect_since timestamptz,
    -- When its owners were told that it has to be connected again.
    told_at timestamptz,
    well_at timestamptz,
    -- A fixed phrase of ours.
    problem text,
    problem_since timestamptz,
    -- One process at a time asks for a new token. The number grows with every lease and every new credential, so that one
    -- who is late writes nothing. begun_at: a request has gone out, and nothing is known of its answer yet.
    leased_until timestamptz,
    fence bigint not null default 0,
    begun_at timestamptz,
    version integer not null default 1,
    created_at timestamptz not null,
    check ((state = 'reconnect') = (reconnect_why is not null)),
    check ((reconnect_why is null) = (reconnect_since is null)),
    check ((problem is null) = (problem_since is null)),
    unique (business_id, provider, subject)
);
create index connections_by_account on connections (provider, subject);
create index connections_by_data_key on connections (data_key_id);
create index connections_by_expiry on connections (access_expires_at) where state <> 'reconnect';
create index connections_to_tell on connections (reconnect_since) where told_at is null and state = 'reconnect';

-- Browsers on their way to a vendor's consent page.
create table connect_ways (
    -- SHA-256 of the `state` in the address: 256 bits, used once.
    hash bytea primary key check (length(hash) = 32),
    business_id uuid not null references businesses (id) on delete cascade,
    user_id uuid not null references users (id) on delete cascade,
    -- Only the session that set out comes back.
    session_id uuid not null,
    provider text not null,
    staff_id uuid,
    -- The connection that is to be connected again.
    renews uuid,
    -- RFC 7636. Of no use without the code and our own secret.
    verifier text not null,
    expires_at timestamptz not null
);
create index connect_ways_by_age on connect_ways (expires_at);
create index connect_ways_by_business on connect_ways (business_id);
