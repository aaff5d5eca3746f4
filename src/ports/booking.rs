//! A calendar or booking system that a business uses beside our own ledger, or the ledger alone (`native`).

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use thiserror::Error;

use crate::domain::{
    booking::{Booking, Slot},
    business::Business,
    ids::{BookingId, ServiceId, StaffId},
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
    /// Decides by its own opening hours and rules for the services that it has; ours are not asked about those.
    pub owns_rules: bool,
    /// Has a page where customers book by themselves, for when it takes no booking from us.
    pub has_page: bool,
}

/// What a provider is asked about: one slot of one business, and the booking when there is one already.
#[derive(Clone, Debug)]
pub struct BookingContext {
    pub business: Arc<Business>,
    pub slot: Slot,
    pub booking: Option<Booking>,
    /// The booking that is given up for it.
    pub replacing: Option<BookingId>,
    pub now: Timestamp,
}

/// What is asked about a range of time: starts with from ≤ start < to, and what is busy around them.
#[derive(Clone, Debug)]
pub struct RangeContext {
    pub business: Arc<Business>,
    pub service: ServiceId,
    /// One member of staff, or whoever offers the service.
    pub staff: Option<StaffId>,
    pub from: Timestamp,
    pub to: Timestamp,
    pub now: Timestamp,
}

/// What a provider says about a range.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Says {
    /// When the staff are not free there. Our own bookings are not in it: the ledger knows those, and knows which of them
    /// may be joined or moved.
    pub busy: Vec<Busy>,
    /// The only starts there are, sorted, for the staff whose times the provider decides. Whoever is not named follows our
    /// own rules.
    pub starts: Vec<(StaffId, Vec<Timestamp>)>,
}

impl Says {
    /// Both have to be content: busy is what either calls busy, and a start has to be one for both.
    pub fn and(&mut self, other: Self) {
        self.busy.extend(other.busy);
        for (staff, theirs) in other.starts {
            match self.starts.iter_mut().find(|(member, _)| *member == staff) {
                Some((_, ours)) => ours.retain(|start| theirs.binary_search(start).is_ok()),
                None => self.starts.push((staff, theirs)),
            }
        }
    }

    /// The starts of a member of staff, when the provider decides them.
    pub fn starts_of(&self, staff: StaffId) -> Option<&[Timestamp]> {
        self.starts.iter().find(|(member, _)| *member == staff).map(|(_, starts)| starts.as_slice())
    }
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
    /// It takes no booking from us now (over its limit, or an e-mail address is wanted that nobody has); this is the page
    /// where the customer books by themselves.
    ByPage { page: String },
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

/// A provider. Budgets are the desk's: what takes longer is dropped and counts as not answered, so every method must bear
/// being dropped at any point.
#[async_trait]
pub trait BookingProvider: Send + Sync {
    /// As in `ai_config`.
    fn name(&self) -> &'static str;

    fn capabilities(&self) -> Capabilities;

    /// Whether the slot is free there, asked afresh: nothing remembered counts. Budget: 1.5 s.
    async fn check_availability(&self, context: &BookingContext) -> Result<Availability, ProviderError>;

    /// Takes the slot there, before the booking is confirmed on the ledger. It writes down what it is about to do before it
    /// does it, so that nothing is left behind when the ledger, or this process, does not get as far. Budget: 3 s for all of
    /// a chain together.
    async fn create_booking(&self, context: &BookingContext) -> Result<BookingIntent, ProviderError>;

    /// What follows a change to a booking, from the outbox: afterwards there stands exactly what should stand. It reads the
    /// booking's state now, so it is the same for one that was confirmed, moved or cancelled, and safe to repeat at any
    /// time, by anybody. Budget: 25 s.
    async fn after_booking(&self, context: &BookingContext, booking: BookingId) -> Result<(), ProviderError>;

    /// What it says about a range: from memory when that is not older than a minute. Budget: 1.5 s; from memory 5 ms.
    async fn says(&self, range: &RangeContext) -> Result<Says, ProviderError>;

    /// Somebody is about to ask: reads the next two weeks in the background. Returns at once.
    fn expect(&self, _business: &Arc<Business>) {}
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_start_has_to_be_one_for_everybody_who_decides() {
        let (anna, ben) = (StaffId(Uuid::from_u128(1)), StaffId(Uuid::from_u128(2)));
        let at = |hour: i64| Timestamp::from_second(hour * 3600).unwrap();
        let mut says = Says { starts: vec![(anna, vec![at(9), at(10)])], ..Says::default() };
        says.and(Says { starts: vec![(anna, vec![at(10), at(11)]), (ben, vec![at(9)])], ..Says::default() });
        assert_eq!(says.starts_of(anna), Some(&[at(10)][..]));
        assert_eq!(says.starts_of(ben), Some(&[at(9)][..]));
        assert_eq!(says.starts_of(StaffId(Uuid::nil())), None);
    }
}
