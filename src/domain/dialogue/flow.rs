//! Arranging an appointment: service, time, who, name, number; then read back, yes, book.

use super::{Asked, Dialogue, NameKnown, Task, Wish};
use crate::domain::{
    business::Service,
    ids::BookingId,
    time::{Resolution, When},
};

impl Dialogue {
    /// Does the next thing that the task needs, which is at most one question.
    pub(super) fn advance(&mut self) {
        if self.has_asked() {
            return; // Taking it in already asked back (which service, which Anna).
        }
        match self.state.task {
            Task::Book => self.advance_booking(),
            Task::Move => self.advance_move(),
            Task::Cancel | Task::Tell => self.advance_mine(),
            Task::Message => self.ask(Asked::Message, self.texts().what_message()),
            Task::None => self.advance_unasked(),
        }
    }

    /// Somebody who names a service or a time without a verb wants to book it.
    fn advance_unasked(&mut self) {
        if self.has_a_wish() {
            self.state.task = Task::Book;
            self.advance_booking();
        } else if let (Some(name), Asked::Help) = (&self.state.name, self.state.asked) {
            let question = self.texts().hello(name);
            self.ask(Asked::Help, question);
        } else if self.state.name.is_some() || self.state.phone.is_some() {
            self.ask_anything_else("");
        } else {
            self.on_nonsense();
        }
    }

    pub(super) fn has_a_wish(&self) -> bool {
        self.state.service.is_some() || !self.state.when.is_empty() || self.state.staff.is_some()
    }

    fn advance_booking(&mut self) {
        let Some(service) = self.service() else {
            let mut wish = self.fresh;
            wish.day = self.wished_day();
            let question = self.texts().which_service_at(&self.business, wish, &self.now_there());
            self.ask(Asked::Service, question);
            return;
        };
        if let Some(staff) = self.state.staff
            && !service.staff.contains(&staff)
        {
            let text = self.texts().not_offered_by(&self.business, &service, staff);
            self.state.staff = None;
            self.fresh.staff = None;
            self.say(text);
        }
        self.advance_time(&service, None);
    }

    /// The day that was just named, when it is one.
    fn wished_day(&self) -> Option<jiff::civil::Date> {
        let day = self.fresh.when?.day?;
        match self.resolved(When { day: Some(day), clock: None }) {
            Resolution::Window { day, .. } => day,
            _ => None,
        }
    }

    /// The service to book; with only one on offer nobody is asked.
    pub(super) fn service(&self) -> Option<Service> {
        match (self.state.service, self.business.services.as_slice()) {
            (Some(id), _) => self.business.service(id).cloned(),
            (None, [only]) => Some(only.clone()),
            (None, _) => None,
        }
    }

    /// From "when" to a slot that is held, then on to name, number and read-back.
    pub(super) fn advance_time(&mut self, service: &Service, replacing: Option<BookingId>) {
        if self.state.held.is_some() && self.differs_from_held() {
            // Only the time was put right: the same person, if they are free.
            self.state.rather = self.state.held.map(|held| held.slot.staff);
            self.release_hold();
        }
        if self.state.held.is_none() {
            if self.state.when.is_empty() {
                // Whoever was named belongs to what it is for.
                let wish =
                    Wish { service: self.fresh.service.or(self.fresh.staff.and(self.state.service)), ..self.fresh };
                let question = self.texts().when(self.state.task, &self.business, wish, self.state.turns);
                self.ask(Asked::When, question);
            } else {
                self.look_up(service, replacing);
            }
            return;
        }
        match self.missing() {
            Some(Asked::Name) => {
                let question = self.texts().your_name().after(self.said_free());
                self.ask(Asked::Name, question);
            }
            Some(Asked::Spelling) => {
                self.state.name_known = NameKnown::AskedToSpell;
                let question = self.texts().spell_it(self.state.name.as_deref());
                self.ask(Asked::Spelling, question);
            }
            Some(_) => self.ask_number(),
            None => self.read_back(),
        }
    }

    /// What is still needed of who comes.
    fn missing(&self) -> Option<Asked> {
        let state = &self.state;
        if state.task != Task::Book {
            None
        } else if state.name.is_none() {
            Some(Asked::Name)
        } else if state.name_known == NameKnown::Doubtful {
            Some(Asked::Spelling)
        } else {
            (state.number().is_none() && !state.without_number).then_some(Asked::Phone)
        }
    }

    fn ask_number(&mut self) {
        // As long as a number, and none: the rest that could make it one does not come.
        let abroad = self.state.digits.starts_with(['+', '0']);
        if self.state.digits.len() >= 10 && !abroad {
            self.state.digits.clear();
        }
        let question = if self.state.asked == Asked::Phone {
            self.texts().rest_of_number(self.state.digits.len())
        } else {
            self.texts().your_number(self.state.name.as_deref())
        };
        self.ask(Asked::Phone, question);
    }

    /// "Tuesday the 24th at 3:30 p.m. with Maria is free": what was understood, where it has just been found.
    fn said_free(&self) -> String {
        let found = self.state.held.filter(|_| self.just_held);
        found.map_or_else(String::new, |held| {
            let starts = self.at(held.slot.starts);
            self.texts().is_free(&self.business, held.slot, &starts, &self.now_there())
        })
    }
}
