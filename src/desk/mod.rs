//! The use cases: find, hold, confirm, move, cancel. The only place that changes a booking, for the phone, the browser
//! and the API alike, so that the rules and the promises are the same for all.

pub mod segments;
pub mod texts;

mod calendar;
mod change;
mod confirm;
mod find;
mod hold;
mod outgoing;

use std::sync::Arc;

use async_trait::async_trait;

pub use crate::ports::{links::Links, nudge::Nudge, registry::Registry};
use crate::{
    domain::{
        booking::{Booking, Slot},
        business::Business,
        ids::{BookingId, MessageId},
        phone::PhoneNumber,
    },
    ports::{
        clock::Clock,
        desk::{Cancel, Confirm, Desk, DeskError, Find, Hold, Note},
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
