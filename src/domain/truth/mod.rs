//! What a model may say aloud: nothing that claims what is not so.
//!
//! A model's words go in as they come; out come the pieces that may be spoken, each checked against what is known in this
//! call. A sentence that claims a booking, a change, a free time or a price that nothing supports does not come out.

use jiff::Zoned;

use super::business::Business;

/// What a sentence claimed without ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// An appointment is made.
    Booked,
    Moved,
    Cancelled,
    /// A message was passed on, or somebody will call back.
    Passed,
    /// A time is free, or is not, or the business is open then.
    Free,
    /// A day or a time that is not the one that is kept, offered, or was spoken of.
    When,
    Price,
    /// A number to call, a card's number, an address on the net.
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
    pub now: Zoned,
    /// BCP 47.
    pub language: &'a str,
    /// Starts of appointments that this call has booked or moved to.
    pub booked: Vec<Zoned>,
    pub moved: bool,
    pub cancelled: bool,
    /// A message was taken in this call.
    pub message: bool,
    /// The time that is kept and not booked yet.
    pub held: Option<Zoned>,
    /// Starts that the desk has offered in this call, or that are the caller's own appointments.
    pub offered: Vec<Zoned>,
    /// What tools answered in this call and the caller said, as texts: times, prices and numbers in them may be said again.
    pub sources: Vec<&'a str>,
}
