//! What stands on the page of today: who is on the line, and what a person has to look at.

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Store, StoreError,
    engine::on,
    insights::outcome,
    values::{Moment, at, moment, parsed_if},
};
use crate::domain::{
    call::Outcome,
    ids::{BookingId, BusinessId, CallId, OutboxId},
    phone::PhoneNumber,
};

/// A call that is going on.
#[derive(Clone, Debug)]
pub struct CallNow {
    pub id: CallId,
    pub from: Option<PhoneNumber>,
    pub started: Timestamp,
    pub outcome: Outcome,
}

/// A text message that did not arrive.
#[derive(Clone, Debug)]
pub struct LostText {
    pub id: OutboxId,
    /// "booked", "moved", …
    pub template: String,
    pub booking: Option<BookingId>,
    pub call: Option<CallId>,
    /// A fixed phrase of ours; nothing when the carrier said so.
    pub problem: Option<String>,
    pub created: Timestamp,
}

/// A number for a badge, with the moment of the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub count: u32,
    pub last: Option<Timestamp>,
}

#[derive(sqlx::FromRow)]
struct CallRow {
    id: Uuid,
    caller: Option<String>,
    started_at: Moment,
    outcome: String,
}

impl TryFrom<CallRow> for CallNow {
    type Error = StoreError;

    fn try_from(row: CallRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: CallId(row.id),
            from: parsed_if(row.caller.as_deref(), "calls.caller")?,
            started: moment(row.started_at),
            outcome: outcome(&row.outcome)?,
        })
    }
}

impl Store {
    /// Calls that are connected, oldest first. One that began before `since` was never told to have ended.
    pub async fn calls_now(&self, business: BusinessId, since: Timestamp) -> Result<Vec<CallNow>, StoreError> {
        let sql = "select id, caller, started_at, outcome from calls
            where business_id = $1 and ended_at is null and started_at >= $2 and connected = true
            order by started_at, id limit 50";
        let rows = on!(&self.read, db => sqlx::query_as::<_, CallRow>(sql)
            .bind(business.0).bind(at(since)).fetch_all(db).await)?;
        rows.into_iter().map(CallNow::try_from).collect()
    }

    /// Calls of from ≤ t < to that nobody answered: there was no place, or no connection came.
    pub async fn calls_refused(
        &self,
        business: BusinessId,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Count, StoreError> {
        let sql = "select count(*), max(started_at) from calls
            where business_id = $1 and started_at >= $2 and started_at < $3 and epoch = 0";
        let (count, last) = on!(&self.read, db => sqlx::query_as::<_, (i64, Option<Moment>)>(sql)
            .bind(business.0).bind(at(from)).bind(at(to)).fetch_one(db).await)?;
        Ok(Count { count: u32::try_from(count).unwrap_or(u32::MAX), last: last.map(moment) })
    }

    /// Text messages written since then that were given up, or that the carrier could not deliver; newest first.
    pub async fn lost_texts(
        &self,
        business: BusinessId,
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<LostText>, StoreError> {
        #[derive(sqlx::FromRow)]
        struct Row {
            id: Uuid,
            template: String,
            booking_id: Option<Uuid>,
            call_id: Option<Uuid>,
            problem: Option<String>,
            created_at: Moment,
        }
        let sql = "select id, template, booking_id, call_id, problem, created_at from outbox
            where business_id = $1 and created_at >= $2 and kind = 'sms'
                and (state = 'failed' or delivery in ('failed', 'undelivered'))
            order by created_at desc limit $3";
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(at(since)).bind(i64::from(limit)).fetch_all(db).await)?;
        let lost = |row: Row| LostText {
            id: OutboxId(row.id),
            template: row.template,
            booking: row.booking_id.map(BookingId),
            call: row.call_id.map(CallId),
            problem: row.problem,
            created: moment(row.created_at),
        };
        Ok(rows.into_iter().map(lost).collect())
    }
}
