//! Hands what the business wants done with live calls to their sessions: at once when its page is on this node, within a
//! second when it is on another.

use std::{sync::Arc, time::Duration};

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::{
    ports::{clock::Clock, live::LiveCalls},
    store::Store,
};

/// Without a nudge this often; only while calls are live here.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

pub struct OrderCarrier {
    store: Store,
    live: LiveCalls,
    clock: Arc<dyn Clock>,
}

impl OrderCarrier {
    pub fn new(store: Store, live: LiveCalls, clock: Arc<dyn Clock>) -> Self {
        Self { store, live, clock }
    }

    /// Works until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.live.waiting().woken() => {}
                () = sleep(LOOK_AGAIN) => {}
            }
            if self.live.any() {
                self.carry().await;
            }
        }
    }

    /// Hands on what waits for calls that are here.
    async fn carry(&self) {
        let now = self.clock.now();
        let waiting = match self.store.waiting_commands(now).await {
            Ok(waiting) => waiting,
            Err(error) => return warn!(%error, "orders for live calls cannot be read"),
        };
        for command in waiting {
            if !self.live.is_here(command.call) {
                continue;
            }
            match self.store.take_command(command.id, now).await {
                Ok(true) if self.live.order(command.call, command.ordered) => {}
                Ok(true) => warn!(call.id = %command.call, "call {} was over before its order came", command.call),
                Ok(false) => {}
                Err(error) => {
                    warn!(%error, call.id = %command.call, "an order for call {} was not taken", command.call);
                }
            }
        }
    }
}
