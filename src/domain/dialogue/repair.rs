//! After a misunderstanding: asked again, each time in another way, and a way out before the caller gives up.

use super::{Asked, Dialogue, NameKnown, Task, texts::Repair};
use crate::domain::business::WhenUnsure;

/// After this many turns that made no sense the caller is offered a person or a message.
const PATIENCE: u8 = 3;
/// As much of what was not understood as it takes to know it again.
const PUZZLE: usize = 80;

impl Dialogue {
    /// Something was understood: the next misunderstanding is the first one again.
    pub(super) fn on_progress(&mut self) {
        self.state.misunderstood = 0;
        self.state.puzzle.clear();
    }

    /// The caller made no sense to us.
    pub(super) fn on_nonsense(&mut self) {
        let puzzle: String = self.heard.chars().take(PUZZLE).collect();
        // The same words again will not be understood either, however they are asked for.
        let again = !puzzle.is_empty() && puzzle == self.state.puzzle;
        self.state.puzzle = puzzle;
        self.state.course.unclear = self.state.course.unclear.saturating_add(1);
        self.state.misunderstood = self.state.misunderstood.saturating_add(1);
        if self.state.misunderstood >= PATIENCE && self.state.asked == Asked::Phone {
            // An appointment is worth more than the number for it.
            self.on_progress();
            self.state.without_number = true;
            self.state.digits.clear();
            self.say(self.texts().without_number());
            self.advance();
        } else if self.state.misunderstood >= PATIENCE {
            self.on_progress();
            self.offer_way_out();
        } else if again || self.state.misunderstood > 1 {
            self.ask_in_another_way();
        } else {
            self.rephrase();
        }
    }

    /// Something was asked for that is not on offer, and what there is has been said.
    pub(super) fn on_lost(&mut self) {
        self.state.misunderstood = self.state.misunderstood.saturating_add(1);
        if self.state.misunderstood >= PATIENCE {
            self.on_progress();
            self.offer_way_out();
        }
    }

    fn offer_way_out(&mut self) {
        // Nobody is asked for ever whether they want a message taken.
        if self.state.asked == Asked::OfferMessage {
            self.drop_task();
            return self.ask_anything_else("");
        }
        if self.puts_through_when_unsure() {
            return self.on_person();
        }
        self.state.ways_out = self.state.ways_out.saturating_add(1);
        self.leave_off();
        self.ask(Asked::OfferMessage, self.texts().way_out(self.offers_a_person()));
    }

    /// Whether somebody can be put through to a person at this moment.
    pub(super) fn somebody_is_there(&self) -> bool {
        self.business.transfer_at(&self.now_there()).is_some()
    }

    /// Whether a person is offered to a caller whom we cannot help, beside a message.
    pub(super) fn offers_a_person(&self) -> bool {
        self.business.when_unsure != WhenUnsure::TakeMessage && self.somebody_is_there()
    }

    /// What was asked last is whether they want a person.
    pub(super) fn offered_a_person(&self) -> bool {
        self.state.asked == Asked::OfferMessage && self.state.question == self.texts().way_out(true).asks
    }

    /// The owner would rather talk to them than have them asked once more.
    pub(super) fn puts_through_when_unsure(&self) -> bool {
        self.business.when_unsure == WhenUnsure::PutThrough && self.somebody_is_there()
    }

    /// No message and nobody to talk to. Once it goes on where it was; the same steps over and over help nobody.
    pub(super) fn on_no_way_out(&mut self) {
        self.state.open_question.clear();
        if self.state.ways_out > 2 {
            return self.end(self.texts().unfinished_goodbye(self.state.task));
        }
        if self.state.ways_out < 2 && self.go_back(self.texts().go_on()) {
            return;
        }
        if self.state.ways_out > 1 {
            self.drop_task();
        }
        self.ask_anything_else("");
    }

    fn rephrase(&mut self) {
        let again = self.texts().not_understood(self.state.asked, Repair::Rephrased, &self.business);
        if again.asks.is_empty() {
            self.tell_again(again.told);
        } else {
            self.put(again);
        }
    }

    fn ask_in_another_way(&mut self) {
        let asked = self.state.asked;
        let other = self.texts().not_understood(asked, Repair::AnotherWay, &self.business);
        match asked {
            _ if other.asks.is_empty() => self.tell_again(other.told),
            Asked::When if self.state.task != Task::None => self.ask(Asked::OfferSoonest, other),
            Asked::Name => {
                self.state.name_known = NameKnown::AskedToSpell;
                self.ask(Asked::Spelling, other);
            }
            _ => self.put(other),
        }
    }

    /// These questions carry facts that must be heard again before they can be answered.
    fn tell_again(&mut self, sorry: String) {
        self.say(sorry);
        self.ask_again(true);
    }

    /// The pending question once more: alone after an aside, or with everything that was told before it.
    pub(super) fn ask_again(&mut self, whole: bool) {
        // Where a model has spoken since, what has to be heard before a yes is put together anew.
        match self.state.asked {
            Asked::ReadBack if whole && self.state.aside && self.state.held.is_some() => return self.read_back(),
            Asked::CancelIt if whole && self.state.aside => return self.ask_to_cancel(),
            Asked::ReadBack if whole => self.state.read_back_heard = true,
            _ => {}
        }
        // Where nothing is being arranged, "anything else?" is asked, and not what was told with it.
        let question = self.pending(whole);
        if question.asks.is_empty() { self.ask(Asked::Help, self.texts().how_can_i_help()) } else { self.put(question) }
    }
}
