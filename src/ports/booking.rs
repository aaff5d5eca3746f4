//! A calendar or booking system that a business uses beside our own ledger, or the ledger alone (`native`).

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use thiserror::Error;

use crate::domain::{
    booking::{Booking, Slot},
    business::Business,
    ids::BookingId,
    slots::Busy,
};

/// What a provider can do; the desk and the contract tests read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a table of yes and no, named one by one")]
pub struct Capabilities {
    /// Keeps a slot for a caller by itself.
    pub holds: bool,
    pub reschedule: bool,
    /// Creating twice with the same key makes one event.
    pub idempotent_create: bool,
    /// Cannot book without the customer's e-mail address.
    pub needs_email: bool,
    /// Decides by its own opening hours and rules; ours are not asked.
    pub owns_rules: bool,
}

/// What a provider is asked about: one slot of one business, and the booking when there is one already.
#[derive(Clone, Debug)]
pub struct BookingContext {
    pub business: Arc<Business>,
    pub slot: Slot,
    pub booking: Option<Booking>,
    pub now: Timestamp,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Availability {
    Free,
    Taken,
    /// It did not say (a calendar it may not read); the owner's rule decides.
    Unknown,
}

/// What came of creating a booking at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BookingIntent {
    /// It keeps no booking of its own at this point; the event follows in `after_booking`.
    OnLedger,
    /// It has it, under this id.
    Created { external: String },
    /// It says taken.
    Taken,
}

/// What the desk can do about it.
#[derive(Debug, Error)]
pub enum ProviderError {
    /// Not connected, or no longer: behave as `native`.
    #[error("the calendar is not connected")]
    Disconnected,
    /// Down, slow, over its limit, or answering nonsense: the owner's rule decides.
    #[error("the calendar cannot be reached")]
    Unavailable(#[source] anyhow::Error),
    /// A request was sent and its answer lost: reconcile before trying again.
    #[error("it is not known whether the calendar took it")]
    Unknown(#[source] anyhow::Error),
}

#[async_trait]
pub trait BookingProvider: Send + Sync {
    fn name(&self) -> &'static str;

    fn capabilities(&self) -> Capabilities;

    /// Whether the slot is free there. Budget: 1.5 s.
    async fn check_availability(&self, context: &BookingContext) -> Result<Availability, ProviderError>;

    /// Takes the slot there, before the booking is confirmed on the ledger. Budget: 1.5 s.
    async fn create_booking(&self, context: &BookingContext) -> Result<BookingIntent, ProviderError>;

    /// What follows a confirmed booking, from the outbox: the calendar event. Safe to repeat.
    async fn after_booking(&self, context: &BookingContext, booking: BookingId) -> Result<(), ProviderError>;

    /// Busy times with from ≤ start < to, to offer only what is free. Empty when the provider keeps none.
    async fn busy(&self, business: &Business, from: Timestamp, to: Timestamp) -> Result<Vec<Busy>, ProviderError>;
}
