//! Goes on, page by page, with what calendars missed while they could not be written to (`store/placements/catch_up.rs`).

use std::{sync::Arc, time::Duration};

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::{
    ports::{clock::Clock, nudge::Nudge},
    store::Store,
};

/// How often it is looked for what there is to catch up with: an owner has just connected a calendar, and looks at it.
const EVERY: Duration = Duration::from_secs(2);

pub struct CatchingUp {
    store: Store,
    clock: Arc<dyn Clock>,
    nudge: Nudge,
}

impl CatchingUp {
    /// `nudge` is the outbox's: it is woken after each page.
    pub fn new(store: Store, clock: Arc<dyn Clock>, nudge: Nudge) -> Self {
        Self { store, clock, nudge }
    }

    /// Works until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.work_off() => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(EVERY) => {}
            }
        }
    }

    /// All pages that are due now. One that cannot be written is due again after a while, and keeps no other waiting.
    pub async fn work_off(&self) {
        loop {
            match self.store.catch_up_more(self.clock.now()).await {
                Ok(true) => self.nudge.wake(),
                Ok(false) => return,
                Err(error) => {
                    warn!(%error, "what a calendar missed comes to it later: {error}");
                    return;
                }
            }
        }
    }
}
