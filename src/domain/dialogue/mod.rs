//! The conversation as a pure machine: an event goes in, effects come out.
//!
//! It holds the facts of a call and decides what may be said. It waits for nothing and reads no clock; whoever runs it
//! (the session, a test) carries out the effects and brings the answers back as events. Its state can be written down
//! after every event and picked up by another process.

mod effect;
mod event;
mod flow;
mod mine;
mod questions;
mod state;
mod step;
pub mod texts;

use std::sync::Arc;

use jiff::{Timestamp, Zoned};

pub use effect::{AskedFor, Effect, Request};
pub use event::{DeskReply, Event, Failure};
pub use state::{Asked, HeldSlot, State, Task};

use super::{business::Business, call::Outcome, understand::Expecting};

/// One call's conversation with one business.
#[derive(Clone, Debug)]
pub struct Dialogue {
    business: Arc<Business>,
    state: State,
    now: Timestamp,
    effects: Vec<Effect>,
    kept_back: bool,
}

impl Dialogue {
    pub fn new(business: Arc<Business>) -> Self {
        Self::resume(business, State::default())
    }

    /// Goes on from a state that was written down.
    pub fn resume(business: Arc<Business>, state: State) -> Self {
        Self { business, state, now: Timestamp::UNIX_EPOCH, effects: Vec::new(), kept_back: false }
    }

    /// What follows from an event. Effects are to be carried out in order.
    pub fn on(&mut self, event: Event, now: Timestamp) -> Vec<Effect> {
        self.now = now;
        self.kept_back = false;
        self.step(event);
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

    fn say(&mut self, text: impl Into<String>) {
        let preface = std::mem::take(&mut self.state.preface);
        if !preface.is_empty() {
            self.effects.push(Effect::Say(preface));
        }
        self.effects.push(Effect::Say(text.into()));
    }

    /// Says something that wants an answer, and remembers what was asked.
    fn ask(&mut self, asked: Asked, text: impl Into<String>) {
        let text = text.into();
        self.state.asked = asked;
        self.state.question.clone_from(&text);
        self.say(text);
    }

    /// Hands something to the desk. Its answer comes back as an event; a new read takes the place of an older one.
    fn request(&mut self, request: Request) {
        self.state.waiting = Some(request.clone());
        self.effects.push(Effect::Desk(request));
    }
}
