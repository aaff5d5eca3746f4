//! What the caller wants done, and what their yes or no is to.

use super::{
    Asked, Dialogue, LeftOff, NameKnown, Request, Task,
    texts::{Question, Wish},
};
use crate::domain::{
    time::{Day, When},
    understand::{Answer, Aspect, Choice, Intent, Meaning},
};

/// "Cancel the appointment, please" says yes to "shall I cancel it?"; what is longer may be about another one.
const SHORT: usize = 5;

impl Dialogue {
    /// Acts on what the caller wants done, or on the answer to our question. False: there was nothing to act on.
    pub(super) fn follow(&mut self, meaning: &Meaning) -> bool {
        let has = |intent| meaning.intents.contains(&intent);
        if has(Intent::Person) {
            self.on_person();
            return true;
        }
        if has(Intent::LeaveMessage) {
            self.start_message(self.texts().what_message());
            return true;
        }
        if has(Intent::RunningLate) {
            let text = self.texts_for_business().late_note(&meaning.text);
            self.leave_off();
            self.request(Request::Note { text, beside: false });
            return true;
        }
        if has(Intent::NeverMind) {
            self.on_never_mind(has(Intent::Goodbye));
            return true;
        }
        // "Yes, cancel it" to "shall I cancel it?".
        let short = meaning.text.split_whitespace().count() <= SHORT;
        let same = meaning.answer.is_some() || short && !carries(meaning);
        if self.state.asked == Asked::CancelIt && has(Intent::Cancel) && meaning.when.is_none() && same {
            self.on_cancel_answer(meaning.answer.unwrap_or(Answer::Yes));
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
                self.ask_anything_else(self.texts().never_mind());
                return true;
            }
            self.start_mine(task, meaning);
            return true;
        }
        // "Could I have it on Thursday instead?", of the one that was just told.
        let told = self.state.task == Task::None && self.state.chosen.is_some();
        if told && meaning.when.is_some() && meaning.service.is_none() && !has(Intent::Book) && !self.answered {
            self.start_mine(Task::Move, meaning);
            return true;
        }
        if has(Intent::Book) && meaning.answer == Some(Answer::No) && !carries(meaning) {
            self.on_never_mind(false);
            return true;
        }
        if has(Intent::Book) && !matches!(self.state.task, Task::Book | Task::Move) {
            self.start_booking();
            if has(Intent::AskTimes) {
                self.any_time();
            }
            self.advance();
            return true;
        }
        if has(Intent::Goodbye) && self.on_goodbye(meaning) {
            return true;
        }
        if self.follow_answer(meaning) {
            return true;
        }
        if has(Intent::AskTimes) && self.on_ask_times() {
            return true;
        }
        if let Some(aspect) = meaning.about
            && self.state.held.is_some()
            && !carries(meaning)
        {
            self.on_aspect(aspect);
            return true;
        }
        self.follow_manners(meaning)
    }

    /// What was spoken of before is what is wanted now, and is said back.
    fn start_booking(&mut self) {
        self.state.task = Task::Book;
        self.fresh.service = self.state.service;
        self.fresh.staff = self.state.staff;
    }

    fn follow_manners(&mut self, meaning: &Meaning) -> bool {
        let has = |intent| meaning.intents.contains(&intent);
        let only_hello = has(Intent::Greeting) && meaning.intents.len() == 1 && meaning.service.is_none();
        if only_hello && self.state.task == Task::None && meaning.when.is_none() && meaning.name.is_none() {
            self.ask(Asked::Help, self.texts().how_can_i_help());
            return true;
        }
        if has(Intent::Thanks) && self.state.asked == Asked::AnythingElse {
            self.end(self.texts().goodbye(self.state.outcome));
            return true;
        }
        false
    }

    fn follow_answer(&mut self, meaning: &Meaning) -> bool {
        match (self.state.asked, meaning.answer) {
            (Asked::ReadBack, answer) => self.on_read_back_answer(answer, meaning),
            (Asked::Which, _) => self.on_choice(meaning),
            (Asked::WhichTime, _) => self.on_time_choice(meaning),
            (Asked::WhichDay, _) if meaning.choice.is_some() => self.on_which_of_yours(meaning),
            (Asked::CancelIt, Some(answer)) => {
                self.on_cancel_answer(answer);
                true
            }
            (Asked::OfferSoonest, Some(answer)) if meaning.when.is_none() => {
                self.on_soonest_answer(answer);
                true
            }
            (Asked::OfferMessage, Some(Answer::Yes)) => {
                let text = std::mem::take(&mut self.state.open_question);
                if !text.is_empty() {
                    self.request(Request::Note { text, beside: false });
                } else if self.state.left_off.is_some() && (self.offered_a_person() || !self.somebody_is_there()) {
                    self.on_person();
                } else {
                    self.start_message(self.texts().what_message());
                }
                true
            }
            (Asked::OfferMessage, Some(Answer::No)) => {
                if self.offered_a_person() {
                    // Not a person, then; perhaps a message.
                    self.ask(Asked::OfferMessage, Question::new(self.texts().way_out(false).asks));
                } else {
                    self.on_no_way_out();
                }
                true
            }
            (Asked::Service | Asked::When | Asked::Staff, Some(Answer::No))
                if self.state.held.is_none() && !carries(meaning) =>
            {
                // "No" to what they would like: nothing, then.
                self.on_never_mind(false);
                true
            }
            (Asked::AfterAll, Some(Answer::No)) => {
                self.ask_anything_else("");
                true
            }
            (Asked::Change | Asked::When, Some(Answer::No)) if self.state.held.is_some() && !carries(meaning) => {
                // Nothing is to be changed after all.
                self.read_back();
                true
            }
            // "No thanks, oh, where can I park?" is not over yet.
            (Asked::AnythingElse, Some(Answer::No)) if self.answered => false,
            (Asked::AnythingElse, Some(Answer::No)) => {
                self.end(self.texts().goodbye(self.state.outcome));
                true
            }
            (Asked::AnythingElse | Asked::Help, Some(Answer::Yes))
                if meaning.intents.is_empty() && !carries(meaning) =>
            {
                if self.state.service.is_some() {
                    // They asked about it, and now want it.
                    self.start_booking();
                    self.advance();
                } else {
                    self.ask(Asked::Help, self.texts().how_can_i_help());
                }
                true
            }
            (Asked::Phone, Some(Answer::No)) if meaning.phone.is_none() => {
                // They would rather not; a booking without a number still counts.
                self.state.phone = None;
                self.state.without_number = true;
                self.advance();
                true
            }
            (Asked::Spelling, Some(Answer::No)) if meaning.name.is_none() => {
                // They would rather not spell it: it stands as it was heard, and is read back.
                self.advance();
                true
            }
            _ => false,
        }
    }

    fn on_read_back_answer(&mut self, answer: Option<Answer>, meaning: &Meaning) -> bool {
        let carries = carries(meaning);
        match answer {
            _ if matches!(meaning.choice, Some(Choice::Later | Choice::Earlier)) => {
                self.look_beyond(meaning.choice == Some(Choice::Later));
                true
            }
            Some(Answer::Yes) if !carries || !self.differs_from_held() && !self.other_who => {
                self.on_yes();
                true
            }
            None | Some(Answer::No) if meaning.about.is_some() && !carries => false,
            Some(Answer::No) if !carries => {
                self.ask(Asked::Change, self.texts().what_to_change());
                true
            }
            Some(Answer::No) if !self.differs_from_held() && !self.other_who => self.on_same_again(meaning),
            _ => false,
        }
    }

    /// "No, Kovacs", and Kovacs is what we have: hearing it once more will not help, so another way is asked for.
    fn on_same_again(&mut self, meaning: &Meaning) -> bool {
        if meaning.name.is_some() {
            let name = self.state.name.clone();
            self.ask(Asked::Spelling, self.texts().spell_it(name.as_deref()));
        } else if meaning.phone.is_some() {
            self.state.phone = None;
            self.ask(Asked::Phone, self.texts().number_by_keys());
        } else {
            self.ask(Asked::Change, self.texts().what_to_change());
        }
        true
    }

    /// "The name is wrong": what should it be?
    pub(super) fn on_aspect(&mut self, aspect: Aspect) {
        let question = match aspect {
            Aspect::Time => return self.ask(Asked::When, self.texts().when_instead(self.state.turns)),
            Aspect::Service => {
                let question = self.texts().which_service_at(&self.business, Wish::default(), &self.now_there());
                return self.ask(Asked::Service, question);
            }
            Aspect::Staff if self.business.staff.len() > 1 => {
                return self.ask(Asked::Staff, self.texts().who_instead(&self.business));
            }
            Aspect::Staff => return self.read_back(),
            Aspect::Name if self.state.name_known == NameKnown::Heard => {
                self.state.name_known = NameKnown::AskedToSpell;
                return self.ask(Asked::Name, self.texts().right_name());
            }
            Aspect::Name => self.texts().spell_it(None),
            Aspect::Phone => {
                self.state.phone = None;
                return self.ask(Asked::Phone, self.texts().right_number());
            }
        };
        self.ask(Asked::Spelling, question);
    }

    /// Answered once, calmly; then the call is ended, politely.
    pub(super) fn on_abuse(&mut self) {
        self.state.unkind = self.state.unkind.saturating_add(1);
        if self.state.unkind > 1 {
            self.end(self.texts().unkind_goodbye());
        } else {
            self.say(self.texts().be_kind());
            self.ask_again(false);
        }
    }

    pub(super) fn on_goodbye(&mut self, meaning: &Meaning) -> bool {
        if meaning.answer == Some(Answer::Yes) || carries(meaning) {
            return false;
        }
        let read_back = self.state.asked == Asked::ReadBack && self.state.held.is_some();
        let question = self.texts().before_you_go();
        if read_back && meaning.answer.is_none() && self.state.question != question.asks {
            // Who says goodbye to the read-back may think that it is booked.
            self.state.question.clone_from(&question.asks);
            self.put(question);
        } else if matches!(self.state.task, Task::Book | Task::Move) {
            self.end(self.texts().unfinished_goodbye(self.state.task));
        } else {
            self.end(self.texts().goodbye(self.state.outcome));
        }
        true
    }

    /// "When are you free?" is answered with times as soon as it is known what for.
    fn on_ask_times(&mut self) -> bool {
        if self.state.task == Task::None {
            self.state.task = Task::Book;
        }
        if !matches!(self.state.task, Task::Book | Task::Move) || self.state.held.is_some() {
            return false;
        }
        self.any_time();
        self.advance();
        true
    }

    fn on_soonest_answer(&mut self, answer: Answer) {
        if answer == Answer::Yes {
            self.state.when = When { day: Some(Day::Soonest), clock: None };
            self.advance();
        } else {
            self.ask(Asked::When, self.texts().when_instead(self.state.turns));
        }
    }

    fn on_never_mind(&mut self, goodbye: bool) {
        if goodbye {
            self.drop_task();
            self.end(self.texts().goodbye(self.state.outcome));
        } else if self.state.task == Task::Message && self.go_back(self.texts().never_mind()) {
            // It was the message that they do not mind, not what they were arranging before.
        } else {
            let told = if self.state.task == Task::None { String::new() } else { self.texts().never_mind() };
            self.drop_task();
            self.ask_anything_else(told);
        }
    }

    pub(super) fn on_person(&mut self) {
        if self.somebody_is_there() {
            self.put_through();
        } else {
            self.start_message(self.texts().nobody_free());
        }
    }

    fn start_message(&mut self, question: Question) {
        self.leave_off();
        self.state.task = Task::Message;
        self.ask(Asked::Message, question);
    }

    /// Remembers where an arrangement stands, before something else comes in between.
    pub(super) fn leave_off(&mut self) {
        let state = &mut self.state;
        if state.left_off.is_none() && !matches!(state.asked, Asked::OfferMessage | Asked::Message) {
            state.left_off = Some(LeftOff {
                task: state.task,
                asked: state.asked,
                told: state.told.clone(),
                question: state.question.clone(),
            });
        }
    }

    /// Back to the question that was left. False: nothing was being arranged.
    pub(super) fn go_back(&mut self, told: String) -> bool {
        let Some(left) = self.state.left_off.take() else { return false };
        if left.task == Task::None {
            return false;
        }
        self.state.task = left.task;
        self.say(told);
        // What a yes would be to may have changed meanwhile: it is said as it is now.
        match left.asked {
            Asked::ReadBack => {
                self.read_back();
                return true;
            }
            Asked::CancelIt if self.state.chosen().is_some() => {
                self.ask_to_cancel();
                return true;
            }
            _ => {}
        }
        // What has to be heard again before it can be answered.
        let whole = matches!(left.asked, Asked::ReadBack | Asked::Which | Asked::WhichTime | Asked::CancelIt);
        let told = if whole { left.told } else { String::new() };
        self.ask(left.asked, Question { told, asks: left.question });
        true
    }

    pub(super) fn drop_task(&mut self) {
        self.release_hold();
        self.state.next_task();
    }
}

/// Whether an answer brings something with it that may not be what was read back.
pub(super) fn carries(meaning: &Meaning) -> bool {
    meaning.when.is_some()
        || meaning.service.is_some()
        || meaning.staff.is_some()
        || meaning.name.is_some()
        || meaning.phone.is_some()
}
