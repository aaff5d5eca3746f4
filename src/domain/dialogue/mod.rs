//! The conversation as a pure machine: an event goes in, effects come out.
//!
//! It holds the facts of a call and decides what may be said. It waits for nothing and reads no clock; whoever runs it
//! (the session, a test) carries out the effects and brings the answers back as events. Its state can be written down
//! after every event and picked up by another process.

mod act;
mod book;
mod choice;
mod course;
mod effect;
mod event;
mod find;
mod flow;
mod follow;
mod listen;
mod mine;
mod names;
mod order;
mod questions;
mod repair;
mod state;
mod step;
pub mod texts;
pub mod tool;
mod which;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::{Timestamp, Zoned};

pub use act::{Handles, Overheard};
pub use course::Course;
pub use effect::{AskedFor, Effect, Request};
pub use event::{DeskReply, Event, Failure, Heard, Order};
pub use state::{Asked, Done, HeldSlot, LeftOff, NameKnown, State, Task};
use texts::{Question, Texts, Wish};

use super::{
    business::Business,
    call::Outcome,
    understand::{Expecting, Meaning, understand_in},
};

/// One call's conversation with one business.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the event at hand")]
pub struct Dialogue {
    business: Arc<Business>,
    state: State,
    now: Timestamp,
    effects: Vec<Effect>,
    /// Which of the effects is the question of this event.
    asking: Option<usize>,
    kept_back: bool,
    /// The caller's last words.
    heard: String,
    /// What else they may have been.
    others: Vec<String>,
    /// A time has been kept for them in this event: it is said that it is free.
    just_held: bool,
    /// They asked something, and have been answered.
    answered: bool,
    /// What they named is not on offer.
    lost: bool,
    /// They told something else than was known of who comes: a name, a number.
    other_who: bool,
    /// What they told that was not known before: it is said back with the next question.
    fresh: Wish,
    /// The turn that a model is in.
    turn: act::Turn,
    /// What was said while the desk was busy and is about to be heard.
    late: Vec<String>,
    /// What the caller's last words meant, for the record.
    meant: course::Meant,
}

impl Dialogue {
    pub fn new(business: Arc<Business>) -> Self {
        Self::resume(business, State::default())
    }

    /// Goes on from a state that was written down.
    pub fn resume(business: Arc<Business>, state: State) -> Self {
        Self {
            business,
            state,
            now: Timestamp::UNIX_EPOCH,
            effects: Vec::new(),
            asking: None,
            kept_back: false,
            heard: String::new(),
            others: Vec::new(),
            just_held: false,
            answered: false,
            lost: false,
            other_who: false,
            fresh: Wish::default(),
            turn: act::Turn::default(),
            late: Vec::new(),
            meant: course::Meant::default(),
        }
    }

    /// What follows from an event. Effects are to be carried out in order.
    pub fn on(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        self.now = now;
        self.kept_back = false;
        self.step(event);
        self.finish()
    }

    fn finish(&mut self) -> Vec<Effect> {
        self.note_course();
        // The question comes last, and there is none when the call is over.
        if let Some(at) = self.asking.take() {
            let question = self.effects.remove(at);
            if !self.state.over {
                self.effects.push(question);
            }
        }
        std::mem::take(&mut self.effects)
    }

    pub fn state(&self) -> &State {
        &self.state
    }

    pub fn business(&self) -> &Business {
        &self.business
    }

    pub fn outcome(&self) -> Outcome {
        self.state.outcome
    }

    /// What the next words are likely to answer.
    pub fn expecting(&self) -> Expecting {
        self.state.expecting()
    }

    /// Whether the last thing heard was a card number or the like, which is kept nowhere.
    pub fn heard_something_sensitive(&self) -> bool {
        self.kept_back
    }

    /// Whether the conversation is over and only its last words are still to be heard.
    pub fn is_over(&self) -> bool {
        self.state.over
    }

    fn now_there(&self) -> Zoned {
        self.now.to_zoned(self.business.zone.tz().clone())
    }

    fn at(&self, moment: Timestamp) -> Zoned {
        moment.to_zoned(self.business.zone.tz().clone())
    }

    /// The language (BCP 47) the call is in: the one that was changed to, else the business's.
    pub fn language(&self) -> &str {
        self.state.language.as_deref().unwrap_or(&self.business.voice.language)
    }

    fn texts(&self) -> &'static dyn Texts {
        texts::in_language(self.language()).unwrap_or_else(|| self.texts_for_business())
    }

    /// For what the business reads: its own language, whatever the call is in.
    fn texts_for_business(&self) -> &'static dyn Texts {
        texts::of(&self.business.voice.language)
    }

    /// What words mean in the language of the call.
    fn read(&self, text: &str) -> Meaning {
        understand_in(self.language(), text, &self.business, self.state.expecting())
    }

    fn say(&mut self, text: impl Into<String>) {
        let preface = std::mem::take(&mut self.state.preface);
        for text in [preface, text.into()] {
            if !text.is_empty() {
                self.effects.push(Effect::Say(text));
            }
        }
    }

    /// Says something that wants an answer, and remembers what was asked.
    fn ask(&mut self, asked: Asked, question: Question) {
        self.state.asked = asked;
        self.state.aside = false;
        self.state.told.clone_from(&question.told);
        self.state.question.clone_from(&question.asks);
        self.put(question);
    }

    /// Says a question without remembering it. One event has one question, and the last one is it.
    fn put(&mut self, question: Question) {
        if let Some(at) = self.asking.take() {
            self.effects.remove(at);
        }
        self.say(question.told);
        self.say(question.asks);
        self.asking = self.effects.len().checked_sub(1);
    }

    /// Whether this event has a question already.
    fn has_asked(&self) -> bool {
        self.asking.is_some()
    }

    /// The last question, alone or with what was told before it.
    fn pending(&self, whole: bool) -> Question {
        let told = if whole { self.state.told.clone() } else { String::new() };
        Question { told, asks: self.state.question.clone() }
    }

    /// Hands something to the desk. Its answer comes back as an event; a new read takes the place of an older one.
    fn request(&mut self, request: Request) {
        self.state.waiting = Some(request.clone());
        self.effects.push(Effect::Desk(request));
    }
}
