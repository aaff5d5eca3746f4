//! What a model can ask of the conversation: a few closed requests. Whatever it asks, the machine decides as it does for a
//! caller: nothing here holds a number to dial, a business or the text of a message to a customer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A time as the caller said it. Nobody but `domain/time` computes what it comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Said {
    /// The caller's own words for the day and the time, in English: "tomorrow afternoon", "the 14th at half past two".
    pub words: Option<String>,
    /// In other languages than English, instead of words.
    pub weekday: Option<WeekdaySaid>,
    /// With a weekday: 0 this week, 1 next week. Alone: that many weeks from today.
    #[schemars(range(min = 0, max = 52))]
    pub weeks_ahead: Option<u8>,
    /// Days from today: 0 today, 1 tomorrow.
    #[schemars(range(min = 0, max = 365))]
    pub days_ahead: Option<u16>,
    #[schemars(range(min = 1, max = 31))]
    pub day_of_month: Option<u8>,
    #[schemars(range(min = 1, max = 12))]
    pub month: Option<u8>,
    /// On the 24-hour clock, "15:30".
    #[schemars(regex(pattern = r"^([01]\d|2[0-3]):[0-5]\d$"))]
    pub clock: Option<String>,
    pub part_of_day: Option<PartSaid>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WeekdaySaid {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartSaid {
    Morning,
    Noon,
    Afternoon,
    Evening,
}

/// Looks for free times. Nothing is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LookUpTimes {
    /// The service, by one of the names in the instructions. None: the one spoken of before.
    pub service: Option<String>,
    /// The member of staff, if the caller wants somebody in particular; "anyone" if they do not mind.
    pub staff: Option<String>,
    /// When, as said. None: the next free times.
    pub when: Option<Said>,
    /// Other times than those offered last.
    pub other: Option<OtherTimes>,
    /// The caller's own appointment that is to be moved, by its handle.
    pub moving: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OtherTimes {
    Earlier,
    Later,
    Different,
}

/// Keeps a time for the caller and, when everything is known, reads it back to them. The server says the read-back itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Propose {
    /// The handle of a time that was looked up. None: the time that is kept already.
    pub slot: Option<String>,
    /// The caller's name, as they said it.
    #[schemars(length(max = 60))]
    pub name: Option<String>,
    /// They spelled it.
    pub spelled: bool,
    /// How many people come.
    #[schemars(range(min = 1, max = 500))]
    pub people: Option<u16>,
    /// What the business should know, in the caller's words.
    #[schemars(length(max = 300))]
    pub note: Option<String>,
    /// They would rather not give a number.
    pub without_number: bool,
}

/// Books, moves or cancels what was read back, after the caller's yes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Confirm {}

/// Finds the caller's own appointments. They have to tell the name it is under.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct FindBookings {
    #[schemars(length(max = 60))]
    pub name: Option<String>,
    /// The day it is on, as said.
    pub day: Option<Said>,
    pub to: FindTo,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FindTo {
    #[default]
    Tell,
    Move,
    Cancel,
}

/// Asks the caller whether to cancel one of their own appointments. The server asks itself; nothing is cancelled yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelBooking {
    /// The handle of an appointment that was found.
    pub booking: String,
}

/// What the business's own facts say to a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerFromFacts {
    /// The question in English, a few words.
    #[schemars(length(max = 200))]
    pub question: String,
}

/// Leaves words for the business. The server says what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeMessage {
    /// What the caller wants to tell, in their words.
    #[schemars(length(min = 1, max = 500))]
    pub text: String,
}

/// Puts the caller through to a person. The server says so, and does it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Transfer {}

/// Goes on in another of the languages of this business.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpeakLanguage {
    /// BCP 47, one of those in the instructions.
    pub language: String,
}

/// Says goodbye and ends the call, after the caller has said that there is nothing else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EndCall {}

/// Every tool there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum Tool {
    LookUpTimes(LookUpTimes),
    Propose(Propose),
    Confirm(Confirm),
    FindBookings(FindBookings),
    CancelBooking(CancelBooking),
    AnswerFromFacts(AnswerFromFacts),
    TakeMessage(TakeMessage),
    Transfer(Transfer),
    SpeakLanguage(SpeakLanguage),
    EndCall(EndCall),
}

impl Tool {
    /// It only looks something up, and its words are for the model to use. What comes of any other the server says itself.
    pub fn is_read(&self) -> bool {
        matches!(self, Self::LookUpTimes(_) | Self::FindBookings(_) | Self::AnswerFromFacts(_))
    }
}

/// What a model is told of what it asked. Everything in it is true and may be said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ToolAnswer {
    /// What may be said to the caller now, as the scripted receptionist would.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub say: String,
    /// Free times, by handles that are good for this call.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub slots: Vec<ShownSlot>,
    /// The caller's own appointments, by handles that are good for this call.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub bookings: Vec<ShownBooking>,
    /// Why it was not done, and what would be allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownSlot {
    /// "s1"
    pub slot: String,
    /// In words: "Tuesday, November 24th at 3:30 p.m."
    pub at: String,
    pub staff: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownBooking {
    /// "b1"
    pub booking: String,
    pub at: String,
    pub service: String,
    pub staff: String,
}

/// What the server knows when the caller has said something: stands beside their words in what the model reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Situation {
    /// "Friday, November 20th, 10:05 a.m.", in the business's zone.
    pub now: String,
    /// What has been understood, by whoever understood it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// "on the line", "given", or nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The time that is kept and not booked yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept: Option<String>,
    /// What the conversation waits for.
    pub waits_for: WaitsFor,
    /// The caller has said yes to what was read back: now it can be confirmed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub agreed: bool,
    /// What this call has booked, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub booked: Vec<String>,
    /// In the first turn: the next free times of each service, which may be offered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub next_free: Vec<NextFree>,
    /// The caller talked over our last words, and this is what they heard of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub heard_of_ours: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextFree {
    pub service: String,
    pub slots: Vec<ShownSlot>,
}

/// As [`super::Asked`], in the words of the prompt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitsFor {
    /// What it is that they would like.
    #[default]
    Wish,
    Service,
    Staff,
    Time,
    /// Which of the times that were offered.
    Choice,
    Name,
    Spelling,
    Number,
    /// A yes or no to the appointment that was read back.
    YesToReadBack,
    /// What to change of it.
    Change,
    /// The name or day of an appointment they have.
    WhichAppointment,
    YesToCancel,
    Message,
    YesToMessage,
    AnythingElse,
}
