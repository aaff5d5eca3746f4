//! Cancelling, and messages for the business.

use tracing::info;
use unicode_segmentation::UnicodeSegmentation;

use super::{FrontDesk, shown};
use crate::{
    domain::{
        booking::{Booking, BookingState, CustomerName},
        ids::MessageId,
        letters::Template,
    },
    ports::desk::{Actor, Cancel, DeskError, Note},
    store::{
        StoreError,
        bookings::{Cancelled, Ending},
        notes::StoredNote,
    },
};

/// Graphemes.
const REASON_LENGTH: usize = 200;

impl FrontDesk {
    pub(super) async fn cancel_booking(&self, cancel: &Cancel) -> Result<Booking, DeskError> {
        let (business, now) = (&cancel.business, self.clock.now());
        let booking = self.store.booking(business.id, cancel.booking).await?.ok_or(DeskError::Gone)?;
        match booking.state {
            BookingState::Confirmed { .. } if cancel.by == Actor::Business || booking.changeable(business, now) => {}
            BookingState::Confirmed { .. } => return Err(DeskError::TooLate),
            BookingState::Cancelled { .. } => return Ok(booking),
            _ => return Err(DeskError::Gone),
        }
        // One that was made before there were addresses gets its own now, for the letter that says it is cancelled.
        if cancel.tell
            && let Some(link) = self.link(booking.id, cancel.language.as_deref())
        {
            self.store.add_link(business.id, booking.id, &link).await?;
        }
        let letter = || self.letter(business, &booking, Template::Cancelled, cancel.language.as_deref(), now);
        let mut outbox: Vec<_> = cancel.tell.then(letter).flatten().into_iter().collect();
        outbox.extend(self.has_calendars(business).then(|| self.event(&booking, now)));
        match self.store.cancel(business.id, booking.id, &ending(cancel), &outbox, now).await {
            Ok(Cancelled::Cancelled(booking)) => {
                self.nudge.wake();
                info!(booking.id = %booking.id, business.id = %business.id, "booking {} cancelled", booking.id);
                Ok(booking)
            }
            Ok(Cancelled::Already(booking)) => Ok(booking),
            Ok(Cancelled::Gone) => Err(DeskError::Gone),
            Err(error) => self.cancelled_after_all(cancel, error).await,
        }
    }

    /// The answer to a commit was lost: looks once, on another connection, before anything is said.
    async fn cancelled_after_all(&self, cancel: &Cancel, error: StoreError) -> Result<Booking, DeskError> {
        match self.store.booking(cancel.business.id, cancel.booking).await {
            Ok(Some(booking)) if matches!(booking.state, BookingState::Cancelled { .. }) => {
                self.nudge.wake();
                Ok(booking)
            }
            _ => Err(error.into()),
        }
    }

    pub(super) async fn write_note(&self, note: &Note) -> Result<MessageId, DeskError> {
        let id = MessageId(self.clock.new_id());
        let row = StoredNote {
            id,
            business: note.business.id,
            call: note.call,
            from: note.from.clone(),
            name: note.name.as_deref().map(|name| CustomerName::new(name).as_str().to_owned()),
            text: shown(&note.text),
            created: self.clock.now(),
            done: None,
        };
        self.store.add_note(&row).await?;
        Ok(id)
    }
}

/// What is kept about who gave it up, and why.
fn ending(cancel: &Cancel) -> Ending {
    let by = match cancel.by {
        Actor::Customer => "customer",
        Actor::Business => "business",
    };
    let reason = cancel.reason.as_deref().map(shown).filter(|reason| !reason.is_empty());
    Ending { by: Some(by.to_owned()), reason: reason.map(|text| text.graphemes(true).take(REASON_LENGTH).collect()) }
}
