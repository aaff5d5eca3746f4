//! What a booking takes the place of.

use uuid::Uuid;

use super::{Store, StoreError, engine::on};
use crate::domain::ids::{BookingId, BusinessId};

impl Store {
    /// The booking that this one takes the place of, when it is confirmed or was.
    pub async fn replaced_by(&self, business: BusinessId, hold: BookingId) -> Result<Option<BookingId>, StoreError> {
        let sql = "select replacing from bookings where business_id = $1 and id = $2";
        let replacing = on!(&self.read, db => sqlx::query_scalar::<_, Option<Uuid>>(sql)
            .bind(business.0).bind(hold.0).fetch_optional(db).await)?;
        Ok(replacing.flatten().map(BookingId))
    }
}
