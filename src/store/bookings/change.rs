//! What can happen to a hold or a booking besides being confirmed.

use jiff::Timestamp;

use super::{
    Cancelled, Ending,
    row::{Row, columns},
};
use crate::{
    domain::{
        booking::{Booking, BookingState},
        ids::{BookingId, BusinessId},
    },
    store::{
        Store, StoreError,
        engine::on,
        outbox::{self, NewOutbox},
        placements,
        values::{at, text},
    },
};

impl Store {
    /// Gives up a hold that is still held. It reads as expired from then on and cannot be confirmed.
    pub async fn release(&self, business: BusinessId, hold: BookingId, now: Timestamp) -> Result<(), StoreError> {
        let sql = "update bookings set status = 'expired', released_at = $3, version = version + 1
            where business_id = $1 and id = $2 and status = 'held'";
        on!(&self.write, db => sqlx::query(sql)
            .bind(business.0).bind(hold.0).bind(at(now)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// The same, with what is to be sent about it, in one transaction. Nothing is sent about one that was given up before.
    pub async fn release_telling(
        &self,
        business: BusinessId,
        hold: BookingId,
        outbox: &[NewOutbox],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let sql = "update bookings set status = 'expired', released_at = $3, version = version + 1
            where business_id = $1 and id = $2 and status in ('held', 'expired') and released_at is null";
        let mut tx = self.write.begin().await?;
        let released = on!(&mut tx, tx => sqlx::query(sql)
            .bind(business.0).bind(hold.0).bind(at(now))
            .execute(&mut **tx).await.map(|done| done.rows_affected()))?;
        if released == 1 {
            outbox::write(&mut tx, outbox).await?;
        }
        tx.commit().await
    }

    /// Cancels a confirmed booking and writes what is to be sent, in one transaction.
    pub async fn cancel(
        &self,
        business: BusinessId,
        booking: BookingId,
        ending: &Ending,
        outbox: &[NewOutbox],
        now: Timestamp,
    ) -> Result<Cancelled, StoreError> {
        let sql = concat!(
            "update bookings set status = 'cancelled', cancelled_at = $3, cancelled_by = $4, cancel_reason = $5,
                version = version + 1
            where business_id = $1 and id = $2 and status = 'confirmed' returning ",
            columns!()
        );
        let mut tx = self.write.begin().await?;
        let row = on!(&mut tx, tx => sqlx::query_as::<_, Row>(sql)
            .bind(business.0)
            .bind(booking.0)
            .bind(at(now))
            .bind(ending.by.as_deref())
            .bind(ending.reason.as_deref().map(text))
            .fetch_optional(&mut **tx).await)?;
        if let Some(row) = row {
            outbox::write(&mut tx, outbox).await?;
            placements::withdraw_sooner(&mut tx, booking, now).await?;
            tx.commit().await?;
            return Ok(Cancelled::Cancelled(row.try_into()?));
        }
        drop(tx);
        let there: Option<Booking> = self.booking(business, booking).await?;
        Ok(match there {
            Some(booking) if matches!(booking.state, BookingState::Cancelled { .. }) => Cancelled::Already(booking),
            _ => Cancelled::Gone,
        })
    }
}
