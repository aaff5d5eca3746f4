-- People on their way back from an identity provider. Read beside ../postgres/0005_identity.sql, which says the same in
-- the other dialect.

create table identity_states (
    -- SHA-256 of the `state` in the address: 256 bits, used once.
    hash blob primary key check (length(hash) = 32),
    -- SHA-256 of what a cookie holds: only the browser that set out comes back.
    browser blob not null check (length(browser) = 32),
    -- Of which provider, by its path.
    provider text not null,
    -- What proves that whoever brings the code is whoever asked for it (RFC 7636), and that the token answers this
    -- request (OpenID Connect Core, 3.1.2.1). Neither is of use without the code and our own secret.
    verifier text not null,
    nonce text not null,
    -- The page of ours that somebody wanted.
    next text not null,
    expires_at text not null check (length(expires_at) = 20)
) strict;
create index identity_states_by_age on identity_states (expires_at);
