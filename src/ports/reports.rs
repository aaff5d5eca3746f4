//! Where the report on a call is filed when the call is over.

use async_trait::async_trait;

use super::journal::{JournalError, Lease};
use crate::domain::{call::Line, ids::CallId, report::Report};

#[async_trait]
pub trait Reports: Send + Sync {
    /// Stores what a connection of a call reports; again replaces what the same connection reported before. A call that was
    /// cut off and came back has a report for each connection, which are read as one.
    async fn file(&self, lease: Lease, report: &Report) -> Result<(), JournalError>;

    /// What was said in a call, as far as it is written down.
    async fn said(&self, call: CallId) -> Result<Vec<Line>, JournalError>;
}
