//! Calls: who may write about one, where its conversation stands, and what was said.

use jiff::Timestamp;

use super::{Store, StoreError};
use crate::{
    domain::{
        call::{Line, Outcome},
        ids::{BusinessId, CallId},
        phone::PhoneNumber,
    },
    ports::journal::{Entry, Lease},
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

/// What became of one journal entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    Written,
    Fenced,
}

impl Store {
    /// Records a ringing call. The second webhook of the same call gets the first one's row, unchanged.
    pub async fn ring(&self, call: &NewCall) -> Result<Call, StoreError> {
        let _ = call;
        todo!()
    }

    /// Claims a call for one connection: succeeds for exactly one caller per epoch, and only while no other is connected.
    pub async fn claim_call(
        &self,
        business: BusinessId,
        vendor_call: &str,
        epoch: i32,
        now: Timestamp,
    ) -> Result<Claimed, StoreError> {
        let _ = (business, vendor_call, epoch, now);
        todo!()
    }

    /// Notes the vendor's id of the connection, once its first message told it. False: a newer epoch has taken over.
    pub async fn call_session(&self, lease: Lease, session: &str) -> Result<bool, StoreError> {
        let _ = (lease, session);
        todo!()
    }

    /// The connection of this lease is over; another may claim the call.
    pub async fn disconnect_call(&self, lease: Lease) -> Result<(), StoreError> {
        let _ = lease;
        todo!()
    }

    /// The vendor says that a connection is over. Opens the call for the next one unless a different connection is the
    /// current one. Returns the call as it then is.
    pub async fn session_over(
        &self,
        business: BusinessId,
        vendor_call: &str,
        session: Option<&str>,
    ) -> Result<Option<Call>, StoreError> {
        let _ = (business, vendor_call, session);
        todo!()
    }

    /// Several entries in one transaction, as the journal batches them; an entry of an old epoch is refused alone.
    pub async fn write_entries(&self, entries: &[Entry]) -> Result<Vec<Written>, StoreError> {
        let _ = entries;
        todo!()
    }

    /// The call is over, says the vendor. Idempotent; never re-opens anything.
    pub async fn end_call(&self, business: BusinessId, vendor_call: &str, now: Timestamp) -> Result<(), StoreError> {
        let _ = (business, vendor_call, now);
        todo!()
    }

    pub async fn call(&self, business: BusinessId, id: CallId) -> Result<Option<Call>, StoreError> {
        let _ = (business, id);
        todo!()
    }

    pub async fn call_by_vendor(&self, business: BusinessId, vendor_call: &str) -> Result<Option<Call>, StoreError> {
        let _ = (business, vendor_call);
        todo!()
    }

    /// Newest first, before the cursor.
    pub async fn calls(
        &self,
        business: BusinessId,
        before: Option<CallId>,
        limit: u32,
    ) -> Result<Vec<Call>, StoreError> {
        let _ = (business, before, limit);
        todo!()
    }

    pub async fn transcript(&self, call: CallId) -> Result<Vec<Line>, StoreError> {
        let _ = call;
        todo!()
    }
}
