//! An account can be written to that could not: it was connected, connected again, chosen for something, or its provider was
//! switched on. What was booked meanwhile comes to stand there, in the transaction that says so.
//!
//! For calendars each appointment to come gets a row in the outbox, and from there on everything goes its usual way. Vendors
//! that keep their own bookings are not asked to book afterwards: their rules were not asked when the caller was told, they
//! write to customers by themselves, and a time that they call taken may be taken by this very appointment, which its owner has
//! copied there. Those appointments are the owner's to see.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    domain::{
        business::Business,
        connection::Connection,
        ids::{BookingId, OutboxId, ServiceId, StaffId},
    },
    ports::registry::writes_events,
    store::{
        StoreError, businesses, connections,
        engine::{Tx, on},
        outbox::{self, BY_HAND, CATCH_UP, Kind, NewOutbox},
        values::at,
    },
};

/// Between two of them, soonest first: a text message does not wait behind them, and no vendor's limit is near.
const APART: SignedDuration = SignedDuration::from_secs(2);
/// As for any event.
const TRIED_FOR: SignedDuration = SignedDuration::from_hours(24);
/// For the owner to read.
const NOT_ASKED: &str = "it was made while this was not connected: book it there by hand, or try it again";

/// What `connection` missed, after its owner has connected it or chosen what is used of it.
pub(in crate::store) async fn catch_up(tx: &mut Tx, connection: &Connection, now: Timestamp) -> Result<(), StoreError> {
    let Some(found) = businesses::read(tx, connection.business).await? else { return Ok(()) };
    let connection = connection.clone().of(&found.business);
    caught_up(tx, &found.business, &connection, &connection.version.to_string(), now).await
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
        let connection = connection.of(business);
        caught_up(tx, business, &connection, &format!("settings/{version}"), now).await?;
    }
    Ok(())
}

/// `cause`: names the change, so that the same one does this once.
async fn caught_up(
    tx: &mut Tx,
    business: &Business,
    connection: &Connection,
    cause: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    if !connection.is_active() {
        return Ok(());
    }
    adopt(tx, connection, now).await?;
    let sql = "update placements set due_at = $2 where connection_id = $1 and state <> 'gone' and due_at > $2";
    on!(&mut *tx, tx => sqlx::query(sql)
        .bind(connection.id.0).bind(at(now)).execute(&mut **tx).await.map(drop))?;
    let mut due = now;
    for (booking, service, staff) in missing(tx, connection, now).await? {
        let receives = connection.receives(staff).is_some();
        let has_place = receives || connection.choice.kinds.contains_key(&service);
        if !has_place || !writes_events(business, service, &connection.provider) {
            continue;
        }
        let row = row(connection, booking, if receives { CATCH_UP } else { BY_HAND }, cause, (now, due));
        outbox::write(tx, std::slice::from_ref(&row)).await?;
        if receives {
            due += APART;
        } else {
            outbox::give_up(tx, row.id, NOT_ASKED).await?;
        }
    }
    Ok(())
}

/// What stands there since an earlier connection of the same account is this one's. Nobody knows what became of it meanwhile,
/// so each is looked for; and what its owner did to it while nobody was to look is not a wish.
async fn adopt(tx: &mut Tx, connection: &Connection, now: Timestamp) -> Result<(), StoreError> {
    let sql = "update placements set due_at = $3, asked_at = coalesce(asked_at, $3), created_at = $2,
            state = case when state = 'placed' then 'placing' else state end
        where connection_id = $1 and created_at < $2 and state <> 'gone' and reach_to > $3";
    on!(tx, tx => sqlx::query(sql)
        .bind(connection.id.0)
        .bind(at(connection.created))
        .bind(at(now))
        .execute(&mut **tx).await.map(drop))?;
    Ok(())
}

/// A calendar was gone, and its owner has chosen anew: what stood in one that is used for nothing any more stands nowhere.
pub(in crate::store) async fn went_with_calendars(tx: &mut Tx, connection: &Connection) -> Result<(), StoreError> {
    // Bookings at a vendor that keeps its own outlive the kind of appointment that they were made for.
    if connection.receiving().is_empty() {
        return Ok(());
    }
    let used = connection.used();
    let sql = "select distinct calendar from placements where connection_id = $1 and state <> 'gone'";
    let calendars = on!(&mut *tx, tx =>
        sqlx::query_scalar::<_, String>(sql).bind(connection.id.0).fetch_all(&mut **tx).await)?;
    let is_used = |name: &str| used.iter().any(|calendar| calendar.as_str() == name);
    for calendar in calendars.iter().filter(|name| !is_used(name)) {
        let sql = "update placements set state = 'gone', due_at = null where connection_id = $1 and calendar = $2";
        on!(&mut *tx, tx => sqlx::query(sql)
            .bind(connection.id.0).bind(calendar).execute(&mut **tx).await.map(drop))?;
    }
    Ok(())
}

/// Appointments to come that stand nowhere at a connection's provider, soonest first.
async fn missing(
    tx: &mut Tx,
    connection: &Connection,
    now: Timestamp,
) -> Result<Vec<(BookingId, ServiceId, StaffId)>, StoreError> {
    let sql = "select id, service_id, staff_id from bookings
        where business_id = $1 and status = 'confirmed' and starts_at > $2 and (staff_id = $4 or $4 is null)
            and not exists (select 1 from placements join connections on connections.id = placements.connection_id
                where placements.booking_id = bookings.id and placements.state <> 'gone' and connections.provider = $3)
        order by starts_at, id";
    let rows = on!(tx, tx => sqlx::query_as::<_, (Uuid, Uuid, Uuid)>(sql)
        .bind(connection.business.0)
        .bind(at(now))
        .bind(&connection.provider)
        .bind(connection.staff.map(|staff| staff.0))
        .fetch_all(&mut **tx).await)?;
    let ids = |(booking, service, staff)| (BookingId(booking), ServiceId(service), StaffId(staff));
    Ok(rows.into_iter().map(ids).collect())
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
