//! What a call came by, kept so that it can be told afterwards why nothing was booked; and what the caller's last words
//! meant, for the record of the turn.

use serde::{Deserialize, Serialize};

use super::{Asked, DeskReply, Dialogue, Failure, Request, Task, state::unset};
use crate::domain::{
    call::{Outcome, WhyNot},
    understand::{Answer, Intent, Meaning},
};

/// More misunderstandings than progress.
const UNCLEAR: u8 = 2;

/// What has happened in a call, whatever else is arranged in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the call")]
pub struct Course {
    /// They wanted an appointment, or to move one.
    #[serde(skip_serializing_if = "unset")]
    pub wanted: bool,
    /// They had a question that was answered.
    #[serde(skip_serializing_if = "unset")]
    pub asked: bool,
    /// They asked for a person.
    #[serde(skip_serializing_if = "unset")]
    pub person: bool,
    #[serde(skip_serializing_if = "unset")]
    pub wrong_number: bool,
    /// How often the desk looked for free times, and found some.
    #[serde(skip_serializing_if = "unset")]
    pub looked: u8,
    #[serde(skip_serializing_if = "unset")]
    pub found: u8,
    /// A time was kept for them.
    #[serde(skip_serializing_if = "unset")]
    pub kept: bool,
    /// An appointment was read back to them.
    #[serde(skip_serializing_if = "unset")]
    pub read_back: bool,
    /// The last thing the desk refused.
    #[serde(skip_serializing_if = "unset")]
    pub refused: Option<Failure>,
    /// How often they were not understood.
    #[serde(skip_serializing_if = "unset")]
    pub unclear: u8,
}

/// What the caller's last words meant.
#[derive(Clone, Debug, Default)]
pub(super) struct Meant {
    intents: Vec<Intent>,
    answer: Option<Answer>,
}

impl Dialogue {
    /// What the caller's last words meant, in the program's own words.
    pub fn meant(&self) -> Vec<&'static str> {
        let answer = self.meant.answer.map(|answer| if answer == Answer::Yes { "yes" } else { "no" });
        self.meant.intents.iter().map(|intent| in_words(*intent)).chain(answer).collect()
    }

    pub(super) fn note_meaning(&mut self, meaning: &Meaning) {
        self.meant = Meant { intents: meaning.intents.clone(), answer: meaning.answer };
        let has = |intent| meaning.intents.contains(&intent);
        let course = &mut self.state.course;
        course.person |= has(Intent::Person);
        course.wrong_number |= has(Intent::WrongNumber);
    }

    /// After every event.
    pub(super) fn note_course(&mut self) {
        let wants = matches!(self.state.task, Task::Book | Task::Move);
        let course = &mut self.state.course;
        course.wanted |= wants;
        course.read_back |= wants && self.state.asked == Asked::ReadBack;
        course.asked |= self.answered;
    }

    pub(super) fn note_reply(&mut self, request: &Request, reply: &DeskReply) {
        let course = &mut self.state.course;
        match (request, reply) {
            (_, DeskReply::Found(slots)) => {
                course.looked = course.looked.saturating_add(1);
                course.found = course.found.saturating_add(u8::from(!slots.is_empty()));
            }
            (_, DeskReply::Held(_)) => {
                course.kept = true;
                course.refused = None;
            }
            (Request::Find { .. } | Request::Hold { .. } | Request::Confirm { .. }, DeskReply::Failed(failure)) => {
                course.refused = Some(*failure);
            }
            _ => {}
        }
    }

    /// Why nothing was booked, as the call stands. Nothing when something was booked, moved or cancelled.
    pub fn why_not(&self) -> Option<WhyNot> {
        let (state, course) = (&self.state, &self.state.course);
        if state.outcome >= Outcome::Cancelled {
            return None;
        }
        let closed = self.business.services.is_empty() || self.business.staff.is_empty();
        Some(match course.refused {
            _ if state.turns == 0 && state.silences > 0 => WhyNot::Silence,
            _ if state.outcome == Outcome::Transferred || course.person => WhyNot::WantedPerson,
            _ if course.wrong_number => WhyNot::WrongNumber,
            _ if closed && course.wanted => WhyNot::Closed,
            _ if !course.wanted => self.why_nothing_was_wanted(),
            Some(Failure::Unavailable) => WhyNot::Unavailable,
            Some(Failure::TooMany) => WhyNot::TooMany,
            Some(_) => WhyNot::Taken,
            None if course.read_back => WhyNot::NotConfirmed,
            None if course.kept => WhyNot::NoName,
            None if course.found > 0 => WhyNot::NoTimeSuited,
            None if course.looked > 0 => WhyNot::NothingFree,
            None if course.unclear >= UNCLEAR => WhyNot::NotUnderstood,
            None => WhyNot::HungUpEarly,
        })
    }

    fn why_nothing_was_wanted(&self) -> WhyNot {
        let (state, course) = (&self.state, &self.state.course);
        match state.outcome {
            Outcome::Message => WhyNot::LeftMessage,
            _ if course.asked => WhyNot::OnlyAsked,
            _ if course.unclear > 0 => WhyNot::NotUnderstood,
            _ => WhyNot::HungUpEarly,
        }
    }
}

fn in_words(intent: Intent) -> &'static str {
    match intent {
        Intent::Book => "book",
        Intent::Move => "move",
        Intent::Cancel => "cancel",
        Intent::WhenIsMine => "when is mine",
        Intent::AskHours => "ask the hours",
        Intent::AskPrice => "ask the price",
        Intent::AskAddress => "ask the address",
        Intent::AskServices => "ask what is offered",
        Intent::AskFact(_) => "ask a known question",
        Intent::AskWhoYouAre => "ask who is speaking",
        Intent::Person => "a person",
        Intent::LeaveMessage => "leave a message",
        Intent::Repeat => "say it again",
        Intent::Goodbye => "goodbye",
        Intent::Greeting => "hello",
        Intent::Thanks => "thanks",
        Intent::NeverMind => "never mind",
        Intent::Emergency => "an emergency",
        Intent::Sensitive => "something that is not kept",
        Intent::AskTimes => "ask for free times",
        Intent::Privacy => "ask about their data",
        Intent::RunningLate => "running late",
        Intent::WrongNumber => "wrong number",
        Intent::Abuse => "abuse",
        Intent::AskOther => "ask something unknown",
    }
}
