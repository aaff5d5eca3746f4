//! Bookings that were made while a calendar did not answer: it is asked again until it does, and then the booking is
//! verified, or the owner is told that it collides.

use std::sync::Arc;

use tracing::{info, warn};

use super::{FrontDesk, calendar::Checked};
use crate::{
    domain::{
        booking::BookingState,
        business::{Business, WhenCalendarDown},
        ids::BookingId,
        letters::Template,
    },
    ports::{booking::BookingContext, desk::DeskError},
};

impl FrontDesk {
    pub(super) async fn second_look(&self, business: &Arc<Business>, id: BookingId) -> Result<(), DeskError> {
        let now = self.clock.now();
        let booking = self.store.booking(business.id, id).await?.ok_or(DeskError::Gone)?;
        let confirmed = matches!(booking.state, BookingState::Confirmed { .. });
        if !confirmed || !booking.unverified || booking.slot.starts <= now {
            return Ok(());
        }
        let chain = self.providers.for_service(business, booking.slot.service);
        let context = BookingContext {
            business: Arc::clone(business),
            slot: booking.slot,
            booking: Some(booking.clone()),
            replacing: None,
            now,
        };
        let answers = self.check(&context, &chain).await;
        if answers.contains(&Checked::Taken) {
            if self.store.collides(business.id, id, now).await? {
                warn!(booking.id = %id, business.id = %business.id, "booking {id} collides with the business's calendar");
            }
            return Ok(());
        }
        // Without a calendar there is nobody to say so, and the owner goes on seeing it.
        if answers.contains(&Checked::Unknown) || !answers.contains(&Checked::Free) {
            return Ok(());
        }
        // The customer was promised a text message.
        let promised = business.rules.when_calendar_down == WhenCalendarDown::ConfirmByText;
        let language = self.store.language_of(id).await?;
        let letter = || self.letter(business, &booking, Template::Booked, language.as_deref(), now);
        let mut outbox: Vec<_> = promised.then(letter).flatten().into_iter().collect();
        outbox.push(self.event(&booking, now));
        if self.store.verify(business.id, id, &outbox).await? {
            self.nudge.wake();
            info!(booking.id = %id, business.id = %business.id, "booking {id} is verified");
        }
        Ok(())
    }
}
