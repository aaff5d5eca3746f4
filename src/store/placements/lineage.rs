//! An appointment through all its moves.

use crate::{
    domain::{
        booking::{Booking, BookingState},
        ids::{BookingId, BusinessId},
    },
    store::{Store, StoreError},
};

/// Nobody moves an appointment so often; a circle cannot come about, and would be left here.
const MOST_MOVES: usize = 500;

/// The bookings that one appointment was, in order: each took the place of the one before.
#[derive(Clone, Debug)]
pub struct Lineage {
    /// At least one. The last is what it is now; for a hold that would take the place of a booking, the hold.
    pub bookings: Vec<Booking>,
}

impl Lineage {
    pub fn root(&self) -> BookingId {
        self.bookings[0].id
    }

    pub fn last(&self) -> &Booking {
        &self.bookings[self.bookings.len() - 1]
    }

    /// From one of them, past those that were moved, to what it is now: a hold may have been given up, and the booking
    /// whose place it would have taken stands.
    pub fn standing(&self) -> Option<&Booking> {
        self.bookings.iter().rev().find(|booking| matches!(booking.state, BookingState::Confirmed { .. }))
    }
}

impl Store {
    /// The appointment that a booking is a part of. Nothing: there is no such booking.
    pub async fn lineage(&self, business: BusinessId, booking: BookingId) -> Result<Option<Lineage>, StoreError> {
        let Some(booking) = self.booking(business, booking).await? else { return Ok(None) };
        let mut bookings = vec![booking];
        while let Some(before) = self.replaced_by(business, bookings[0].id).await? {
            let Some(before) = self.booking(business, before).await? else { break };
            bookings.insert(0, before);
            if bookings.len() > MOST_MOVES {
                return Err(StoreError::Inconsistent { what: "bookings.replacing" });
            }
        }
        while let BookingState::Moved { to } = bookings[bookings.len() - 1].state {
            let Some(after) = self.booking(business, to).await? else { break };
            bookings.push(after);
            if bookings.len() > 2 * MOST_MOVES {
                return Err(StoreError::Inconsistent { what: "bookings.moved_to" });
            }
        }
        Ok(Some(Lineage { bookings }))
    }
}
