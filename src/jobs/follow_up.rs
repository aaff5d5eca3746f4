//! Bringing what stands elsewhere for a booking in order, at every provider that may have to do with it.

use std::sync::Arc;

use futures_util::future::join_all;
use jiff::Timestamp;

use crate::{
    domain::ids::{BookingId, BusinessId},
    ports::{
        booking::{BookingContext, BookingProvider, ProviderError},
        registry::Registry,
    },
    store::{Store, StoreError},
};

/// What came of it.
#[derive(Debug)]
pub(super) enum Followed {
    /// All is as it should be, by these providers (their names, with commas).
    Done(String),
    /// The business's calendars are switched off.
    Native,
    Failed(ProviderError),
}

/// What the providers are asked about, and whom to ask.
pub(super) struct Following {
    context: BookingContext,
    booking: BookingId,
    registry: Registry,
    unasked: Option<bool>,
}

impl Following {
    /// Nothing: there is no such booking, or no such business, any more.
    pub(super) async fn of(
        store: &Store,
        registry: &Registry,
        (business, booking): (BusinessId, BookingId),
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        let Some(found) = store.booking(business, booking).await? else { return Ok(None) };
        let Some(business) = store.business(business).await? else { return Ok(None) };
        let business = Arc::new(business.business);
        let context = BookingContext { business, slot: found.slot, booking: Some(found), replacing: None, now };
        Ok(Some(Self { context, booking, registry: registry.clone(), unasked: None }))
    }

    /// Some were not asked when it was confirmed: those with rules of their own, or the others.
    pub(super) fn unasked(mut self, owns_rules: bool) -> Self {
        self.unasked = Some(owns_rules);
        self
    }

    /// Whether there is anybody to ask.
    pub(super) fn is_native(&self) -> bool {
        self.registry.for_all(&self.context.business).is_empty()
    }

    /// Asks all of them. When some fail, the failure that says least about what was done is the answer.
    pub(super) async fn follow(&self) -> Followed {
        let providers = self.registry.for_all(&self.context.business);
        if providers.is_empty() {
            return Followed::Native;
        }
        let unasked = |provider: &&Arc<dyn BookingProvider>| self.unasked == Some(provider.capabilities().owns_rules);
        let mut doubtful = self.context.clone();
        doubtful.booking.iter_mut().for_each(|booking| booking.unverified = true);
        let asked = providers.iter().map(|provider| {
            let context = if unasked(&provider) { &doubtful } else { &self.context };
            provider.after_booking(context, self.booking)
        });
        let mut failed: Option<ProviderError> = None;
        let mut done = Vec::new();
        for (provider, answer) in providers.iter().zip(join_all(asked).await) {
            match answer {
                Ok(()) => done.push(provider.name()),
                Err(error) if failed.as_ref().is_none_or(|worst| severity(&error) > severity(worst)) => {
                    failed = Some(error);
                }
                Err(_) => {}
            }
        }
        match failed {
            Some(error) => Followed::Failed(error),
            None => Followed::Done(done.join(",")),
        }
    }
}

fn severity(error: &ProviderError) -> u8 {
    match error {
        ProviderError::Disconnected => 0,
        ProviderError::Unavailable(_) => 1,
        ProviderError::Unknown(_) => 2,
    }
}
