//! The caller's own appointments: when, move, cancel.
//!
//! The number on the line can be forged, so it only narrows the search. Before anything is told or changed, the caller
//! says the name it is booked under; before anything is changed, also the day.

use jiff::Timestamp;

use super::{Asked, Dialogue, Request, Task, texts};
use crate::domain::{
    booking::Booking,
    call::Outcome,
    ids::BookingId,
    time::{self, Around, Resolution, When},
    understand::{Answer, Meaning},
};

impl Dialogue {
    pub(super) fn start_mine(&mut self, task: Task, meaning: &Meaning) {
        self.release_hold();
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
        if self.state.line.is_none() {
            self.state.next_task();
            self.ask(Asked::OfferMessage, texts::no_number());
            return;
        }
        self.request(Request::Upcoming);
    }

    pub(super) fn on_upcoming(&mut self, bookings: Vec<Booking>) {
        self.state.mine = bookings;
        // Whether there is one at all is told only to somebody who knows the name.
        self.advance();
    }

    /// Recognises the caller, then their booking, then does what they want with it.
    pub(super) fn advance_mine(&mut self) {
        let Some(booking) = self.recognised() else { return };
        match self.state.task {
            Task::Tell => self.tell(),
            Task::Cancel => {
                let now = self.now_there();
                let text = texts::cancel_it(&self.business, &booking, &self.at(booking.slot.starts), &now);
                self.ask(Asked::CancelIt, text);
            }
            _ => self.advance_move(),
        }
    }

    pub(super) fn advance_move(&mut self) {
        let booking = match self.state.chosen() {
            Some(booking) => booking.clone(),
            None => match self.recognised() {
                Some(booking) => booking,
                None => return,
            },
        };
        let Some(service) = self.business.service(booking.slot.service).cloned() else {
            self.state.next_task();
            self.ask(Asked::OfferMessage, texts::system_down());
            return;
        };
        if !booking.changeable(&self.business, self.now) {
            self.state.next_task();
            self.ask(Asked::OfferMessage, texts::too_late());
            return;
        }
        // The same person does it, unless the caller wants somebody else or does not mind.
        if self.state.staff.is_none() && !self.state.any_staff {
            self.state.staff = Some(booking.slot.staff);
        }
        self.state.service = Some(service.id);
        self.advance_time(&service, Some(booking.id));
    }

    /// The booking this is about, once the caller has said whose it is and, to change it, which day it is on. Asks for
    /// what is missing and gives nothing away.
    fn recognised(&mut self) -> Option<Booking> {
        if let Some(booking) = self.state.chosen() {
            return Some(booking.clone());
        }
        let Some(name) = self.state.name.clone() else {
            self.ask(Asked::WhoseName, texts::whose_name());
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
            self.ask(Asked::WhichDay, texts::which_day());
            return None;
        };
        let on_that_day: Vec<&Booking> = named.iter().filter(|booking| self.is_on(booking.slot.starts, said)).collect();
        match on_that_day.as_slice() {
            [first, ..] => {
                let booking = (*first).clone();
                self.choose(booking.id, said);
                Some(booking)
            }
            [] if self.state.task == Task::Move && self.state.when == said && self.state.asked != Asked::WhichDay => {
                // "Can I move my appointment to Thursday?": the day was where it should go.
                self.state.said_day = None;
                self.ask(Asked::WhichDay, texts::which_day());
                None
            }
            [] => {
                self.not_found();
                None
            }
        }
    }

    fn choose(&mut self, booking: BookingId, said: When) {
        self.state.chosen = Some(booking);
        // The day that told which booking it is, is not the day it should move to.
        if self.state.when == said {
            self.state.when = When::default();
        }
    }

    fn is_on(&self, starts: Timestamp, said: When) -> bool {
        let now = self.now_there();
        let around = Around { now: &now, business: &self.business, compared: None };
        let day_only = When { clock: None, ..said };
        match time::resolve(if said.day.is_some() { day_only } else { said }, around) {
            Resolution::Moment(at) => at.timestamp() == starts,
            Resolution::Window { from, to, .. } => {
                // The part of today that is over still is today.
                let from = from.start_of_day().unwrap_or(from);
                (from.timestamp()..to.timestamp()).contains(&starts)
            }
            _ => false,
        }
    }

    /// The same words whether there is nothing, another name, or another day: a stranger learns nothing.
    fn not_found(&mut self) {
        self.state.next_task();
        self.ask(Asked::OfferMessage, texts::not_found());
    }

    fn tell(&mut self) {
        let now = self.now_there();
        let told: Vec<String> = self
            .state
            .mine
            .iter()
            .map(|booking| texts::appointment(&self.business, booking.slot, &self.at(booking.slot.starts), &now))
            .collect();
        self.state.outcome = self.state.outcome.max(Outcome::Answered);
        let mine = std::mem::take(&mut self.state.mine);
        self.state.next_task();
        // "Can I move it?" needs no second introduction when there is only one.
        if let [only] = mine.as_slice() {
            self.state.chosen = Some(only.id);
            self.state.mine = mine;
        }
        self.ask(Asked::AnythingElse, texts::your_appointments(&told));
    }

    pub(super) fn on_cancel_answer(&mut self, answer: Answer) {
        if let (Answer::Yes, Some(booking)) = (answer, self.state.chosen) {
            self.request(Request::Cancel { booking });
        } else {
            self.state.next_task();
            self.ask(Asked::AnythingElse, texts::kept());
        }
    }

    pub(super) fn on_cancelled(&mut self, booking: &Booking) {
        let now = self.now_there();
        let text = texts::cancelled(&self.at(booking.slot.starts), &now);
        self.state.outcome = self.state.outcome.max(Outcome::Cancelled);
        self.state.next_task();
        self.ask(Asked::AnythingElse, text);
    }
}

/// Whether a spoken name can be the one a booking is under: every word that was said must be one of its words, give or
/// take what a recogniser does to a name.
pub(super) fn same_person(booked: &str, said: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let (booked, said) = (words(booked), words(said));
    !said.is_empty() && said.iter().all(|word| booked.iter().any(|other| alike(word, other)))
}

/// One letter apart, though not the first, in a word of four letters and more.
fn alike(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.first() != b.first() || a.len().min(b.len()) < 4 || a.len().abs_diff(b.len()) > 1 {
        return false;
    }
    let same_start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let same_end = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    same_start + same_end + 1 >= a.len().max(b.len())
}

#[cfg(test)]
mod tests {
    use super::same_person;

    #[test]
    fn a_name_is_recognised_as_it_is_said() {
        assert!(same_person("Anna Kovács", "anna"));
        assert!(same_person("Anna Kovacs", "Anna Kovaks"));
        assert!(same_person("Anna Kovacs", "kovacs"));
        assert!(!same_person("Anna Kovacs", "Anna Smith"));
        assert!(!same_person("Anna Kovacs", "Hanna"));
        assert!(!same_person("Ann Lee", "Bob"));
        assert!(!same_person("Ann Lee", ""));
    }
}
