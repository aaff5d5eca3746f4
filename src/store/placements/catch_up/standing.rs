//! What stands already at an account that can be written to again, or does not stand any more.

use jiff::Timestamp;

use crate::{
    domain::connection::Connection,
    store::{
        StoreError,
        engine::{Tx, on},
        values::at,
    },
};

/// What stands there, and is to be looked for, at a time.
pub(super) const ADOPTED: u32 = 400;
/// What stood in a calendar that is gone, at a time.
const GONE: u32 = 500;

/// What stands there since an earlier connection of the same account is this one's. Nobody knows what became of it meanwhile,
/// so each is looked for, the soonest first; and what its owner did to it while nobody was to look is not a wish. How many.
pub(super) async fn adopt(tx: &mut Tx, connection: &Connection, now: Timestamp) -> Result<u64, StoreError> {
    let sql = "update placements set due_at = $3, asked_at = coalesce(asked_at, $3), created_at = $2,
            state = case when state = 'placed' then 'placing' else state end
        where id in (select id from placements
            where business_id = $4 and connection_id = $1 and created_at < $2 and state <> 'gone' and reach_to > $3
            order by reach_from, id limit $5)";
    Ok(on!(tx, tx => sqlx::query(sql)
        .bind(connection.id.0)
        .bind(at(connection.created))
        .bind(at(now))
        .bind(connection.business.0)
        .bind(i64::from(ADOPTED))
        .execute(&mut **tx).await.map(|done| done.rows_affected()))?)
}

/// What was put off because nobody was let in is looked at now.
pub(super) async fn hurry(tx: &mut Tx, connection: &Connection, now: Timestamp) -> Result<(), StoreError> {
    let sql = "update placements set due_at = $2 where connection_id = $1 and state <> 'gone' and due_at > $2";
    on!(tx, tx => sqlx::query(sql)
        .bind(connection.id.0).bind(at(now)).execute(&mut **tx).await.map(drop))?;
    Ok(())
}

/// A calendar was gone, and its owner has chosen anew: what stood by then in one that is used for nothing any more stands
/// nowhere. True: there is more of it than is done at once.
pub(super) async fn went_with_calendars(
    tx: &mut Tx,
    connection: &Connection,
    gone: Timestamp,
    now: Timestamp,
) -> Result<bool, StoreError> {
    // Bookings at a vendor that keeps its own outlive the kind of appointment that they were made for.
    if connection.receiving().is_empty() {
        return Ok(false);
    }
    let used = connection.used();
    let sql = "select distinct calendar from placements
        where business_id = $1 and connection_id = $2 and state <> 'gone' and (reach_to > $3 or due_at is not null)";
    let calendars = on!(&mut *tx, tx => sqlx::query_scalar::<_, String>(sql)
        .bind(connection.business.0).bind(connection.id.0).bind(at(now)).fetch_all(&mut **tx).await)?;
    let is_used = |name: &str| used.iter().any(|calendar| calendar.as_str() == name);
    let sql = "update placements set state = 'gone', due_at = null where id in (
            select id from placements
            where business_id = $1 and connection_id = $2 and state <> 'gone' and (reach_to > $3 or due_at is not null)
                and calendar = $4 and created_at <= $5
            order by reach_from, id limit $6)";
    for calendar in calendars.iter().filter(|name| !is_used(name)) {
        let went = on!(&mut *tx, tx => sqlx::query(sql)
            .bind(connection.business.0)
            .bind(connection.id.0)
            .bind(at(now))
            .bind(calendar)
            .bind(at(gone))
            .bind(i64::from(GONE))
            .execute(&mut **tx).await.map(|done| done.rows_affected()))?;
        if went >= u64::from(GONE) {
            return Ok(true);
        }
    }
    Ok(false)
}
