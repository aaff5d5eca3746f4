//! What the pages about many calls at once read: only what is counted, and by indices that hold all of it.
//!
//! No zone is known here. Days are bounds that were worked out in the business's zone; hours are told by the moments.

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Store, StoreError,
    engine::on,
    spending::micros,
    values::{Moment, at, moment, parsed, parsed_if},
};
use crate::domain::{
    ids::{BusinessId, CallId, ServiceId, StaffId},
    insights::{BookingFact, CallFact, Texts},
    phone::PhoneNumber,
};

#[derive(sqlx::FromRow)]
struct Row {
    started_at: Moment,
    ended_at: Option<Moment>,
    claimed_at: Option<Moment>,
    outcome: String,
    why_not: Option<String>,
    epoch: i32,
    cost_micros: Option<i64>,
    first_word_ms: Option<i32>,
    line_count: Option<i32>,
    booked_at: Option<Moment>,
}

impl TryFrom<Row> for CallFact {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        let started = moment(row.started_at);
        let claimed = row.claimed_at.map(moment);
        Ok(Self {
            started,
            // A call that had to be connected again was answered long before its last connection.
            answered: if row.epoch == 1 { claimed } else { claimed.map(|_| started) },
            ended: row.ended_at.map(moment),
            outcome: parsed(&row.outcome, "calls.outcome")?,
            // A newer binary may know more reasons.
            why_not: row.why_not.and_then(|why| why.parse().ok()),
            booked: row.booked_at.map(moment),
            sentences: row.line_count.and_then(|count| u32::try_from(count).ok()),
            first_word_ms: row.first_word_ms.and_then(|ms| u32::try_from(ms).ok()),
            cost: micros(row.cost_micros.unwrap_or_default()),
        })
    }
}

/// What is counted about a call, with what its connections reported: each by an index that holds it, so that no row with a
/// conversation in it is read (56 ms for two months became 8).
macro_rules! outlines {
    () => {
        "started_at, ended_at, claimed_at, outcome, why_not, epoch,
        (select cast(sum(r.cost_micros) as bigint) from call_reports r where r.call_id = calls.id) as cost_micros,
        (select max(r.first_word_ms) from call_reports r where r.call_id = calls.id) as first_word_ms"
    };
}

/// The same, and how it booked.
macro_rules! facts {
    () => {
        concat!(
            outlines!(),
            ", case when outcome = 'booked' then (select max(l.n) + 1 from call_lines l where l.call_id = calls.id) end
            as line_count,
        case when outcome = 'booked' then (select min(b.confirmed_at) from bookings b
            where b.call_id = calls.id and b.confirmed_at is not null and b.replacing is null) end as booked_at"
        )
    };
}

/// A call as a list of all of them has it.
#[derive(Clone, Debug)]
pub struct CountedCall {
    pub id: CallId,
    pub from: Option<PhoneNumber>,
    pub vendor: String,
    pub fact: CallFact,
}

#[derive(sqlx::FromRow)]
struct CountedRow {
    id: Uuid,
    caller: Option<String>,
    vendor: String,
    #[sqlx(flatten)]
    fact: Row,
}

impl TryFrom<CountedRow> for CountedCall {
    type Error = StoreError;

    fn try_from(row: CountedRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: CallId(row.id),
            from: parsed_if(row.caller.as_deref(), "calls.caller")?,
            vendor: row.vendor,
            fact: row.fact.try_into()?,
        })
    }
}

impl Store {
    /// What is counted about the calls that began in from ≤ t < to.
    pub async fn call_facts(
        &self,
        business: BusinessId,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Vec<CallFact>, StoreError> {
        let sql = concat!(
            "select ",
            facts!(),
            " from calls where business_id = $1 and started_at >= $2 and started_at < $3 order by started_at"
        );
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(at(from)).bind(at(to)).fetch_all(db).await)?;
        rows.into_iter().map(CallFact::try_from).collect()
    }

    /// The same without how bookings were made: when, and after how many sentences.
    pub async fn call_outlines(
        &self,
        business: BusinessId,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Vec<CallFact>, StoreError> {
        let sql = concat!(
            "select ",
            outlines!(),
            ", cast(null as int) as line_count, cast(null as timestamptz) as booked_at
            from calls where business_id = $1 and started_at >= $2 and started_at < $3 order by started_at"
        );
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(at(from)).bind(at(to)).fetch_all(db).await)?;
        rows.into_iter().map(CallFact::try_from).collect()
    }

    /// The calls that began in from ≤ t < to, one by one, oldest first, after the cursor.
    pub async fn calls_between(
        &self,
        business: BusinessId,
        (from, to): (Timestamp, Timestamp),
        after: Option<(Timestamp, CallId)>,
        limit: u32,
    ) -> Result<Vec<CountedCall>, StoreError> {
        let sql = concat!(
            "select id, caller, vendor, ",
            facts!(),
            " from calls where business_id = $1 and started_at >= $2 and started_at < $3 and (started_at, id) > ($4, $5)
            order by started_at, id limit $6"
        );
        let (start, id) = after.unwrap_or((Timestamp::UNIX_EPOCH, CallId(Uuid::nil())));
        let rows = on!(&self.read, db => sqlx::query_as::<_, CountedRow>(sql)
            .bind(business.0)
            .bind(at(from.max(start)))
            .bind(at(to))
            .bind(at(start))
            .bind(id.0)
            .bind(i64::from(limit))
            .fetch_all(db).await)?;
        rows.into_iter().map(CountedCall::try_from).collect()
    }

    /// The newest calls of a number.
    pub async fn calls_of_number(
        &self,
        business: BusinessId,
        number: &PhoneNumber,
        limit: u32,
    ) -> Result<Vec<CountedCall>, StoreError> {
        let sql = concat!(
            "select id, caller, vendor, ",
            facts!(),
            " from calls where id in (select id from calls where business_id = $1 and caller = $2) order by id desc limit $3"
        );
        let rows = on!(&self.read, db => sqlx::query_as::<_, CountedRow>(sql)
            .bind(business.0).bind(number.as_str()).bind(i64::from(limit)).fetch_all(db).await)?;
        rows.into_iter().map(CountedCall::try_from).collect()
    }

    /// Bookings confirmed in from ≤ t < to, by kind. A move is not one more.
    pub async fn booking_facts(
        &self,
        business: BusinessId,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Vec<BookingFact>, StoreError> {
        let sql = "select service_id, staff_id, case when call_id is null then 0 else 1 end,
                case when status = 'cancelled' then 1 else 0 end, count(*)
            from bookings where business_id = $1 and confirmed_at >= $2 and confirmed_at < $3 and replacing is null
            group by 1, 2, 3, 4";
        let rows = on!(&self.read, db => sqlx::query_as::<_, (Uuid, Uuid, i32, i32, i64)>(sql)
            .bind(business.0).bind(at(from)).bind(at(to)).fetch_all(db).await)?;
        let fact = |(service, staff, by_call, cancelled, count)| BookingFact {
            service: ServiceId(service),
            staff: StaffId(staff),
            by_call: by_call == 1,
            cancelled: cancelled == 1,
            count: u32::try_from(count).unwrap_or_default(),
        };
        Ok(rows.into_iter().map(fact).collect())
    }

    /// Text messages written in from ≤ t < to.
    pub async fn text_facts(
        &self,
        business: BusinessId,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Texts, StoreError> {
        let sql = "select state, delivery, count(*) from outbox
            where business_id = $1 and created_at >= $2 and created_at < $3 and kind = 'sms' group by state, delivery";
        let rows = on!(&self.read, db => sqlx::query_as::<_, (String, Option<String>, i64)>(sql)
            .bind(business.0).bind(at(from)).bind(at(to)).fetch_all(db).await)?;
        let mut texts = Texts::default();
        for (state, delivery, count) in rows {
            let count = u32::try_from(count).unwrap_or_default();
            match (state.as_str(), delivery.as_deref()) {
                ("failed", _) | (_, Some("failed" | "undelivered")) => texts.failed += count,
                ("sent", _) => texts.sent += count,
                _ => texts.waiting += count,
            }
        }
        Ok(texts)
    }

    /// Whether a business has ever had a call, so that a first day looks like one.
    pub async fn has_had_calls(&self, business: BusinessId) -> Result<bool, StoreError> {
        let sql = "select 1 from calls where business_id = $1 limit 1";
        let found = on!(&self.read, db => sqlx::query_scalar::<_, i32>(sql)
            .bind(business.0).fetch_optional(db).await)?;
        Ok(found.is_some())
    }
}
