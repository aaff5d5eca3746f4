//! How long a door waits for the ledger: a caller hears ringing meanwhile.

use std::time::Duration;

use tokio::time::timeout;
use tracing::warn;

use crate::store::StoreError;

/// A disk that stalls for a moment costs nobody their call; a ledger that is down is noticed while it still rings once.
/// (Twilio waits 15 s for a webhook.)
const PATIENCE: Duration = Duration::from_secs(1);

/// The ledger did not answer, or not in time. It has been logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late;

/// The ledger's answer within a second.
pub(super) async fn in_time<T>(
    what: &'static str,
    answer: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, Late> {
    match timeout(PATIENCE, answer).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => {
            warn!(%error, "{what} failed: {error}");
            Err(Late)
        }
        Err(_) => {
            warn!("{what} took longer than {} ms", PATIENCE.as_millis());
            Err(Late)
        }
    }
}
