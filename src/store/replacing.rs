//! What a hold will take the place of.

use super::{Store, StoreError, on};
use crate::domain::ids::{BookingId, BusinessId};

impl Store {
    /// The booking that this one, once confirmed, takes the place of.
    pub async fn replaced_by(&self, business: BusinessId, hold: BookingId) -> Result<Option<BookingId>, StoreError> {
        let replaced: Option<Option<uuid::Uuid>> = on!(&self.read, db => sqlx::query_scalar(
            "select replacing from bookings where business_id = $1 and id = $2")
            .bind(business.0).bind(hold.0).fetch_optional(db).await)?;
        Ok(replaced.flatten().map(BookingId))
    }
}
