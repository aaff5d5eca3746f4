//! Bookings that were made while a calendar did not answer: it is asked again until it does, and then the booking is
//! verified, or the owner is told that it collides.

use std::sync::Arc;

use jiff::Timestamp;
use tracing::{info, warn};

use super::{FrontDesk, calendar::Checked};
use crate::{
    domain::{
        booking::{Booking, BookingState},
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
        if !is_doubtful(&booking, now) {
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
        self.fits(business, &booking, now).await.map(drop)
    }

    /// The owner has looked, and says that it fits.
    pub(super) async fn vouched(&self, business: &Arc<Business>, id: BookingId) -> Result<bool, DeskError> {
        let now = self.clock.now();
        let booking = self.store.booking(business.id, id).await?.ok_or(DeskError::Gone)?;
        if is_doubtful(&booking, now) { self.fits(business, &booking, now).await } else { Ok(false) }
    }

    /// From now on it is a booking like any other. False: it was before.
    async fn fits(&self, business: &Business, booking: &Booking, now: Timestamp) -> Result<bool, DeskError> {
        let id = booking.id;
        // The customer was promised a text message.
        let promised = business.rules.when_calendar_down == WhenCalendarDown::ConfirmByText;
        let language = self.store.language_of(id).await?;
        let letter = || self.letter(business, booking, Template::Booked, language.as_deref(), now);
        let mut outbox: Vec<_> = promised.then(letter).flatten().into_iter().collect();
        outbox.push(self.event(booking, now));
        let verified = self.store.verify(business.id, id, &outbox).await?;
        if verified {
            self.nudge.wake();
            info!(booking.id = %id, business.id = %business.id, "booking {id} is verified");
        }
        Ok(verified)
    }
}

/// To come, and nobody knows yet whether it fits.
fn is_doubtful(booking: &Booking, now: Timestamp) -> bool {
    matches!(booking.state, BookingState::Confirmed { .. }) && booking.unverified && booking.slot.starts > now
}
