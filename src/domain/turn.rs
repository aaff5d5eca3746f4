//! What happened at one turn of a call, for whoever reads the call afterwards: what was understood, what the desk was
//! asked and said, what a model called, how long the caller waited.
//!
//! It is written down with the call's lines. Nothing in it is anybody's words, name or number: those stand in the
//! transcript and the booking, under their own rules.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::dialogue::{DeskReply, Failure, Request};

/// So many questions to the desk, and calls of tools, are kept of one turn.
const MOST: usize = 8;
/// As many characters of a name out of the settings as are kept.
const LONGEST: usize = 60;

/// One turn: from the end of the caller's words to the end of theirs after it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Turn {
    /// When the caller's words ended.
    pub at: Timestamp,
    /// What they meant, in the program's own words: "book", "ask the price", "yes".
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub meant: Vec<String>,
    /// What was known when the turn was over.
    pub known: Known,
    /// What was asked of the desk, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub desk: Vec<Asked>,
    /// What a model called, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tools: Vec<Called>,
    /// From the end of the caller's words to the first of ours, "one moment" not counted, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_word_ms: Option<u32>,
    /// The setting's name of the model that answered; empty when the script did.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub model: String,
    /// "One moment" was said.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub filler: bool,
    /// Why the script answered for a model: "slow", "down", "spent", "unusable".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    /// Sentences of a model that were kept back.
    #[serde(skip_serializing_if = "is_zero")]
    pub withheld: u8,
}

/// What is known of the appointment and of who comes, without saying who.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Known {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff: Option<String>,
    /// The time that is kept for the caller.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<Timestamp>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub name: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub phone: bool,
    /// As on the caller's card: "collecting", "holding", "confirming", "booked" …
    #[serde(skip_serializing_if = "String::is_empty")]
    pub stage: String,
}

/// One question to the desk and its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub what: What,
    /// Nothing: it was not waited for, or the call was over first.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub came: Option<Came>,
}

/// What was asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Free times between two moments; `near` when one time was wanted.
    Times {
        from: Timestamp,
        to: Timestamp,
        near: Option<Timestamp>,
    },
    /// To keep this time.
    Hold(Timestamp),
    /// To book, or move to, what is kept.
    Confirm,
    Cancel,
    /// The caller's own appointments.
    Own,
    /// To pass on a message.
    Message,
}

/// What came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Came {
    /// So many times, or so many appointments.
    Found(u16),
    Held,
    Booked,
    Cancelled,
    PassedOn,
    Refused(Failure),
}

/// One call of a tool. Both are the program's own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    pub name: String,
    /// "done", "refused", "malformed", "dropped".
    pub came: String,
}

impl Known {
    /// Nothing is known yet, as before the first turn.
    pub fn is_new(&self) -> bool {
        self.stage.is_empty()
    }
}

impl Turn {
    pub fn beginning(at: Timestamp) -> Self {
        Self { at, ..Self::default() }
    }

    /// The desk is asked.
    pub fn asks(&mut self, request: &Request) {
        if self.desk.len() < MOST {
            self.desk.push(Asked { what: What::of(request), came: None });
        }
    }

    /// The desk has answered the last question that it has not answered yet.
    pub fn came(&mut self, reply: &DeskReply) {
        if let Some(asked) = self.desk.last_mut().filter(|asked| asked.came.is_none()) {
            asked.came = Some(Came::of(reply));
        }
    }

    pub fn called(&mut self, name: &str, came: &str) {
        if self.tools.len() < MOST {
            self.tools.push(Called { name: name.to_owned(), came: came.to_owned() });
        }
    }
}

impl What {
    fn of(request: &Request) -> Self {
        match request {
            Request::Find { from, to, near, .. } => Self::Times { from: *from, to: *to, near: *near },
            Request::Hold { slot, .. } => Self::Hold(slot.starts),
            Request::Confirm { .. } => Self::Confirm,
            Request::Cancel { .. } => Self::Cancel,
            Request::Upcoming => Self::Own,
            Request::Note { .. } => Self::Message,
        }
    }
}

impl Came {
    fn of(reply: &DeskReply) -> Self {
        let count = |count: usize| u16::try_from(count).unwrap_or(u16::MAX);
        match reply {
            DeskReply::Found(slots) => Self::Found(count(slots.len())),
            DeskReply::Upcoming(bookings) => Self::Found(count(bookings.len())),
            DeskReply::Held(_) => Self::Held,
            DeskReply::Confirmed(_) => Self::Booked,
            DeskReply::Cancelled(_) => Self::Cancelled,
            DeskReply::NoteTaken => Self::PassedOn,
            DeskReply::Failed(failure) => Self::Refused(*failure),
        }
    }
}

/// A name out of the settings, as much of it as is kept.
pub fn short(name: &str) -> String {
    name.chars().take(LONGEST).collect()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(count: &u8) -> bool {
    *count == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_small_however_much_happens_in_it() {
        let mut turn = Turn::beginning(Timestamp::UNIX_EPOCH);
        for _ in 0..100 {
            turn.asks(&Request::Upcoming);
            turn.came(&DeskReply::Found(Vec::new()));
            turn.called("look_up_times", "done");
        }
        turn.known.service = Some(short(&"x".repeat(500)));
        turn.known.staff = Some(short(&"y".repeat(500)));
        let written = serde_json::to_string(&turn).unwrap();
        assert!(written.len() < 2_000, "{} bytes", written.len());
        assert_eq!(serde_json::from_str::<Turn>(&written).unwrap(), turn);
        let empty = serde_json::to_string(&Turn::beginning(Timestamp::UNIX_EPOCH)).unwrap();
        assert_eq!(empty, r#"{"at":"1970-01-01T00:00:00Z","known":{}}"#);
    }

    #[test]
    fn an_answer_belongs_to_the_last_question_and_a_late_one_to_none() {
        let mut turn = Turn::default();
        turn.came(&DeskReply::NoteTaken);
        turn.asks(&Request::Upcoming);
        turn.asks(&Request::Note { text: "late".to_owned(), beside: false });
        turn.came(&DeskReply::NoteTaken);
        turn.came(&DeskReply::Failed(Failure::Taken));
        assert_eq!(turn.desk[0], Asked { what: What::Own, came: None });
        assert_eq!(turn.desk[1], Asked { what: What::Message, came: Some(Came::PassedOn) });
        assert!(!serde_json::to_string(&turn).unwrap().contains("late"));
    }
}
