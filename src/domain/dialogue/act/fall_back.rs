//! When no model answers: the machine takes the turn, and the caller hears what it would have said all along.

use jiff::Timestamp;

use super::super::{Asked, DeskReply, Dialogue, Effect, Event, HeldSlot, State, Task, book::GIVEN_UP, texts::Question};
use crate::domain::{
    booking::Slot,
    time::{When, mentions},
};

impl Dialogue {
    /// The machine takes this turn. If a tool has changed something in it, the machine goes on from there; else it hears
    /// the caller's last words itself, and takes its own next step.
    pub fn fall_back(&mut self, now: Timestamp) -> Vec<Effect> {
        self.begin(now);
        self.turn.led = false;
        if self.is_changing_something() {
            return Vec::new(); // Its answer says what became of it.
        }
        let before = self.turn.before.take();
        if self.turn.idle && !self.turn.acted {
            return Vec::new();
        }
        if !self.turn.acted
            && let Some(before) = before
        {
            let (state, heard) = *before;
            self.go_back_to(state);
            if self.state.held.is_none() && self.understand(&heard).when == Some(self.state.when) {
                // Said again to a model's question, it is wanted now; the machine has not looked for it yet.
                self.state.when = When::default();
            }
            let mut effects = self.on(Event::Heard(heard), now);
            while let Some(reply) = self.known_already() {
                effects.retain(|effect| !matches!(effect, Effect::Desk(request) if request.is_read()));
                effects.extend(self.on(Event::Desk(reply), now));
            }
            return effects;
        }
        self.state.looking = false;
        match self.state.waiting.clone() {
            Some(request) => self.request(request),
            None if self.state.over => {}
            None => self.ask_again(true),
        }
        self.finish()
    }

    /// The desk's answer to what is being asked, when a model had asked the same in this turn.
    fn known_already(&mut self) -> Option<DeskReply> {
        let waiting = self.state.waiting.as_ref()?;
        let at = self.turn.found.iter().position(|(request, _)| request == waiting)?;
        Some(self.turn.found.swap_remove(at).1)
    }

    /// Where the conversation stood, but for what cannot be taken back.
    fn go_back_to(&mut self, before: State) {
        let now = std::mem::replace(&mut self.state, before);
        // Looking gives a kept time up; the machine still knows which it was.
        let given_up = |held| HeldSlot { expires: GIVEN_UP, ..held };
        self.state.held = now.held.or(self.state.held.map(given_up));
        self.state.shown = now.shown;
        self.state.prefetched = now.prefetched;
        self.state.said = now.said;
        self.state.done = now.done;
        self.state.outcome = now.outcome;
    }

    /// No model will answer this, though one was asked (a filter of its vendor): a person, or a message.
    pub fn decline(&mut self, now: Timestamp) -> Vec<Effect> {
        self.begin(now);
        self.turn.led = false;
        if self.is_changing_something() {
            return Vec::new();
        }
        if self.puts_through_when_unsure() {
            self.say(self.texts().cannot_say());
            self.on_person();
            return self.finish();
        }
        self.leave_off();
        let question = self.texts().way_out(self.offers_a_person());
        self.ask(Asked::OfferMessage, Question { told: self.texts().cannot_say(), ..question });
        self.finish()
    }

    /// What a model has said to the caller in this turn: from here on it is what was said last, and if it asks something,
    /// that is what the caller's next words answer. Not to be told where the server
    /// has spoken after it: its words are the last then.
    pub fn said_by_model(&mut self, words: &str) {
        let words = words.trim();
        if words.is_empty() {
            return;
        }
        self.turn.is_answered();
        self.state.aside = true;
        // What a yes would be to is the server's to say, and is said again as it was.
        let standing = (self.state.told.clone(), self.state.question.clone());
        self.note_question(words);
        if matches!(self.state.asked, Asked::ReadBack | Asked::CancelIt) {
            (self.state.told, self.state.question) = standing;
        }
    }

    /// Remembers what a model has asked, or told, as the last question.
    fn note_question(&mut self, words: &str) {
        let (told, question) = last_question(words);
        if question.is_empty() {
            // A statement leaves the question before it open, if there is one worth an answer.
            if matches!(self.state.asked, Asked::Help | Asked::AnythingElse) || self.state.question.is_empty() {
                (self.state.told, self.state.question) = (String::new(), words.to_owned());
            } else {
                words.clone_into(&mut self.state.told);
            }
            return;
        }
        let asked = self.texts().asked_for(question);
        if asked == Some(Asked::Message) {
            // What was being arranged is gone back to afterwards.
            self.leave_off();
        }
        (self.state.told, self.state.question) = (told.to_owned(), question.to_owned());
        if let Some(asked) = asked {
            self.now_asked(asked, words);
        }
    }

    /// The caller talked over a model's own words, and this is what they heard of them.
    pub fn heard_of_model(&mut self, heard: &str) {
        self.turn.cut = Some(heard.to_owned());
    }

    /// The machine knows what the model has asked, and what an answer to it is.
    fn now_asked(&mut self, asked: Asked, words: &str) {
        let mine = matches!(self.state.task, Task::Cancel | Task::Move | Task::Tell) && self.state.chosen.is_none();
        match asked {
            // These the machine asks itself; where it has, the question stands, else nothing hangs on it.
            Asked::ReadBack | Asked::CancelIt => {}
            Asked::Name if mine => self.state.asked = Asked::WhoseName,
            Asked::When if mine => self.state.asked = Asked::WhichDay,
            Asked::When | Asked::Which => {
                let offered = self.offered_in(words);
                let kept = self.state.held.map(|held| held.slot);
                let others = offered.iter().any(|slot| Some(*slot) != kept);
                if self.state.asked == Asked::ReadBack && kept.is_some() && asked == Asked::Which && !others {
                    return; // "Does that work for you?", of what was read back.
                }
                if !offered.is_empty() {
                    self.state.service = offered.first().map(|slot| slot.service);
                    self.state.offers = offered;
                }
                let some = !self.state.offers.is_empty();
                self.state.asked = if some && asked == Asked::Which { Asked::Which } else { Asked::When };
            }
            Asked::Message => {
                self.state.task = Task::Message;
                self.state.asked = Asked::Message;
            }
            _ => self.state.asked = asked,
        }
    }

    /// The times that were shown to a model and that it has told the caller, in the order in which it did.
    fn offered_in(&self, words: &str) -> Vec<Slot> {
        let mut said_day = None;
        let mut found: Vec<Slot> = Vec::new();
        for mention in mentions(words, &self.business.country) {
            said_day = mention.when.day.or(said_day);
            let when = When { day: said_day, clock: mention.when.clock };
            if when.clock.is_none() || when.day.is_none() {
                continue;
            }
            let wanted = self.state.service;
            let shown = self.state.shown.slots().into_iter().map(|(_, slot)| slot);
            let same = |slot: &Slot| self.holds_at(&self.at(slot.starts), when);
            let mut fitting: Vec<Slot> = shown.filter(same).collect();
            fitting.sort_by_key(|slot| wanted.is_some_and(|service| service != slot.service));
            found.extend(fitting.first().filter(|slot| !found.contains(slot)).copied());
        }
        found.truncate(super::super::find::OFFERS);
        found
    }
}

/// The last question of some words, and what stands before it; without one, the words.
fn last_question(words: &str) -> (&str, &str) {
    let Some(end) = words.rfind('?') else { return (words, "") };
    let start = words[..end]
        .rmatch_indices(['.', '!', '?'])
        // "At 3 p.m. or 4 p.m.?" is one sentence.
        .find(|(at, _)| words[at + 1..].starts_with(' ') && words[at + 2..].starts_with(char::is_uppercase))
        .map_or(0, |(at, _)| at + 2);
    (words[..start].trim(), words[start..].trim())
}
