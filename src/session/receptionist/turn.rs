//! One turn of the caller's, as models answer it: what has been said in it, what they have asked for, and by when
//! something has to happen.

use std::time::Duration;

use tokio::time::Instant;

use super::{chain::Race, waiting::asks_to_wait};
use crate::{
    domain::{
        dialogue::tool::Tool,
        report::TurnReport,
        truth::{Claim, Speech},
    },
    ports::language_model::{ToolCall, ToolResult},
};

/// The caller starts to wonder: something is said, once.
pub(in crate::session) const FILLER: Duration = Duration::from_millis(900);
/// Nothing was said in all this time: the scripted receptionist answers.
const SCRIPTED: Duration = Duration::from_secs(4);
/// Whatever a model is doing, it is over.
const LONGEST: Duration = Duration::from_secs(12);
/// After a sentence that was kept back: it may still call a tool, which will say something better.
const AFTER_WITHHELD: Duration = Duration::from_secs(1);
/// So often may tools be called in one turn; after that the model can only speak.
pub(in crate::session) const MOST_STEPS: u8 = 3;
/// So many calls of one message are looked at.
pub(in crate::session) const MOST_CALLS: usize = 3;
/// So often is a model told that a call is wrong, or that there is no such tool.
const MOST_REFUSED: u8 = 1;
const MOST_UNKNOWN: u8 = 2;
/// More bytes that cannot be spoken are no answer: too long, or nothing a voice can say.
const MOST_UNSPOKEN: usize = 4_000;
/// So many are remembered, to be answered that there were too many; the rest is noise.
const MOST_REMEMBERED: usize = 16;

pub(in crate::session) struct Turn {
    pub(in crate::session) began: Instant,
    /// The answer in the making; none while the desk is asked.
    pub(in crate::session) race: Option<Race>,
    pub(in crate::session) speech: Speech,
    /// What a model has said in this turn, as far as it was spoken.
    pub(in crate::session) said: String,
    /// The part of it that belongs to the message at hand.
    pub(in crate::session) message: String,
    /// The calls of the message at hand.
    pub(in crate::session) calls: Vec<ToolCall>,
    /// What came of them so far.
    pub(in crate::session) results: Vec<ToolResult>,
    pub(in crate::session) doing: Option<Doing>,
    /// What was done in this turn, and how it was answered: the same again is not done again.
    pub(in crate::session) done: Vec<(String, ToolResult)>,
    pub(in crate::session) steps: u8,
    /// Calls that were wrong, and calls of tools that there are not.
    refused: u8,
    unknown: u8,
    pub(in crate::session) asked_again: bool,
    pub(in crate::session) withheld: Option<(Claim, Instant)>,
    /// Bytes that have come since the last of them that could be spoken.
    pub(in crate::session) unspoken: usize,
    /// When what was said will have been heard, fillers left out.
    pub(in crate::session) heard_until: Instant,
    /// The filler was said, or its moment has passed.
    pub(in crate::session) filled: bool,
    pub(in crate::session) report: TurnReport,
}

/// A tool at work.
pub(in crate::session) struct Doing {
    pub(in crate::session) name: &'static str,
    pub(in crate::session) tool: Tool,
    /// What the machine says of it.
    pub(in crate::session) say: String,
}

impl Doing {
    pub(in crate::session) fn says(&mut self, text: &str) {
        if !self.say.is_empty() {
            self.say.push(' ');
        }
        self.say.push_str(text.trim());
    }
}

impl Turn {
    /// Begins when the caller has stopped speaking.
    pub(in crate::session) fn begin() -> Self {
        let now = Instant::now();
        Self {
            began: now,
            race: None,
            speech: Speech::new(),
            said: String::new(),
            message: String::new(),
            calls: Vec::new(),
            results: Vec::new(),
            doing: None,
            done: Vec::new(),
            steps: 0,
            refused: 0,
            unknown: 0,
            asked_again: false,
            withheld: None,
            unspoken: 0,
            heard_until: now,
            filled: false,
            report: TurnReport::default(),
        }
    }

    /// When something happens by itself. While the desk is asked it has budgets of its own.
    pub(in crate::session) fn deadline(&self, desk_is_asked: bool) -> Instant {
        let given_up = if desk_is_asked { self.began + LONGEST * 2 } else { self.given_up_at() };
        if self.filled { given_up } else { given_up.min(self.filler_at()) }
    }

    pub(in crate::session) fn filler_at(&self) -> Instant {
        self.heard_until + FILLER
    }

    pub(in crate::session) fn given_up_at(&self) -> Instant {
        let at = (self.heard_until + SCRIPTED).min(self.began + LONGEST);
        self.withheld.map_or(at, |(_, since)| at.min(since + AFTER_WITHHELD))
    }

    /// Something is said that is no filler. How long it took, if it is the first.
    pub(in crate::session) fn first_word(&mut self) -> Option<Duration> {
        let after = self.began.elapsed();
        let first = self.report.first_word_ms.is_none();
        if first {
            self.report.first_word_ms = u32::try_from(after.as_millis()).ok();
        }
        first.then_some(after)
    }

    pub(in crate::session) fn remember(&mut self, call: ToolCall) {
        if self.calls.len() < MOST_REMEMBERED {
            self.calls.push(call);
        }
    }

    /// After a sentence that was kept back, once what was called is done: what comes then is another message.
    pub(in crate::session) fn listen_again(&mut self) {
        if self.withheld.take().is_some() {
            self.speech = Speech::new();
        }
    }

    /// So much has come that cannot be spoken that no more is expected of this message.
    pub(in crate::session) fn is_noise(&self) -> bool {
        self.unspoken > MOST_UNSPOKEN
    }

    /// A call could not be done.
    pub(in crate::session) fn went_wrong(&mut self, no_such_tool: bool) {
        let count = if no_such_tool { &mut self.unknown } else { &mut self.refused };
        *count = count.saturating_add(1);
    }

    /// The model has been told what is wrong, and does it again: the machine asks the caller.
    pub(in crate::session) fn is_hopeless(&self) -> bool {
        self.refused > MOST_REFUSED || self.unknown > MOST_UNKNOWN
    }

    /// A message of the model begins.
    pub(in crate::session) fn next_message(&mut self) {
        self.message.clear();
        self.unspoken = 0;
        self.calls.clear();
        self.results.clear();
        self.doing = None;
    }

    /// The caller was told to wait, and nothing more comes.
    pub(in crate::session) fn leaves_waiting(&self) -> bool {
        asks_to_wait(&self.said)
    }

    /// How the words so far end.
    pub(in crate::session) fn ends(&self) -> Ends {
        match self.said.trim_end().trim_end_matches(['"', '”', '\'', ')']).chars().last() {
            None => Ends::Nothing,
            Some('?' | '？' | '؟') => Ends::Question,
            Some('.' | '!' | '…' | '。' | '！') => Ends::Sentence,
            Some(_) => Ends::Middle,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session) enum Ends {
    Nothing,
    Question,
    Sentence,
    /// In the middle of a sentence.
    Middle,
}
