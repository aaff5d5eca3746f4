//! Bookings that were confirmed while a calendar could not be asked, and what it said when it could.

use jiff::Timestamp;
use uuid::Uuid;

use super::row::{Row, columns};
use crate::{
    domain::{
        booking::Booking,
        ids::{BookingId, BusinessId},
    },
    store::{
        Store, StoreError,
        engine::{Db, on},
        outbox::{self, NewOutbox},
        values::at,
    },
};

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "update bookings set checked_at = $1 where id in (
                select id from bookings where unverified = true and status = 'confirmed' and starts_at > $1
                    and collided_at is null and (checked_at is null or checked_at <= $2)
                order by checked_at nulls first, starts_at, id limit $3 ",
            $lock,
            ") returning business_id, id"
        )
    };
}

macro_rules! doubtful {
    ($collided:literal) => {
        concat!(
            "select ",
            columns!(),
            " from bookings where business_id = $1 and starts_at >= $2 and status = 'confirmed' and unverified = true
                and collided_at ",
            $collided,
            " order by starts_at, id limit $3"
        )
    };
}

impl Store {
    /// Unverified bookings to come whose calendar is to be asked again: those that were not looked at since `before`, the
    /// longest ago first, so that a calendar that never answers keeps nobody else's waiting. Those that are known to collide are their owner's to settle. Nobody else gets them meanwhile.
    pub async fn claim_unverified(
        &self,
        now: Timestamp,
        before: Timestamp,
        limit: u32,
    ) -> Result<Vec<(BusinessId, BookingId)>, StoreError> {
        let sql = match &self.write {
            Db::Postgres(_) => claim!("for update skip locked"),
            Db::Sqlite(_) => claim!(""),
        };
        let rows = on!(&self.write, db => sqlx::query_as::<_, (Uuid, Uuid)>(sql)
            .bind(at(now)).bind(at(before)).bind(i64::from(limit)).fetch_all(db).await)?;
        Ok(rows.into_iter().map(|(business, id)| (BusinessId(business), BookingId(id))).collect())
    }

    /// The calendar was asked after all, and has nothing else there. False: it was verified before, or is no more.
    pub async fn verify(
        &self,
        business: BusinessId,
        booking: BookingId,
        outbox: &[NewOutbox],
    ) -> Result<bool, StoreError> {
        let sql = "update bookings set unverified = false, collided_at = null, version = version + 1
            where business_id = $1 and id = $2 and status = 'confirmed' and unverified = true";
        let mut tx = self.write.begin().await?;
        let verified = on!(&mut tx, tx => sqlx::query(sql)
            .bind(business.0).bind(booking.0).execute(&mut **tx).await.map(|done| done.rows_affected()))?;
        if verified == 1 {
            outbox::write(&mut tx, outbox).await?;
        }
        tx.commit().await?;
        Ok(verified == 1)
    }

    /// The calendar has something else at the time of a booking. It stays unverified, and the owner sees why. False: that is
    /// known already, or it is no more.
    pub async fn collides(&self, business: BusinessId, booking: BookingId, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "update bookings set collided_at = $3, unverified = true
            where business_id = $1 and id = $2 and status = 'confirmed' and collided_at is null";
        let written = on!(&self.write, db => sqlx::query(sql)
            .bind(business.0).bind(booking.0).bind(at(now)).execute(db).await.map(|done| done.rows_affected()))?;
        Ok(written == 1)
    }

    /// Whether a booking is known to collide with something in the business's calendar.
    pub async fn is_colliding(&self, business: BusinessId, booking: BookingId) -> Result<bool, StoreError> {
        let sql = "select count(*) from bookings where business_id = $1 and id = $2 and status = 'confirmed'
            and unverified = true and collided_at is not null";
        let found = on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql)
            .bind(business.0).bind(booking.0).fetch_one(db).await)?;
        Ok(found > 0)
    }

    /// Appointments to come that no calendar was asked about, soonest first: somebody should look whether they fit. Those
    /// that are known not to are [others](Store::colliding).
    pub async fn unverified(
        &self,
        business: BusinessId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Booking>, StoreError> {
        self.doubtful(doubtful!("is null"), business, now, limit).await
    }

    /// Appointments to come that collide with something in the business's calendar, soonest first.
    pub async fn colliding(
        &self,
        business: BusinessId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Booking>, StoreError> {
        self.doubtful(doubtful!("is not null"), business, now, limit).await
    }

    async fn doubtful(
        &self,
        sql: &'static str,
        business: BusinessId,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Booking>, StoreError> {
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(at(now)).bind(i64::from(limit)).fetch_all(db).await)?;
        rows.into_iter().map(Booking::try_from).collect()
    }
}
