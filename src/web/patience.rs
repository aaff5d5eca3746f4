//! How long a door waits for the ledger: a caller hears ringing meanwhile.

use std::time::Duration;

use tokio::time::timeout;
use tracing::warn;

use crate::store::StoreError;

const PATIENCE: Duration = Duration::from_millis(250);

/// The ledger did not answer, or not in time. It has been logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late;

/// The ledger's answer within 250 ms.
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
