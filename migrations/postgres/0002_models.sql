-- What models cost, and how calls with them went. Read beside ../sqlite/0002_models.sql, which says the same in the other
-- dialect.

-- Every node adds to it.
create table spending (
    business_id uuid not null references businesses (id) on delete cascade,
    -- In the business's own zone: "2026-11-24".
    day text not null check (length(day) = 10),
    -- A keyed hash of the caller's number; empty: the business as a whole.
    number text not null,
    -- Millionths of the currency of the price table.
    micros bigint not null check (micros >= 0),
    primary key (business_id, day, number)
);
create index spending_by_day on spending (day);

-- One row for each connection of a call: an older one cannot write over its successor's.
create table call_reports (
    call_id uuid not null references calls (id) on delete cascade,
    epoch int not null,
    -- What is asked about many calls at once; all of it is in the document, too.
    turns int not null,
    fallbacks int not null,
    fillers int not null,
    withheld int not null,
    -- The median of its turns, in milliseconds.
    first_word_ms int,
    tokens_in bigint not null,
    tokens_cached bigint not null,
    tokens_out bigint not null,
    cost_micros bigint not null,
    document text not null,
    primary key (call_id, epoch)
);
