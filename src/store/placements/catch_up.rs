//! An account can be written to that could not: it was connected, connected again, chosen for something, or its provider was
//! switched on. What was booked meanwhile comes to stand there. The transaction that says so writes down that there is
//! catching up to do, and takes as long for ten appointments as for ten thousand; the rest is done page by page.
//!
//! For calendars each appointment to come gets a row in the outbox, and from there on everything goes its usual way. Vendors
//! that keep their own bookings are not asked to book afterwards: their rules were not asked when the caller was told, they
//! write to customers by themselves, and a time that they call taken may be taken by this very appointment, which its owner has
//! copied there. Those appointments are the owner's to see.

mod standing;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use standing::{ADOPTED, adopt, hurry, went_with_calendars};
use uuid::Uuid;

use crate::{
    domain::{
        business::Business,
        connection::Connection,
        ids::{BookingId, BusinessId, ConnectionId, OutboxId, ServiceId, StaffId},
    },
    ports::registry::writes_events,
    store::{
        Store, StoreError, businesses, connections,
        engine::{Db, Tx, on},
        outbox::{self, BY_HAND, CATCH_UP, Kind, NewOutbox},
        values::{Moment, at, moment},
    },
};

/// Between two of them, soonest first: a text message does not wait behind them, and no vendor's limit is near.
const APART: SignedDuration = SignedDuration::from_secs(2);
/// Appointments that get a row at a time.
const PAGE: u32 = 50;
/// How long there is for [`ADOPTED`] of those that stand there: four a second.
const ADOPTING: SignedDuration = SignedDuration::from_secs(100);
/// A page that broke off is begun again after so long.
const AGAIN: SignedDuration = SignedDuration::from_secs(60);
/// As for any event.
const TRIED_FOR: SignedDuration = SignedDuration::from_hours(24);
/// For the owner to read.
const NOT_ASKED: &str = "it was made while this was not connected: book it there by hand, or try it again";

/// There is something to catch up with for `connection`, after its owner has connected it or chosen what is used of it.
/// `gone`: anew, since a calendar was gone.
pub(in crate::store) async fn catch_up(
    tx: &mut Tx,
    connection: &Connection,
    gone: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    if gone {
        // The next ones at once: nobody is to look for them there.
        went_with_calendars(tx, connection, now, now).await?;
    }
    begin(tx, connection, &connection.version.to_string(), gone.then_some(now), now).await
}

/// A business's settings have changed: perhaps a provider is used that was not.
pub(in crate::store) async fn catch_up_all(
    tx: &mut Tx,
    before: &Business,
    business: &Business,
    version: i32,
    now: Timestamp,
) -> Result<(), StoreError> {
    if before.ai_config.integrations == business.ai_config.integrations {
        return Ok(());
    }
    for connection in connections::active_of(tx, business.id).await? {
        begin(tx, &connection, &format!("settings/{version}"), None, now).await?;
    }
    Ok(())
}

/// From the beginning, whatever was gone through before. `cause`: names the change, so that the same one does this once.
async fn begin(
    tx: &mut Tx,
    connection: &Connection,
    cause: &str,
    gone: Option<Timestamp>,
    now: Timestamp,
) -> Result<(), StoreError> {
    if !connection.is_active() {
        return Ok(());
    }
    let sql = "insert into catching_up (connection_id, business_id, cause, due_at, gone_at) values ($1, $2, $3, $4, $5)
        on conflict (connection_id) do update set cause = $3, due_at = $4, after_start = null, after_id = null,
            gone_at = coalesce($5, catching_up.gone_at)";
    on!(tx, tx => sqlx::query(sql)
        .bind(connection.id.0)
        .bind(connection.business.0)
        .bind(cause)
        .bind(at(now))
        .bind(gone.map(at))
        .execute(&mut **tx).await.map(drop))?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    connection_id: Uuid,
    business_id: Uuid,
    cause: String,
    gone_at: Option<Moment>,
    after_start: Option<Moment>,
    after_id: Option<Uuid>,
}

/// An appointment, where it is among all of its business.
type Place = (Timestamp, Uuid);

/// One that is being caught up with, by this process alone until `until`.
struct Claimed {
    business: BusinessId,
    connection: ConnectionId,
    cause: String,
    gone: Option<Timestamp>,
    after: Option<Place>,
    until: Timestamp,
}

/// What is left after a page.
enum Left {
    Nothing,
    /// More, from then on; and after which appointment, once some were gone through.
    More(Option<Place>, Timestamp),
}

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "update catching_up set due_at = $2 where connection_id in (
                select connection_id from catching_up where due_at <= $1 order by due_at, connection_id limit 1 ",
            $lock,
            ") returning connection_id, business_id, cause, gone_at, after_start, after_id"
        )
    };
}

impl Store {
    /// Whether it is not yet known of each appointment that a connection missed.
    pub async fn is_catching_up(&self, connection: ConnectionId) -> Result<bool, StoreError> {
        let sql = "select count(*) from catching_up where connection_id = $1";
        Ok(on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql).bind(connection.0).fetch_one(db).await)? > 0)
    }

    /// Goes one page on with what some connection missed. False: there is nothing to be done now.
    ///
    /// Breaking off in the middle is harmless: a page is written whole, with how far it came, or not at all. So is whatever
    /// is said about the connection meanwhile: the page is then not written, and all begins anew.
    pub async fn catch_up_more(&self, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "select count(*) from catching_up where due_at <= $1";
        let due = on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql).bind(at(now)).fetch_one(db).await)?;
        if due == 0 {
            return Ok(false);
        }
        let sql = match &self.write {
            Db::Postgres(_) => claim!("for update skip locked"),
            Db::Sqlite(_) => claim!(""),
        };
        let until = now + AGAIN;
        let row = on!(&self.write, db => sqlx::query_as::<_, Row>(sql)
            .bind(at(now)).bind(at(until)).fetch_optional(db).await)?;
        let Some(row) = row else { return Ok(false) };
        let claimed = Claimed {
            business: BusinessId(row.business_id),
            connection: ConnectionId(row.connection_id),
            cause: row.cause,
            gone: row.gone_at.map(moment),
            after: row.after_start.map(moment).zip(row.after_id),
            until,
        };
        let mut tx = self.write.begin().await?;
        let left = page(&mut tx, &claimed, now).await?;
        if settled(&mut tx, &claimed, &left).await? {
            tx.commit().await?;
        }
        Ok(true)
    }
}

/// Writes down how far it came. False: something was said about it meanwhile.
async fn settled(tx: &mut Tx, claimed: &Claimed, left: &Left) -> Result<bool, StoreError> {
    let gone = "delete from catching_up where connection_id = $1 and cause = $2 and due_at = $3";
    let further = "update catching_up set after_start = $4, after_id = $5, due_at = $6
        where connection_id = $1 and cause = $2 and due_at = $3";
    let changed = on!(tx, tx => {
        let query = match left {
            Left::Nothing => sqlx::query(gone),
            Left::More(..) => sqlx::query(further),
        };
        let query = query.bind(claimed.connection.0).bind(&claimed.cause).bind(at(claimed.until));
        let query = match left {
            Left::Nothing => query,
            Left::More(after, due) => {
                query.bind(after.map(|after| at(after.0))).bind(after.map(|after| after.1)).bind(at(*due))
            }
        };
        query.execute(&mut **tx).await.map(|done| done.rows_affected())
    })?;
    Ok(changed == 1)
}

async fn page(tx: &mut Tx, claimed: &Claimed, now: Timestamp) -> Result<Left, StoreError> {
    // What it may be written to by now, and where; all this begins anew when it may be again.
    let Some(connection) = connections::active_one(tx, claimed.business, claimed.connection).await? else {
        return Ok(Left::Nothing);
    };
    let Some(found) = businesses::read(tx, claimed.business).await? else { return Ok(Left::Nothing) };
    let connection = connection.of(&found.business);
    if let Some(gone) = claimed.gone
        && went_with_calendars(tx, &connection, gone, now).await?
    {
        return Ok(Left::More(None, now));
    }
    let adopted = adopt(tx, &connection, now).await?;
    let after = match claimed.after {
        Some(after) => after,
        None => {
            hurry(tx, &connection, now).await?;
            (now, Uuid::nil())
        }
    };
    let missing = missing(tx, &connection, after, now).await?;
    let written = write(tx, &found.business, &connection, (&claimed.cause, &missing), now).await?;
    let (more, adopts) = (is_full(missing.len(), PAGE), adopted >= u64::from(ADOPTED));
    if !more && !adopts {
        return Ok(Left::Nothing);
    }
    let last = missing.last().map_or(after, |one| (one.starts, one.booking.0));
    let pause = (APART * written).max(if adopts { ADOPTING } else { SignedDuration::ZERO });
    Ok(Left::More(Some(last), now + pause))
}

fn is_full(rows: usize, page: u32) -> bool {
    u32::try_from(rows).is_ok_and(|rows| rows >= page)
}

/// Rows for what is missing. How many are tried, one after the other.
async fn write(
    tx: &mut Tx,
    business: &Business,
    connection: &Connection,
    (cause, missing): (&str, &[Missing]),
    now: Timestamp,
) -> Result<i32, StoreError> {
    let mut written = 0;
    for Missing { booking, service, staff, .. } in missing {
        let receives = connection.receives(*staff).is_some();
        let has_place = receives || connection.choice.kinds.contains_key(service);
        if !has_place || !writes_events(business, *service, &connection.provider) {
            continue;
        }
        let due = now + APART * written;
        let row = row(connection, *booking, if receives { CATCH_UP } else { BY_HAND }, cause, (now, due));
        outbox::write(tx, std::slice::from_ref(&row)).await?;
        if receives {
            written += 1;
        } else {
            outbox::give_up(tx, row.id, &connection.provider, NOT_ASKED).await?;
        }
    }
    Ok(written)
}

/// One that stands nowhere.
struct Missing {
    booking: BookingId,
    service: ServiceId,
    staff: StaffId,
    starts: Timestamp,
}

/// Appointments to come that stand nowhere at a connection's provider, the next ones after `after`, soonest first. Without
/// those whose own event nobody has had in hand yet: it goes to every calendar that there is by then. A vendor that keeps its own
/// bookings is asked before one is confirmed; what is not there by then was made without it.
async fn missing(
    tx: &mut Tx,
    connection: &Connection,
    after: Place,
    now: Timestamp,
) -> Result<Vec<Missing>, StoreError> {
    let sql = "select id, service_id, staff_id, starts_at from bookings
        where business_id = $1 and (starts_at, id) > ($5, $6) and status = 'confirmed' and starts_at > $2
            and (staff_id = $4 or $4 is null)
            and not exists (select 1 from placements join connections on connections.id = placements.connection_id
                where placements.booking_id = bookings.id and placements.state <> 'gone' and connections.provider = $3)
            and ($8 or not exists (select 1 from outbox where outbox.booking_id = bookings.id and outbox.template = 'event'
                and outbox.state = 'pending' and outbox.attempts = 0
                and (outbox.leased_until is null or outbox.leased_until <= $2)))
        order by starts_at, id limit $7";
    let rows = on!(tx, tx => sqlx::query_as::<_, (Uuid, Uuid, Uuid, Moment)>(sql)
        .bind(connection.business.0)
        .bind(at(now))
        .bind(&connection.provider)
        .bind(connection.staff.map(|staff| staff.0))
        .bind(at(after.0))
        .bind(after.1)
        .bind(i64::from(PAGE))
        .bind(!connection.choice.kinds.is_empty())
        .fetch_all(&mut **tx).await)?;
    let missing = |(booking, service, staff, starts)| Missing {
        booking: BookingId(booking),
        service: ServiceId(service),
        staff: StaffId(staff),
        starts: moment(starts),
    };
    Ok(rows.into_iter().map(missing).collect())
}

fn row(
    connection: &Connection,
    booking: BookingId,
    template: &str,
    cause: &str,
    (now, due): (Timestamp, Timestamp),
) -> NewOutbox {
    // An account that was connected before has the id that it had, and begins to count anew.
    let since = connection.created.as_second();
    let dedupe_key = format!("{booking}/{template}/{}/{since}/{cause}", connection.id);
    NewOutbox {
        id: OutboxId(id(&dedupe_key, now)),
        business: connection.business,
        kind: Kind::Calendar,
        template: template.to_owned(),
        booking: Some(booking),
        call: None,
        recipient: String::new(),
        body: String::new(),
        dedupe_key,
        expires: due + TRIED_FOR,
        now: due,
    }
}

/// In order with the others, which have ids of their time (RFC 9562, 5.7), and the same for the same cause.
fn id(key: &str, now: Timestamp) -> Uuid {
    let hash = Sha256::digest(key);
    let mut random = [0; 10];
    random.copy_from_slice(&hash[..10]);
    let millis = u64::try_from(now.as_millisecond()).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}
