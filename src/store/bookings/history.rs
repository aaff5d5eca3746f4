//! What somebody has booked, for whoever looks at one customer.

use super::row::{Row, columns};
use crate::{
    domain::{booking::Booking, ids::BusinessId, phone::PhoneNumber},
    store::{Store, StoreError, engine::on},
};

impl Store {
    /// Everything a number ever booked, whatever became of it; the latest appointment first.
    pub async fn booked_by(
        &self,
        business: BusinessId,
        phone: &PhoneNumber,
        limit: u32,
    ) -> Result<Vec<Booking>, StoreError> {
        let sql = concat!(
            "select ",
            columns!(),
            " from bookings where business_id = $1 and phone = $2 and confirmed_at is not null
            order by starts_at desc, id desc limit $3"
        );
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(phone.as_str()).bind(i64::from(limit)).fetch_all(db).await)?;
        rows.into_iter().map(Booking::try_from).collect()
    }
}
