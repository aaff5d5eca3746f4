//! Where a conversation stands: everything that another process needs to go on with it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Request;
use crate::domain::{
    booking::{Booking, Slot},
    call::Outcome,
    ids::{BookingId, ServiceId, StaffId},
    phone::PhoneNumber,
    time::When,
    understand::Expecting,
};

/// Small, since it is written down after every turn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// The number the line shows; can be forged, so it opens nothing by itself.
    pub line: Option<PhoneNumber>,
    pub task: Task,
    pub asked: Asked,
    /// The words of the last question, to repeat it.
    pub question: String,
    /// What was understood, whatever it is for.
    pub service: Option<ServiceId>,
    pub staff: Option<StaffId>,
    /// "I don't mind who" was said: nobody is asked about it again.
    pub any_staff: bool,
    pub when: When,
    pub name: Option<String>,
    /// A number the caller gave, or said to use.
    pub phone: Option<PhoneNumber>,
    /// Digits of a number that is not complete yet.
    pub digits: String,
    /// The times offered last, in the order they were said.
    pub offers: Vec<Slot>,
    /// The time kept for this caller.
    pub held: Option<HeldSlot>,
    /// How many holds this call has asked for.
    pub holds: u32,
    /// Whether the read-back was heard to its end; a yes to half of it is no yes.
    pub read_back_heard: bool,
    /// This caller's own bookings, once looked up by number.
    pub mine: Vec<Booking>,
    /// The one of them this is about, once its owner has been recognised.
    pub chosen: Option<BookingId>,
    /// What the caller said the day of their booking is, before it is known which.
    pub said_day: Option<When>,
    /// Words that belong before the answer that is being looked up: "We're closed on Sundays."
    pub preface: String,
    /// What the desk was asked and has not answered.
    pub waiting: Option<Request>,
    /// What the caller said while a write was under way.
    pub said_meanwhile: Vec<String>,
    /// Bookings this call has made.
    pub booked: Vec<BookingId>,
    pub outcome: Outcome,
    pub misunderstood: u8,
    pub silences: u8,
    /// Utterances without a word in them, in a row.
    pub empties: u8,
    /// The last words are being said.
    pub over: bool,
}

/// What the caller wants done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    #[default]
    None,
    Book,
    Move,
    Cancel,
    /// "When is my appointment?"
    Tell,
    Message,
}

/// The last question.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Asked {
    /// "How can I help you?"
    #[default]
    Help,
    Service,
    Staff,
    When,
    /// "Would you like the first, the second …?"
    Which,
    Name,
    Phone,
    /// "Shall I book it?"
    ReadBack,
    /// "What should I change?"
    Change,
    /// "What name is it under?"
    WhoseName,
    /// "Which day is it on?"
    WhichDay,
    /// "Shall I cancel it?"
    CancelIt,
    Message,
    /// "Shall I take a message?"
    OfferMessage,
    AnythingElse,
    /// "It's booked. Would you like to change it or cancel it?"
    AfterAll,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldSlot {
    pub id: BookingId,
    pub slot: Slot,
    pub expires: Timestamp,
}

impl State {
    pub fn expecting(&self) -> Expecting {
        match self.asked {
            Asked::Service => Expecting::Service,
            Asked::Staff => Expecting::Staff,
            Asked::When | Asked::WhichDay => Expecting::When,
            Asked::Which => Expecting::Choice(self.offers.len()),
            Asked::Name | Asked::WhoseName => Expecting::Name,
            Asked::Phone => Expecting::Phone,
            Asked::ReadBack | Asked::CancelIt | Asked::OfferMessage => Expecting::YesNo,
            Asked::Message => Expecting::Message,
            Asked::Help | Asked::Change | Asked::AnythingElse | Asked::AfterAll => Expecting::Anything,
        }
    }

    /// The number to book under: the one that was given, else the one on the line.
    pub fn number(&self) -> Option<&PhoneNumber> {
        self.phone.as_ref().or(self.line.as_ref())
    }

    pub fn chosen(&self) -> Option<&Booking> {
        let id = self.chosen?;
        self.mine.iter().find(|booking| booking.id == id)
    }

    /// Forgets what was arranged, but not who the caller is.
    pub fn next_task(&mut self) {
        *self = Self {
            line: self.line.take(),
            name: self.name.take(),
            phone: self.phone.take(),
            booked: std::mem::take(&mut self.booked),
            outcome: self.outcome,
            silences: self.silences,
            holds: self.holds,
            ..Self::default()
        };
    }
}
