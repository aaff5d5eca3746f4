//! Looks at what stands elsewhere for bookings and may not be as it should: after a crash in the middle, a booking that
//! never came about, a change while the calendar was switched off. The outbox comes first; this is what cannot be lost.

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt as _, stream};
use jiff::SignedDuration;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::follow_up::{Followed, Following};
use crate::{
    domain::ids::{BookingId, BusinessId},
    ports::{clock::Clock, registry::Registry},
    store::{Store, StoreError},
};

const EVERY: Duration = Duration::from_secs(20);
/// Bookings at a time.
const AT_ONCE: u32 = 20;
/// Of those, so many in parallel: a vendor that hangs keeps the others' waiting no longer than it must.
const PARALLEL: usize = 8;
/// How long one may take.
const PATIENCE: Duration = Duration::from_secs(25);
/// When one that was looked at is looked at again, unless it says otherwise.
const AGAIN: SignedDuration = SignedDuration::from_mins(5);
/// The same while the business's calendars are switched off.
const SWITCHED_OFF: SignedDuration = SignedDuration::from_hours(1);

pub struct PlacementKeeper {
    store: Store,
    registry: Registry,
    clock: Arc<dyn Clock>,
}

impl PlacementKeeper {
    pub fn new(store: Store, registry: Registry, clock: Arc<dyn Clock>) -> Self {
        Self { store, registry, clock }
    }

    /// Works until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        loop {
            let looked_at = self.look().await;
            if looked_at > 0 {
                debug!("{looked_at} bookings were looked at for what stands elsewhere");
            }
            let more = u32::try_from(looked_at).is_ok_and(|looked_at| looked_at >= AT_ONCE);
            if more && !stop.is_cancelled() {
                continue;
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = sleep(EVERY) => {}
            }
        }
    }

    /// Looks at all that is due now, in one go of at most 20. How many bookings that were.
    pub async fn look(&self) -> usize {
        let now = self.clock.now();
        let due = self.store.due_placements(now, now + AGAIN, AT_ONCE).await.unwrap_or_else(|error| {
            warn!(%error, "what stands elsewhere cannot be looked at: {error}");
            Vec::new()
        });
        let one = async |(business, booking): (BusinessId, BookingId)| match timeout(
            PATIENCE,
            self.look_at(business, booking),
        )
        .await
        {
            Ok(Ok(())) => {}
            Ok(Err(error)) => warn!(booking.id = %booking, %error, "booking {booking} is looked at later: {error}"),
            Err(_) => warn!(booking.id = %booking, "booking {booking} is looked at later: it took too long"),
        };
        let found = due.len();
        stream::iter(due).for_each_concurrent(PARALLEL, one).await;
        found
    }

    async fn look_at(&self, business: BusinessId, booking: BookingId) -> Result<(), StoreError> {
        let now = self.clock.now();
        let Some(following) = Following::of(&self.store, &self.registry, (business, booking), now).await? else {
            return Ok(());
        };
        match following.follow().await {
            Followed::Done(_) | Followed::Failed(_) => Ok(()),
            Followed::Native => self.store.look_at_placements(booking, now + SWITCHED_OFF).await,
        }
    }
}
