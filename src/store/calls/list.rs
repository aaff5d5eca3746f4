//! Calls as they are listed, searched and watched by those they are for.

use std::collections::HashMap;

use jiff::{SignedDuration, Timestamp};
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::{
    domain::{
        call::{Outcome, WhyNot},
        ids::{BusinessId, CallId},
        phone::PhoneNumber,
        report::Report,
    },
    store::{
        Store, StoreError,
        engine::on,
        search::Pattern,
        values::{Moment, at, moment, parsed, parsed_if},
    },
};

/// No call lasts as long; what is still open after it was never closed.
const LONGEST: SignedDuration = SignedDuration::from_hours(3);
/// Words are looked for in the newest calls that fit, so many of them: there is no index of what was said.
pub const SEARCHED: u32 = 500;
/// Bookings that are looked at for the names of one page of calls.
const MOST_NAMES: i64 = 2_000;

/// Which calls to list.
#[derive(Clone, Debug, Default)]
pub struct CallFilter {
    /// Started with from ≤ t < to.
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    pub outcome: Option<Outcome>,
    /// Only those that go on, as of this moment.
    pub live: Option<Timestamp>,
    /// Only those with something left to do: a message nobody has seen to, a text that did not arrive.
    pub attention: bool,
    /// Only those with, or without, a model.
    pub model: Option<bool>,
    pub search: Option<CallSearch>,
}

/// What to look for: in the number, in the names of those who booked, and in what was said.
#[derive(Clone, Debug)]
pub struct CallSearch {
    pub words: Pattern,
    /// Digits of the number, when there are enough to look for.
    pub digits: Option<Pattern>,
    /// Only in calls from here on is what was said looked through.
    pub said_since: Timestamp,
}

/// A call in a list.
#[derive(Clone, Debug)]
pub struct ListedCall {
    pub id: CallId,
    pub vendor: String,
    pub from: Option<PhoneNumber>,
    pub started: Timestamp,
    pub ended: Option<Timestamp>,
    pub outcome: Outcome,
    pub connected: bool,
    pub why_not: Option<WhyNot>,
    /// Something is left to do.
    pub attention: bool,
}

/// Who called, as far as bookings tell.
#[derive(Clone, Debug, Default)]
pub struct CallNames {
    by_call: HashMap<CallId, String>,
    by_number: HashMap<String, String>,
}

impl CallNames {
    /// Under which name this call booked, else the last booking of its number.
    pub fn of(&self, call: CallId, from: Option<&PhoneNumber>) -> Option<&str> {
        let by_number = || self.by_number.get(from?.as_str());
        self.by_call.get(&call).or_else(by_number).map(String::as_str)
    }
}

impl ListedCall {
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.ended.is_none() && self.connected && self.started > now - LONGEST
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    vendor: String,
    caller: Option<String>,
    started_at: Moment,
    ended_at: Option<Moment>,
    outcome: String,
    connected: bool,
    why_not: Option<String>,
    attention: bool,
}

impl TryFrom<Row> for ListedCall {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: CallId(row.id),
            vendor: row.vendor,
            from: parsed_if(row.caller.as_deref(), "calls.caller")?,
            started: moment(row.started_at),
            ended: row.ended_at.map(moment),
            outcome: parsed(&row.outcome, "calls.outcome")?,
            connected: row.connected,
            why_not: row.why_not.and_then(|why| why.parse().ok()),
            attention: row.attention,
        })
    }
}

impl Store {
    /// Newest first, before the cursor.
    pub async fn call_list(
        &self,
        business: BusinessId,
        filter: &CallFilter,
        before: Option<(Timestamp, CallId)>,
        limit: u32,
    ) -> Result<Vec<ListedCall>, StoreError> {
        // `not distinct` would be shorter; SQLite's planner sees less in it. Bounds are always there, so that the index
        // finds the first row.
        let sql = "select id, vendor, caller, started_at, ended_at, outcome, connected, why_not,
                exists (select 1 from notes where notes.call_id = calls.id and notes.done_at is null)
                or exists (select 1 from outbox where outbox.call_id = calls.id and outbox.kind = 'sms'
                    and (outbox.state = 'failed' or outbox.delivery in ('undelivered', 'failed'))) as attention
            from calls
            where business_id = $1 and started_at >= $2 and started_at < $3 and (started_at, id) < ($4, $5)
                and ($6 is null or outcome = $6)
                and ($7 = false or (ended_at is null and connected = true))
                and ($8 = false or id in (
                    select call_id from notes where business_id = $1 and done_at is null and call_id is not null
                    union all
                    select call_id from outbox where business_id = $1 and kind = 'sms'
                        and (state = 'failed' or delivery in ('undelivered', 'failed')) and call_id is not null))
                and ($9 is null or $9 = exists (
                    select 1 from call_reports where call_reports.call_id = calls.id and call_reports.turns > 0))
                and ($10 is null
                    or caller like $12 escape '\\'
                    or caller in (select phone from bookings where business_id = $1 and phone is not null
                        and (lower(name) like $10 escape '\\' or name like $11 escape '\\'))
                    or id in (select call_id from bookings where business_id = $1 and call_id is not null
                        and (lower(name) like $10 escape '\\' or name like $11 escape '\\'))
                    or (started_at >= $13 and exists (select 1 from call_lines where call_lines.call_id = calls.id
                        and (lower(text) like $10 escape '\\' or text like $11 escape '\\'))))
            order by started_at desc, id desc limit $14";
        let (start, id) = before.unwrap_or((Timestamp::MAX, CallId(Uuid::max())));
        let from = filter.live.map(|now| now - LONGEST).or(filter.from).unwrap_or(Timestamp::UNIX_EPOCH);
        let search = filter.search.as_ref();
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0)
            .bind(at(from))
            .bind(at(filter.to.unwrap_or(Timestamp::MAX)))
            .bind(at(start))
            .bind(id.0)
            .bind(filter.outcome.map(Outcome::as_str))
            .bind(filter.live.is_some())
            .bind(filter.attention)
            .bind(filter.model)
            .bind(search.map(|search| search.words.lower()))
            .bind(search.map(|search| search.words.typed()))
            .bind(search.and_then(|search| search.digits.as_ref()).map(Pattern::typed))
            .bind(at(search.map_or(Timestamp::UNIX_EPOCH, |search| search.said_since)))
            .bind(i64::from(limit))
            .fetch_all(db).await)?;
        rows.into_iter().map(ListedCall::try_from).collect()
    }

    /// From when on what was said is looked through: since the [`SEARCHED`]th newest call before `to`. The beginning of
    /// time when there are fewer.
    pub async fn said_since(&self, business: BusinessId, to: Option<Timestamp>) -> Result<Timestamp, StoreError> {
        let sql = "select started_at from calls where business_id = $1 and started_at < $2
            order by started_at desc limit 1 offset $3";
        let found = on!(&self.read, db => sqlx::query_scalar::<_, Moment>(sql)
            .bind(business.0)
            .bind(at(to.unwrap_or(Timestamp::MAX)))
            .bind(i64::from(SEARCHED))
            .fetch_optional(db).await)?;
        Ok(found.map_or(Timestamp::UNIX_EPOCH, moment))
    }

    /// The calls that go on, newest first.
    pub async fn live_calls(&self, business: BusinessId, now: Timestamp) -> Result<Vec<ListedCall>, StoreError> {
        let filter = CallFilter { live: Some(now), ..CallFilter::default() };
        self.call_list(business, &filter, None, 50).await
    }

    /// What was reported on each of these calls.
    pub async fn reports_of(&self, calls: &[CallId]) -> Result<HashMap<CallId, Report>, StoreError> {
        let mut reports: HashMap<CallId, Report> = HashMap::new();
        if calls.is_empty() {
            return Ok(reports);
        }
        let rows = on!(&self.read, db => {
            let mut sql = QueryBuilder::new("select call_id, document from call_reports where call_id in (");
            let mut ids = sql.separated(", ");
            for call in calls {
                ids.push_bind(call.0);
            }
            sql.push(") order by call_id, epoch");
            sql.build_query_as::<(Uuid, String)>().fetch_all(db).await
        })?;
        for (call, document) in rows {
            let report: Report = serde_json::from_str(&document)
                .map_err(|_| StoreError::Inconsistent { what: "call_reports.document" })?;
            let earlier = reports.remove(&CallId(call));
            reports.insert(CallId(call), earlier.map_or(report.clone(), |earlier| earlier.and(report)));
        }
        Ok(reports)
    }

    /// Who made these calls, by the bookings of the calls themselves and of their numbers.
    pub async fn call_names(
        &self,
        business: BusinessId,
        calls: &[(CallId, Option<PhoneNumber>)],
    ) -> Result<CallNames, StoreError> {
        let mut names = CallNames::default();
        if calls.is_empty() {
            return Ok(names);
        }
        let rows = on!(&self.read, db => {
            // Each half finds its rows by an index of its own; with `or` SQLite reads all that were ever confirmed. What
            // a call of this business booked is this business's.
            let mut sql = QueryBuilder::new(
                "select call_id, phone, name from bookings where confirmed_at is not null and id in (
                    select id from bookings where call_id in (",
            );
            let mut ids = sql.separated(", ");
            for (call, _) in calls {
                ids.push_bind(call.0);
            }
            sql.push(")");
            if calls.iter().any(|(_, from)| from.is_some()) {
                sql.push(" union select id from bookings where business_id = ");
                sql.push_bind(business.0);
                sql.push(" and phone in (");
                let mut numbers = sql.separated(", ");
                for number in calls.iter().filter_map(|(_, from)| from.as_ref()) {
                    numbers.push_bind(number.as_str());
                }
                sql.push(")");
            }
            sql.push(")");
            sql.push(" order by created_at desc, id desc limit ");
            sql.push_bind(MOST_NAMES);
            sql.build_query_as::<(Option<Uuid>, Option<String>, String)>().fetch_all(db).await
        })?;
        for (call, phone, name) in rows {
            if let Some(call) = call {
                names.by_call.entry(CallId(call)).or_insert_with(|| name.clone());
            }
            if let Some(phone) = phone {
                names.by_number.entry(phone).or_insert(name);
            }
        }
        Ok(names)
    }
}
