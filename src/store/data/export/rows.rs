//! The lists of the file, each read page by page in order of id.

use std::collections::HashMap;

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Tx, on};
use crate::{
    domain::ids::BusinessId,
    store::{
        StoreError,
        values::{Moment, moment},
    },
};

/// So many rows are read at once.
pub(super) const PAGE: usize = 500;

/// The lists, in the file's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Customers,
    Bookings,
    Calls,
    Notes,
    Messages,
    Blocks,
    Placements,
    Keys,
    Connections,
    Audit,
}

pub(super) const LISTS: &[List] = &[
    List::Customers,
    List::Bookings,
    List::Calls,
    List::Notes,
    List::Messages,
    List::Blocks,
    List::Placements,
    List::Keys,
    List::Connections,
    List::Audit,
];

impl List {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Bookings => "bookings",
            Self::Calls => "calls",
            Self::Notes => "notes",
            Self::Messages => "messages",
            Self::Blocks => "blocks",
            Self::Placements => "calendar_entries",
            Self::Keys => "api_keys",
            Self::Connections => "connections",
            Self::Audit => "audit",
        }
    }
}

type Page = Vec<(Uuid, Value)>;

/// The next rows of a list after an id.
pub(super) async fn page(
    tx: &mut Tx,
    list: List,
    business: BusinessId,
    after: Option<Uuid>,
) -> Result<Page, StoreError> {
    // The nil UUID is before every other, and nobody's.
    let after = after.unwrap_or(Uuid::nil());
    match list {
        List::Customers => customers(tx, business, after).await,
        List::Bookings => bookings(tx, business, after).await,
        List::Calls => calls(tx, business, after).await,
        List::Notes => notes(tx, business, after).await,
        List::Messages => messages(tx, business, after).await,
        List::Blocks => blocks(tx, business, after).await,
        List::Placements => placements(tx, business, after).await,
        List::Keys => keys(tx, business, after).await,
        List::Connections => connections(tx, business, after).await,
        List::Audit => audit(tx, business, after).await,
    }
}

/// The business's own document, as it stands.
pub(super) async fn business(tx: &mut Tx, business: BusinessId) -> Result<Option<String>, StoreError> {
    let sql = "select document from businesses where id = $1 and erased_at is null";
    Ok(on!(tx, tx => sqlx::query_scalar::<_, String>(sql).bind(business.0).fetch_optional(&mut **tx).await)?)
}

pub(super) async fn team(tx: &mut Tx, business: BusinessId) -> Result<Value, StoreError> {
    let sql = "select users.name, users.email, memberships.role, memberships.created_at from memberships
        join users on users.id = memberships.user_id where memberships.business_id = $1
        order by memberships.created_at, users.id";
    let rows = on!(tx, tx => sqlx::query_as::<_, (String, String, String, Moment)>(sql)
        .bind(business.0).fetch_all(&mut **tx).await)?;
    let member = |(name, email, role, since): (String, String, String, Moment)| json!({"name": name, "email": email, "role": role, "since": moment(since)});
    Ok(rows.into_iter().map(member).collect())
}

fn told(at: Option<Moment>) -> Option<Timestamp> {
    at.map(moment)
}

/// A document of ours within the file; one that cannot be read is told as text rather than left out.
fn inner(document: String) -> Value {
    serde_json::from_str(&document).unwrap_or(Value::String(document))
}

macro_rules! rows {
    ($tx:expr, $row:ty, $business:expr, $after:expr, $sql:expr) => {
        on!(&mut *$tx, tx => sqlx::query_as::<_, $row>($sql)
            .bind($business.0)
            .bind($after)
            .bind(i64::try_from(PAGE).unwrap_or(i64::MAX))
            .fetch_all(&mut **tx).await)?
    };
}

async fn customers(tx: &mut Tx, business: BusinessId, after: Uuid) -> Result<Page, StoreError> {
    let sql = "select id, phone, name, note, first_seen, last_seen from customers
        where business_id = $1 and id > $2 order by id limit $3";
    let rows = rows!(tx, (Uuid, String, String, String, Moment, Moment), business, after, sql);
    let row = |(id, phone, name, note, first, last)| {
        let (first, last) = (moment(first), moment(last));
        (id, json!({"id": id, "phone": phone, "name": name, "note": note, "first_seen": first, "last_seen": last}))
    };
    Ok(rows.into_iter().map(row).collect())
}

#[derive(sqlx::FromRow)]
struct BookingRow {
    id: Uuid,
    status: String,
    service_id: Uuid,
    staff_id: Uuid,
    starts_at: Moment,
    ends_at: Moment,
    wall: String,
    zone: String,
    name: String,
    phone: Option<String>,
    confirmed_at: Option<Moment>,
    cancelled_at: Option<Moment>,
    cancelled_by: Option<String>,
    cancel_reason: Option<String>,
    moved_to: Option<Uuid>,
    call_id: Option<Uuid>,
    created_at: Moment,
}

async fn bookings(tx: &mut Tx, business: BusinessId, after: Uuid) -> Result<Page, StoreError> {
    let sql = "select id, status, service_id, staff_id, starts_at, ends_at, wall, zone, name, phone, confirmed_at,
            cancelled_at, cancelled_by, cancel_reason, moved_to, call_id, created_at
        from bookings where business_id = $1 and id > $2 order by id limit $3";
    let rows = rows!(tx, BookingRow, business, after, sql);
    let row = |row: BookingRow| {
        let value = json!({
            "id": row.id,
            "status": row.status,
            "service": row.service_id,
            "staff": row.staff_id,
            "starts": moment(row.starts_at),
            "ends": moment(row.ends_at),
            "wall": row.wall,
            "zone": row.zone,
            "name": row.name,
            "phone": row.phone,
            "confirmed": told(row.confirmed_at),
            "cancelled": told(row.cancelled_at),
            "cancelled_by": row.cancelled_by,
            "cancel_reason": row.cancel_reason,
            "moved_to": row.moved_to,
            "call": row.call_id,
            "created": moment(row.created_at),
        });
        (row.id, value)
    };
    Ok(rows.into_iter().map(row).collect())
}

#[derive(sqlx::FromRow)]
struct CallRow {
    id: Uuid,
    vendor: String,
    vendor_call: String,
    caller: Option<String>,
    started_at: Moment,
    ended_at: Option<Moment>,
    outcome: String,
    why_not: Option<String>,
    forgotten_at: Option<Moment>,
}

async fn calls(tx: &mut Tx, business: BusinessId, after: Uuid) -> Result<Page, StoreError> {
    let sql = "select id, vendor, vendor_call, caller, started_at, ended_at, outcome, why_not, forgotten_at
        from calls where business_id = $1 and id > $2 order by id limit $3";
    let rows = rows!(tx, CallRow, business, after, sql);
    let Some(last) = rows.last().map(|row| row.id) else { return Ok(Page::new()) };
    let between = (business, after, last);
    let mut lines = of_calls(tx, LINES, between, line).await?;
    let mut turns = of_calls(tx, TURNS, between, document).await?;
    let mut reports = of_calls(tx, REPORTS, between, document).await?;
    let row = |row: CallRow| {
        let taken = |lists: &mut HashMap<Uuid, Vec<Value>>| lists.remove(&row.id).unwrap_or_default();
        let value = json!({
            "id": row.id,
            "vendor": row.vendor,
            "vendor_call": row.vendor_call,
            "from": row.caller,
            "started": moment(row.started_at),
            "ended": told(row.ended_at),
            "outcome": row.outcome,
            "why_not": row.why_not,
            "forgotten": told(row.forgotten_at),
            "transcript": taken(&mut lines),
            "turns": taken(&mut turns),
            "reports": taken(&mut reports),
        });
        (row.id, value)
    };
    Ok(rows.into_iter().map(row).collect())
}

const LINES: &str = "select call_id, speaker, text, said_at, cut from call_lines
    where call_id in (select id from calls where business_id = $1 and id > $2 and id <= $3) order by call_id, n";
const TURNS: &str = "select call_id, document from call_turns
    where call_id in (select id from calls where business_id = $1 and id > $2 and id <= $3) order by call_id, n";
const REPORTS: &str = "select call_id, document from call_reports
    where call_id in (select id from calls where business_id = $1 and id > $2 and id <= $3) order by call_id, epoch";

type Line = (Uuid, String, String, Moment, bool);

fn line((call, speaker, text, at, cut): Line) -> (Uuid, Value) {
    (call, json!({"speaker": speaker, "text": text, "at": moment(at), "cut": cut}))
}

fn document((call, document): (Uuid, String)) -> (Uuid, Value) {
    (call, inner(document))
}

/// What hangs on the calls of a page, by call.
async fn of_calls<R>(
    tx: &mut Tx,
    sql: &'static str,
    (business, after, last): (BusinessId, Uuid, Uuid),
    value: fn(R) -> (Uuid, Value),
) -> Result<HashMap<Uuid, Vec<Value>>, StoreError>
where
    R: for<'r> sqlx::FromRow<'r, sqlx::sqlite::SqliteRow>
        + for<'r> sqlx::FromRow<'r, sqlx::postgres::PgRow>
        + Send
        + Unpin,
{
    let rows = on!(tx, tx => sqlx::query_as::<_, R>(sql)
        .bind(business.0).bind(after).bind(last).fetch_all(&mut **tx).await)?;
    let mut lists: HashMap<Uuid, Vec<Value>> = HashMap::new();
    for (call, value) in rows.into_iter().map(value) {
        lists.entry(call).or_default().push(value);
    }
    Ok(lists)
}

async fn notes(tx: &mut Tx, business: BusinessId, after: Uuid) -> Result<Page, StoreError> {
    type Note = (Uuid, Option<Uuid>, Option<String>, Option<String>, String, Moment, Option<Moment>);
    let sql = "select id, call_id, caller, name, text, created_at, done_at from notes
        where business_id = $1 and id > $2 order by id limit $3";
    let rows = rows!(tx, Note, business, after, sql);
    let row = |(id, call, caller, name, text, created, done): Note| {
        let (created, done) = (moment(created), told(done));
        let value = json!({"id": id, "call": call, "from": caller, "name": name, "text": text, "created": created, "done": done});
        (id, value)
    };
    Ok(rows.into_iter().map(row).collect())
}

#[derive(sqlx::FromRow)]
struct MessageRow {
    id: Uuid,
    template: String,
    booking_id: Option<Uuid>,
    call_id: Option<Uuid>,
    recipient: String,
    body: String,
    state: String,
    delivery: Option<String>,
    problem: Option<String>,
    sent_at: Option<Moment>,
    created_at: Moment,
}

async fn messages(tx: &mut Tx, business: BusinessId, after: Uuid) -> Result<Page, StoreError> {
    let sql = "select id, template, booking_id, call_id, recipient, body, state, delivery, problem, sent_at, created_at
        from outbox where business_id = $1 and kind = 'sms' and id > $2 order by id limit $3";
    let rows = rows!(tx, MessageRow, business, after, sql);
    let row = |row: MessageRow| {
        let value = json!({
            "id": row.id,
            "about": row.template,
            "booking": row.booking_id,
            "call": row.call_id,
            "to": row.recipient,
            "text": row.body,
            "state": row.state,
            "delivery": row.delivery,
            "problem": row.problem,
            "sent": told(row.sent_at),
            "created": moment(row.created_at),
        });
        (row.id, value)
    };
    Ok(rows.into_iter().map(row).collect())
}

async fn blocks(tx: &mut Tx, business: BusinessId, after: Uuid) -> Result<Page, StoreError> {
    type Block = (Uuid, Option<Uuid>, Moment, Moment, String, Moment, Option<Moment>);
    let sql = "select id, staff_id, starts_at, ends_at, reason, created_at, removed_at from blocks
        where business_id = $1 and id > $2 order by id limit $3";
    let rows = rows!(tx, Block, business, after, sql);
    let row = |(id, staff, starts, ends, reason, created, removed): Block| {
        let (starts, ends, created, removed) = (moment(starts), moment(ends), moment(created), told(removed));
        let value = json!({"id": id, "staff": staff, "starts": starts, "ends": ends, "reason": reason,
            "created": created, "removed": removed});
        (id, value)
    };
    Ok(rows.into_iter().map(row).collect())
}

async fn placements(tx: &mut Tx, business: BusinessId, after: Uuid) -> Result<Page, StoreError> {
    type Placement = (Uuid, Uuid, Uuid, String, Option<String>, Moment, Moment, Moment);
    let sql = "select id, booking_id, connection_id, state, link, wanted_from, wanted_to, created_at from placements
        where business_id = $1 and id > $2 order by id limit $3";
    let rows = rows!(tx, Placement, business, after, sql);
    let row = |(id, booking, connection, state, link, starts, ends, created): Placement| {
        let (starts, ends, created) = (moment(starts), moment(ends), moment(created));
        let value = json!({"id": id, "booking": booking, "connection": connection, "state": state, "link": link,
            "starts": starts, "ends": ends, "created": created});
        (id, value)
    };
    Ok(rows.into_iter().map(row).collect())
}

async fn keys(tx: &mut Tx, business: BusinessId, after: Uuid) -> Result<Page, StoreError> {
    type Key = (Uuid, String, String, String, Moment, Option<Moment>, Option<Moment>);
    let sql = "select id, name, hint, scopes, created_at, used_at, revoked_at from api_keys
        where business_id = $1 and id > $2 order by id limit $3";
    let rows = rows!(tx, Key, business, after, sql);
    let row = |(id, name, hint, scopes, created, used, revoked): Key| {
        let (created, used, revoked) = (moment(created), told(used), told(revoked));
        let value = json!({"id": id, "name": name, "hint": hint, "scopes": scopes, "created": created, "used": used,
            "revoked": revoked});
        (id, value)
    };
    Ok(rows.into_iter().map(row).collect())
}

/// Which accounts are connected, and what is used of them. What opens them is nobody's to take along.
async fn connections(tx: &mut Tx, business: BusinessId, after: Uuid) -> Result<Page, StoreError> {
    type Connection = (Uuid, String, String, Option<Uuid>, String, String, Moment);
    let sql = "select id, provider, label, staff_id, choice, state, created_at from connections
        where business_id = $1 and id > $2 order by id limit $3";
    let rows = rows!(tx, Connection, business, after, sql);
    let row = |(id, provider, label, staff, choice, state, created): Connection| {
        let (choice, created) = (inner(choice), moment(created));
        let value = json!({"id": id, "provider": provider, "account": label, "staff": staff, "choice": choice, "state": state, "connected": created});
        (id, value)
    };
    Ok(rows.into_iter().map(row).collect())
}

async fn audit(tx: &mut Tx, business: BusinessId, after: Uuid) -> Result<Page, StoreError> {
    type Line = (Uuid, String, String, String, String, Moment);
    let sql = "select id, actor, deed, subject, detail, at from audit
        where business_id = $1 and id > $2 order by id limit $3";
    let rows = rows!(tx, Line, business, after, sql);
    let row = |(id, actor, deed, subject, detail, at): Line| {
        let at = moment(at);
        (id, json!({"id": id, "who": actor, "what": deed, "subject": subject, "detail": detail, "at": at}))
    };
    Ok(rows.into_iter().map(row).collect())
}
