//! Where the report on a call is filed when the call is over.

use async_trait::async_trait;

use super::journal::JournalError;
use crate::domain::{ids::CallId, report::Report};

#[async_trait]
pub trait Reports: Send + Sync {
    /// Stores the report with the call; again replaces it.
    async fn file(&self, call: CallId, report: &Report) -> Result<(), JournalError>;
}
