//! One function per event.

use super::{Asked, DeskReply, Dialogue, Event, Heard};
use crate::domain::{
    call::{Caller, Outcome},
    understand::{Answer, Aspect, Intent, Meaning},
};

/// After this many silences in a row the call is given up.
const SILENCES: u8 = 3;
/// An utterance of this length was cut by the line, or nearly so.
const TOO_LONG: usize = 1_990;
/// So many characters tell where in what was heard a question began.
const BEGINNING: usize = 16;
/// What is said while a write is under way waits, up to so many utterances.
const MOST_MEANWHILE: usize = 5;

impl Dialogue {
    pub(super) fn step(&mut self, event: Event) {
        if matches!(&event, Event::Heard(heard) if has_words(&heard.text)) || matches!(event, Event::Key(_)) {
            self.state.agreed = false;
            self.state.looking = false;
            self.turn.is_answered();
        }
        let counts = matches!(event, Event::Heard(_) | Event::Key(_) | Event::Desk(_) | Event::Reconnected);
        if self.state.over && !counts {
            return;
        }
        match event {
            Event::Answered(caller) => self.on_answered(caller),
            Event::Reconnected => self.on_reconnected(),
            Event::Heard(heard) => self.on_heard(&heard),
            Event::Key(key) => self.on_key(key),
            Event::TalkedOver { heard } => self.on_talked_over(&heard),
            Event::Silent => self.on_silent(),
            Event::StillWaiting => self.on_still_waiting(),
            Event::Desk(reply) => self.on_desk(reply),
            Event::TimeAlmostUp => self.say(self.texts().time_almost_up()),
            Event::TimeUp => self.end(self.texts().time_up()),
            Event::Stopping => self.end(self.texts().stopping()),
            Event::Ordered(order) => self.on_order(order),
        }
    }

    fn on_answered(&mut self, caller: Caller) {
        self.state.line = caller.number;
        self.state.question = self.texts().how_can_i_help().asks;
    }

    /// The caller is back. A question to the desk that nobody answered is asked again: each is safe to ask twice.
    fn on_reconnected(&mut self) {
        // Said together with what comes next, which may be an answer of the desk.
        self.state.preface = self.texts().cut_off();
        if let Some(request) = self.state.waiting.clone() {
            self.request(request);
        } else if self.state.over {
            // The goodbye was cut off, or the putting through: nothing is being asked, and silence would be the answer.
            self.state.over = false;
            self.ask_anything_else("");
        } else if self.state.held.is_some_and(|held| held.expires <= self.now) {
            self.state.held = None;
            self.advance();
        } else if self.state.question.is_empty() {
            self.ask(Asked::Help, self.texts().how_can_i_help());
        } else {
            self.ask_again(true);
        }
    }

    /// Whatever is asked of the desk, the answer must not come into a conversation that has gone elsewhere: what is said
    /// while a write is under way waits for it, and a read is dropped for something new.
    fn on_heard(&mut self, heard: &Heard) {
        let text = &heard.text;
        self.state.silences = 0;
        if self.state.waiting.as_ref().is_some_and(|request| !request.is_read()) {
            if self.state.said_meanwhile.len() < MOST_MEANWHILE {
                self.state.said_meanwhile.push(text.to_owned());
            }
            return;
        }
        if !has_words(text) {
            self.on_empty();
            return;
        }
        self.state.empties = 0;
        self.state.waiting = None;
        self.state.preface.clear();
        if self.is_too_long(text) {
            self.say(self.texts().too_long());
            return;
        }
        self.state.turns = self.state.turns.wrapping_add(1);
        let meaning = self.understand(heard);
        self.on_meaning(meaning);
    }

    /// Longer than anybody says in one breath; a message may be long.
    pub(super) fn is_too_long(&self, text: &str) -> bool {
        text.len() >= TOO_LONG && self.state.asked != Asked::Message
    }

    fn on_empty(&mut self) {
        self.state.empties = self.state.empties.saturating_add(1);
        if self.state.empties >= 2 {
            self.state.empties = 0;
            self.ask_if_there();
        }
    }

    fn on_key(&mut self, key: char) {
        self.state.silences = 0;
        let yes_or_no =
            matches!(self.state.asked, Asked::ReadBack | Asked::CancelIt | Asked::OfferMessage | Asked::OfferSoonest);
        let words = match (self.state.asked, key) {
            (_, '1') if yes_or_no => "yes",
            (_, '2') if yes_or_no => "no",
            (Asked::Which | Asked::WhichTime, '1') => "the first one",
            (Asked::Which | Asked::WhichTime, '2') => "the second one",
            (Asked::Which | Asked::WhichTime, '3') => "the third one",
            (Asked::Service, '1'..='9') => return self.on_service_key(key),
            (Asked::Change, '1'..='4') => return self.on_change_key(key),
            (Asked::Phone, '0'..='9') => return self.on_dialled(key),
            (_, '0') => "I want to speak to a person",
            (_, '*') => "please repeat that",
            _ => return,
        };
        self.on_heard(&words.into());
    }

    fn on_service_key(&mut self, key: char) {
        let place = key.to_digit(10).and_then(|key| usize::try_from(key).ok()?.checked_sub(1));
        let name = place.and_then(|place| self.business.services.get(place)).map(|service| service.name.clone());
        if let Some(name) = name {
            self.on_heard(&name.into());
        }
    }

    fn on_change_key(&mut self, key: char) {
        self.on_aspect(match key {
            '1' => Aspect::Time,
            '2' => Aspect::Service,
            '3' => Aspect::Name,
            _ => Aspect::Phone,
        });
    }

    fn on_dialled(&mut self, key: char) {
        self.take_digits(key.encode_utf8(&mut [0; 4]));
        if self.state.phone.is_some() {
            self.advance();
        }
    }

    fn on_talked_over(&mut self, heard: &str) {
        self.turn.cut = Some(heard.to_owned());
        if matches!(self.state.asked, Asked::ReadBack | Asked::CancelIt) {
            // The details come before the question, so half of it is not enough for a yes, and what was said before them
            // tells nothing of them.
            let whole = self.pending(true).whole();
            let begins: String = whole.chars().take(BEGINNING).collect();
            let of_it = heard.find(&begins).map_or(0, |at| heard.len() - at);
            // Once it was cut off it stays so until it is said again.
            self.state.read_back_heard &= of_it >= whole.len() * 7 / 10;
        }
    }

    fn on_silent(&mut self) {
        self.state.silences = self.state.silences.saturating_add(1);
        if self.state.waiting.is_some() {
            return;
        }
        if self.state.silences >= SILENCES {
            self.end(self.texts().silent_goodbye());
        } else if self.state.silences == 2 {
            self.state.asked_if_there = false;
            self.say(self.texts().still_there_again());
            match self.state.asked {
                Asked::Help => {}
                Asked::AnythingElse => self.put(self.texts().anything_else(self.state.turns)),
                Asked::ReadBack | Asked::CancelIt if self.state.aside => self.ask_again(true),
                _ => self.put(self.pending(true)),
            }
        } else {
            self.ask_if_there();
        }
    }

    /// A yes to this is no yes to anything else.
    fn ask_if_there(&mut self) {
        self.state.asked_if_there = true;
        self.say(self.texts().are_you_there());
    }

    fn on_still_waiting(&mut self) {
        if self.state.waiting.is_some() {
            self.say(self.texts().one_moment());
        }
    }

    fn on_desk(&mut self, reply: DeskReply) {
        let Some(request) = self.state.waiting.take() else { return };
        let meanwhile = std::mem::take(&mut self.state.said_meanwhile);
        self.turn.keep(&request, &reply);
        self.note_reply(&request, &reply);
        if let Some(order) = self.state.order.take() {
            return self.on_reply_before_order(order, request, reply);
        }
        self.on_reply(request, reply);
        // What was said while the desk was busy, in order; a write that follows makes the rest wait again.
        for text in meanwhile {
            let too_late = self.state.outcome >= Outcome::Cancelled && self.state.asked == Asked::AnythingElse;
            match (self.turn.led, too_late) {
                (true, true) if self.objects(&text) => self.on_said_too_late(&text),
                (true, _) => self.state.said_meanwhile.push(text), // For the model: the machine does not run ahead of it.
                (false, true) => self.on_said_too_late(&text),
                (false, false) => self.on_heard(&text.into()),
            }
        }
    }

    /// "No, wait", said while the booking was being made, came too late: it is made. That is no goodbye.
    fn on_said_too_late(&mut self, text: &str) {
        let meaning = self.read(text);
        if objection(&meaning) {
            self.ask(Asked::AfterAll, self.texts().done_already());
        } else if !meaning.intents.is_empty() {
            self.on_meaning(meaning);
        }
    }

    fn objects(&self, text: &str) -> bool {
        objection(&self.read(text))
    }

    pub(super) fn ask_anything_else(&mut self, told: impl Into<String>) {
        let question = self.texts().anything_else(self.state.turns).after(told);
        self.ask(Asked::AnythingElse, question);
    }

    pub(super) fn release_hold(&mut self) {
        if let Some(held) = self.state.held.take() {
            self.effects.push(super::Effect::Release(held.id));
        }
    }

    pub(super) fn end(&mut self, words: impl Into<String>) {
        self.release_hold();
        self.say(words);
        self.state.over = true;
        // A yes after the goodbye is none to what was asked before it.
        self.state.aside = true;
        self.effects.push(super::Effect::End);
    }
}

pub(super) fn has_words(text: &str) -> bool {
    text.chars().any(char::is_alphanumeric)
}

/// "No, wait."
fn objection(meaning: &Meaning) -> bool {
    meaning.answer == Some(Answer::No)
        || meaning.correction
        || meaning.intents.iter().any(|intent| matches!(intent, Intent::NeverMind | Intent::Cancel))
}
