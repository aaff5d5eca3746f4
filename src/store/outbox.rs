//! What must happen after a booking, written in the booking's own transaction: text messages, calendar events.
//!
//! Workers lease rows. Each lease carries a fence, a number that grows with every lease; a worker that was asleep past
//! its lease finds its fence too old and cannot mark anything.

use jiff::Timestamp;

use super::{Store, StoreError};
use crate::domain::ids::{BookingId, BusinessId, CallId, OutboxId};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sms,
    /// `after_booking` of the business's provider.
    Calendar,
}

/// A row to be written.
#[derive(Clone, Debug)]
pub struct NewOutbox {
    pub id: OutboxId,
    pub business: BusinessId,
    pub kind: Kind,
    /// "booked", "moved", "cancelled": which text, and part of the dedupe key.
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

impl Store {
    /// Leases up to `limit` rows that are due and not leased, oldest first.
    pub async fn lease_outbox(&self, now: Timestamp, until: Timestamp, limit: u32) -> Result<Vec<Outbox>, StoreError> {
        let _ = (now, until, limit);
        todo!()
    }

    /// pending → sending, before the vendor is called. False: the lease was lost.
    pub async fn outbox_sending(&self, id: OutboxId, fence: i32, now: Timestamp) -> Result<bool, StoreError> {
        let _ = (id, fence, now);
        todo!()
    }

    pub async fn outbox_sent(
        &self,
        id: OutboxId,
        fence: i32,
        vendor_id: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let _ = (id, fence, vendor_id, now);
        todo!()
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
        let _ = (id, fence, next, problem, state_unknown);
        todo!()
    }

    pub async fn outbox_failed(&self, id: OutboxId, fence: i32, problem: &str) -> Result<bool, StoreError> {
        let _ = (id, fence, problem);
        todo!()
    }

    /// A delivery report. One for an unknown id changes nothing; a final state is not overwritten by an earlier one.
    pub async fn outbox_delivery(&self, vendor_id: &str, delivery: &str) -> Result<bool, StoreError> {
        let _ = (vendor_id, delivery);
        todo!()
    }

    pub async fn outbox_of_booking(&self, booking: BookingId) -> Result<Vec<Outbox>, StoreError> {
        let _ = booking;
        todo!()
    }

    pub async fn outbox_of_call(&self, call: CallId) -> Result<Vec<Outbox>, StoreError> {
        let _ = call;
        todo!()
    }

    /// When the next row is due, so that the worker can sleep until then.
    pub async fn outbox_next_due(&self) -> Result<Option<Timestamp>, StoreError> {
        todo!()
    }
}
