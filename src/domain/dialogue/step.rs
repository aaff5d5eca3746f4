//! One function per event.

use super::{Asked, DeskReply, Dialogue, Effect, Event, Request, Task, texts};
use crate::domain::{
    call::{Caller, Outcome},
    understand::{Answer, Choice, Intent, Match, Meaning, SpokenNumber, StaffWish, understand},
};

/// After this many turns that made no sense the caller is offered a person or a message.
const PATIENCE: u8 = 3;
/// After this many silences in a row the call is given up.
const SILENCES: u8 = 3;
/// An utterance of this length was cut by the line, or nearly so.
const TOO_LONG: usize = 1_990;

impl Dialogue {
    pub(super) fn step(&mut self, event: Event) {
        let counts = matches!(event, Event::Heard(_) | Event::Key(_) | Event::Desk(_) | Event::Reconnected);
        if self.state.over && !counts {
            return;
        }
        match event {
            Event::Answered(caller) => self.on_answered(caller),
            Event::Reconnected => self.on_reconnected(),
            Event::Heard(text) => self.on_heard(&text),
            Event::Key(key) => self.on_key(key),
            Event::TalkedOver { heard } => self.on_talked_over(&heard),
            Event::Silent => self.on_silent(),
            Event::StillWaiting => self.on_still_waiting(),
            Event::Desk(reply) => self.on_desk(reply),
            Event::TimeAlmostUp => self.say(texts::time_almost_up()),
            Event::TimeUp => self.end(texts::time_up()),
            Event::Stopping => self.end(texts::stopping()),
        }
    }

    fn on_answered(&mut self, caller: Caller) {
        self.state.line = caller.number;
        texts::how_can_i_help().clone_into(&mut self.state.question);
    }

    /// The caller is back. A question to the desk that nobody answered is asked again: each is safe to ask twice.
    fn on_reconnected(&mut self) {
        // Said together with what comes next, which may be an answer of the desk.
        texts::cut_off().clone_into(&mut self.state.preface);
        if let Some(request) = self.state.waiting.clone() {
            self.request(request);
        } else if self.state.over {
            // The goodbye was cut off, or the putting through: nothing is being asked, and silence would be the answer.
            self.state.over = false;
            self.ask(Asked::AnythingElse, texts::anything_else());
        } else if self.state.held.is_some_and(|held| held.expires <= self.now) {
            self.state.held = None;
            self.advance();
        } else if self.state.question.is_empty() {
            self.ask(Asked::Help, texts::how_can_i_help());
        } else {
            self.state.read_back_heard = true;
            let question = self.state.question.clone();
            self.say(question);
        }
    }

    /// Whatever is asked of the desk, the answer must not come into a conversation that has gone elsewhere: what is said
    /// while a write is under way waits for it, and a read is dropped for something new.
    fn on_heard(&mut self, text: &str) {
        self.state.silences = 0;
        if self.state.waiting.as_ref().is_some_and(|request| !request.is_read()) {
            if self.state.said_meanwhile.len() < 5 {
                self.state.said_meanwhile.push(text.to_owned());
            }
            return;
        }
        if !text.chars().any(char::is_alphanumeric) {
            self.on_empty();
            return;
        }
        self.state.empties = 0;
        self.state.waiting = None;
        self.state.preface.clear();
        if text.len() >= TOO_LONG && self.state.asked != Asked::Message {
            self.say(texts::too_long());
            return;
        }
        let meaning = understand(text, &self.business, self.state.expecting());
        self.on_meaning(meaning);
    }

    fn on_empty(&mut self) {
        self.state.empties = self.state.empties.saturating_add(1);
        if self.state.empties >= 2 {
            self.state.empties = 0;
            self.say(texts::are_you_there());
        }
    }

    pub(super) fn on_meaning(&mut self, meaning: Meaning) {
        if self.state.over {
            self.state.over = false; // They have something more to say, so we listen.
        }
        let has = |intent| meaning.intents.contains(&intent);
        if has(Intent::Emergency) {
            self.say(texts::emergency(&self.business.country));
            return;
        }
        if has(Intent::Sensitive) {
            self.kept_back = true;
            self.say(texts::sensitive());
            self.ask_again();
            return;
        }
        let no_message = has(Intent::NeverMind) || has(Intent::Repeat) || has(Intent::Goodbye);
        if self.state.asked == Asked::Message && self.state.task == Task::Message && !no_message {
            self.request(Request::Note { text: meaning.text });
            return;
        }
        if has(Intent::Repeat) {
            self.ask_again();
            return;
        }
        let before = (self.state.when, self.state.staff);
        let mut understood = self.take_in(&meaning);
        let answered = self.answer_questions(&meaning);
        if answered && !has(Intent::Book) && !has(Intent::AskTimes) && !meaning.correction {
            // "What are your hours on Thursday?" wishes for nothing on Thursday, and "how much is a color?" for no color;
            // but a color is what is spoken of from now on.
            (self.state.when, self.state.staff) = before;
            understood = false;
        }
        let moved = self.follow(&meaning);
        if moved {
            self.state.misunderstood = 0;
        } else if understood {
            self.state.misunderstood = 0;
            self.advance();
        } else if answered {
            self.state.misunderstood = 0;
            if self.state.task == Task::None {
                self.ask(Asked::AnythingElse, texts::anything_else());
            } else {
                self.ask_again();
            }
        } else {
            self.on_nonsense();
        }
    }

    /// Notes what an utterance carries. True when it carried something of use.
    fn take_in(&mut self, meaning: &Meaning) -> bool {
        let before = self.state.clone();
        self.take_service(meaning);
        self.take_staff(meaning);
        self.take_when(meaning);
        if let Some(name) = &meaning.name {
            self.state.name = Some(name.clone());
        }
        match &meaning.phone {
            Some(SpokenNumber::Whole(number)) => {
                self.state.phone = Some(number.clone());
                self.state.digits.clear();
            }
            Some(SpokenNumber::ThisOne) => self.state.phone.clone_from(&self.state.line),
            Some(SpokenNumber::Piece(digits)) => self.take_digits(digits),
            None => {}
        }
        before != self.state
    }

    fn take_service(&mut self, meaning: &Meaning) {
        match &meaning.service {
            Some(Match::One(id)) if self.state.service != Some(*id) => {
                self.state.service = Some(*id);
                // A member of staff who does not offer it was meant for something else.
                let offered = self.business.service(*id).map_or(&[][..], |service| &service.staff);
                if self.state.staff.is_some_and(|staff| !offered.contains(&staff)) && meaning.staff.is_none() {
                    self.state.staff = None;
                }
            }
            Some(Match::Several(ids)) => {
                let names: Vec<&str> =
                    ids.iter().filter_map(|id| self.business.service(*id)).map(|s| s.name.as_str()).collect();
                self.state.service = None;
                let text = texts::which_service(&names);
                self.ask(Asked::Service, text);
            }
            Some(Match::Unknown(_)) if self.state.service.is_none() => {
                let text = texts::no_such_service(&self.business);
                self.ask(Asked::Service, text);
            }
            _ => {}
        }
    }

    fn take_staff(&mut self, meaning: &Meaning) {
        match &meaning.staff {
            Some(StaffWish::Named(Match::One(id))) => {
                self.state.staff = Some(*id);
                self.state.any_staff = false;
            }
            Some(StaffWish::Named(Match::Unknown(_))) => {
                let text = texts::no_such_staff(&self.business);
                self.say(text);
            }
            Some(StaffWish::Named(Match::Several(ids))) => {
                let names: Vec<&str> =
                    ids.iter().filter_map(|id| self.business.member(*id)).map(|m| m.name.as_str()).collect();
                let text = texts::which_staff(&names);
                self.ask(Asked::Staff, text);
            }
            Some(StaffWish::NoPreference) => {
                self.state.staff = None;
                self.state.any_staff = true;
            }
            None => {}
        }
    }

    fn take_digits(&mut self, digits: &str) {
        if self.state.digits.len() + digits.len() > 20 {
            self.state.digits.clear();
        }
        self.state.digits.push_str(digits);
        if let Ok(number) = crate::domain::phone::PhoneNumber::parse(&self.state.digits, &self.business.country) {
            self.state.phone = Some(number);
            self.state.digits.clear();
        }
    }

    fn on_key(&mut self, key: char) {
        self.state.silences = 0;
        let words = match (self.state.asked, key) {
            (Asked::ReadBack | Asked::CancelIt | Asked::OfferMessage, '1') => "yes",
            (Asked::ReadBack | Asked::CancelIt | Asked::OfferMessage, '2') => "no",
            (Asked::Which, '1') => "the first one",
            (Asked::Which, '2') => "the second one",
            (Asked::Which, '3') => "the third one",
            (Asked::Phone, '0'..='9') => return self.on_dialled(key),
            (_, '0') => "I want to speak to a person",
            (_, '*') => "please repeat that",
            _ => return,
        };
        self.on_heard(words);
    }

    fn on_dialled(&mut self, key: char) {
        self.take_digits(key.encode_utf8(&mut [0; 4]));
        if self.state.phone.is_some() {
            self.advance();
        }
    }

    fn on_talked_over(&mut self, heard: &str) {
        if self.state.asked == Asked::ReadBack {
            // The details come before the question, so half of it is not enough for a yes.
            let enough = self.state.question.len() * 7 / 10;
            self.state.read_back_heard = heard.len() >= enough;
        }
    }

    fn on_silent(&mut self) {
        self.state.silences = self.state.silences.saturating_add(1);
        if self.state.waiting.is_some() {
            return;
        }
        if self.state.silences >= SILENCES {
            self.end(texts::silent_goodbye());
        } else if self.state.silences == 2 {
            let question = match self.state.asked {
                Asked::AnythingElse => texts::anything_else().to_owned(),
                _ => self.state.question.clone(),
            };
            self.say(texts::still_there_again());
            if self.state.asked != Asked::Help {
                self.say(question);
            }
        } else {
            self.say(texts::are_you_there());
        }
    }

    fn on_still_waiting(&mut self) {
        if self.state.waiting.is_some() {
            self.say(texts::one_moment());
        }
    }

    /// The caller made no sense to us: say so, each time differently, and offer a way out before they give up.
    pub(super) fn on_nonsense(&mut self) {
        self.state.misunderstood = self.state.misunderstood.saturating_add(1);
        if self.state.misunderstood >= PATIENCE {
            self.state.misunderstood = 0;
            let transfer = self.business.transfer_to.is_some();
            self.ask(Asked::OfferMessage, texts::way_out(transfer));
            return;
        }
        let again = texts::not_understood(self.state.asked, self.state.misunderstood, &self.business);
        let asked = self.state.asked;
        match asked {
            // These questions carry facts that must be heard again before they can be answered.
            Asked::ReadBack | Asked::Which | Asked::CancelIt => {
                self.say(again);
                self.ask_again();
            }
            _ => self.say(again),
        }
    }

    pub(super) fn ask_again(&mut self) {
        if self.state.asked == Asked::ReadBack {
            self.state.read_back_heard = true;
        }
        let question = self.state.question.clone();
        if question.is_empty() { self.ask(Asked::Help, texts::how_can_i_help()) } else { self.say(question) }
    }

    /// Acts on what the caller wants done, or on the answer to our question. False: there was nothing to act on.
    fn follow(&mut self, meaning: &Meaning) -> bool {
        let has = |intent| meaning.intents.contains(&intent);
        if has(Intent::Person) {
            self.on_person();
            return true;
        }
        if has(Intent::LeaveMessage) {
            self.state.task = Task::Message;
            self.ask(Asked::Message, texts::what_message());
            return true;
        }
        if has(Intent::NeverMind) {
            let text = if self.state.task == Task::None { texts::anything_else() } else { texts::never_mind() };
            self.drop_task();
            if has(Intent::Goodbye) {
                self.end(texts::goodbye(self.state.outcome));
            } else {
                self.ask(Asked::AnythingElse, text);
            }
            return true;
        }
        if let Some(task) =
            [(Intent::Move, Task::Move), (Intent::Cancel, Task::Cancel), (Intent::WhenIsMine, Task::Tell)]
                .into_iter()
                .find_map(|(intent, task)| has(intent).then_some(task))
        {
            // "Cancel that" while a new booking is being arranged means the arrangement.
            if task == Task::Cancel && self.state.task == Task::Book && meaning.when.is_none() {
                self.drop_task();
                self.ask(Asked::AnythingElse, texts::never_mind());
                return true;
            }
            self.start_mine(task, meaning);
            return true;
        }
        if has(Intent::Book) && self.state.task != Task::Book && self.state.task != Task::Move {
            self.state.task = Task::Book;
            self.advance();
            return true;
        }
        if has(Intent::Goodbye) && self.state.held.is_none() && meaning.answer != Some(Answer::Yes) {
            self.end(texts::goodbye(self.state.outcome));
            return true;
        }
        if self.follow_answer(meaning) {
            return true;
        }
        if has(Intent::AskTimes) && self.state.service.is_some() && self.state.task == Task::None {
            self.state.task = Task::Book;
        }
        if has(Intent::Greeting)
            && meaning.intents.len() == 1
            && self.state.task == Task::None
            && meaning.service.is_none()
        {
            self.ask(Asked::Help, texts::how_can_i_help());
            return true;
        }
        if has(Intent::Thanks) && self.state.asked == Asked::AnythingElse {
            self.end(texts::goodbye(self.state.outcome));
            return true;
        }
        false
    }

    fn follow_answer(&mut self, meaning: &Meaning) -> bool {
        match (self.state.asked, meaning.answer) {
            (Asked::ReadBack, answer) => self.on_read_back_answer(answer, meaning),
            (Asked::Which, _) => self.on_choice(meaning),
            (Asked::CancelIt, Some(answer)) => {
                self.on_cancel_answer(answer);
                true
            }
            (Asked::OfferMessage, Some(Answer::Yes)) => {
                self.on_person();
                true
            }
            (Asked::OfferMessage | Asked::AfterAll, Some(Answer::No)) => {
                self.ask(Asked::AnythingElse, texts::anything_else());
                true
            }
            (Asked::AnythingElse, Some(Answer::No)) => {
                self.end(texts::goodbye(self.state.outcome));
                true
            }
            (Asked::AnythingElse | Asked::Help, Some(Answer::Yes)) if meaning.intents.is_empty() => {
                if self.state.service.is_some() {
                    // They asked about it, and now want it.
                    self.state.task = Task::Book;
                    self.advance();
                } else {
                    self.ask(Asked::Help, texts::how_can_i_help());
                }
                true
            }
            (Asked::Phone, Some(Answer::No)) if meaning.phone.is_none() => {
                // They would rather not; a booking without a number still counts.
                self.state.phone = None;
                self.read_back();
                true
            }
            _ => false,
        }
    }

    fn on_choice(&mut self, meaning: &Meaning) -> bool {
        let offers = &self.state.offers;
        let Some((first, last)) = offers.first().copied().zip(offers.last().copied()) else { return false };
        let picked = match meaning.choice {
            Some(Choice::Nth(n)) => offers.get(n).copied(),
            Some(Choice::Last) => Some(last),
            Some(Choice::Any) => Some(first),
            Some(Choice::Later) => {
                self.look_beyond(true);
                return true;
            }
            Some(Choice::Earlier) => {
                self.look_beyond(false);
                return true;
            }
            Some(Choice::Neither) => None,
            None | Some(Choice::Described) => match meaning.answer {
                Some(Answer::Yes) if offers.len() == 1 => Some(first),
                // "Yes" to a choice of several is a yes to the first only when it names one, so ask.
                Some(Answer::Yes) if meaning.when.is_none() => {
                    let text = texts::which_one(offers.len());
                    self.say(text);
                    return true;
                }
                _ => self.offer_named(meaning),
            },
        };
        if let Some(slot) = picked {
            self.pick(slot);
            return true;
        }
        let refused =
            meaning.choice == Some(Choice::Neither) || (meaning.answer == Some(Answer::No) && meaning.when.is_none());
        if refused {
            self.state.offers.clear();
            self.state.when = crate::domain::time::When::default();
            self.ask(Asked::When, texts::when_instead());
        }
        refused
    }

    fn on_read_back_answer(&mut self, answer: Option<Answer>, meaning: &Meaning) -> bool {
        let carries = meaning.when.is_some()
            || meaning.service.is_some()
            || meaning.staff.is_some()
            || meaning.name.is_some()
            || matches!(meaning.phone, Some(SpokenNumber::Whole(_) | SpokenNumber::ThisOne));
        match answer {
            _ if matches!(meaning.choice, Some(Choice::Later | Choice::Earlier)) => {
                self.look_beyond(meaning.choice == Some(Choice::Later));
                true
            }
            Some(Answer::Yes) if !carries || !self.differs_from_held() => {
                self.on_yes();
                true
            }
            Some(Answer::No) if !carries => {
                self.ask(Asked::Change, texts::what_to_change());
                true
            }
            _ => false,
        }
    }

    fn on_person(&mut self) {
        if self.business.transfer_to.is_some() {
            self.state.outcome = self.state.outcome.max(Outcome::Transferred);
            self.release_hold();
            self.say(texts::putting_through());
            self.state.over = true;
            self.effects.push(Effect::PutThrough);
        } else {
            self.state.task = Task::Message;
            self.ask(Asked::Message, texts::nobody_free());
        }
    }

    fn drop_task(&mut self) {
        self.release_hold();
        self.state.next_task();
    }

    pub(super) fn release_hold(&mut self) {
        if let Some(held) = self.state.held.take() {
            self.effects.push(Effect::Release(held.id));
        }
    }

    pub(super) fn end(&mut self, words: impl Into<String>) {
        self.release_hold();
        self.say(words);
        self.state.over = true;
        self.effects.push(Effect::End);
    }

    fn on_desk(&mut self, reply: DeskReply) {
        let Some(request) = self.state.waiting.take() else { return };
        self.on_reply(request, reply);
        // What was said while the desk was busy, in order; a write that follows makes the rest wait again.
        for text in std::mem::take(&mut self.state.said_meanwhile) {
            if self.state.outcome >= Outcome::Cancelled && self.state.asked == Asked::AnythingElse {
                self.on_said_too_late(&text);
            } else {
                self.on_heard(&text);
            }
        }
    }

    /// "No, wait", said while the booking was being made, came too late: it is made. That is no goodbye.
    fn on_said_too_late(&mut self, text: &str) {
        let meaning = understand(text, &self.business, self.state.expecting());
        let objection = meaning.answer == Some(Answer::No)
            || meaning.correction
            || meaning.intents.iter().any(|intent| matches!(intent, Intent::NeverMind | Intent::Cancel));
        if objection {
            self.ask(Asked::AfterAll, texts::done_already());
        } else if !meaning.intents.is_empty() {
            self.on_meaning(meaning);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::testing::salon;

    #[test]
    fn a_call_that_breaks_during_the_goodbye_does_not_come_back_to_silence() {
        let now = "2026-11-24T15:00:00Z".parse().unwrap();
        let mut call = Dialogue::new(Arc::new(salon()));
        call.on(Event::Answered(Caller::default()), now);
        call.on(Event::Heard("no thank you, goodbye".into()), now);
        assert!(call.state().over);
        let mut back = Dialogue::resume(Arc::new(salon()), call.state().clone());
        let said = back.on(Event::Reconnected, now);
        assert_eq!(said.last(), Some(&Effect::Say(texts::anything_else().to_owned())));
        assert!(back.on(Event::Heard("no, goodbye".into()), now).contains(&Effect::End));
    }
}
