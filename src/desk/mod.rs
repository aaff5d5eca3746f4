//! The use cases: find, hold, confirm, move, cancel. The only place that changes a booking, for the phone, the browser
//! and the API alike, so that the rules and the promises are the same for all.

mod block;
mod calendar;
mod change;
mod confirm;
mod find;
mod hold;
mod outgoing;
mod second_look;

use std::sync::Arc;

use async_trait::async_trait;
use unicode_segmentation::UnicodeSegmentation as _;

pub use crate::ports::{links::Links, nudge::Nudge, registry::Registry};
use crate::{
    domain::{
        block::Block,
        booking::{Booking, Customer, Slot},
        business::Business,
        ids::{BlockId, BookingId, MessageId},
        phone::PhoneNumber,
    },
    ports::{
        clock::Clock,
        desk::{Cancel, Confirm, Desk, DeskError, Find, Hold, KeepFree, News, Note},
    },
    store::{Store, StoreError},
};

/// The desk that everybody in this process goes to.
pub struct FrontDesk {
    store: Store,
    providers: Registry,
    clock: Arc<dyn Clock>,
    links: Links,
    nudge: Nudge,
}

impl FrontDesk {
    pub fn new(store: Store, providers: Registry, clock: Arc<dyn Clock>, links: Links) -> Self {
        Self { store, providers, clock, links, nudge: Nudge::default() }
    }

    /// Whether anything of a business can stand elsewhere.
    fn has_calendars(&self, business: &Business) -> bool {
        !self.providers.for_all(business).is_empty()
    }

    /// Wakes the outbox's worker whenever something was written for it.
    pub fn nudge(&self) -> Nudge {
        self.nudge.clone()
    }
}

#[async_trait]
impl Desk for FrontDesk {
    async fn find(&self, find: Find) -> Result<Vec<Slot>, DeskError> {
        self.find_free(&find).await
    }

    async fn hold(&self, hold: Hold) -> Result<Booking, DeskError> {
        self.hold_slot(&hold).await
    }

    async fn confirm(&self, confirm: Confirm) -> Result<Booking, DeskError> {
        self.confirm_hold(&confirm).await
    }

    async fn release(&self, business: &Business, hold: BookingId) -> Result<(), DeskError> {
        Ok(self.store.release(business.id, hold, self.clock.now()).await?)
    }

    async fn cancel(&self, cancel: Cancel) -> Result<Booking, DeskError> {
        self.cancel_booking(&cancel).await
    }

    async fn upcoming(&self, business: &Business, phone: &PhoneNumber) -> Result<Vec<Booking>, DeskError> {
        Ok(self.store.upcoming(business.id, phone, self.clock.now(), 5).await?)
    }

    fn letter_to(&self, business: &Business, slot: &Slot, customer: &Customer, news: News) -> Option<String> {
        self.letter_ahead(business, slot, customer, news)
    }

    async fn block(&self, keep: KeepFree) -> Result<Block, DeskError> {
        self.keep_free(&keep).await
    }

    async fn unblock(&self, business: &Business, block: BlockId) -> Result<Block, DeskError> {
        self.give_back(business.id, block).await
    }

    async fn block_again(&self, business: &Business, block: BlockId) -> Result<Block, DeskError> {
        self.keep_again(business.id, block).await
    }

    fn expect(&self, business: &Arc<Business>) {
        for provider in self.providers.for_all(business) {
            provider.expect(business);
        }
    }

    async fn look_again(&self, business: &Arc<Business>, booking: BookingId) -> Result<(), DeskError> {
        self.second_look(business, booking).await
    }

    async fn vouch(&self, business: &Arc<Business>, booking: BookingId) -> Result<bool, DeskError> {
        self.vouched(business, booking).await
    }

    async fn place_again(&self, business: &Business, booking: BookingId) -> Result<bool, DeskError> {
        self.event_again(business, booking).await
    }

    async fn take_note(&self, note: Note) -> Result<MessageId, DeskError> {
        self.write_note(&note).await
    }
}

/// Whatever is wrong with the store, the caller can only ask again.
impl From<StoreError> for DeskError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(error.into())
    }
}

/// How long a text for the business may be, in graphemes.
const NOTE_LENGTH: usize = 500;

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
