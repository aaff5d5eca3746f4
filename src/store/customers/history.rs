//! What was said and written to and by one number.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    domain::{
        ids::{BookingId, BusinessId, CallId},
        phone::PhoneNumber,
    },
    store::{
        Store, StoreError,
        engine::on,
        values::{Moment, moment},
    },
};

/// A message that they left.
#[derive(Clone)]
pub struct LeftNote {
    pub call: Option<CallId>,
    pub text: String,
    pub created: Timestamp,
}

/// A text message to them.
#[derive(Clone)]
pub struct SentText {
    /// "booked", "moved", …
    pub template: String,
    pub booking: Option<BookingId>,
    pub body: String,
    /// "pending", "sending", "sent", "failed".
    pub state: String,
    /// What the carrier last said: "delivered", "undelivered", …
    pub delivery: Option<String>,
    pub created: Timestamp,
}

impl Store {
    /// The newest messages that a number left.
    pub async fn notes_of_number(
        &self,
        business: BusinessId,
        number: &PhoneNumber,
        limit: u32,
    ) -> Result<Vec<LeftNote>, StoreError> {
        let sql = "select call_id, text, created_at from notes where business_id = $1 and caller = $2
            order by id desc limit $3";
        let rows = on!(&self.read, db => sqlx::query_as::<_, (Option<Uuid>, String, Moment)>(sql)
            .bind(business.0).bind(number.as_str()).bind(i64::from(limit)).fetch_all(db).await)?;
        let left = |(call, text, created): (Option<Uuid>, String, Moment)| LeftNote {
            call: call.map(CallId),
            text,
            created: moment(created),
        };
        Ok(rows.into_iter().map(left).collect())
    }

    /// The newest text messages to a number.
    pub async fn texts_to_number(
        &self,
        business: BusinessId,
        number: &PhoneNumber,
        limit: u32,
    ) -> Result<Vec<SentText>, StoreError> {
        #[derive(sqlx::FromRow)]
        struct Row {
            template: String,
            booking_id: Option<Uuid>,
            body: String,
            state: String,
            delivery: Option<String>,
            created_at: Moment,
        }
        let sql = "select template, booking_id, body, state, delivery, created_at from outbox
            where business_id = $1 and recipient = $2 and kind = 'sms' order by created_at desc limit $3";
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(number.as_str()).bind(i64::from(limit)).fetch_all(db).await)?;
        let sent = |row: Row| SentText {
            template: row.template,
            booking: row.booking_id.map(BookingId),
            body: row.body,
            state: row.state,
            delivery: row.delivery,
            created: moment(row.created_at),
        };
        Ok(rows.into_iter().map(sent).collect())
    }
}
