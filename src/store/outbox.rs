//! What must happen after a booking, written in the booking's own transaction: text messages, calendar events.
//!
//! Workers lease rows. Each lease carries a fence, a number that grows with every lease; a worker that was asleep past
//! its lease finds its fence too old and cannot mark anything.

mod list;

pub use list::{MessageFilter, MessageState};

use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Store, StoreError,
    engine::{Db, Tx, on},
    values::{Moment, at, moment, text},
};
use crate::domain::ids::{BookingId, BusinessId, CallId, OutboxId};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sms,
    /// `after_booking` of the business's provider.
    Calendar,
}

/// The template of an event that a calendar missed while it could not be asked or written to.
pub const CATCH_UP: &str = "catch_up";

/// The template of a booking that a vendor with rules of its own missed: nobody tries it, unless the owner wants it tried.
pub const BY_HAND: &str = "by_hand";

/// A row to be written.
#[derive(Clone, Debug)]
pub struct NewOutbox {
    pub id: OutboxId,
    pub business: BusinessId,
    pub kind: Kind,
    /// "booked", "moved", "cancelled": which text, and part of the dedupe key; of an event "event", or [`CATCH_UP`].
    pub template: String,
    pub booking: Option<BookingId>,
    pub call: Option<CallId>,
    /// E.164 for text messages; empty otherwise.
    pub recipient: String,
    pub body: String,
    /// Unique for ever: booking/template/version. A second row with it is silently the first.
    pub dedupe_key: String,
    /// After this it is not worth sending, and the owner is told instead.
    pub expires: Timestamp,
    pub now: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutboxState {
    Pending,
    /// Handed to the vendor, answer not yet stored. After a crash: reconcile first.
    Sending,
    Sent,
    /// Given up: refused for good, expired, or tried too often.
    Failed,
}

/// A row, as read.
#[derive(Clone, Debug)]
pub struct Outbox {
    pub id: OutboxId,
    pub business: BusinessId,
    pub kind: Kind,
    pub template: String,
    pub booking: Option<BookingId>,
    pub call: Option<CallId>,
    pub recipient: String,
    pub body: String,
    pub dedupe_key: String,
    pub state: OutboxState,
    pub attempts: i32,
    /// The lease's number; every mark needs it.
    pub fence: i32,
    /// When it was first handed to the vendor; reconciling looks from here on.
    pub first_sent: Option<Timestamp>,
    pub vendor_id: Option<String>,
    /// "queued", "delivered", "undelivered" …, as the vendor last said.
    pub delivery: Option<String>,
    /// Why it failed or is late: a fixed phrase, never a vendor's text.
    pub problem: Option<String>,
    pub expires: Timestamp,
    pub created: Timestamp,
}

macro_rules! columns {
    () => {
        "id, business_id, kind, template, booking_id, call_id, recipient, body, dedupe_key, state, attempts, fence, \
         first_sent_at, vendor_id, delivery, problem, expires_at, created_at"
    };
}
use columns;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    business_id: Uuid,
    kind: String,
    template: String,
    booking_id: Option<Uuid>,
    call_id: Option<Uuid>,
    recipient: String,
    body: String,
    dedupe_key: String,
    state: String,
    attempts: i32,
    fence: i32,
    first_sent_at: Option<Moment>,
    vendor_id: Option<String>,
    delivery: Option<String>,
    problem: Option<String>,
    expires_at: Moment,
    created_at: Moment,
}

impl TryFrom<Row> for Outbox {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: OutboxId(row.id),
            business: BusinessId(row.business_id),
            kind: match row.kind.as_str() {
                "sms" => Kind::Sms,
                "calendar" => Kind::Calendar,
                _ => return Err(StoreError::Inconsistent { what: "outbox.kind" }),
            },
            template: row.template,
            booking: row.booking_id.map(BookingId),
            call: row.call_id.map(CallId),
            recipient: row.recipient,
            body: row.body,
            dedupe_key: row.dedupe_key,
            state: match row.state.as_str() {
                "pending" => OutboxState::Pending,
                "sending" => OutboxState::Sending,
                "sent" => OutboxState::Sent,
                "failed" => OutboxState::Failed,
                _ => return Err(StoreError::Inconsistent { what: "outbox.state" }),
            },
            attempts: row.attempts,
            fence: row.fence,
            first_sent: row.first_sent_at.map(moment),
            vendor_id: row.vendor_id,
            delivery: row.delivery,
            problem: row.problem,
            expires: moment(row.expires_at),
            created: moment(row.created_at),
        })
    }
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Calendar => "calendar",
        }
    }
}

/// Writes rows in the transaction of the booking they belong to.
pub(super) async fn write(tx: &mut Tx, rows: &[NewOutbox]) -> Result<(), StoreError> {
    let sql = "insert into outbox (id, business_id, kind, template, booking_id, call_id, recipient, body, dedupe_key,
            state, attempts, fence, due_at, expires_at, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending', 0, 0, $10, $11, $10)
        on conflict (dedupe_key) do nothing";
    for row in rows {
        on!(&mut *tx, tx => sqlx::query(sql)
            .bind(row.id.0)
            .bind(row.business.0)
            .bind(row.kind.as_str())
            .bind(&row.template)
            .bind(row.booking.map(|booking| booking.0))
            .bind(row.call.map(|call| call.0))
            .bind(&row.recipient)
            .bind(text(&row.body))
            .bind(&row.dedupe_key)
            .bind(at(row.now))
            .bind(at(row.expires))
            .execute(&mut **tx).await.map(drop))?;
    }
    Ok(())
}

/// In the transaction that wrote it: nobody is to try it. `problem` is a fixed phrase.
pub(super) async fn give_up(tx: &mut Tx, id: OutboxId, provider: &str, problem: &str) -> Result<(), StoreError> {
    let sql = "update outbox set state = 'failed', vendor_id = $2, problem = $3 where id = $1 and state = 'pending'";
    on!(tx, tx => sqlx::query(sql).bind(id.0).bind(provider).bind(problem).execute(&mut **tx).await.map(drop))?;
    Ok(())
}

/// Rows that are due and not leased. On Postgres several workers take different ones; SQLite has one writer anyway.
macro_rules! lease {
    ($lock:literal) => {
        concat!(
            "update outbox set fence = fence + 1, leased_until = $2 where id in (
                select id from outbox
                where state in ('pending', 'sending') and due_at <= $1 and (leased_until is null or leased_until <= $1)
                order by due_at, id limit $3 ",
            $lock,
            ") returning ",
            columns!()
        )
    };
}

impl Store {
    /// How many rows wait to be sent, or are being sent.
    pub async fn outbox_waiting(&self) -> Result<i64, StoreError> {
        let sql = "select count(*) from outbox where state in ('pending', 'sending')";
        Ok(on!(&self.read, db => sqlx::query_scalar::<_, i64>(sql).fetch_one(db).await)?)
    }

    /// Leases up to `limit` rows that are due and not leased, oldest first.
    pub async fn lease_outbox(&self, now: Timestamp, until: Timestamp, limit: u32) -> Result<Vec<Outbox>, StoreError> {
        let sql = match &self.write {
            Db::Postgres(_) => lease!("for update skip locked"),
            Db::Sqlite(_) => lease!(""),
        };
        let rows = on!(&self.write, db => sqlx::query_as::<_, Row>(sql)
            .bind(at(now)).bind(at(until)).bind(i64::from(limit)).fetch_all(db).await)?;
        let mut leased = rows.into_iter().map(Outbox::try_from).collect::<Result<Vec<_>, _>>()?;
        leased.sort_by_key(|row| (row.created, row.id));
        Ok(leased)
    }

    /// pending → sending, before the vendor is called. False: the lease was lost.
    pub async fn outbox_sending(&self, id: OutboxId, fence: i32, now: Timestamp) -> Result<bool, StoreError> {
        let sql = "update outbox set state = 'sending', attempts = attempts + 1,
                first_sent_at = coalesce(first_sent_at, $3)
            where id = $1 and fence = $2 and state in ('pending', 'sending')";
        let marked = on!(&self.write, db => sqlx::query(sql)
            .bind(id.0).bind(fence).bind(at(now)).execute(db).await.map(|done| done.rows_affected()))?;
        Ok(marked == 1)
    }

    pub async fn outbox_sent(
        &self,
        id: OutboxId,
        fence: i32,
        vendor_id: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "update outbox set state = 'sent', vendor_id = $3, sent_at = $4, leased_until = null, problem = null
            where id = $1 and fence = $2 and state in ('pending', 'sending')";
        let marked = on!(&self.write, db => sqlx::query(sql)
            .bind(id.0).bind(fence).bind(vendor_id).bind(at(now))
            .execute(db).await.map(|done| done.rows_affected()))?;
        Ok(marked == 1)
    }

    /// Back to pending, due again at `next`; `problem` is a fixed phrase. `state_unknown` keeps it in sending, so that
    /// the next attempt reconciles first.
    pub async fn outbox_retry(
        &self,
        id: OutboxId,
        fence: i32,
        next: Timestamp,
        problem: &str,
        state_unknown: bool,
    ) -> Result<bool, StoreError> {
        let sql = "update outbox set state = $3, due_at = $4, problem = $5, leased_until = null
            where id = $1 and fence = $2 and state in ('pending', 'sending')";
        let state = if state_unknown { "sending" } else { "pending" };
        let marked = on!(&self.write, db => sqlx::query(sql)
            .bind(id.0).bind(fence).bind(state).bind(at(next)).bind(problem)
            .execute(db).await.map(|done| done.rows_affected()))?;
        Ok(marked == 1)
    }

    pub async fn outbox_failed(&self, id: OutboxId, fence: i32, problem: &str) -> Result<bool, StoreError> {
        let sql = "update outbox set state = 'failed', problem = $3, leased_until = null
            where id = $1 and fence = $2 and state in ('pending', 'sending')";
        let marked = on!(&self.write, db => sqlx::query(sql)
            .bind(id.0).bind(fence).bind(problem).execute(db).await.map(|done| done.rows_affected()))?;
        Ok(marked == 1)
    }

    /// failed → pending, for the last of a booking's calendar rows, and for what a vendor that keeps its own bookings was not
    /// asked to book. False: none of them has failed.
    pub async fn outbox_event_again(
        &self,
        business: BusinessId,
        booking: BookingId,
        now: Timestamp,
        expires: Timestamp,
    ) -> Result<bool, StoreError> {
        let sql = "update outbox set state = 'pending', attempts = 0, problem = null, due_at = $3, expires_at = $4
            where business_id = $1 and booking_id = $2 and kind = 'calendar' and state = 'failed'
                and not exists (select 1 from outbox later where later.booking_id = outbox.booking_id
                    and later.kind = 'calendar' and later.id > outbox.id
                    and (outbox.template <> 'by_hand' or later.template <> 'catch_up'))";
        let written = on!(&self.write, db => sqlx::query(sql)
            .bind(business.0).bind(booking.0).bind(at(now)).bind(at(expires))
            .execute(db).await.map(|done| done.rows_affected()))?;
        Ok(written > 0)
    }

    /// A delivery report. One for an unknown id changes nothing; a final state is not overwritten by an earlier one.
    pub async fn outbox_delivery(&self, vendor_id: &str, delivery: &str) -> Result<bool, StoreError> {
        let sql = "update outbox set delivery = $2
            where vendor_id = $1
                and coalesce(delivery, '') not in ('delivered', 'undelivered', 'failed')
                and (coalesce(delivery, '') <> 'sent' or $2 in ('delivered', 'undelivered', 'failed'))";
        let noted = on!(&self.write, db => sqlx::query(sql)
            .bind(vendor_id).bind(delivery).execute(db).await.map(|done| done.rows_affected()))?;
        Ok(noted > 0)
    }

    pub async fn outbox_of_booking(&self, booking: BookingId) -> Result<Vec<Outbox>, StoreError> {
        let sql = concat!("select ", columns!(), " from outbox where booking_id = $1 order by created_at, id");
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(booking.0).fetch_all(db).await)?;
        rows.into_iter().map(Outbox::try_from).collect()
    }

    pub async fn outbox_of_call(&self, call: CallId) -> Result<Vec<Outbox>, StoreError> {
        let sql = concat!("select ", columns!(), " from outbox where call_id = $1 order by created_at, id");
        let rows = on!(&self.read, db => sqlx::query_as::<_, Row>(sql).bind(call.0).fetch_all(db).await)?;
        rows.into_iter().map(Outbox::try_from).collect()
    }

    /// When the next row is due, so that the worker can sleep until then.
    pub async fn outbox_next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let sql = "select min(case when leased_until > due_at then leased_until else due_at end) from outbox
            where state in ('pending', 'sending')";
        let next = on!(&self.read, db => sqlx::query_scalar::<_, Option<Moment>>(sql).fetch_one(db).await)?;
        Ok(next.map(moment))
    }
}
