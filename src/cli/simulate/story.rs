//! What happened in a call, as the caller lived it.

use std::fmt;

use super::scenario::Goal;
use crate::domain::report::Report;

#[derive(Debug, Default)]
pub(super) struct Story {
    /// The vendor's id of the call.
    pub(super) call: String,
    /// What was said and done, in order, for whoever reads it.
    pub(super) lines: Vec<String>,
    /// All that the agent said.
    pub(super) heard: String,
    pub(super) faults: Vec<Fault>,
    /// How often the caller spoke.
    pub(super) turns: usize,
    pub(super) turns_to_book: Option<usize>,
    /// How often something was asked that had been told.
    pub(super) repeats: usize,
    /// What was read back for a yes.
    pub(super) read_backs: Vec<String>,
    pub(super) earlier_goals: Vec<Goal>,
    /// What the caller wanted in the end, goal by goal.
    pub(super) goals: Vec<Goal>,
    /// What the server reports of the models it asked, if it asked any.
    pub(super) report: Option<Report>,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Something was said to be done that was not in the book.
    FalseClaim(String),
    /// A booking that nobody wanted.
    WrongBooking(String),
    /// A booking whose details the caller had not heard before the yes.
    NotReadBack(String),
    DoubleQuestion(String),
    /// Something that shows that whoever speaks is not one and the same: a second answer, a sentence said twice, none at all.
    Break(String),
    Other(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FalseClaim(what) => write!(f, "said and not so: {what}"),
            Self::WrongBooking(what) => write!(f, "wrong booking: {what}"),
            Self::NotReadBack(what) => write!(f, "not read back: {what}"),
            Self::DoubleQuestion(what) => write!(f, "two questions at once: {what}"),
            Self::Break(what) => write!(f, "a break to be heard: {what}"),
            Self::Other(what) => f.write_str(what),
        }
    }
}

impl Story {
    pub(super) fn of(call: &str) -> Self {
        Self { call: call.to_owned(), ..Self::default() }
    }

    pub(super) fn agent(&mut self, words: &str) {
        self.lines.push(format!("Agent:  {words}"));
        self.heard.push_str(&words.to_lowercase());
        self.heard.push('\n');
    }

    pub(super) fn caller(&mut self, words: &str) {
        self.lines.push(format!("Caller: {words}"));
    }

    pub(super) fn note(&mut self, what: &str) {
        self.lines.push(format!("        ({what})"));
    }

    pub(super) fn read_back(&mut self, text: &str) {
        self.read_backs.push(text.to_owned());
    }

    /// What was said last was cut off half-way.
    pub(super) fn half_heard(&mut self) {
        if let Some(text) = self.read_backs.last_mut() {
            let words: Vec<&str> = text.split_inclusive(' ').collect();
            *text = words[..words.len().div_ceil(2)].concat();
        }
    }
}
