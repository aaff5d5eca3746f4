//! The desk as the phone, the browser and the API see it: the only place that changes a booking.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;
use thiserror::Error;

use crate::domain::{
    block::Block,
    booking::{Booking, Customer, Slot},
    business::Business,
    ids::{BlockId, BookingId, CallId, MessageId, ServiceId, StaffId},
    phone::PhoneNumber,
    slots::offer::Wish,
};

/// Looks for free times.
#[derive(Clone, Debug)]
pub struct Find {
    pub business: Arc<Business>,
    pub service: ServiceId,
    pub staff: Option<StaffId>,
    /// Starts with from ≤ start < to.
    pub from: Timestamp,
    pub to: Timestamp,
    /// Only starts within one of these, from ≤ start < to ("mornings, next week"); none: anywhere in between.
    pub within: Vec<(Timestamp, Timestamp)>,
    pub wish: Wish,
    /// 1 to 500.
    pub count: usize,
    /// A booking that will be given up for the new one; its time counts as free.
    pub replacing: Option<BookingId>,
}

/// Keeps a slot free for a while. Asking again with the same call and slot answers with the same hold.
#[derive(Clone, Debug)]
pub struct Hold {
    pub business: Arc<Business>,
    pub slot: Slot,
    pub customer: Customer,
    pub call: Option<CallId>,
    pub by: Actor,
    /// The business wants it outside of its own hours, notice, horizon or grid, or in the last day that is past. Whether
    /// the time is taken is asked all the same. A customer's is not heeded.
    pub anyway: bool,
    /// One key, one hold: `call/service/staff/start` for calls, the Idempotency-Key for the API.
    pub key: String,
    pub replacing: Option<BookingId>,
}

/// Turns a hold into a booking. Repeating it answers with the same booking.
#[derive(Clone, Debug)]
pub struct Confirm {
    pub business: Arc<Business>,
    pub hold: BookingId,
    /// As known by now; the name may have come after the hold.
    pub customer: Customer,
    /// Customers are held to limits, the business is not.
    pub by: Actor,
    /// Whether the customer is sent a text message about it.
    pub tell: bool,
    /// The language (BCP 47) the customer speaks, for what is texted; none: the business's.
    pub language: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Cancel {
    pub business: Arc<Business>,
    pub booking: BookingId,
    pub by: Actor,
    /// For the business alone, at most 200 characters; personal data.
    pub reason: Option<String>,
    /// Whether the customer is sent a text message about it.
    pub tell: bool,
    /// The language (BCP 47) the customer speaks, for what is texted; none: the business's.
    pub language: Option<String>,
}

/// Who asks, on the phone or on a page; a customer is held to the cut-off and the limits, the business is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Customer,
    Business,
}

/// Time to be kept from being booked.
#[derive(Clone, Debug)]
pub struct KeepFree {
    pub business: Arc<Business>,
    /// Nothing: everybody.
    pub staff: Option<StaffId>,
    /// [from, to).
    pub from: Timestamp,
    pub to: Timestamp,
    /// For the business alone, at most 120 characters; may be empty.
    pub reason: String,
    /// The block that is changed, and the version that was looked at; none: a new one.
    pub instead_of: Option<(BlockId, i32)>,
}

/// What a text message to a customer is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    Booked,
    Moved,
    Cancelled,
}

/// Words a caller leaves for the business.
#[derive(Clone, Debug)]
pub struct Note {
    pub business: Arc<Business>,
    pub call: Option<CallId>,
    pub from: Option<PhoneNumber>,
    pub name: Option<String>,
    /// At most 500 characters; the rest is cut.
    pub text: String,
}

/// Sorted by what the caller can be told.
#[derive(Debug, Error)]
pub enum DeskError {
    /// Somebody else has the time.
    #[error("that time is taken")]
    Taken,
    /// The hold ran out, or there is no such booking of this business.
    #[error("no such booking, or no longer")]
    Gone,
    /// Too late to change by oneself.
    #[error("too late to change it")]
    TooLate,
    /// Outside the hours, the notice or the horizon, or not offered by that member of staff.
    #[error("that time is not on offer")]
    NotOffered,
    /// This caller has made as many bookings as the rules let one make.
    #[error("too many bookings")]
    TooMany,
    /// It has to be booked on a page, whose address the customer is sent when they have a number.
    #[error("it has to be booked on a page")]
    ByPage { texted: bool },
    /// The store does not answer. Nothing is known to have happened; asking again with the same key is safe.
    #[error("the ledger cannot be reached")]
    Unavailable(#[source] anyhow::Error),
}

#[async_trait]
pub trait Desk: Send + Sync {
    /// At most `count` free starts, in order of time.
    async fn find(&self, find: Find) -> Result<Vec<Slot>, DeskError>;

    async fn hold(&self, hold: Hold) -> Result<Booking, DeskError>;

    /// The one answer that lets anybody say "you're booked".
    async fn confirm(&self, confirm: Confirm) -> Result<Booking, DeskError>;

    /// Gives a hold up. Not an error when it is gone.
    async fn release(&self, business: &Business, hold: BookingId) -> Result<(), DeskError>;

    async fn cancel(&self, cancel: Cancel) -> Result<Booking, DeskError>;

    /// Confirmed bookings to come of a number, soonest first, at most five.
    async fn upcoming(&self, business: &Business, phone: &PhoneNumber) -> Result<Vec<Booking>, DeskError>;

    /// What the customer is sent about it, word for word; nothing when they have no number that may be texted, or when
    /// the appointment is over.
    fn letter_to(&self, business: &Business, slot: &Slot, customer: &Customer, news: News) -> Option<String>;

    /// Keeps time free, or changes such a time. Bookings that are in it stay. Gone: it was changed meanwhile.
    async fn block(&self, keep: KeepFree) -> Result<Block, DeskError>;

    /// Gives the time back. Gone: that was done already.
    async fn unblock(&self, business: &Business, block: BlockId) -> Result<Block, DeskError>;

    /// Takes the giving back back.
    async fn block_again(&self, business: &Business, block: BlockId) -> Result<Block, DeskError>;

    /// Somebody of this business is about to be asked for times: calendars are read ahead. Returns at once.
    fn expect(&self, _business: &Arc<Business>) {}

    /// Asks the calendars about a booking that they could not be asked about when it was made.
    async fn look_again(&self, _business: &Arc<Business>, _booking: BookingId) -> Result<(), DeskError> {
        Ok(())
    }

    /// The business says that a booking fits, whatever its calendars said or did not say: it counts as asked about. False: it
    /// does already, or there is nothing to say any more.
    async fn vouch(&self, _business: &Arc<Business>, _booking: BookingId) -> Result<bool, DeskError> {
        Ok(false)
    }

    /// What should stand in the business's calendar for a booking is tried again for a day, after it was given up. False:
    /// nothing was.
    async fn place_again(&self, _business: &Business, _booking: BookingId) -> Result<bool, DeskError> {
        Ok(false)
    }

    async fn take_note(&self, note: Note) -> Result<MessageId, DeskError>;
}
