//! The caller's own appointments: when, move, cancel.
//!
//! The number on the line can be forged, so it only narrows the search. Before anything is told or changed, the caller
//! says the name it is booked under; before anything is changed, also the day.

use jiff::{Timestamp, Zoned};

use super::{Asked, Dialogue, Request, Task, names::same_person, texts::Question};
use crate::domain::{
    booking::Booking,
    call::Outcome,
    ids::BookingId,
    time::When,
    understand::{Answer, Choice, Meaning},
};

impl Dialogue {
    pub(super) fn start_mine(&mut self, task: Task, meaning: &Meaning) {
        self.release_hold();
        self.turn_to_mine(task, meaning);
        if self.state.line.is_none() {
            self.state.next_task();
            self.ask(Asked::OfferMessage, self.texts().no_number());
            return;
        }
        self.request(Request::Upcoming);
    }

    /// From here on it is about an appointment the caller has. No time may be kept for them.
    pub(super) fn turn_to_mine(&mut self, task: Task, meaning: &Meaning) {
        let when = std::mem::take(&mut self.state.when);
        let name = self.state.name.take();
        let known = std::mem::take(&mut self.state.mine);
        let chosen = self.state.chosen.take();
        // What was understood for another task must not leak into this one.
        if self.state.task != Task::None && self.state.task != task {
            self.state.next_task();
        }
        self.state.task = task;
        self.state.name = name;
        self.state.mine = known;
        self.state.chosen = chosen;
        self.state.service = None;
        self.state.staff = None;
        if meaning.when.is_some() {
            self.state.said_day = if chosen.is_none() { meaning.when } else { None };
            if task == Task::Move {
                self.state.when = when;
            }
        }
    }

    pub(super) fn on_upcoming(&mut self, bookings: Vec<Booking>) {
        self.state.mine = bookings;
        self.state.looked_up = true;
        // Whether there is one at all is told only to somebody who knows the name.
        self.advance();
    }

    /// Recognises the caller, then their booking, then does what they want with it.
    pub(super) fn advance_mine(&mut self) {
        if self.must_look_up() {
            return self.request(Request::Upcoming);
        }
        let Some(booking) = self.recognised() else { return };
        match self.state.task {
            Task::Tell => self.tell(),
            _ if self.state.looking => self.say_found(&booking),
            Task::Cancel => self.ask_to_cancel(),
            _ => self.advance_move(),
        }
    }

    /// Tells a model which one was found, and leaves it to it what comes next.
    fn say_found(&mut self, booking: &Booking) {
        if self.state.task == Task::Move && !booking.changeable(&self.business, self.now) {
            self.state.next_task();
            self.ask(Asked::OfferMessage, self.texts().too_late());
            return;
        }
        let (now, starts) = (self.now_there(), self.at(booking.slot.starts));
        let told = self.texts().your_appointments(&self.business, &[(booking.slot, starts)], &now);
        self.say(told);
    }

    /// Asks whether to cancel the one this is about.
    pub(super) fn ask_to_cancel(&mut self) {
        let Some(booking) = self.state.chosen() else { return self.advance() };
        let now = self.now_there();
        let (slot, starts) = (booking.slot, self.at(booking.slot.starts));
        let question = self.texts().cancel_it(&self.business, slot, &starts, &now);
        self.state.read_back_heard = true;
        self.ask(Asked::CancelIt, question);
    }

    pub(super) fn advance_move(&mut self) {
        if self.must_look_up() {
            return self.request(Request::Upcoming);
        }
        let booking = match self.state.chosen() {
            Some(booking) => booking.clone(),
            None => match self.recognised() {
                Some(booking) => booking,
                None => return,
            },
        };
        let Some(service) = self.business.service(booking.slot.service).cloned() else {
            self.state.next_task();
            self.ask(Asked::OfferMessage, self.texts().system_down());
            return;
        };
        if !booking.changeable(&self.business, self.now) {
            self.state.next_task();
            self.ask(Asked::OfferMessage, self.texts().too_late());
            return;
        }
        // The same person does it, unless the caller wants somebody else or does not mind.
        if self.state.staff.is_none() && !self.state.any_staff {
            self.state.staff = Some(booking.slot.staff);
        }
        self.state.service = Some(service.id);
        self.advance_time(&service, Some(booking.id));
    }

    /// A model was to find the appointments, and did not.
    fn must_look_up(&self) -> bool {
        self.state.mine.is_empty() && !self.state.looked_up && self.state.line.is_some()
    }

    /// The booking this is about, once the caller has said whose it is and, to change it, which day it is on. Asks for
    /// what is missing and gives nothing away.
    fn recognised(&mut self) -> Option<Booking> {
        if let Some(booking) = self.state.chosen() {
            return Some(booking.clone());
        }
        let Some(name) = self.state.name.clone() else {
            let question = if self.state.searched_again {
                Question::new(self.texts().not_found_yet().asks)
            } else {
                self.texts().whose_name()
            };
            self.ask(Asked::WhoseName, question);
            return None;
        };
        let named: Vec<Booking> = self
            .state
            .mine
            .iter()
            .filter(|booking| same_person(booking.customer.name.as_str(), &name))
            .cloned()
            .collect();
        if named.is_empty() {
            self.not_found();
            return None;
        }
        if self.state.task == Task::Tell {
            self.state.mine.clone_from(&named);
            return named.into_iter().next();
        }
        let Some(said) = self.state.said_day else {
            self.ask(Asked::WhichDay, self.texts().which_day());
            return None;
        };
        let on_that_day: Vec<Booking> =
            named.into_iter().filter(|booking| self.is_on(booking.slot.starts, said)).collect();
        match on_that_day.as_slice() {
            [only] => {
                self.choose(only.id, said);
                Some(only.clone())
            }
            [_, ..] => self.which_of(&on_that_day, said),
            [] if self.state.task == Task::Move && self.state.when == said && self.state.asked != Asked::WhichDay => {
                // "Can I move my appointment to Thursday?": the day was where it should go.
                self.state.said_day = None;
                self.ask(Asked::WhichDay, self.texts().which_day());
                None
            }
            [] => {
                self.not_found();
                None
            }
        }
    }

    /// Several on the day that was said: the time tells them apart, or is asked for.
    fn which_of(&mut self, on_that_day: &[Booking], said: When) -> Option<Booking> {
        let then: Vec<&Booking> =
            on_that_day.iter().filter(|booking| self.holds_at(&self.at(booking.slot.starts), said)).collect();
        if let [only] = then.as_slice() {
            let booking = (*only).clone();
            self.choose(booking.id, said);
            return Some(booking);
        }
        let starts: Vec<Zoned> = on_that_day.iter().map(|booking| self.at(booking.slot.starts)).collect();
        self.ask(Asked::WhichDay, self.texts().which_of_yours(&starts));
        None
    }

    /// "The first one", when there are several that day.
    pub(super) fn on_which_of_yours(&mut self, meaning: &Meaning) -> bool {
        let (Some(said), Some(name)) = (self.state.said_day, self.state.name.clone()) else { return false };
        let mine = self.state.mine.iter().filter(|booking| same_person(booking.customer.name.as_str(), &name));
        let on_that_day: Vec<&Booking> = mine.filter(|booking| self.is_on(booking.slot.starts, said)).collect();
        let picked = match meaning.choice {
            Some(Choice::Nth(n)) => on_that_day.get(n),
            Some(Choice::Last | Choice::Later) => on_that_day.last(),
            Some(Choice::Earlier) => on_that_day.first(),
            _ => None,
        };
        let Some(id) = picked.map(|booking| booking.id) else { return false };
        self.choose(id, said);
        self.advance();
        true
    }

    fn choose(&mut self, booking: BookingId, said: When) {
        self.state.chosen = Some(booking);
        // The day that told which booking it is, is not the day it should move to. But "my appointment on Thursday, to
        // eleven" says both, if it is not at eleven already.
        let starts = self.state.chosen().map(|booking| self.at(booking.slot.starts));
        let at_another_time = said.clock.is_some() && !starts.is_some_and(|starts| self.holds_at(&starts, said));
        if self.state.when == said && !at_another_time {
            self.state.when = When::default();
        }
    }

    pub(super) fn is_on(&self, starts: Timestamp, said: When) -> bool {
        let day_only = When { clock: None, ..said };
        self.holds_at(&self.at(starts), if said.day.is_some() { day_only } else { said })
    }

    /// The same words whether there is nothing, another name, or another day: a stranger learns nothing. A name is heard
    /// wrong often enough to be asked for once more, letter by letter.
    fn not_found(&mut self) {
        if !self.state.searched_again {
            self.state.searched_again = true;
            self.state.name = None;
            self.state.said_day = None;
            self.ask(Asked::WhoseName, self.texts().not_found_yet());
            return;
        }
        self.state.next_task();
        self.ask(Asked::OfferMessage, self.texts().not_found());
    }

    fn tell(&mut self) {
        let now = self.now_there();
        let mine = self.state.mine.iter().map(|booking| (booking.slot, self.at(booking.slot.starts)));
        let told = self.texts().your_appointments(&self.business, &mine.collect::<Vec<_>>(), &now);
        self.state.outcome = self.state.outcome.max(Outcome::Answered);
        let mine = std::mem::take(&mut self.state.mine);
        self.state.next_task();
        // "Can I move it?" needs no second introduction when there is only one.
        if let [only] = mine.as_slice() {
            self.state.chosen = Some(only.id);
        }
        if self.state.looking || mine.len() == 1 {
            self.state.mine = mine;
        }
        self.ask_anything_else(told);
    }

    pub(super) fn on_cancel_answer(&mut self, answer: Answer) {
        if answer == Answer::Yes && self.state.aside {
            // Perhaps it was to something that a model has asked since.
            self.ask_to_cancel();
        } else if answer == Answer::Yes && !self.state.read_back_heard {
            self.say(self.texts().just_to_be_sure());
            self.ask_to_cancel();
        } else if let (Answer::Yes, Some(booking)) = (answer, self.state.chosen) {
            self.request(Request::Cancel { booking });
        } else {
            self.state.next_task();
            self.ask_anything_else(self.texts().kept());
        }
    }

    pub(super) fn on_cancelled(&mut self, booking: &Booking) {
        let now = self.now_there();
        let told = self.texts().cancelled(&self.at(booking.slot.starts), &now);
        self.state.outcome = self.state.outcome.max(Outcome::Cancelled);
        self.state.done.cancelled = true;
        self.state.next_task();
        self.ask_anything_else(told);
    }
}
