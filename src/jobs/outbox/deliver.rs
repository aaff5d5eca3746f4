//! One attempt at one row.

use tracing::warn;

use super::{
    super::follow_up::{Followed, Following},
    ATTEMPTS, OutboxWorker, Outcome,
};
use crate::{
    domain::{
        booking::{Booking, BookingState},
        phone::PhoneNumber,
    },
    ports::{
        booking::ProviderError,
        registry::NATIVE,
        sms::{SentId, SmsError},
    },
    store::{
        StoreError,
        outbox::{BY_HAND, CATCH_UP, Kind, Outbox, OutboxState},
    },
};

impl OutboxWorker {
    pub(super) async fn deliver(&self, row: &Outbox) -> Outcome {
        let outcome = match row.kind {
            Kind::Sms => self.text(row).await,
            Kind::Calendar => self.event(row).await,
        };
        outcome.unwrap_or_else(|error| {
            warn!(outbox.id = %row.id, error = %error, "outbox row {} waits for the store", row.id);
            Outcome::Left
        })
    }

    async fn text(&self, row: &Outbox) -> Result<Outcome, StoreError> {
        let Ok(to) = row.recipient.parse::<PhoneNumber>() else {
            return Ok(Outcome::Failed { problem: "the number is not a telephone number" });
        };
        if row.state == OutboxState::Sending
            && let Some(known) = self.reconciled(row, &to).await
        {
            return Ok(known);
        }
        if let Some(problem) = self.no_longer_worth_sending(row).await? {
            return Ok(Outcome::Failed { problem });
        }
        if row.attempts >= ATTEMPTS {
            return Ok(Outcome::Failed { problem: "it was tried too often" });
        }
        if !self.store.outbox_sending(row.id, row.fence, self.clock.now()).await? {
            return Ok(Outcome::Left);
        }
        Ok(match self.sms.send(&to, &row.body, &row.dedupe_key).await {
            Ok(SentId(vendor_id)) => Outcome::Sent { vendor_id },
            Err(SmsError::Refused(problem)) => Outcome::Failed { problem },
            Err(SmsError::NotTaken(_)) => {
                Outcome::Later { problem: "the provider does not take messages", unknown: false }
            }
            Err(SmsError::Unknown(_)) => Outcome::Later { problem: "the provider's answer was lost", unknown: true },
        })
    }

    /// What became of a message that was handed over before. Nothing: the vendor does not have it.
    async fn reconciled(&self, row: &Outbox, to: &PhoneNumber) -> Option<Outcome> {
        let since = row.first_sent.unwrap_or(row.created);
        match self.sms.find(to, &row.body, since).await {
            Ok(Some(SentId(vendor_id))) => Some(Outcome::Sent { vendor_id }),
            Ok(None) => None,
            Err(_) if self.clock.now() >= row.expires => {
                Some(Outcome::Failed { problem: "it is not known whether it was sent" })
            }
            Err(_) => Some(Outcome::Later { problem: "the provider cannot be asked", unknown: true }),
        }
    }

    async fn no_longer_worth_sending(&self, row: &Outbox) -> Result<Option<&'static str>, StoreError> {
        if self.clock.now() >= row.expires {
            return Ok(Some("it could not be sent in time"));
        }
        let Some(id) = row.booking else { return Ok(None) };
        let booking = self.store.booking(row.business, id).await?;
        let still_so = booking.is_some_and(|booking| tells_the_truth(row, &booking));
        Ok((!still_so).then_some("the booking has changed since"))
    }

    /// What stands in calendars for a booking, whatever has become of it since the row was written. Providers make it safe
    /// to repeat, so nothing is reconciled here.
    async fn event(&self, row: &Outbox) -> Result<Outcome, StoreError> {
        let now = self.clock.now();
        if now >= row.expires {
            return Ok(Outcome::Failed { problem: "it could not be sent in time" });
        }
        let Some(booking) = row.booking else { return Ok(Outcome::Failed { problem: "it is about no booking" }) };
        let Some(following) = Following::of(&self.store, &self.registry, (row.business, booking), now).await? else {
            return Ok(Outcome::Failed { problem: "the booking has changed since" });
        };
        let following = match row.template.as_str() {
            CATCH_UP => following.unasked(false),
            // Its owner has asked for it.
            BY_HAND => following.unasked(true),
            _ => following,
        };
        if following.is_native() {
            // The owner has switched the calendar off since.
            return Ok(Outcome::Sent { vendor_id: NATIVE.to_owned() });
        }
        if !self.store.outbox_sending(row.id, row.fence, now).await? {
            return Ok(Outcome::Left);
        }
        Ok(match following.follow().await {
            Followed::Done(vendor_id) => Outcome::Sent { vendor_id },
            Followed::Native => Outcome::Sent { vendor_id: NATIVE.to_owned() },
            Followed::Failed(ProviderError::Disconnected) => {
                Outcome::Failed { problem: "the calendar is not connected" }
            }
            Followed::Failed(ProviderError::Unavailable(_)) => {
                Outcome::Later { problem: "the calendar cannot be reached", unknown: false }
            }
            Followed::Failed(ProviderError::Unknown(_)) => {
                Outcome::Later { problem: "the calendar's answer was lost", unknown: true }
            }
        })
    }
}

/// Whether what a row says is still so. The state tells: a booking is confirmed once and cancelled once, and one that is
/// moved goes on under another id.
fn tells_the_truth(row: &Outbox, booking: &Booking) -> bool {
    match row.template.as_str() {
        "cancelled" => matches!(booking.state, BookingState::Cancelled { .. }),
        // The address of a page, for a booking that did not come about.
        "page" => !matches!(booking.state, BookingState::Confirmed { .. }),
        _ => matches!(booking.state, BookingState::Confirmed { .. }),
    }
}
