//! What the pages about many calls at once read: only what is counted, and by indices that hold all of it.
//!
//! No zone is known here. Days are bounds that were worked out in the business's zone; hours are told by the moments.

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Store, StoreError,
    engine::on,
    spending::micros,
    values::{at, parsed, parsed_if},
};
use crate::domain::{
    ids::{BusinessId, CallId, ServiceId, StaffId},
    insights::{BookingFact, CallFact, Texts},
    phone::PhoneNumber,
};

/// What the reports of a call's connections come to, where it does not stand with the call (the migration `0012_counted`).
/// A call that nobody answered has none.
macro_rules! reported {
    ($written:literal, $report:literal) => {
        concat!(
            "case when cost_micros is null and epoch > 0 then (select ",
            $report,
            " from call_reports r where r.call_id = calls.id) else ",
            $written,
            " end"
        )
    };
}

/// What only calls that booked have, looked up in the same way.
macro_rules! booked {
    ($written:literal, $found:literal) => {
        concat!("case when outcome = 'booked' then coalesce(", $written, ", (", $found, ")) end")
    };
}

/// What is counted about a call as one text, which `fact` reads, and that an index holds all of, so that no row with a
/// conversation in it is read. Thousands of them at once come as one value: to hand each over with a row of its own takes
/// longer than to find it.
macro_rules! told {
    () => {
        concat!(
            "concat_ws(';', cast(started_at as text), coalesce(cast(ended_at as text), ''),
                coalesce(cast(claimed_at as text), ''), outcome, coalesce(why_not, ''), cast(epoch as text),
                coalesce(cast(",
            reported!("cost_micros", "sum(r.cost_micros)"),
            " as text), ''), coalesce(cast(",
            reported!("first_word_ms", "max(r.first_word_ms)"),
            " as text), ''), coalesce(cast(",
            booked!(
                "booked_at",
                "select min(b.confirmed_at) from bookings b
                where b.call_id = calls.id and b.confirmed_at is not null and b.replacing is null"
            ),
            " as text), ''), coalesce(cast(",
            booked!("sentences", "select max(l.n) + 1 from call_lines l where l.call_id = calls.id"),
            " as text), ''))"
        )
    };
}

/// Reads what `told!` says of a call.
fn fact(told: &str) -> Result<CallFact, StoreError> {
    let mut parts = told.split(';');
    let parts: [&str; 10] = std::array::from_fn(|_| parts.next().unwrap_or_default());
    let [started, ended, claimed, outcome, why_not, epoch, cost, first_word, booked, sentences] = parts;
    // RFC 3339, or what Postgres makes of it: jiff reads both.
    let moment = |text: &str, what| parsed_if((!text.is_empty()).then_some(text), what);
    let started = parsed(started, "calls.started_at")?;
    let claimed = moment(claimed, "calls.claimed_at")?;
    Ok(CallFact {
        started,
        // A call that had to be connected again was answered long before its last connection.
        answered: if epoch == "1" { claimed } else { claimed.map(|_| started) },
        ended: moment(ended, "calls.ended_at")?,
        outcome: parsed(outcome, "calls.outcome")?,
        // A newer binary may know more reasons.
        why_not: why_not.parse().ok(),
        booked: moment(booked, "calls.booked_at")?,
        sentences: sentences.parse().ok(),
        first_word_ms: first_word.parse().ok(),
        cost: micros(cost.parse().unwrap_or_default()),
    })
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
    told: String,
}

impl TryFrom<CountedRow> for CountedCall {
    type Error = StoreError;

    fn try_from(row: CountedRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: CallId(row.id),
            from: parsed_if(row.caller.as_deref(), "calls.caller")?,
            vendor: row.vendor,
            fact: fact(&row.told)?,
        })
    }
}

impl Store {
    /// What is counted about the calls that began in from ≤ t < to, oldest first.
    pub async fn call_facts(
        &self,
        business: BusinessId,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Vec<CallFact>, StoreError> {
        let sql = concat!(
            "select string_agg(",
            told!(),
            ", ',') from calls where business_id = $1 and started_at >= $2 and started_at < $3"
        );
        let told = on!(&self.read, db => sqlx::query_scalar::<_, Option<String>>(sql)
            .bind(business.0).bind(at(from)).bind(at(to)).fetch_one(db).await)?;
        let told = told.unwrap_or_default();
        let mut facts: Vec<CallFact> = told.split_terminator(',').map(fact).collect::<Result<_, _>>()?;
        // They are in order as a rule, which this sees at once; nobody promises it.
        facts.sort_by_key(|fact| fact.started);
        Ok(facts)
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
            told!(),
            " as told from calls where business_id = $1 and started_at >= $2 and started_at < $3 and (started_at, id) > ($4, $5)
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
            told!(),
            " as told from calls where id in (select id from calls where business_id = $1 and caller = $2) order by id desc limit $3"
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
        // Each by an index that holds it: the rows, with what was written, are not read.
        let sql = "select count(*), (select count(*) from outbox
                where business_id = $1 and created_at >= $2 and created_at < $3 and kind = 'sms'
                    and (state = 'failed' or delivery in ('undelivered', 'failed'))),
                (select count(*) from outbox
                where business_id = $1 and created_at >= $2 and created_at < $3 and kind = 'sms'
                    and state in ('pending', 'sending')
                    and (delivery is null or delivery not in ('undelivered', 'failed')))
            from outbox where business_id = $1 and created_at >= $2 and created_at < $3 and kind = 'sms'";
        let (all, failed, waiting) = on!(&self.read, db => sqlx::query_as::<_, (i64, i64, i64)>(sql)
            .bind(business.0).bind(at(from)).bind(at(to)).fetch_one(db).await)?;
        let count = |count| u32::try_from(count).unwrap_or_default();
        Ok(Texts { sent: count(all - failed - waiting), failed: count(failed), waiting: count(waiting) })
    }

    /// Whether a business has ever had a call, so that a first day looks like one.
    pub async fn has_had_calls(&self, business: BusinessId) -> Result<bool, StoreError> {
        let sql = "select 1 from calls where business_id = $1 limit 1";
        let found = on!(&self.read, db => sqlx::query_scalar::<_, i32>(sql)
            .bind(business.0).fetch_optional(db).await)?;
        Ok(found.is_some())
    }
}
