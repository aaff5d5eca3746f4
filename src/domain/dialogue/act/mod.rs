//! The conversation in the hands of a language model. The model owns the words; here is what it can do, which is to nudge
//! the machine. A tool sets what the caller has said and takes the machine's own next step, so that the machine is always
//! where the conversation is, and goes on by itself when the model does not answer.
//!
//! A turn of a model is: [`Dialogue::overhear`], then any number of [`Dialogue::act`] (each with the desk's answers as
//! events, and [`Dialogue::answer`] for the model), then [`Dialogue::said_by_model`]; or, at any moment of it,
//! [`Dialogue::fall_back`].

mod facts;
mod fall_back;
mod handles;
mod instead;
mod known;
mod look_up;
mod mine;
mod named;
mod overhear;
mod propose;

use jiff::Timestamp;

pub use handles::Handles;
pub use overhear::Overheard;

use super::{
    Asked, DeskReply, Dialogue, Effect, Heard, Request, State,
    tool::{ShownBooking, ShownSlot, Tool, ToolAnswer},
};
use crate::domain::understand::Intent;

/// Answers of the desk that are kept for a turn; a model has three steps in one.
const MOST_FOUND: usize = 6;

/// What is remembered of the turn a model is in. Not written down: after a crash the caller is asked again.
#[derive(Clone, Debug, Default)]
pub(super) struct Turn {
    /// Where the conversation stood before the caller's last words, and the words.
    before: Option<Box<(State, Heard)>>,
    /// What the caller wanted in them.
    intents: Vec<Intent>,
    /// The caller's turns are taken by a model: what they say while the desk is busy is kept for it.
    pub(super) led: bool,
    /// The caller's words came too late for what they were about, and the machine has no answer to them.
    idle: bool,
    /// A tool has done more in this turn than look something up.
    acted: bool,
    /// What was looked up in this turn: the machine need not ask for the same again.
    found: Vec<(Request, DeskReply)>,
    /// What the last tool found is for the model to read.
    read: Read,
    /// What the caller heard of our last words, when they talked over them.
    pub(super) cut: Option<String>,
}

impl Turn {
    /// Keeps an answer of the desk until the turn is over.
    pub(super) fn keep(&mut self, request: &Request, reply: &DeskReply) {
        if self.before.is_some() && request.is_read() && self.found.len() < MOST_FOUND {
            self.found.push((request.clone(), reply.clone()));
        }
    }

    /// The machine has heard the words itself: there is nothing to go back to.
    pub(super) fn is_answered(&mut self) {
        self.before = None;
    }
}

/// What there is to read in the answer to a tool.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Read {
    /// The server says it itself.
    #[default]
    Nothing,
    Words,
    Times,
    Bookings,
}

impl Dialogue {
    /// Does what a tool asks for, or says why not. The effects are carried out as those of an event; the words among them
    /// are for [`Dialogue::answer`] if the tool only reads ([`Tool::is_read`]), else they are said.
    ///
    /// # Errors
    /// Not possible, or not allowed at this moment: the answer says what is.
    pub fn act(&mut self, tool: Tool, now: Timestamp) -> Result<Vec<Effect>, ToolAnswer> {
        self.begin(now);
        self.turn.led = true;
        if self.is_changing_something() {
            return Err(refused("The appointment book is busy with the last change. Wait for its answer."));
        }
        if self.state.over {
            return Err(refused("The call is being ended."));
        }
        if !matches!(tool, Tool::Confirm(_) | Tool::AnswerFromFacts(_)) {
            self.state.agreed = false;
        }
        self.state.looking = tool.is_read();
        let read = match &tool {
            Tool::LookUpTimes(_) => Read::Times,
            Tool::FindBookings(_) => Read::Bookings,
            Tool::AnswerFromFacts(_) => Read::Words,
            _ => Read::Nothing,
        };
        let done = match tool {
            Tool::LookUpTimes(wanted) => self.act_look_up(&wanted),
            Tool::Propose(proposal) => self.act_propose(&proposal),
            Tool::Confirm(_) => self.act_confirm(),
            Tool::FindBookings(wanted) => self.act_find_bookings(&wanted),
            Tool::CancelBooking(cancel) => self.act_cancel(&cancel.booking),
            Tool::AnswerFromFacts(asked) => {
                self.act_answer(&asked.question);
                Ok(())
            }
            Tool::TakeMessage(message) => self.act_message(&message.text),
            Tool::Transfer(_) => self.act_transfer(),
            Tool::SpeakLanguage(wanted) => self.act_language(&wanted.language),
            Tool::EndCall(_) => self.act_end(),
        };
        if let Err(why) = done {
            self.state.looking = false;
            self.finish();
            return Err(why);
        }
        self.turn.acted |= read == Read::Nothing;
        self.turn.read = read;
        Ok(self.finish())
    }

    /// What the model is told when everything that a tool set off is done. `say` are the machine's words that came of it,
    /// whether they go to the model alone or have been said.
    pub fn answer(&mut self, say: String, now: Timestamp) -> ToolAnswer {
        self.now = now;
        self.state.looking = false;
        let mut answer = ToolAnswer { say, ..ToolAnswer::default() };
        match self.turn.read {
            Read::Nothing => return answer,
            Read::Times if self.state.asked == Asked::Which => answer.slots = self.show_offers(),
            Read::Times | Read::Words => {}
            Read::Bookings => answer.bookings = self.show_bookings(),
        }
        // The caller has not heard it from us, so their yes is to whatever the model makes of it.
        self.state.aside = true;
        answer
    }

    /// The desk has been asked to change something, and has not answered.
    fn is_changing_something(&self) -> bool {
        self.state.waiting.as_ref().is_some_and(|request| !request.is_read())
    }

    fn begin(&mut self, now: Timestamp) {
        self.now = now;
        self.kept_back = false;
    }

    fn show_offers(&mut self) -> Vec<ShownSlot> {
        let offers = self.state.offers.clone();
        offers.iter().map(|slot| self.show_slot(*slot)).collect()
    }

    fn show_bookings(&mut self) -> Vec<ShownBooking> {
        let found = self.found_bookings();
        found.iter().map(|booking| self.show_booking(booking)).collect()
    }
}

fn refused(why: impl Into<String>) -> ToolAnswer {
    ToolAnswer { refused: Some(why.into()), ..ToolAnswer::default() }
}
