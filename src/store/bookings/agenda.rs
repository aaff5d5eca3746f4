//! What a calendar shows, and what the business wants to know about a booking beyond the booking itself.

use jiff::Timestamp;

use super::row::{Row, columns};
use crate::{
    domain::{
        booking::Booking,
        ids::{BookingId, BusinessId, StaffId},
    },
    store::{
        Store, StoreError,
        engine::on,
        values::{at, moment},
    },
};

/// A booking or a hold with the time it keeps its member of staff, buffers included. Without the customer's number: no
/// calendar shows it, and reading three hundred of them takes longer than everything else.
#[derive(Clone, Debug)]
pub struct Kept {
    pub booking: Booking,
    pub busy: (Timestamp, Timestamp),
    /// How many customers its start takes.
    pub capacity: u16,
}

/// Who cancelled a booking, and why if they said so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ending {
    /// "customer" or "business"; nothing: it was cancelled before this was written down.
    pub by: Option<String>,
    /// For the business alone.
    pub reason: Option<String>,
}

impl Store {
    /// What keeps the staff of a business busy in from ≤ t < to: bookings, and holds that have not run out.
    pub async fn agenda(
        &self,
        business: BusinessId,
        (from, to): (Timestamp, Timestamp),
        now: Timestamp,
    ) -> Result<Vec<Kept>, StoreError> {
        let sql = concat!(
            "select ",
            columns!(),
            " from bookings
            where business_id = $1 and status in ('held', 'confirmed') and busy_to > $2 and busy_from < $3
                and (status = 'confirmed' or expires_at > $4)
            order by starts_at, id"
        );
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(at(from)).bind(at(to)).bind(at(now)).fetch_all(db).await)?;
        let kept = |mut row: Row| {
            row.phone = None;
            let busy = (moment(row.busy_from), moment(row.busy_to));
            let capacity = u16::try_from(row.capacity).unwrap_or(u16::MAX);
            Ok(Kept { booking: row.try_into()?, busy, capacity })
        };
        rows.into_iter().map(kept).collect()
    }

    /// Confirmed bookings of a business, or of one of its staff, that a time touches: those in the way of a block.
    pub async fn in_the_way(
        &self,
        business: BusinessId,
        staff: Option<StaffId>,
        (from, to): (Timestamp, Timestamp),
        limit: u32,
    ) -> Result<Vec<Booking>, StoreError> {
        let sql = concat!(
            "select ",
            columns!(),
            " from bookings
            where business_id = $1 and status in ('held', 'confirmed') and status = 'confirmed'
                and busy_to > $2 and busy_from < $3 and ($4 is null or staff_id = $4)
            order by starts_at, id limit $5"
        );
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0)
            .bind(at(from))
            .bind(at(to))
            .bind(staff.map(|id| id.0))
            .bind(i64::from(limit))
            .fetch_all(db).await)?;
        rows.into_iter().map(Booking::try_from).collect()
    }

    /// Who cancelled a booking, and why.
    pub async fn ending(&self, business: BusinessId, booking: BookingId) -> Result<Ending, StoreError> {
        let sql = "select cancelled_by, cancel_reason from bookings where business_id = $1 and id = $2";
        let row = on!(&self.read, db => sqlx::query_as::<_, (Option<String>, Option<String>)>(sql)
            .bind(business.0).bind(booking.0).fetch_optional(db).await)?;
        Ok(row.map(|(by, reason)| Ending { by, reason }).unwrap_or_default())
    }
}
