//! Asking the business's calendar, within a budget that a caller on the line can bear.

use std::{future::Future, sync::Arc, time::Duration};

use jiff::Timestamp;
use tracing::warn;

use super::FrontDesk;
use crate::{
    domain::{booking::Booking, business::Business, slots::Busy},
    ports::{
        booking::{Availability, BookingContext, BookingIntent, BookingProvider, ProviderError},
        registry::{NATIVE, settings},
    },
};

/// For one question to a provider.
const BUDGET: Duration = Duration::from_millis(1500);

/// What the calendar's answers come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Book it. `event`: it wants to be told afterwards.
    Clear {
        event: bool,
    },
    /// It could not be asked; the owner's rule decides.
    Unverified {
        event: bool,
    },
    Taken,
}

impl FrontDesk {
    /// What keeps the staff busy besides our bookings. Nothing when the calendar cannot be read: what is offered then is
    /// checked again before it is confirmed.
    pub(super) async fn calendar_busy(&self, business: &Business, (from, to): (Timestamp, Timestamp)) -> Vec<Busy> {
        let provider = self.providers.for_business(business);
        if provider.name() == NATIVE || !settings(business).is_none_or(|settings| settings.check_availability) {
            return Vec::new();
        }
        match within_budget(provider.busy(business, from, to)).await {
            Ok(busy) => busy,
            Err(ProviderError::Disconnected) => Vec::new(),
            Err(_) => {
                warn!(business.id = %business.id, "the calendar of business {} cannot be read", business.id);
                Vec::new()
            }
        }
    }

    /// Asks whether a held slot is free there too, and takes it there.
    pub(super) async fn ask_calendar(&self, business: &Arc<Business>, hold: &Booking, now: Timestamp) -> Verdict {
        let provider = self.providers.for_business(business);
        if provider.name() == NATIVE {
            return Verdict::Clear { event: false };
        }
        let (check, event) =
            settings(business).map_or((true, true), |settings| (settings.check_availability, settings.create_events));
        let context =
            BookingContext { business: Arc::clone(business), slot: hold.slot, booking: Some(hold.clone()), now };
        let verdict = if check { checked(provider.as_ref(), &context, event).await } else { Verdict::Clear { event } };
        match verdict {
            Verdict::Clear { event: true } => created(provider.as_ref(), &context).await,
            verdict => verdict,
        }
    }
}

async fn checked(provider: &dyn BookingProvider, context: &BookingContext, event: bool) -> Verdict {
    match within_budget(provider.check_availability(context)).await {
        Ok(Availability::Free) => Verdict::Clear { event },
        Ok(Availability::Taken) => Verdict::Taken,
        Err(ProviderError::Disconnected) => Verdict::Clear { event: false },
        Ok(Availability::Unknown) | Err(_) => {
            let (name, id) = (provider.name(), context.business.id);
            warn!(business.id = %id, provider = name, "{name} did not say whether a slot of business {id} is free");
            Verdict::Unverified { event }
        }
    }
}

/// When creating fails the booking stands, and the outbox goes on trying.
async fn created(provider: &dyn BookingProvider, context: &BookingContext) -> Verdict {
    match within_budget(provider.create_booking(context)).await {
        Ok(BookingIntent::OnLedger | BookingIntent::Created { .. }) => Verdict::Clear { event: true },
        Ok(BookingIntent::Taken) => Verdict::Taken,
        Err(ProviderError::Disconnected) => Verdict::Clear { event: false },
        Err(ProviderError::Unavailable(_) | ProviderError::Unknown(_)) => {
            let (name, id) = (provider.name(), context.business.id);
            warn!(business.id = %id, provider = name, "{name} did not confirm a booking of business {id}; trying later");
            Verdict::Unverified { event: true }
        }
    }
}

async fn within_budget<T>(asked: impl Future<Output = Result<T, ProviderError>>) -> Result<T, ProviderError> {
    match tokio::time::timeout(BUDGET, asked).await {
        Ok(answer) => answer,
        Err(elapsed) => Err(ProviderError::Unknown(elapsed.into())),
    }
}
