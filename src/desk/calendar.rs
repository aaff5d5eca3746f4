//! Asking the business's calendars, within a budget that a caller on the line can bear.

use std::{future::Future, sync::Arc, time::Duration};

use futures_util::future::join_all;
use tokio::time::Instant;
use tracing::warn;

use super::FrontDesk;
use crate::{
    domain::business::Business,
    ports::{
        booking::{Availability, BookingContext, BookingIntent, BookingProvider, ProviderError, RangeContext, Says},
        registry::settings_of,
    },
};

/// For a question to a provider; all of a chain are asked at once.
const BUDGET: Duration = Duration::from_millis(1500);
/// For taking the slot at all of a chain, one after the other. A vendor that keeps its own bookings takes two to four requests
/// for it, and whoever does not wait for its answer can only say that the booking is unverified. With the question before it
/// this is less than a call waits for a change.
const MAKING: Duration = Duration::from_secs(3);

/// What the calendars' answers come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Book it. `event`: somebody wants to be told afterwards.
    Clear {
        event: bool,
    },
    /// Not all could be asked; the owner's rule decides.
    Unverified {
        event: bool,
    },
    Taken,
    /// Not by us: the customer books on that page.
    ByPage {
        page: String,
    },
}

/// What one of them said about a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checked {
    Free,
    Taken,
    Unknown,
    /// As if it were not there.
    NotConnected,
}

impl FrontDesk {
    /// What the calendars say about a range. Nothing from one that cannot be read: what is offered then is checked again
    /// before it is confirmed.
    pub(super) async fn calendars_say(&self, range: &RangeContext) -> Says {
        let business = range.business.as_ref();
        let chain = self.providers.for_service(business, range.service);
        let asked = chain.iter().filter(|provider| checks(business, provider.as_ref()));
        let answers = join_all(asked.map(|provider| within_budget(provider.says(range)))).await;
        let mut says = Says::default();
        for answer in answers {
            match answer {
                Ok(answer) => says.and(answer),
                Err(ProviderError::Disconnected) => {}
                Err(_) => warn!(business.id = %business.id, "a calendar of business {} cannot be read", business.id),
            }
        }
        says
    }

    /// Whether rules other than the business's own may decide about a service.
    pub(super) fn others_decide(&self, range: &RangeContext) -> bool {
        let chain = self.providers.for_service(&range.business, range.service);
        chain.iter().any(|provider| provider.capabilities().owns_rules && checks(&range.business, provider.as_ref()))
    }

    /// Asks whether a held slot is free at all of them, and takes it there.
    pub(super) async fn ask_calendars(&self, context: &BookingContext) -> Verdict {
        let business = context.business.as_ref();
        let chain = self.providers.for_service(business, context.slot.service);
        let answers = self.check(context, &chain).await;
        if answers.contains(&Checked::Taken) {
            return Verdict::Taken;
        }
        let connected = chain.iter().zip(&answers).filter(|(_, answer)| **answer != Checked::NotConnected);
        let mut verdict = Verdict::Clear { event: false };
        let unknown = answers.contains(&Checked::Unknown);
        let by = Instant::now() + MAKING;
        for (provider, _) in connected {
            if !settings_of(business, provider.name()).is_none_or(|settings| settings.create_events) {
                continue;
            }
            // Not before all have said free: what was made would have to be undone.
            let made = if unknown { Verdict::Unverified { event: true } } else { created(provider, context, by).await };
            verdict = match (verdict, made) {
                (_, made @ (Verdict::Taken | Verdict::ByPage { .. })) => return made,
                (Verdict::Clear { event }, Verdict::Clear { event: made }) => Verdict::Clear { event: event || made },
                (_, Verdict::Unverified { event }) => Verdict::Unverified { event },
                (verdict, _) => verdict,
            };
        }
        match verdict {
            Verdict::Clear { event } if unknown => Verdict::Unverified { event },
            verdict => verdict,
        }
    }

    /// What each of a chain says about a slot, asked at once.
    pub(super) async fn check(&self, context: &BookingContext, chain: &[Arc<dyn BookingProvider>]) -> Vec<Checked> {
        let one = async |provider: &Arc<dyn BookingProvider>| {
            if checks(&context.business, provider.as_ref()) {
                checked(provider.as_ref(), context).await
            } else {
                Checked::Free
            }
        };
        join_all(chain.iter().map(one)).await
    }
}

fn checks(business: &Business, provider: &dyn BookingProvider) -> bool {
    settings_of(business, provider.name()).is_none_or(|settings| settings.check_availability)
}

async fn checked(provider: &dyn BookingProvider, context: &BookingContext) -> Checked {
    match within_budget(provider.check_availability(context)).await {
        Ok(Availability::Free) => Checked::Free,
        Ok(Availability::Taken) => Checked::Taken,
        Err(ProviderError::Disconnected) => Checked::NotConnected,
        Ok(Availability::Unknown) | Err(_) => {
            let (name, id) = (provider.name(), context.business.id);
            warn!(business.id = %id, provider = name, "{name} did not say whether a slot of business {id} is free");
            Checked::Unknown
        }
    }
}

/// When creating fails the booking stands, and the outbox goes on trying.
async fn created(provider: &Arc<dyn BookingProvider>, context: &BookingContext, by: Instant) -> Verdict {
    match answered_by(by, provider.create_booking(context)).await {
        Ok(BookingIntent::OnLedger | BookingIntent::Created { .. }) => Verdict::Clear { event: true },
        Ok(BookingIntent::Taken) => Verdict::Taken,
        Ok(BookingIntent::ByPage { page }) => Verdict::ByPage { page },
        Err(ProviderError::Disconnected) => Verdict::Clear { event: false },
        Err(ProviderError::Unavailable(_) | ProviderError::Unknown(_)) => {
            let (name, id) = (provider.name(), context.business.id);
            warn!(business.id = %id, provider = name, "{name} did not confirm a booking of business {id}; trying later");
            Verdict::Unverified { event: true }
        }
    }
}

async fn within_budget<T>(asked: impl Future<Output = Result<T, ProviderError>>) -> Result<T, ProviderError> {
    answered_by(Instant::now() + BUDGET, asked).await
}

async fn answered_by<T>(
    by: Instant,
    asked: impl Future<Output = Result<T, ProviderError>>,
) -> Result<T, ProviderError> {
    match tokio::time::timeout_at(by, asked).await {
        Ok(answer) => answer,
        Err(elapsed) => Err(ProviderError::Unknown(elapsed.into())),
    }
}
