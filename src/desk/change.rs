//! Cancelling, and messages for the business.

use tracing::info;
use unicode_segmentation::UnicodeSegmentation;

use super::{FrontDesk, texts::Template};
use crate::{
    domain::{
        booking::{Booking, BookingState, CustomerName},
        ids::MessageId,
    },
    ports::desk::{Actor, Cancel, DeskError, Note},
    store::{StoreError, bookings::Cancelled, notes::StoredNote},
};

/// How long a message for the business may be, in graphemes.
const NOTE_LENGTH: usize = 500;

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
        if let Some(link) = self.link(booking.id, cancel.language.as_deref()) {
            self.store.add_link(business.id, booking.id, &link).await?;
        }
        let letter = self.letter(business, &booking, Template::Cancelled, cancel.language.as_deref(), now);
        let outbox: Vec<_> = letter.into_iter().collect();
        match self.store.cancel(business.id, booking.id, &outbox, now).await {
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
        };
        self.store.add_note(&row).await?;
        Ok(id)
    }
}

/// Without what a page would not show, and not longer than a message is.
fn shown(text: &str) -> String {
    let visible: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    // A grapheme of 500 combining marks is one grapheme: keep a few marks of each.
    visible.trim().graphemes(true).take(NOTE_LENGTH).flat_map(|grapheme| grapheme.chars().take(8)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_cut_and_shows_what_it_is() {
        assert_eq!(shown("  Please\0 call\u{7} me\nback "), "Please call me\nback");
        assert_eq!(shown(&"é".repeat(2000)).chars().count(), 500);
    }
}
