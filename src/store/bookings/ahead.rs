//! What is still to come: whether a service or a member of staff can go.

use jiff::Timestamp;

use super::row::{Row, columns};
use crate::{
    domain::{
        booking::Booking,
        ids::{BusinessId, ServiceId, StaffId},
    },
    store::{Store, StoreError, engine::on, values::at},
};

/// Which of a business's appointments.
#[derive(Clone, Copy, Debug, Default)]
pub struct Of {
    pub service: Option<ServiceId>,
    pub staff: Option<StaffId>,
    /// Starting before then.
    pub until: Option<Timestamp>,
}

macro_rules! those {
    () => {
        "business_id = $1 and status = 'confirmed' and starts_at >= $2 and starts_at < $3
            and ($4 is null or service_id = $4) and ($5 is null or staff_id = $5)"
    };
}

impl Store {
    /// How many confirmed appointments start from `from` on, and the first few of them.
    pub async fn ahead(
        &self,
        business: BusinessId,
        of: Of,
        from: Timestamp,
        few: u32,
    ) -> Result<(u32, Vec<Booking>), StoreError> {
        let (service, staff) = (of.service.map(|id| id.0), of.staff.map(|id| id.0));
        let until = at(of.until.unwrap_or(Timestamp::MAX));
        let sql = concat!("select count(*) from bookings where ", those!());
        let count = on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql)
            .bind(business.0).bind(at(from)).bind(until).bind(service).bind(staff).fetch_one(db).await)?;
        let sql = concat!("select ", columns!(), " from bookings where ", those!(), " order by starts_at, id limit $6");
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(at(from)).bind(until).bind(service).bind(staff).bind(i64::from(few))
            .fetch_all(db).await)?;
        let bookings = rows.into_iter().map(Booking::try_from).collect::<Result<_, _>>()?;
        Ok((u32::try_from(count).unwrap_or(u32::MAX), bookings))
    }
}
