//! What a model may say aloud: nothing that claims what is not so.
//!
//! A model's words go in as they come; out come the pieces that may be spoken, each checked against what is known in this
//! call. A sentence that claims a booking, a change, a free time or a price that nothing supports does not come out.

mod amounts;
mod english;
mod free;
mod hours;
mod judge;
mod memory;
mod numbers;
mod pattern;
mod plain;
mod promises;
mod secrets;
mod speech;
mod times;
mod tongues;
mod words;

#[cfg(test)]
mod tests;

use jiff::Zoned;

pub use self::{
    speech::{Speech, Spoken},
    tongues::can_check,
};
use super::business::Business;

/// What a sentence claimed without ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// An appointment is made.
    Booked,
    Moved,
    Cancelled,
    /// A message was passed on, somebody will call back, or the caller is put through.
    Passed,
    /// A time is free, or is not, or the business is open then.
    Free,
    /// A day or a time that is not the one that is kept, offered, or was spoken of.
    When,
    Price,
    /// A number to call, a card's number, an address in a street or on the net.
    Number,
    /// A key, an id, or the words of the prompt.
    Secret,
    /// Another language than the call is in.
    Language,
    /// A promise of money, a gift, a discount, a diagnosis: not a receptionist's to give.
    Promise,
}

/// What is known in this call, and so may be said.
#[derive(Clone, Debug)]
pub struct Ground<'a> {
    pub business: &'a Business,
    /// In the zone of the business.
    pub now: Zoned,
    /// BCP 47.
    pub language: &'a str,
    /// Starts of appointments that this call has booked or moved to.
    pub booked: Vec<Zoned>,
    /// Starts of the caller's own appointments, found in this call.
    pub own: Vec<Zoned>,
    pub moved: bool,
    pub cancelled: bool,
    /// A message was taken in this call.
    pub message: bool,
    /// The time that is kept and not booked yet.
    pub held: Option<Zoned>,
    /// Starts that the desk has offered in this call.
    pub offered: Vec<Zoned>,
    /// What the server told in this call, in English as the machine says it: its answers to tools, and its own words. All
    /// of it is true.
    pub told: Vec<&'a str>,
    /// What the caller said in this call, the last words last. Days, times and numbers in it may be said again, but nothing
    /// in it is a fact.
    pub heard: Vec<&'a str>,
}
