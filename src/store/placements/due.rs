//! Placements that somebody has to look at: a process that died in the middle, a booking that changed while its calendar
//! was switched off, a vendor that was away for longer than the outbox tries.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::{
    domain::ids::{BookingId, BusinessId},
    store::{
        Store, StoreError,
        engine::{Db, Tx, on},
        values::at,
    },
};

/// The outbox comes first, and mostly is enough.
const AFTER_THE_OUTBOX: SignedDuration = SignedDuration::from_mins(3);

/// In the transaction that changes a booking: what stands for it is to be looked at, even if everything else is lost.
pub(in crate::store) async fn withdraw_sooner(
    tx: &mut Tx,
    booking: BookingId,
    now: Timestamp,
) -> Result<(), StoreError> {
    wake(tx, booking.0, now + AFTER_THE_OUTBOX).await
}

/// What stands for a booking is to be looked at then.
pub(in crate::store) async fn wake(tx: &mut Tx, booking: Uuid, when: Timestamp) -> Result<(), StoreError> {
    let sql = "update placements set due_at = $2 where booking_id = $1 and state <> 'gone'";
    on!(tx, tx => sqlx::query(sql).bind(booking).bind(at(when)).execute(&mut **tx).await.map(drop))?;
    Ok(())
}

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "update placements set due_at = $2 where id in (
                select id from placements where due_at is not null and due_at <= $1 order by due_at, id limit $3 ",
            $lock,
            ") returning business_id, booking_id"
        )
    };
}

impl Store {
    /// What may stand elsewhere for a booking is to be looked at then.
    pub async fn look_at_placements(&self, booking: BookingId, when: Timestamp) -> Result<(), StoreError> {
        let sql = "update placements set due_at = $2 where booking_id = $1 and state <> 'gone'";
        on!(&self.write, db => sqlx::query(sql).bind(booking.0).bind(at(when)).execute(db).await.map(drop))?;
        Ok(())
    }

    /// Bookings with a placement that is due, each once. They are due again at `again`, whatever becomes of them.
    pub async fn due_placements(
        &self,
        now: Timestamp,
        again: Timestamp,
        limit: u32,
    ) -> Result<Vec<(BusinessId, BookingId)>, StoreError> {
        let sql = match &self.write {
            Db::Postgres(_) => claim!("for update skip locked"),
            Db::Sqlite(_) => claim!(""),
        };
        let rows = on!(&self.write, db => sqlx::query_as::<_, (Uuid, Uuid)>(sql)
            .bind(at(now)).bind(at(again)).bind(i64::from(limit)).fetch_all(db).await)?;
        let mut due: Vec<_> = rows.into_iter().map(|(of, booking)| (BusinessId(of), BookingId(booking))).collect();
        due.sort_unstable();
        due.dedup();
        Ok(due)
    }
}
