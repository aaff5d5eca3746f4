//! Where a conversation stands: everything that another process needs to go on with it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Course, Handles, Order, Request};
use crate::domain::{
    booking::{Booking, Slot},
    call::Outcome,
    email::EmailAddress,
    ids::{BookingId, ServiceId, StaffId},
    phone::PhoneNumber,
    time::When,
    understand::Expecting,
};

/// Small, since it is written down after every turn.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the conversation")]
#[serde(default)]
pub struct State {
    /// The number the line shows; can be forged, so it opens nothing by itself.
    #[serde(skip_serializing_if = "unset")]
    pub line: Option<PhoneNumber>,
    /// The language (BCP 47) that was changed to; none: the business's.
    #[serde(skip_serializing_if = "unset")]
    pub language: Option<String>,
    #[serde(skip_serializing_if = "unset")]
    pub task: Task,
    #[serde(skip_serializing_if = "unset")]
    pub asked: Asked,
    /// What was told before the last question, and what has to be told again with it.
    #[serde(skip_serializing_if = "unset")]
    pub told: String,
    /// The words of the last question, to repeat it.
    #[serde(skip_serializing_if = "unset")]
    pub question: String,
    /// How often the caller has said something.
    #[serde(skip_serializing_if = "unset")]
    pub turns: u16,
    /// What was understood, whatever it is for.
    #[serde(skip_serializing_if = "unset")]
    pub service: Option<ServiceId>,
    #[serde(skip_serializing_if = "unset")]
    pub staff: Option<StaffId>,
    /// "I don't mind who" was said: nobody is asked about it again.
    #[serde(skip_serializing_if = "unset")]
    pub any_staff: bool,
    /// Who had the time that was put right: the same person, if they are free, though nobody asked for them.
    #[serde(skip_serializing_if = "unset")]
    pub rather: Option<StaffId>,
    #[serde(skip_serializing_if = "unset")]
    pub when: When,
    /// The services, members of staff or times of which one was meant, when it was asked which.
    #[serde(skip_serializing_if = "unset")]
    pub services_meant: Vec<ServiceId>,
    #[serde(skip_serializing_if = "unset")]
    pub staff_meant: Vec<StaffId>,
    #[serde(skip_serializing_if = "unset")]
    pub times_meant: Vec<When>,
    #[serde(skip_serializing_if = "unset")]
    pub name: Option<String>,
    /// How sure the name is.
    #[serde(skip_serializing_if = "unset")]
    pub name_known: NameKnown,
    /// What the recogniser made of the name, until it is spelled.
    #[serde(skip_serializing_if = "unset")]
    pub name_guesses: Vec<String>,
    /// A number the caller gave, or said to use.
    #[serde(skip_serializing_if = "unset")]
    pub phone: Option<PhoneNumber>,
    /// They would rather not give one.
    #[serde(skip_serializing_if = "unset")]
    pub without_number: bool,
    /// Digits of a number that is not complete yet.
    #[serde(skip_serializing_if = "unset")]
    pub digits: String,
    #[serde(skip_serializing_if = "unset")]
    pub email: Option<EmailAddress>,
    /// How many come, when it was said.
    #[serde(skip_serializing_if = "unset")]
    pub party: Option<u16>,
    /// What else the business should know, in the caller's words.
    #[serde(skip_serializing_if = "unset")]
    pub note: Option<String>,
    /// A question nobody here could answer, to be passed on if the caller wants that.
    #[serde(skip_serializing_if = "unset")]
    pub open_question: String,
    /// The times offered last, in the order they were said.
    #[serde(skip_serializing_if = "unset")]
    pub offers: Vec<Slot>,
    /// Starts that were offered and refused: not offered again as if they were new.
    #[serde(skip_serializing_if = "unset")]
    pub refused: Vec<Timestamp>,
    /// The time kept for this caller.
    #[serde(skip_serializing_if = "unset")]
    pub held: Option<HeldSlot>,
    /// How many holds this call has asked for.
    #[serde(skip_serializing_if = "unset")]
    pub holds: u32,
    /// Whether the read-back was heard to its end; a yes to half of it is no yes.
    #[serde(skip_serializing_if = "unset")]
    pub read_back_heard: bool,
    /// This caller's own bookings, once looked up by number.
    #[serde(skip_serializing_if = "unset")]
    pub mine: Vec<Booking>,
    /// They have been looked up, though there may be none.
    #[serde(skip_serializing_if = "unset")]
    pub looked_up: bool,
    /// The one of them this is about, once its owner has been recognised.
    #[serde(skip_serializing_if = "unset")]
    pub chosen: Option<BookingId>,
    /// What the caller said the day of their booking is, before it is known which.
    #[serde(skip_serializing_if = "unset")]
    pub said_day: Option<When>,
    /// Their booking was not found, and the name has been asked for once more.
    #[serde(skip_serializing_if = "unset")]
    pub searched_again: bool,
    /// Words that belong before the answer that is being looked up: "We're closed on Sundays."
    #[serde(skip_serializing_if = "unset")]
    pub preface: String,
    /// What the desk was asked and has not answered.
    #[serde(skip_serializing_if = "unset")]
    pub waiting: Option<Request>,
    /// What the caller said while a write was under way.
    #[serde(skip_serializing_if = "unset")]
    pub said_meanwhile: Vec<String>,
    /// Bookings this call has made.
    #[serde(skip_serializing_if = "unset")]
    pub booked: Vec<BookingId>,
    /// The last of them and whose it is: nobody wants the same twice.
    #[serde(skip_serializing_if = "unset")]
    pub made: Option<(Slot, String)>,
    #[serde(skip_serializing_if = "unset")]
    pub outcome: Outcome,
    #[serde(skip_serializing_if = "unset")]
    pub misunderstood: u8,
    /// Ways out that were offered in this call.
    #[serde(skip_serializing_if = "unset")]
    pub ways_out: u8,
    /// The words that were not understood last: the same again are not asked for in the same way.
    #[serde(skip_serializing_if = "unset")]
    pub puzzle: String,
    /// Where the conversation was before a way out was offered or a message begun.
    #[serde(skip_serializing_if = "unset")]
    pub left_off: Option<LeftOff>,
    /// How often the caller was abusive.
    #[serde(skip_serializing_if = "unset")]
    pub unkind: u8,
    #[serde(skip_serializing_if = "unset")]
    pub silences: u8,
    /// "Are you still there?" was said last, and wants an answer of its own.
    #[serde(skip_serializing_if = "unset")]
    pub asked_if_there: bool,
    /// Utterances without a word in them, in a row.
    #[serde(skip_serializing_if = "unset")]
    pub empties: u8,
    /// The last words are being said.
    #[serde(skip_serializing_if = "unset")]
    pub over: bool,
    /// What a model was shown, and may name.
    #[serde(skip_serializing_if = "unset")]
    pub shown: Handles,
    /// The caller's last words agreed to what was read back.
    #[serde(skip_serializing_if = "unset")]
    pub agreed: bool,
    /// A model has spoken since the last question of the machine's own, or goodbye was said: a yes may be to that, so
    /// before anything is changed the machine asks once more.
    #[serde(skip_serializing_if = "unset")]
    pub aside: bool,
    /// A model only wants to know: nothing is kept for the caller, and nothing asked that a yes would decide.
    #[serde(skip_serializing_if = "unset")]
    pub looking: bool,
    /// The end of what the caller said, in small letters, as far as a name may stand in it.
    #[serde(skip_serializing_if = "unset")]
    pub said: String,
    /// Free times that were looked up before anybody asked, by service, and the turn in which a model reads of them.
    #[serde(skip_serializing_if = "unset")]
    pub prefetched: Vec<(ServiceId, u16)>,
    /// What this call has done.
    #[serde(skip_serializing_if = "unset")]
    pub done: Done,
    /// What it came by, to tell why nothing was booked.
    #[serde(skip_serializing_if = "unset")]
    pub course: Course,
    /// What the business wants done as soon as the desk has answered.
    #[serde(skip_serializing_if = "unset")]
    pub order: Option<Order>,
}

/// What has come of a call, whatever else is arranged in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Done {
    /// The appointments it booked or moved to, oldest first.
    #[serde(skip_serializing_if = "unset")]
    pub booked: Vec<Slot>,
    #[serde(skip_serializing_if = "unset")]
    pub moved: bool,
    #[serde(skip_serializing_if = "unset")]
    pub cancelled: bool,
    /// Messages taken.
    #[serde(skip_serializing_if = "unset")]
    pub messages: u8,
    /// How often a model looked for the caller's own appointments.
    #[serde(skip_serializing_if = "unset")]
    pub searches: u8,
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
    /// "Do you mean six in the morning or in the evening?"
    WhichTime,
    /// "Shall I just tell you the next free time?"
    OfferSoonest,
    Name,
    /// "Could you spell it?"
    Spelling,
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

/// How much a name may be trusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum NameKnown {
    /// As it was heard.
    #[default]
    Heard,
    /// As it was heard, and probably not well.
    Doubtful,
    /// It was doubtful, so the caller has been asked to spell it, once.
    AskedToSpell,
    /// Letter by letter: its letters are read back.
    Spelled,
}

/// A question to come back to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOff {
    pub task: Task,
    pub asked: Asked,
    pub told: String,
    pub question: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldSlot {
    pub id: BookingId,
    pub slot: Slot,
    pub expires: Timestamp,
}

/// Most of a state says nothing, and then need not be written down.
pub(super) fn unset<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl State {
    pub fn expecting(&self) -> Expecting {
        match self.asked {
            Asked::Service => Expecting::Service,
            Asked::Staff => Expecting::Staff,
            Asked::When | Asked::WhichDay => Expecting::When,
            Asked::Which => Expecting::Choice(self.offers.len()),
            Asked::WhichTime => Expecting::Choice(self.times_meant.len()),
            Asked::Name | Asked::WhoseName | Asked::Spelling => Expecting::Name,
            Asked::Phone => Expecting::Phone,
            Asked::ReadBack | Asked::CancelIt | Asked::OfferMessage | Asked::OfferSoonest => Expecting::YesNo,
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
            language: self.language.take(),
            name: self.name.take(),
            name_known: self.name_known,
            phone: self.phone.take(),
            email: self.email.take(),
            turns: self.turns,
            unkind: self.unkind,
            ways_out: self.ways_out,
            booked: std::mem::take(&mut self.booked),
            made: self.made.take(),
            outcome: self.outcome,
            silences: self.silences,
            holds: self.holds,
            preface: std::mem::take(&mut self.preface),
            shown: std::mem::take(&mut self.shown),
            said: std::mem::take(&mut self.said),
            prefetched: std::mem::take(&mut self.prefetched),
            looking: self.looking,
            done: std::mem::take(&mut self.done),
            course: std::mem::take(&mut self.course),
            order: self.order,
            ..Self::default()
        };
    }
}
