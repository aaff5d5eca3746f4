//! What the conversation so far says to the model, read anew for every answer.

use serde::Deserialize;

use super::words::{Question, asked_in};
use crate::{
    domain::{
        business::Business,
        dialogue::tool::{ShownBooking, ShownSlot, Situation, ToolAnswer, WaitsFor},
        time::{Clock, When},
        understand::{Answer, Expecting, Intent, Meaning, Slot, understand},
    },
    ports::language_model::{Prompt, ToolCall, Turn},
};

/// What the caller wants done with an appointment they have, or with one they want.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Errand {
    #[default]
    None,
    Book,
    Move,
    Cancel,
    Tell,
}

/// A tool that was called in this turn, and what it answered.
pub(super) struct Answered {
    pub(super) tool: String,
    pub(super) arguments: serde_json::Value,
    pub(super) answer: ToolAnswer,
}

pub(super) struct Memory<'a> {
    pub(super) business: &'a Business,
    pub(super) may_call: bool,
    /// The caller's last words, what they mean, and what the server knew then.
    pub(super) words: String,
    pub(super) meaning: Meaning,
    pub(super) desk: Situation,
    /// What was asked before them, in the model's words or the server's.
    pub(super) asked: Option<Question>,
    /// All that was said before them.
    pub(super) last: String,
    /// Tools' answers since then.
    pub(super) answers: Vec<Answered>,
    /// Said since then, before a tool was called.
    pub(super) begun: String,
    /// The times shown last.
    pub(super) slots: Vec<ShownSlot>,
    /// What a time could mean, when it was asked which.
    pub(super) meant: Vec<String>,
    pub(super) bookings: Vec<ShownBooking>,
    pub(super) errand: Errand,
    /// What the caller said of the time they want, and what it comes to.
    pub(super) time: String,
    pub(super) when: When,
    /// What they said of the day of the appointment they have.
    pub(super) day: String,
    /// How often in a row they were not understood.
    pub(super) puzzled: usize,
    pub(super) unkind: usize,
    /// Of the conversation, in turns.
    pub(super) length: usize,
    dice: u64,
}

#[derive(Deserialize)]
struct CallerTurn {
    #[serde(default)]
    caller: String,
    #[serde(default)]
    desk: Situation,
}

impl<'a> Memory<'a> {
    pub(super) fn of(prompt: &Prompt, business: &'a Business) -> Self {
        let mut memory = Self {
            business,
            may_call: prompt.may_call,
            words: String::new(),
            meaning: Meaning::default(),
            desk: Situation::default(),
            asked: None,
            last: String::new(),
            answers: Vec::new(),
            begun: String::new(),
            slots: Vec::new(),
            meant: Vec::new(),
            bookings: Vec::new(),
            errand: Errand::None,
            time: String::new(),
            when: When::default(),
            day: String::new(),
            puzzled: 0,
            unkind: 0,
            length: prompt.turns.len(),
            dice: 0xcbf2_9ce4_8422_2325,
        };
        let mut called: Vec<ToolCall> = Vec::new();
        for turn in &prompt.turns {
            match turn {
                Turn::Caller(text) => memory.hear(text),
                Turn::Agent { text, calls } => {
                    memory.shuffle(text);
                    // What the server said stands in its tool's answer, too.
                    if !memory.begun.ends_with(text.trim()) {
                        join(&mut memory.begun, text);
                    }
                    called.extend(calls.iter().cloned());
                }
                Turn::Results(results) => {
                    for result in results {
                        let Some(at) = called.iter().position(|call| call.id == result.id) else { continue };
                        let call = called.remove(at);
                        let answer = serde_json::from_str(&result.content).unwrap_or_default();
                        let arguments = serde_json::from_str(&call.arguments).unwrap_or_default();
                        memory.learn(Answered { tool: call.name, arguments, answer });
                    }
                }
            }
        }
        memory
    }

    /// One of several, as the conversation so far decides.
    pub(super) fn one_of<'w>(&self, ways: &[&'w str]) -> &'w str {
        let count = u64::try_from(ways.len()).unwrap_or(1).max(1);
        // The upper bits are the better mixed ones.
        let at = usize::try_from((self.dice >> 24) % count).unwrap_or_default();
        ways.get(at).copied().unwrap_or_default()
    }

    /// True so many times in a hundred.
    pub(super) fn perhaps(&self, percent: u64) -> bool {
        (self.dice >> 40) % 100 < percent
    }

    pub(super) fn has(&self, intent: Intent) -> bool {
        self.meaning.intents.contains(&intent)
    }

    pub(super) fn is(&self, answer: Answer) -> bool {
        self.meaning.answer == Some(answer)
    }

    fn shuffle(&mut self, text: &str) {
        for byte in text.bytes() {
            self.dice = (self.dice ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn hear(&mut self, text: &str) {
        self.shuffle(text);
        let Ok(turn) = serde_json::from_str::<CallerTurn>(text) else { return };
        if !self.begun.is_empty() {
            self.last = std::mem::take(&mut self.begun);
        }
        self.turn_the_page();
        self.answers.clear();
        self.desk = turn.desk;
        self.words = turn.caller;
        self.asked = asked_in(&self.last).or_else(|| Question::of(self.desk.waits_for, &self.last));
        self.meaning = understand(&self.words, self.business, self.expecting());
        self.puzzled = if self.last.starts_with("Sorry, ") { self.puzzled + 1 } else { 0 };
        self.unkind += usize::from(self.has(Intent::Abuse));
        self.take_errand();
        self.take_time();
    }

    /// What they wanted is done, and what they say now is about something else.
    fn turn_the_page(&mut self) {
        const DONE: [&str; 4] = ["you're booked", "appointment is now", "is cancelled", "put you down"];
        let last = self.last.to_lowercase();
        if DONE.iter().any(|words| last.contains(words)) {
            self.errand = Errand::None;
            self.time.clear();
            self.day.clear();
            self.when = When::default();
            self.slots.clear();
            self.bookings.clear();
        }
    }

    fn expecting(&self) -> Expecting {
        match self.asked {
            Some(Question::Service) => Expecting::Service,
            Some(Question::Staff) => Expecting::Staff,
            Some(Question::Time | Question::WhichDay) => Expecting::When,
            Some(Question::Which) => Expecting::Choice(self.slots.len()),
            Some(Question::Name | Question::WhoseName) => Expecting::Name,
            Some(Question::Number) => Expecting::Phone,
            Some(Question::ReadBack | Question::CancelIt | Question::OfferMessage) => Expecting::YesNo,
            Some(Question::Message) => Expecting::Message,
            _ => Expecting::Anything,
        }
    }

    fn take_errand(&mut self) {
        let has = |intent| self.meaning.intents.contains(&intent);
        let wanted = [
            (Intent::Move, Errand::Move),
            (Intent::Cancel, Errand::Cancel),
            (Intent::WhenIsMine, Errand::Tell),
            (Intent::Book, Errand::Book),
            (Intent::AskTimes, Errand::Book),
        ];
        let wanted = wanted.into_iter().find_map(|(intent, errand)| has(intent).then_some(errand));
        // "Could I have it on Thursday instead?", of the one that was just told.
        let told = self.errand == Errand::Tell && self.bookings.len() == 1 && wanted.is_none();
        let wanted =
            wanted.or((told && self.meaning.when.is_some() && self.meaning.service.is_none()).then_some(Errand::Move));
        let arranging = matches!(self.errand, Errand::Move) && wanted == Some(Errand::Book);
        let (Some(errand), false) = (wanted, arranging) else { return };
        if errand != self.errand {
            self.errand = errand;
            self.time.clear();
            self.when = When::default();
            self.day.clear();
        }
    }

    /// What is said of a time belongs to the appointment they have or to the one they want.
    fn take_time(&mut self) {
        const TIMES: [Slot; 2] = [Slot::Date, Slot::Time];
        let Some(when) = self.meaning.when else { return };
        let said = words_of(&self.meaning, &TIMES);
        let said = if said.is_empty() { self.words.clone() } else { said };
        let theirs = matches!(self.errand, Errand::Cancel | Errand::Tell) || self.asked == Some(Question::WhichDay);
        if theirs {
            self.day = said;
            return;
        }
        if self.errand == Errand::Move && self.has(Intent::Move) {
            match self.old_and_new() {
                Some((from, to)) => {
                    self.when = understand(&to, self.business, Expecting::When).when.unwrap_or_default();
                    if !from.is_empty() {
                        self.day = from;
                    }
                    self.time = to;
                }
                None => self.day = said,
            }
            return;
        }
        let day = self.when.day.is_some() && when.day.is_none();
        let alone = when.day.is_none() || when.clock.is_some() || self.time.is_empty();
        self.when = self.when.then(when);
        self.time = match (day, alone) {
            (true, _) => format!("{}, {said}", only_day(&self.time, self.business)),
            _ => said,
        };
    }

    /// "From Thursday to Friday at three", "my Thursday appointment to 11 am", "it to Friday": what is moved, if that is
    /// said, and to when.
    fn old_and_new(&self) -> Option<(String, String)> {
        let small = self.words.to_lowercase();
        let read = |text: &str| {
            let meaning = understand(text, self.business, Expecting::When);
            let said = words_of(&meaning, &[Slot::Date, Slot::Time]);
            meaning.when.map(|when| (when, said))
        };
        let parts =
            || small.match_indices(" to ").filter_map(|(at, to)| Some((small.get(..at)?, small.get(at + to.len()..)?)));
        let both = parts().find_map(|(before, after)| {
            let (old, from) = read(before).filter(|(old, _)| old.day.is_some())?;
            Some((old, from, read(after)?))
        });
        if let Some((_, from, (new, to))) = both {
            let to = if new.day.is_none() { format!("{from}, {to}") } else { to };
            return Some((from, to));
        }
        let new = parts().last().and_then(|(_, after)| read(after));
        new.map(|(_, to)| (String::new(), to))
    }

    /// The times between which it is asked: "Which one did you mean: 9 a.m., or 9 p.m.?", "I could do 3 a.m."
    fn times_in(&self, say: &str) -> Vec<String> {
        let asked =
            say.split_once("did you mean: ").map(|(_, times)| times.trim_end_matches('?').replace(", or ", " or "));
        let could =
            say.split_once("I could do ").map(|(_, time)| time.split(" Would").next().unwrap_or(time).to_owned());
        let day = only_day(&self.time, self.business);
        let with_its_day = |time: &str| {
            let when = understand(time, self.business, Expecting::When).when.unwrap_or_default();
            if when.day.is_some() || day.is_empty() { time.to_owned() } else { format!("{day} at {time}") }
        };
        let times = asked.or(could).unwrap_or_default();
        times.split(" or ").filter(|time| !time.is_empty()).map(with_its_day).collect()
    }

    /// Whether what was said of the time is one reading of the clock.
    pub(super) fn names_an_hour(&self) -> bool {
        matches!(self.when.clock, Some(Clock::At(_) | Clock::Twice(..) | Clock::InMinutes(_)))
    }

    fn learn(&mut self, answered: Answered) {
        let answer = &answered.answer;
        let done = answer.refused.is_none();
        let read = matches!(answered.tool.as_str(), "look_up_times" | "find_bookings" | "answer_from_facts");
        // What the server says itself it tells as the tool's answer.
        if done && !read && !self.begun.contains(answer.say.trim()) {
            join(&mut self.begun, &answer.say);
        }
        match answered.tool.as_str() {
            "look_up_times" if done => {
                self.slots.clone_from(&answer.slots);
                self.meant = if answer.slots.is_empty() { self.times_in(&answer.say) } else { Vec::new() };
                if self.errand != Errand::Move {
                    self.errand = Errand::Book;
                }
            }
            "find_bookings" if done => self.bookings.clone_from(&answer.bookings),
            _ => {}
        }
        self.answers.push(answered);
    }
}

/// The parts of what was said in which something was found, as one text.
fn words_of(meaning: &Meaning, slots: &[Slot]) -> String {
    let spans: Vec<_> =
        meaning.found.iter().filter(|found| slots.contains(&found.slot)).map(|found| found.span.clone()).collect();
    let from = spans.iter().map(|span| span.start).min();
    let to = spans.iter().map(|span| span.end).max();
    let words = from.zip(to).and_then(|(from, to)| meaning.text.get(from..to));
    words.unwrap_or_default().to_owned()
}

/// The day in "Thursday at three".
fn only_day(time: &str, business: &Business) -> String {
    let meaning = understand(time, business, Expecting::When);
    let day = words_of(&meaning, &[Slot::Date]);
    if day.is_empty() { time.to_owned() } else { day }
}

fn join(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push(' ');
    }
    text.push_str(more.trim());
}

impl Question {
    /// What the server last asked. It counts the name and the day of an appointment as one.
    fn of(waits: WaitsFor, last: &str) -> Option<Self> {
        Some(match waits {
            WaitsFor::Wish => return None,
            WaitsFor::Service => Self::Service,
            WaitsFor::Staff => Self::Staff,
            WaitsFor::Time => Self::Time,
            WaitsFor::Choice => Self::Which,
            WaitsFor::Name | WaitsFor::Spelling => Self::Name,
            WaitsFor::Number => Self::Number,
            WaitsFor::YesToReadBack => Self::ReadBack,
            WaitsFor::Change => Self::Change,
            WaitsFor::WhichAppointment
                if last.ends_with('?') && last.rsplit(". ").next().is_some_and(|q| q.contains("day")) =>
            {
                Self::WhichDay
            }
            WaitsFor::WhichAppointment => Self::WhoseName,
            WaitsFor::YesToCancel => Self::CancelIt,
            WaitsFor::Message => Self::Message,
            WaitsFor::YesToMessage => Self::OfferMessage,
            WaitsFor::AnythingElse => Self::Else,
        })
    }
}
