//! What is written down about a call while it goes on, so that it can go on after a crash.

use async_trait::async_trait;
use jiff::Timestamp;
use thiserror::Error;

use crate::domain::{
    call::{Line, Outcome, WhyNot},
    ids::CallId,
    turn::Turn,
};

/// The right to write about a call. Each connection of a call gets a higher epoch; writes of an older one are refused,
/// so that a process that was believed dead cannot overwrite the one that took over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lease {
    pub call: CallId,
    pub epoch: i32,
}

/// Where the conversation stands.
#[derive(Clone, Debug)]
pub struct Entry {
    pub lease: Lease,
    pub at: Timestamp,
    /// The dialogue's state, as JSON; what a later epoch starts from.
    pub state: String,
    pub outcome: Outcome,
    /// Utterances since the last entry, with the number of the first of them.
    pub first_line: i32,
    pub lines: Vec<Line>,
    /// What happened at the turns that are new or have changed, with the numbers of the lines they begin at.
    pub turns: Vec<(i32, Turn)>,
    /// The connection is over, and this is why nothing was booked, should the call not come back.
    pub why_not: Option<WhyNot>,
    /// The conversation is over; nothing is resumed after this.
    pub ended: bool,
}

#[derive(Debug, Error)]
pub enum JournalError {
    /// A newer connection of this call has taken over: stop at once, quietly.
    #[error("another connection of this call has taken over")]
    Fenced,
    #[error("the journal cannot be written")]
    Unavailable(#[source] anyhow::Error),
}

#[async_trait]
pub trait Journal: Send + Sync {
    /// Returns when the entry is durable.
    async fn write(&self, entry: Entry) -> Result<(), JournalError>;
}
