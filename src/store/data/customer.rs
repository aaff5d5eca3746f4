//! Erasing one customer, by their number: what they said, what they were told, and that it was they who came.

use std::collections::BTreeSet;

use jiff::Timestamp;
use uuid::Uuid;

use super::forget::{BLANK, forget};
use crate::{
    domain::{
        ids::{BusinessId, ErasureId, UserId},
        phone::PhoneNumber,
    },
    store::{
        Store, StoreError,
        audit::{self, Deed},
        engine::{Tx, on},
        placements,
        values::at,
    },
};

/// Where a customer is found in a business.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub bookings: u32,
    /// Of those, how many are confirmed and still to come.
    pub upcoming: u32,
    pub calls: u32,
    pub notes: u32,
    pub messages: u32,
    /// They stand in the list of customers.
    pub listed: bool,
    /// They are on the line at this moment.
    pub calling: bool,
}

impl Found {
    pub fn is_nothing(&self) -> bool {
        self.bookings == 0 && self.calls == 0 && self.notes == 0 && self.messages == 0 && !self.listed
    }
}

/// What came of erasing one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erased {
    Erased(Found),
    /// They are on the line, and their call would be written down again: after it.
    Calling,
    /// Nothing is known of the number.
    Unknown,
}

impl Store {
    /// What is known of a number in a business.
    pub async fn find_customer_data(
        &self,
        business: BusinessId,
        phone: &PhoneNumber,
        now: Timestamp,
    ) -> Result<Found, StoreError> {
        let count = async |sql: &'static str| -> Result<u32, StoreError> {
            let found = on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql)
                .bind(business.0).bind(phone.as_str()).fetch_one(db).await)?;
            Ok(u32::try_from(found).unwrap_or(u32::MAX))
        };
        let sql = "select count(*) from bookings where business_id = $1 and phone = $2 and status = 'confirmed'
            and starts_at >= $3";
        let upcoming = on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql)
            .bind(business.0).bind(phone.as_str()).bind(at(now)).fetch_one(db).await)?;
        Ok(Found {
            bookings: count("select count(*) from bookings where business_id = $1 and phone = $2").await?,
            upcoming: u32::try_from(upcoming).unwrap_or(u32::MAX),
            calls: count("select count(*) from calls where business_id = $1 and caller = $2").await?,
            notes: count("select count(*) from notes where business_id = $1 and caller = $2").await?,
            messages: count("select count(*) from outbox where business_id = $1 and recipient = $2").await?,
            listed: count("select count(*) from customers where business_id = $1 and phone = $2").await? > 0,
            calling: count(
                "select count(*) from calls where business_id = $1 and caller = $2 and connected = true and ended_at is null",
            )
            .await?
                > 0,
        })
    }

    /// Erases a customer. Appointments stay, as somebody's; calls stay, as having taken place.
    pub async fn erase_customer(
        &self,
        business: BusinessId,
        phone: &PhoneNumber,
        (id, by): (ErasureId, UserId),
        deed: &Deed,
    ) -> Result<Erased, StoreError> {
        let found = self.find_customer_data(business, phone, deed.at).await?;
        if found.calling {
            return Ok(Erased::Calling);
        }
        if found.is_nothing() {
            return Ok(Erased::Unknown);
        }
        let mut tx = self.write.begin().await?;
        // An export that is under way sees this row, and breaks off.
        let sql = "insert into erasures (id, business_id, kind, user_id, begun_at, finished_at)
            values ($1, $2, 'customer', $3, $4, $4)";
        on!(&mut tx, tx => sqlx::query(sql)
            .bind(id.0).bind(business.0).bind(by.0).bind(at(deed.at)).execute(&mut **tx).await.map(drop))?;
        let calls = calls_of(&mut tx, business, phone).await?;
        let bookings = bookings_of(&mut tx, business, phone, &calls).await?;
        for booking in bookings {
            erase_booking(&mut tx, booking).await?;
            // Their name stands in a calendar, too.
            placements::wake(&mut tx, booking, deed.at).await?;
        }
        for call in calls {
            let sql = sqlx::AssertSqlSafe(format!("update outbox set {BLANK} where call_id = $1"));
            on!(&mut tx, tx => sqlx::query(sql).bind(call).execute(&mut **tx).await.map(drop))?;
            forget(&mut tx, call, deed.at).await?;
        }
        for sql in [
            "delete from notes where business_id = $1 and caller = $2".to_owned(),
            "delete from customers where business_id = $1 and phone = $2".to_owned(),
            format!("update outbox set {BLANK} where business_id = $1 and recipient = $2"),
        ] {
            let sql = sqlx::AssertSqlSafe(sql);
            on!(&mut tx, tx => sqlx::query(sql)
                .bind(business.0).bind(phone.as_str()).execute(&mut **tx).await.map(drop))?;
        }
        audit::write(&mut tx, deed).await?;
        tx.commit().await?;
        Ok(Erased::Erased(found))
    }
}

/// The calls in which they, or somebody for them, spoke.
async fn calls_of(tx: &mut Tx, business: BusinessId, phone: &PhoneNumber) -> Result<BTreeSet<Uuid>, StoreError> {
    let sql = "select id from calls where business_id = $1 and caller = $2
        union select call_id from bookings where business_id = $1 and phone = $2 and call_id is not null
        union select call_id from notes where business_id = $1 and caller = $2 and call_id is not null
        union select call_id from outbox where business_id = $1 and recipient = $2 and call_id is not null";
    let calls = on!(tx, tx => sqlx::query_scalar::<_, Uuid>(sql)
        .bind(business.0).bind(phone.as_str()).fetch_all(&mut **tx).await)?;
    Ok(calls.into_iter().collect())
}

/// Their bookings: those with their number, and those of their own calls that were made without one.
async fn bookings_of(
    tx: &mut Tx,
    business: BusinessId,
    phone: &PhoneNumber,
    calls: &BTreeSet<Uuid>,
) -> Result<BTreeSet<Uuid>, StoreError> {
    let sql = "select id from bookings where business_id = $1 and phone = $2";
    let found = on!(&mut *tx, tx => sqlx::query_scalar::<_, Uuid>(sql)
        .bind(business.0).bind(phone.as_str()).fetch_all(&mut **tx).await)?;
    let mut bookings: BTreeSet<_> = found.into_iter().collect();
    for call in calls {
        let sql = "select id from bookings where business_id = $1 and call_id = $2 and phone is null";
        bookings.extend(on!(&mut *tx, tx => sqlx::query_scalar::<_, Uuid>(sql)
            .bind(business.0).bind(call).fetch_all(&mut **tx).await)?);
    }
    Ok(bookings)
}

/// It keeps its time, and is nobody's. A new version, so that no letter about it leaves any more; its link opens nothing.
async fn erase_booking(tx: &mut Tx, booking: Uuid) -> Result<(), StoreError> {
    for sql in [
        "update bookings set name = 'Erased', phone = null, cancel_reason = null, version = version + 1 where id = $1"
            .to_owned(),
        "delete from booking_links where booking_id = $1".to_owned(),
        format!("update outbox set {BLANK} where booking_id = $1"),
    ] {
        let sql = sqlx::AssertSqlSafe(sql);
        on!(&mut *tx, tx => sqlx::query(sql).bind(booking).execute(&mut **tx).await.map(drop))?;
    }
    // What the API has answered about it in the last day, for requests that come again.
    let sql = "delete from idempotency_keys where body like $1";
    on!(tx, tx => sqlx::query(sql).bind(format!("%{booking}%")).execute(&mut **tx).await.map(drop))?;
    Ok(())
}
