//! Clears away what nobody needs any more of the accounts: sessions that are over, addresses that were used, guesses of
//! yesterday.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use crate::{domain::account::patience::FORGOTTEN, ports::clock::Clock, store::Store};

/// How often. Nothing depends on it: what is over is over before it is cleared away.
const EVERY: Duration = Duration::from_hours(1);

/// Clears up until `stop`. `idle`: a session that was not used for so long is over.
pub async fn tidy(store: Store, clock: Arc<dyn Clock>, idle: SignedDuration, stop: CancellationToken) {
    loop {
        let now = clock.now();
        match store.tidy_accounts(now, now - idle, now - FORGOTTEN).await {
            Ok(rows) => debug!(rows, "{rows} rows of sessions, addresses and guesses were cleared away"),
            Err(error) => warn!(%error, "sessions that are over could not be cleared away: {error}"),
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = sleep(EVERY) => {}
        }
    }
}
