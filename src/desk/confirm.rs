//! Turning a hold into a booking: the one answer that lets anybody say "you're booked".

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tracing::{error, info};

use super::{FrontDesk, calendar::Verdict};
use crate::{
    domain::{
        booking::{Booking, BookingState},
        business::WhenCalendarDown,
        ids::BookingId,
        letters::Template,
    },
    ports::{
        booking::BookingContext,
        desk::{Actor, Confirm, DeskError},
    },
    store::{
        StoreError,
        bookings::{Confirmed, NewConfirmation},
    },
};

impl FrontDesk {
    pub(super) async fn confirm_hold(&self, confirm: &Confirm) -> Result<Booking, DeskError> {
        let (business, now) = (&confirm.business, self.clock.now());
        let hold = self.store.booking(business.id, confirm.hold).await?.ok_or(DeskError::Gone)?;
        match hold.state {
            // The ledger still confirms one that ran out, if nobody gave it up or has taken the time since.
            BookingState::Held { .. } | BookingState::Expired => {}
            BookingState::Confirmed { .. } => return Ok(hold),
            BookingState::Cancelled { .. } | BookingState::Moved { .. } => return Err(DeskError::Gone),
        }
        let replacing = self.store.replaced_by(business.id, hold.id).await?;
        let moves = replacing.is_some();
        if !moves && confirm.by == Actor::Customer {
            self.within_limits(confirm, &hold, now).await?;
        }
        let booking = Booking { customer: confirm.customer.clone(), ..hold };
        let context = BookingContext {
            business: Arc::clone(business),
            slot: booking.slot,
            booking: Some(booking.clone()),
            replacing,
            now,
        };
        let (unverified, event) = match self.ask_calendars(&context).await {
            Verdict::Clear { event } => (false, event),
            Verdict::Unverified { event } => (true, event),
            Verdict::Taken => {
                self.release_quietly(&booking, now).await;
                return Err(DeskError::Taken);
            }
            Verdict::ByPage { page } => return Err(self.by_page(confirm, &booking, page, now).await),
        };
        // What stood for the booking that is moved has to go, wherever it is.
        let event = event || (moves && self.has_calendars(business));
        let template = match business.rules.when_calendar_down {
            WhenCalendarDown::ConfirmByText if unverified => Template::Requested,
            _ if moves => Template::Moved,
            _ => Template::Booked,
        };
        let letter = || self.letter(business, &booking, template, confirm.language.as_deref(), now);
        let mut outbox: Vec<_> = confirm.tell.then(letter).flatten().into_iter().collect();
        outbox.extend(event.then(|| self.event(&booking, now)));
        let confirmation = NewConfirmation {
            business: business.id,
            hold: booking.id,
            customer: confirm.customer.clone(),
            unverified,
            outbox,
            link: self.link(booking.id, confirm.language.as_deref()),
            now,
        };
        match self.store.confirm(&confirmation).await {
            Ok(Confirmed::Confirmed { booking, .. }) => {
                self.nudge.wake();
                info!(booking.id = %booking.id, business.id = %business.id, "booking {} confirmed", booking.id);
                Ok(booking)
            }
            Ok(Confirmed::Already(booking)) => Ok(booking),
            Ok(Confirmed::Taken) => {
                self.look_at(booking.id, now).await;
                Err(DeskError::Taken)
            }
            Ok(Confirmed::Gone) => {
                self.look_at(booking.id, now).await;
                Err(DeskError::Gone)
            }
            Err(error) => self.what_became_of(confirm, error).await,
        }
    }

    /// Holds customers to the business's limits; moving a booking is not making one. The business itself knows what it does.
    async fn within_limits(&self, confirm: &Confirm, hold: &Booking, now: Timestamp) -> Result<(), DeskError> {
        let limits = confirm.business.rules.limits;
        if let Some(call) = hold.call
            && self.store.confirmed_by_call(call).await? >= u32::from(limits.per_call)
        {
            return Err(DeskError::TooMany);
        }
        if let Some(phone) = &confirm.customer.phone {
            let since = now - SignedDuration::from_hours(24);
            if self.store.confirmed_by_phone(confirm.business.id, phone, since).await?
                >= u32::from(limits.per_number_a_day)
            {
                return Err(DeskError::TooMany);
            }
        }
        Ok(())
    }

    /// The answer to a commit was lost: looks once, on another connection, before anything is said.
    async fn what_became_of(&self, confirm: &Confirm, error: StoreError) -> Result<Booking, DeskError> {
        let found = self.store.booking(confirm.business.id, confirm.hold).await;
        match found {
            Ok(Some(booking)) if matches!(booking.state, BookingState::Confirmed { .. }) => {
                self.nudge.wake();
                Ok(booking)
            }
            _ => {
                error!(booking.id = %confirm.hold, error = %error, "hold {} could not be confirmed", confirm.hold);
                Err(error.into())
            }
        }
    }

    /// The caller hears that the time is taken either way; a hold that stays runs out by itself.
    async fn release_quietly(&self, hold: &Booking, now: Timestamp) {
        if let Err(error) = self.store.release(hold.business, hold.id, now).await {
            error!(booking.id = %hold.id, error = %error, "hold {} could not be released", hold.id);
        }
        self.look_at(hold.id, now).await;
    }

    /// What may have been made elsewhere for a booking that did not come about is taken away soon; without this, a little
    /// later.
    async fn look_at(&self, booking: BookingId, now: Timestamp) {
        if let Err(error) = self.store.look_at_placements(booking, now).await {
            error!(booking.id = %booking, error = %error, "what stands elsewhere for booking {booking} is looked at later");
        }
    }
}
