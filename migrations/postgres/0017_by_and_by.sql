-- What a calendar missed and gets by and by, and what is given back when an account is left. Read beside
-- ../sqlite/0017_by_and_by.sql, which says the same in the other dialect.

-- Connections that can be written to since something was said about them. What they missed comes to stand there page by page.
create table catching_up (
    connection_id uuid primary key references connections (id) on delete cascade,
    business_id uuid not null references businesses (id) on delete cascade,
    -- What was said: the connection's version, or that of the settings.
    cause text not null,
    -- When the next page is looked at; the events of it are due from then on.
    due_at timestamptz not null,
    -- Its owner has chosen anew, since a calendar was gone: what stood in it by then stands nowhere.
    gone_at timestamptz,
    -- How far appointments to come have been gone through; nothing: first comes what stands there since an earlier connection
    -- of the account.
    after_start timestamptz,
    after_id uuid,
    check ((after_start is null) = (after_id is null))
);
create index catching_up_due on catching_up (due_at);
create index catching_up_by_business on catching_up (business_id);

-- Access to be given back at its vendor: of accounts that were disconnected, or whose business was erased. No foreign keys:
-- these rows outlive both, for a day at most.
create table partings (
    connection_id uuid not null,
    -- When that connection was made: the same account, connected again, has the same id.
    connected_at timestamptz not null,
    business_id uuid not null,
    provider text not null,
    subject text not null,
    home text,
    -- As it was sealed in the connection's row, and the key that it is sealed with, itself sealed.
    credential bytea not null,
    data_key_id uuid not null,
    master_key text not null,
    wrapped bytea not null,
    -- What its vendor watches: JSON, [[name, resource], …].
    watches text not null,
    tries integer not null default 0,
    -- When it is tried next, and when it is given up.
    due_at timestamptz not null,
    until_at timestamptz not null,
    primary key (connection_id, connected_at)
);
create index partings_due on partings (due_at);
create index partings_until on partings (until_at);
