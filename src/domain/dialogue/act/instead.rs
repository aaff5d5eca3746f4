//! What is true, in place of a sentence that was not.

use jiff::Timestamp;

use super::super::{
    Asked, Dialogue, Effect, Task,
    texts::{Question, Wish},
};
use crate::domain::truth::Claim;

impl Dialogue {
    /// What the caller hears where a model's sentence was kept back: what is so, and the question that is open.
    pub fn instead_of(&mut self, claim: Claim, now: Timestamp) -> Vec<Effect> {
        self.begin(now);
        self.turn.acted = true;
        self.state.looking = false;
        if self.is_changing_something() {
            self.say(self.texts().one_moment());
            return self.finish();
        }
        match claim {
            Claim::Booked => {
                self.say(self.texts().not_booked_yet());
                self.ask_what_is_open();
            }
            Claim::Moved | Claim::Cancelled => {
                self.say(self.texts().nothing_changed_yet());
                self.ask_what_is_open();
            }
            Claim::Passed => {
                self.say(self.texts().nothing_passed_on_yet());
                self.ask_what_is_open();
            }
            Claim::Free | Claim::When => self.say_the_times(),
            Claim::Price => {
                let service = self.state.service.and_then(|id| self.business.service(id));
                let price = match service {
                    Some(service) => self.texts().price(service),
                    None => self.texts().prices(&self.business),
                };
                self.say(price);
                self.ask_what_is_open();
            }
            Claim::Number | Claim::Secret | Claim::Promise => {
                self.say(self.texts().cannot_say());
                self.ask_what_is_open();
            }
            Claim::Language => self.ask_what_is_open(),
        }
        self.finish()
    }

    /// The kept time, or those on offer, said right.
    fn say_the_times(&mut self) {
        let arranging = matches!(self.state.task, Task::Book | Task::Move);
        if self.state.held.is_some() && arranging {
            return self.ask_what_is_open();
        }
        if self.state.offers.is_empty() {
            self.say(self.texts().let_me_see());
            return self.ask_what_is_open();
        }
        let question = self.texts().which_one(self.state.offers.len(), &self.offers_said());
        self.ask(Asked::Which, question);
    }

    /// The question that is open now: what is missing, the read-back, or what was asked last.
    fn ask_what_is_open(&mut self) {
        match self.state.asked {
            Asked::CancelIt if self.state.chosen().is_some() => self.ask_to_cancel(),
            // Everything is known but the yes, or something of who comes is missing.
            _ if self.state.held.is_some() && !self.differs_from_held() => {
                if self.state.task == Task::None {
                    self.state.task = Task::Book;
                }
                self.advance();
            }
            Asked::Help | Asked::AnythingElse => {
                let known = self.state.service.is_some() || !self.state.when.is_empty();
                match self.state.task {
                    Task::None if known => self.advance(),
                    Task::Book => self.advance(),
                    Task::None if self.state.turns > 1 => self.ask_anything_else(""),
                    _ => self.ask(Asked::Help, self.texts().how_can_i_help()),
                }
            }
            _ => self.ask_again(true),
        }
    }

    /// The question that is open, in the machine's own words of the language the call is in now.
    pub(super) fn ask_anew(&mut self) {
        let turn = self.state.turns;
        let asked = self.state.asked;
        let question = match asked {
            Asked::ReadBack if self.state.held.is_some() => return self.advance(),
            Asked::CancelIt if self.state.chosen().is_some() => return self.ask_to_cancel(),
            Asked::Which if !self.state.offers.is_empty() => {
                self.texts().which_one(self.state.offers.len(), &self.offers_said())
            }
            Asked::Service => self.texts().which_service_at(&self.business, Wish::default(), &self.now_there()),
            Asked::Staff => self.texts().who_instead(&self.business),
            Asked::When => self.texts().when(self.state.task, &self.business, Wish::default(), turn),
            Asked::OfferSoonest => self.texts().next_free_time(),
            Asked::Name => self.texts().your_name(),
            Asked::Spelling => self.texts().spell_it(self.state.name.as_deref()),
            Asked::Phone => self.texts().your_number(None),
            Asked::Change => self.texts().what_to_change(),
            Asked::WhoseName => self.texts().whose_name(),
            Asked::WhichDay => self.texts().which_day(),
            Asked::Message => self.texts().what_message(),
            Asked::OfferMessage => self.texts().way_out(self.offers_a_person()),
            Asked::AnythingElse | Asked::AfterAll => self.texts().anything_else(turn),
            Asked::Help | Asked::Which | Asked::WhichTime | Asked::ReadBack | Asked::CancelIt => {
                self.ask(Asked::Help, self.texts().how_can_i_help());
                return;
            }
        };
        self.ask(asked, Question { told: String::new(), ..question });
    }
}
