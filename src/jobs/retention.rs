//! Forgets what was kept long enough, and finishes erasures that another process died at. In small steps, since callers
//! use the same database.

use std::{sync::Arc, time::Duration};

use jiff::SignedDuration;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{
    ports::clock::Clock,
    store::{Store, StoreError, businesses::Versioned},
};

/// How often it looks. What is kept for days need not go to the minute.
const EVERY: Duration = Duration::from_hours(1);
/// After the server has started, callers come first.
const AT_FIRST: Duration = Duration::from_secs(20);
/// So many calls, messages and notes at once, and so long others have the database in between.
const STEP: u32 = 50;
const PAUSE: Duration = Duration::from_millis(50);
/// How many businesses are read at once.
const PAGE: u32 = 100;
/// As long as the API promises to repeat an answer.
const ANSWERS_KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Keeps to what owners have said about how long.
pub struct RetentionKeeper {
    store: Store,
    clock: Arc<dyn Clock>,
}

impl RetentionKeeper {
    pub fn new(store: Store, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// Works until `stop`; a step that is under way is finished or undone by the database.
    pub async fn run(self, stop: CancellationToken) {
        let mut pause = AT_FIRST;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(pause) => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                done = self.work_off() => if let Err(error) = done {
                    warn!(%error, "what was kept long enough could not be forgotten: {error}");
                }
            }
            pause = EVERY;
        }
    }

    /// Everything that is due now. How many calls, messages and notes were forgotten.
    ///
    /// # Errors
    /// When the ledger does not answer; what has been done by then stays done.
    pub async fn work_off(&self) -> Result<u64, StoreError> {
        for erasure in self.store.open_erasures().await? {
            self.store.finish_erasure(&erasure, self.clock.now()).await?;
            info!(erasure = %erasure.id, "an erasure that was begun before is finished");
        }
        let mut forgotten = 0;
        let mut after = None;
        loop {
            let page = self.store.businesses(after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.business.id);
            for found in page {
                forgotten += self.keep_to(&found).await?;
            }
        }
        self.store.forget_answers(self.clock.now() - ANSWERS_KEPT).await?;
        if forgotten > 0 {
            info!(forgotten, "{forgotten} calls and messages were kept long enough, and are forgotten");
            self.store.settle().await?;
        }
        Ok(forgotten)
    }

    async fn keep_to(&self, found: &Versioned) -> Result<u64, StoreError> {
        let Some(days) = found.business.retention.calls_days else { return Ok(0) };
        let now = self.clock.now();
        let before = now - SignedDuration::from_hours(24 * i64::from(days));
        let mut forgotten = 0;
        loop {
            match self.store.forget_before(found.business.id, before, now, STEP).await? {
                0 => return Ok(forgotten),
                some => forgotten += some,
            }
            sleep(PAUSE).await;
        }
    }
}
