//! Calls: who may write about one, where its conversation stands, and what was said.

mod commands;
mod journal;
mod list;

pub use commands::{Command, Commanded, NewCommand};
pub use journal::Written;
pub use list::{CallFilter, CallNames, CallSearch, ListedCall, SEARCHED};

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Store, StoreError,
    engine::on,
    values::{Moment, at, moment, parsed, parsed_if},
};
use crate::{
    domain::{
        call::{Line, Outcome, Speaker, WhyNot},
        ids::{BusinessId, CallId},
        phone::PhoneNumber,
        turn::Turn,
    },
    ports::journal::Lease,
};

/// A call that starts to ring.
#[derive(Clone, Debug)]
pub struct NewCall {
    pub id: CallId,
    pub business: BusinessId,
    /// "twilio", "web".
    pub vendor: &'static str,
    /// The vendor's id of the call; unique per vendor.
    pub vendor_call: String,
    pub from: Option<PhoneNumber>,
    pub now: Timestamp,
}

/// A call, without what was said in it.
#[derive(Clone, Debug)]
pub struct Call {
    pub id: CallId,
    pub business: BusinessId,
    pub vendor: String,
    pub vendor_call: String,
    pub from: Option<PhoneNumber>,
    pub started: Timestamp,
    pub ended: Option<Timestamp>,
    pub outcome: Outcome,
    /// How many connections it has had; the number a new one must present.
    pub epoch: i32,
    /// A connection is (believed to be) alive.
    pub connected: bool,
    /// The vendor's id of the connection that is or was last alive.
    pub session: Option<String>,
    /// Where the conversation stands; nothing before the first turn.
    pub state: Option<String>,
    /// How many lines of transcript are stored.
    pub line_count: i32,
    /// Why nothing was booked. Nothing while the call goes on, when something was, and where nobody wrote it down.
    pub why_not: Option<WhyNot>,
    /// What was said, and from which number, is gone: it was kept long enough, or the customer was erased.
    pub forgotten: bool,
}

/// What came of claiming a call for a connection.
#[derive(Debug)]
pub enum Claimed {
    Claimed {
        lease: Lease,
        call: Box<Call>,
    },
    /// The epoch was used, the call is over, or there is no such call.
    Refused,
}

macro_rules! columns {
    () => {
        "id, business_id, vendor, vendor_call, caller, started_at, ended_at, outcome, epoch, connected, session, state, \
         line_count, why_not, forgotten_at"
    };
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    business_id: Uuid,
    vendor: String,
    vendor_call: String,
    caller: Option<String>,
    started_at: Moment,
    ended_at: Option<Moment>,
    outcome: String,
    epoch: i32,
    connected: bool,
    session: Option<String>,
    state: Option<String>,
    line_count: i32,
    why_not: Option<String>,
    forgotten_at: Option<Moment>,
}

impl TryFrom<Row> for Call {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: CallId(row.id),
            business: BusinessId(row.business_id),
            vendor: row.vendor,
            vendor_call: row.vendor_call,
            from: parsed_if(row.caller.as_deref(), "calls.caller")?,
            started: moment(row.started_at),
            ended: row.ended_at.map(moment),
            outcome: parsed(&row.outcome, "calls.outcome")?,
            epoch: row.epoch,
            connected: row.connected,
            session: row.session,
            state: row.state,
            line_count: row.line_count,
            // A reason of a later version is none to this one.
            why_not: row.why_not.and_then(|why| why.parse().ok()),
            forgotten: row.forgotten_at.is_some(),
        })
    }
}

#[derive(sqlx::FromRow)]
struct LineRow {
    speaker: String,
    text: String,
    said_at: Moment,
    cut: bool,
}

#[derive(sqlx::FromRow)]
struct NumberedRow {
    n: i32,
    #[sqlx(flatten)]
    line: LineRow,
}

impl TryFrom<LineRow> for Line {
    type Error = StoreError;

    fn try_from(row: LineRow) -> Result<Self, StoreError> {
        let speaker = match row.speaker.as_str() {
            "caller" => Speaker::Caller,
            "agent" => Speaker::Agent,
            _ => return Err(StoreError::Inconsistent { what: "call_lines.speaker" }),
        };
        Ok(Self { speaker, text: row.text, at: moment(row.said_at), cut: row.cut })
    }
}

impl Store {
    /// Records a ringing call. The second webhook of the same call gets the first one's row, unchanged.
    pub async fn ring(&self, call: &NewCall) -> Result<Call, StoreError> {
        let sql = concat!(
            "insert into calls (id, business_id, vendor, vendor_call, caller, started_at, outcome, epoch, connected,
                line_count)
            values ($1, $2, $3, $4, $5, $6, 'none', 0, false, 0)
            on conflict (vendor, vendor_call) do nothing returning ",
            columns!()
        );
        let row = on!(&self.write, db => sqlx::query_as::<_, Row>(sql)
            .bind(call.id.0)
            .bind(call.business.0)
            .bind(call.vendor)
            .bind(&call.vendor_call)
            .bind(call.from.as_ref().map(PhoneNumber::as_str))
            .bind(at(call.now))
            .fetch_optional(db).await)?;
        if let Some(row) = row {
            return row.try_into();
        }
        let sql = concat!("select ", columns!(), " from calls where vendor = $1 and vendor_call = $2");
        on!(&self.write, db => sqlx::query_as::<_, Row>(sql)
            .bind(call.vendor).bind(&call.vendor_call).fetch_one(db).await)?
        .try_into()
    }

    /// Claims a call for one connection: succeeds for exactly one caller per epoch, and only while no other is connected.
    pub async fn claim_call(
        &self,
        business: BusinessId,
        vendor_call: &str,
        epoch: i32,
        now: Timestamp,
    ) -> Result<Claimed, StoreError> {
        let sql = concat!(
            "update calls set epoch = epoch + 1, connected = true, claimed_at = $4,
                previous_session = coalesce(session, previous_session), session = null
            where business_id = $1 and vendor_call = $2 and epoch = $3 and ended_at is null and connected = false
            returning ",
            columns!()
        );
        let row = on!(&self.write, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(vendor_call).bind(epoch).bind(at(now)).fetch_optional(db).await)?;
        let Some(row) = row else { return Ok(Claimed::Refused) };
        let call = Call::try_from(row)?;
        Ok(Claimed::Claimed { lease: Lease { call: call.id, epoch: call.epoch }, call: Box::new(call) })
    }

    /// Notes the vendor's id of the connection, once its first message told it. False: a newer epoch has taken over.
    pub async fn call_session(&self, lease: Lease, session: &str) -> Result<bool, StoreError> {
        let sql = "update calls set session = $3 where id = $1 and epoch = $2";
        let noted = on!(&self.write, db => sqlx::query(sql)
            .bind(lease.call.0).bind(lease.epoch).bind(session).execute(db).await.map(|done| done.rows_affected()))?;
        Ok(noted == 1)
    }

    /// The connection of this lease is over; another may claim the call.
    pub async fn disconnect_call(&self, lease: Lease) -> Result<(), StoreError> {
        let sql = "update calls set connected = false where id = $1 and epoch = $2";
        on!(&self.write, db => sqlx::query(sql).bind(lease.call.0).bind(lease.epoch).execute(db).await.map(drop))?;
        Ok(())
    }

    /// The vendor says that a connection is over. Opens the call for the next one unless a different connection is the
    /// current one. Returns the call as it then is.
    ///
    /// A current connection that has not told its id yet could be the one that is over, unless the report names the one
    /// before it: then it is late.
    pub async fn session_over(
        &self,
        business: BusinessId,
        vendor_call: &str,
        session: Option<&str>,
    ) -> Result<Option<Call>, StoreError> {
        let sql = "update calls set connected = false
            where business_id = $1 and vendor_call = $2 and connected = true
                and ($3 is null or session = $3 or (session is null and coalesce(previous_session, '') <> $3))";
        on!(&self.write, db => sqlx::query(sql)
            .bind(business.0).bind(vendor_call).bind(session).execute(db).await.map(drop))?;
        let sql = concat!("select ", columns!(), " from calls where business_id = $1 and vendor_call = $2");
        on!(&self.write, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(vendor_call).fetch_optional(db).await)?
        .map(Call::try_from)
        .transpose()
    }

    /// The call is over, says the vendor. Idempotent; never re-opens anything.
    ///
    /// What it booked is looked up in the bookings: a process that died after the confirmation never wrote the outcome.
    pub async fn end_call(&self, business: BusinessId, vendor_call: &str, now: Timestamp) -> Result<(), StoreError> {
        let sql = "update calls set ended_at = $3, connected = false, outcome = case
                when outcome in ('booked', 'moved') then outcome
                else coalesce((select case when bookings.replacing is null then 'booked' else 'moved' end from bookings
                    where bookings.call_id = calls.id and bookings.status = 'confirmed'
                    order by bookings.confirmed_at limit 1), outcome)
            end
            where business_id = $1 and vendor_call = $2 and ended_at is null";
        on!(&self.write, db => sqlx::query(sql)
            .bind(business.0).bind(vendor_call).bind(at(now)).execute(db).await.map(drop))?;
        Ok(())
    }

    pub async fn call(&self, business: BusinessId, id: CallId) -> Result<Option<Call>, StoreError> {
        let sql = concat!("select ", columns!(), " from calls where business_id = $1 and id = $2");
        on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(business.0).bind(id.0).fetch_optional(db).await)?
            .map(Call::try_from)
            .transpose()
    }

    pub async fn call_by_vendor(&self, business: BusinessId, vendor_call: &str) -> Result<Option<Call>, StoreError> {
        let sql = concat!("select ", columns!(), " from calls where business_id = $1 and vendor_call = $2");
        on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(vendor_call).fetch_optional(db).await)?
        .map(Call::try_from)
        .transpose()
    }

    /// Newest first, before the cursor.
    pub async fn calls(
        &self,
        business: BusinessId,
        before: Option<CallId>,
        limit: u32,
    ) -> Result<Vec<Call>, StoreError> {
        let sql =
            concat!("select ", columns!(), " from calls where business_id = $1 and id < $2 order by id desc limit $3");
        // The largest UUID is after every other, and nobody's.
        let before = before.map_or(Uuid::max(), |id| id.0);
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql)
            .bind(business.0).bind(before).bind(i64::from(limit)).fetch_all(db).await)?;
        rows.into_iter().map(Call::try_from).collect()
    }

    /// What happened at the turns of a call, with the numbers of the lines they begin at. What cannot be read any more is
    /// left out.
    pub async fn turns(&self, call: CallId) -> Result<Vec<(i32, Turn)>, StoreError> {
        self.turns_from(call, 0).await
    }

    /// The same from a line on.
    pub async fn turns_from(&self, call: CallId, line: i32) -> Result<Vec<(i32, Turn)>, StoreError> {
        let sql = "select n, document from call_turns where call_id = $1 and n >= $2 order by n";
        let rows = on!(&self.read, db => sqlx::query_as::<_, (i32, String)>(sql)
            .bind(call.0).bind(line).fetch_all(db).await)?;
        let read = |(n, document): (i32, String)| Some((n, serde_json::from_str(&document).ok()?));
        Ok(rows.into_iter().filter_map(read).collect())
    }

    /// What was said from a line on, with the lines' numbers.
    pub async fn lines_from(&self, call: CallId, line: i32) -> Result<Vec<(i32, Line)>, StoreError> {
        let sql = "select n, speaker, text, said_at, cut from call_lines where call_id = $1 and n >= $2 order by n";
        let rows = on!(&self.read, db => sqlx::query_as::<_, NumberedRow>(sql)
            .bind(call.0).bind(line).fetch_all(db).await)?;
        rows.into_iter().map(|row| Ok((row.n, row.line.try_into()?))).collect()
    }

    pub async fn transcript(&self, call: CallId) -> Result<Vec<Line>, StoreError> {
        let sql = "select speaker, text, said_at, cut from call_lines where call_id = $1 order by n";
        let rows = on!(&self.read, db => sqlx::query_as::<_, LineRow>(sql).bind(call.0).fetch_all(db).await)?;
        rows.into_iter().map(Line::try_from).collect()
    }
}
