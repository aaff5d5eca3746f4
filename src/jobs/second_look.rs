//! Has the calendars asked again about bookings that were made while they did not answer.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use jiff::SignedDuration;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::{
    domain::ids::{BookingId, BusinessId},
    ports::{
        clock::Clock,
        desk::{Desk, DeskError},
    },
    store::Store,
};

const EVERY: Duration = Duration::from_secs(30);
/// Bookings at a time.
const AT_ONCE: u32 = 10;
/// A calendar that was away a minute ago may be back.
const AGAIN: SignedDuration = SignedDuration::from_secs(60);

pub struct SecondLook {
    store: Store,
    desk: Arc<dyn Desk>,
    clock: Arc<dyn Clock>,
}

impl SecondLook {
    pub fn new(store: Store, desk: Arc<dyn Desk>, clock: Arc<dyn Clock>) -> Self {
        Self { store, desk, clock }
    }

    /// Works until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            self.look().await;
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(EVERY) => {}
            }
        }
    }

    /// Looks at the soonest of them. How many that were.
    pub async fn look(&self) -> usize {
        let now = self.clock.now();
        let claimed = self.store.claim_unverified(now, now - AGAIN, AT_ONCE).await;
        let claimed = claimed.unwrap_or_else(|error| {
            warn!(%error, "unverified bookings cannot be looked at: {error}");
            Vec::new()
        });
        join_all(claimed.iter().map(|(business, booking)| self.look_at(*business, *booking))).await;
        claimed.len()
    }

    async fn look_at(&self, business: BusinessId, booking: BookingId) {
        let looked = async {
            let Some(found) = self.store.business(business).await? else { return Ok(()) };
            self.desk.look_again(&Arc::new(found.business), booking).await
        };
        let looked: Result<(), DeskError> = looked.await;
        if let Err(error) = looked {
            warn!(booking.id = %booking, %error, "booking {booking} is looked at later: {error}");
        }
    }
}
