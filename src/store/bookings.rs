//! Bookings: held, confirmed, moved, cancelled. The database refuses two at once.

use jiff::{Timestamp, civil::DateTime};

use super::{Store, StoreError, outbox::NewOutbox};
use crate::domain::{
    booking::{Booking, Customer, Slot},
    ids::{BookingId, BusinessId, CallId},
    phone::PhoneNumber,
    slots::Busy,
};

/// A hold to be written. Times are whole seconds.
#[derive(Clone, Debug)]
pub struct NewHold {
    pub id: BookingId,
    pub business: BusinessId,
    pub slot: Slot,
    /// The time the member of staff is kept, buffers included.
    pub busy: (Timestamp, Timestamp),
    /// How many customers one start takes.
    pub capacity: u16,
    pub wall: DateTime,
    pub zone: String,
    pub customer: Customer,
    pub call: Option<CallId>,
    /// Unique: the same key gives the same hold.
    pub key: String,
    pub expires: Timestamp,
    pub replacing: Option<BookingId>,
    pub now: Timestamp,
}

#[derive(Debug)]
pub enum Held {
    Held(Booking),
    /// The key was used before: this is what it made (held, confirmed, or since ended).
    Replayed(Booking),
    Taken,
}

/// A hold to be confirmed; the booking it replaces, if any, is marked moved in the same transaction, and what is to be
/// sent is written to the outbox in it too.
#[derive(Clone, Debug)]
pub struct NewConfirmation {
    pub business: BusinessId,
    pub hold: BookingId,
    pub customer: Customer,
    pub unverified: bool,
    pub outbox: Vec<NewOutbox>,
    pub now: Timestamp,
}

#[derive(Debug)]
pub enum Confirmed {
    /// `replaced` is the booking it took the place of.
    Confirmed { booking: Booking, replaced: Option<Booking> },
    /// It was confirmed before; nothing was written.
    Already(Booking),
    /// The hold ran out and somebody else has the time by now, or its own time conflicts after all.
    Taken,
    /// No such hold of this business, or it was given up.
    Gone,
}

#[derive(Debug)]
pub enum Cancelled {
    Cancelled(Booking),
    Already(Booking),
    Gone,
}

/// Which bookings to list.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Starting with from ≤ start < to.
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    /// "held", "confirmed", "cancelled", "moved", "expired".
    pub status: Option<String>,
    pub phone: Option<PhoneNumber>,
}

impl Store {
    /// Live bookings and holds of a business that touch from ≤ t < to, except one.
    pub async fn busy(
        &self,
        business: BusinessId,
        (from, to): (Timestamp, Timestamp),
        now: Timestamp,
        except: Option<BookingId>,
    ) -> Result<Vec<Busy>, StoreError> {
        let _ = (business, from, to, now, except);
        todo!()
    }

    /// Writes a hold unless the time is taken. Holds that ran out give way first, in the same transaction.
    pub async fn hold(&self, hold: &NewHold) -> Result<Held, StoreError> {
        let _ = hold;
        todo!()
    }

    /// Confirms a hold. One that ran out is still confirmed if nobody has taken the time since.
    pub async fn confirm(&self, confirmation: &NewConfirmation) -> Result<Confirmed, StoreError> {
        let _ = confirmation;
        todo!()
    }

    /// Gives up a hold that is still held.
    pub async fn release(&self, business: BusinessId, hold: BookingId, now: Timestamp) -> Result<(), StoreError> {
        let _ = (business, hold, now);
        todo!()
    }

    pub async fn cancel(
        &self,
        business: BusinessId,
        booking: BookingId,
        outbox: &[NewOutbox],
        now: Timestamp,
    ) -> Result<Cancelled, StoreError> {
        let _ = (business, booking, outbox, now);
        todo!()
    }

    pub async fn booking(&self, business: BusinessId, id: BookingId) -> Result<Option<Booking>, StoreError> {
        let _ = (business, id);
        todo!()
    }

    /// In order of (start, id), after the cursor.
    pub async fn bookings(
        &self,
        business: BusinessId,
        filter: &Filter,
        after: Option<(Timestamp, BookingId)>,
        limit: u32,
    ) -> Result<Vec<Booking>, StoreError> {
        let _ = (business, filter, after, limit);
        todo!()
    }

    /// Confirmed bookings of a number from now on, soonest first.
    pub async fn upcoming(
        &self,
        business: BusinessId,
        phone: &PhoneNumber,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<Booking>, StoreError> {
        let _ = (business, phone, now, limit);
        todo!()
    }

    /// How many bookings a call has confirmed, for the limit per call.
    pub async fn confirmed_by_call(&self, call: CallId) -> Result<u32, StoreError> {
        let _ = call;
        todo!()
    }

    /// How many bookings a number has confirmed since, for the limit per number and day.
    pub async fn confirmed_by_phone(
        &self,
        business: BusinessId,
        phone: &PhoneNumber,
        since: Timestamp,
    ) -> Result<u32, StoreError> {
        let _ = (business, phone, since);
        todo!()
    }
}
