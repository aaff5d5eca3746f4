//! What a hold will take the place of.

use super::{Store, StoreError};
use crate::domain::ids::{BookingId, BusinessId};

impl Store {
    /// The booking that this one, once confirmed, takes the place of.
    pub async fn replaced_by(&self, business: BusinessId, hold: BookingId) -> Result<Option<BookingId>, StoreError> {
        let _ = (business, hold);
        todo!()
    }
}
