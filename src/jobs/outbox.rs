//! Sends what bookings have left in the outbox: each text message once, each calendar event until it stands.
//!
//! A row is leased, marked as being sent, and only then handed to the vendor. Whoever finds a row so marked asks the
//! vendor for it first, since nobody knows how far the one before came.

mod deliver;

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt;
use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

use crate::{
    ports::{clock::Clock, nudge::Nudge, registry::Registry, sms::Sms},
    store::{
        Store, StoreError,
        outbox::{Kind, Outbox},
    },
};

/// How many rows are worked on at once.
const PARALLEL: usize = 8;

/// How long a row is ours. Longer than [`PATIENCE`], so that nobody else takes a row that is still being sent.
const LEASE: SignedDuration = SignedDuration::from_secs(30);

/// How long one attempt may take.
const PATIENCE: Duration = Duration::from_secs(25);

/// A store that is busy for a moment should not cost a row its lease's rest: how long to wait after each failure to
/// store what came of it.
const STORE_AGAIN: [Duration; 3] = [Duration::from_millis(200), Duration::from_secs(1), Duration::from_secs(2)];

/// Without a nudge the worker looks this often: another node may have written a row and died.
const LOOK_AGAIN: Duration = Duration::from_secs(15);

/// How long after the nth attempt the next one is made; from the last on always that long.
const BACK_OFF: [i64; 5] = [5, 30, 2 * 60, 10 * 60, 30 * 60];

/// A vendor's list shows a message a little later than it took it, so an unknown one is not looked for at once.
const LISTED_BY_THEN: i64 = 30;

/// How often a text message is handed to the vendor, all told.
const ATTEMPTS: i32 = 8;

/// A row whose lease ends in a panic this often is poison.
const CRASHES: i32 = 5;

/// What came of one attempt. `problem` is a fixed phrase for the owner, never a vendor's words.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Sent {
        vendor_id: String,
    },
    Failed {
        problem: &'static str,
    },
    Later {
        problem: &'static str,
        unknown: bool,
    },
    /// Somebody else has the lease, or the store does not answer: the row is picked up again when the lease runs out.
    Left,
}

pub struct OutboxWorker {
    store: Store,
    sms: Arc<dyn Sms>,
    registry: Registry,
    clock: Arc<dyn Clock>,
    nudge: Nudge,
}

impl OutboxWorker {
    /// `nudge` is the desk's: it is woken after each commit that wrote a row.
    pub fn new(store: Store, sms: Arc<dyn Sms>, registry: Registry, clock: Arc<dyn Clock>, nudge: Nudge) -> Self {
        Self { store, sms, registry, clock, nudge }
    }

    /// Works until `stop`, then finishes what is in flight, which takes at most 25 s.
    pub async fn run(self, stop: CancellationToken) {
        let worker = Arc::new(self);
        let mut working = JoinSet::new();
        while !stop.is_cancelled() {
            for row in worker.lease(PARALLEL - working.len()).await {
                let worker = Arc::clone(&worker);
                working.spawn(async move { worker.work(&row).await });
            }
            tokio::select! {
                () = stop.cancelled() => break,
                Some(_) = working.join_next() => {}
                () = worker.more_to_do(), if working.len() < PARALLEL => {}
            }
        }
        while working.join_next().await.is_some() {}
    }

    /// Does everything that is due now, one after the other. How many rows that were.
    pub async fn work_off(&self) -> usize {
        let mut done = 0;
        loop {
            let rows = self.lease(PARALLEL).await;
            if rows.is_empty() {
                return done;
            }
            for row in rows {
                self.work(&row).await;
                done += 1;
            }
        }
    }

    async fn lease(&self, room: usize) -> Vec<Outbox> {
        let limit = u32::try_from(room).unwrap_or_default();
        if limit == 0 {
            return Vec::new();
        }
        let now = self.clock.now();
        self.store.lease_outbox(now, now + LEASE, limit).await.unwrap_or_else(|error| {
            warn!(error = %error, "the outbox cannot be read");
            Vec::new()
        })
    }

    /// Returns when there may be something to do.
    async fn more_to_do(&self) {
        let pause = match self.store.outbox_next_due().await {
            Ok(due) => self.pause(due),
            Err(_) => Duration::from_secs(1),
        };
        tokio::select! {
            () = self.nudge.woken() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }

    fn pause(&self, due: Option<Timestamp>) -> Duration {
        let left = due.map(|due| due.duration_since(self.clock.now()));
        let left = left.map_or(LOOK_AGAIN, |left| Duration::try_from(left).unwrap_or_default());
        // Never at once: a row that is due and cannot be leased must not keep us spinning.
        left.clamp(Duration::from_millis(200), LOOK_AGAIN)
    }

    /// One row, whatever happens: a row that makes the worker panic harms only itself.
    async fn work(&self, row: &Outbox) {
        let attempt = tokio::time::timeout(PATIENCE, self.deliver(row));
        let outcome = match AssertUnwindSafe(attempt).catch_unwind().await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_)) => Outcome::Later { problem: "the provider did not answer in time", unknown: true },
            Err(_) if row.fence >= CRASHES => Outcome::Failed { problem: "it cannot be processed" },
            Err(_) => Outcome::Later { problem: "it could not be processed", unknown: true },
        };
        for pause in STORE_AGAIN {
            let Err(error) = self.mark(row, &outcome).await else { return };
            warn!(outbox.id = %row.id, error = %error, "what came of outbox row {} could not be stored", row.id);
            tokio::time::sleep(pause).await;
        }
        // The lease runs out, and whoever takes the row then asks the vendor for it.
    }

    async fn mark(&self, row: &Outbox, outcome: &Outcome) -> Result<(), StoreError> {
        let now = self.clock.now();
        let ours = match outcome {
            Outcome::Left => return Ok(()),
            Outcome::Sent { vendor_id } => self.store.outbox_sent(row.id, row.fence, vendor_id, now).await?,
            Outcome::Failed { problem } => self.store.outbox_failed(row.id, row.fence, problem).await?,
            Outcome::Later { problem, unknown } => {
                let next = now + pause_after(row, *unknown);
                self.store.outbox_retry(row.id, row.fence, next, problem, *unknown).await?
            }
        };
        let (id, template) = (row.id, row.template.as_str());
        match outcome {
            _ if !ours => warn!(outbox.id = %id, "the lease of outbox row {id} was lost; another worker has it"),
            Outcome::Sent { .. } => info!(outbox.id = %id, template, "outbox row {id} sent"),
            Outcome::Failed { problem } => {
                error!(outbox.id = %id, business.id = %row.business, template, problem, "outbox row {id} given up");
            }
            Outcome::Later { problem, .. } => info!(outbox.id = %id, template, problem, "outbox row {id} put off"),
            Outcome::Left => {}
        }
        Ok(())
    }
}

/// Grows with the attempts, and differs from row to row by up to a fifth, so that a vendor that comes back is not met by
/// all of them at once.
fn pause_after(row: &Outbox, unknown: bool) -> SignedDuration {
    let tried = match row.kind {
        Kind::Sms => row.attempts,
        // Not every attempt at a calendar gets as far as the vendor.
        Kind::Calendar => row.fence.saturating_sub(1),
    };
    let step = usize::try_from(tried).unwrap_or_default().min(BACK_OFF.len() - 1);
    let seconds = if unknown { BACK_OFF[step].max(LISTED_BY_THEN) } else { BACK_OFF[step] };
    // The end of a UUIDv7 is random (RFC 9562, 5.7).
    let random = i64::from(row.id.0.as_bytes()[15]);
    SignedDuration::from_secs(seconds) + SignedDuration::from_millis(seconds * 1000 * random / (255 * 5))
}
