-- Who may see and change what, and what they did. Read beside ../sqlite/0003_accounts.sql, which says the same in the
-- other dialect.

create table users (
    id uuid primary key,
    -- In lower case, so that nobody has two accounts by accident.
    email text not null unique,
    name text not null,
    -- A PHC string (Argon2id); nothing: signs in elsewhere only.
    password text,
    -- The subject that an identity provider knows them by, "google:1234"; never an e-mail address, which can change hands.
    identity text unique,
    created_at timestamptz not null
);

create table memberships (
    user_id uuid not null references users (id) on delete cascade,
    business_id uuid not null references businesses (id) on delete cascade,
    role text not null check (role in ('owner', 'staff')),
    created_at timestamptz not null,
    primary key (user_id, business_id)
);
create index memberships_business on memberships (business_id);

create table sessions (
    -- SHA-256 of what the cookie holds: whoever reads this table cannot sign in with it.
    hash bytea primary key check (length(hash) = 32),
    -- What it is called where sessions are listed and ended.
    id uuid not null unique,
    user_id uuid not null references users (id) on delete cascade,
    -- "Firefox on Linux", for whoever reads the list.
    device text not null,
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null
);
create index sessions_user on sessions (user_id);
create index sessions_by_age on sessions (expires_at);

-- Addresses that open something once: the first owner's setup, an invitation, a new password.
create table one_time_links (
    hash bytea primary key check (length(hash) = 32),
    id uuid not null unique,
    kind text not null check (kind in ('setup', 'invitation', 'reset')),
    user_id uuid references users (id) on delete cascade,
    business_id uuid references businesses (id) on delete cascade,
    email text,
    role text check (role in ('owner', 'staff')),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index one_time_links_business on one_time_links (business_id) where business_id is not null;

create table api_keys (
    id uuid primary key,
    business_id uuid not null references businesses (id) on delete cascade,
    name text not null,
    hash bytea not null unique check (length(hash) = 32),
    -- Its last four characters, to tell one from another.
    hint text not null,
    -- "bookings:read bookings:write", in the order of the enum.
    scopes text not null,
    created_by uuid references users (id) on delete set null,
    created_at timestamptz not null,
    used_at timestamptz,
    revoked_at timestamptz
);
create index api_keys_business on api_keys (business_id);

-- Only ever written. Names and numbers of customers do not stand in it; whom it is about is an id.
create table audit (
    id uuid primary key,
    -- Nothing: it concerns an account rather than a business.
    business_id uuid,
    user_id uuid,
    -- Who did it, as they were called then: "Maria Lopez", "API key Website".
    actor text not null,
    -- "settings.hours", "booking.moved": one of the program's own words.
    deed text not null,
    -- The id of what was changed, or nothing.
    subject text not null,
    -- What about it, in a sentence or as paths of fields. No personal data.
    detail text not null,
    at timestamptz not null
);
create index audit_by_business on audit (business_id, id) where business_id is not null;
create index audit_by_user on audit (user_id, id) where user_id is not null;
