//! Keeping a time for the caller, reading it back, and the yes that books it. What is said to be booked is said here, and
//! only in answer to the desk.

use jiff::Timestamp;

use super::{
    Asked, AskedFor, DeskReply, Dialogue, Failure, HeldSlot, NameKnown, Request, Task,
    find::{LOOK_AHEAD, Search},
    texts::ReadBack,
};
use crate::domain::{
    booking::{Booking, BookingState, Slot},
    business::WhenCalendarDown,
    call::Outcome,
    phone::PhoneKind,
    time::When,
};

/// When a hold runs out that is kept no longer.
pub(super) const GIVEN_UP: Timestamp = Timestamp::UNIX_EPOCH;

/// As many appointments of one call as are remembered.
const MOST_DONE: usize = 8;

impl Dialogue {
    pub(super) fn pick(&mut self, slot: Slot) {
        self.release_hold();
        let replacing = if self.state.task == Task::Move { self.state.chosen } else { None };
        self.state.holds += 1;
        self.request(Request::Hold { slot, attempt: self.state.holds, replacing });
    }

    pub(super) fn on_reply(&mut self, request: Request, reply: DeskReply) {
        match (request, reply) {
            (request @ Request::Find { .. }, DeskReply::Found(slots)) => self.on_found(&request, slots),
            (Request::Hold { slot, .. }, DeskReply::Held(booking)) => self.on_held(slot, &booking),
            (Request::Confirm { .. }, DeskReply::Confirmed(booking)) => self.on_confirmed(&booking),
            (Request::Cancel { .. }, DeskReply::Cancelled(booking)) => self.on_cancelled(&booking),
            (Request::Upcoming, DeskReply::Upcoming(bookings)) => self.on_upcoming(bookings),
            (Request::Note { beside: true, .. }, DeskReply::NoteTaken) => {
                self.ask_anything_else(self.texts().note_passed_on());
            }
            (Request::Note { .. }, DeskReply::NoteTaken) => {
                self.state.done.messages = self.state.done.messages.saturating_add(1);
                self.state.outcome = self.state.outcome.max(Outcome::Message);
                self.after_note(self.texts().note_taken());
            }
            (request, DeskReply::Failed(failure)) => self.on_failure(request, failure),
            _ => {} // An answer to a question that was dropped.
        }
    }

    /// Back to what was being arranged before the message, if anything was.
    fn after_note(&mut self, told: String) {
        if !self.go_back(told.clone()) {
            self.drop_task();
            self.ask_anything_else(told);
        }
    }

    fn on_held(&mut self, slot: Slot, booking: &Booking) {
        let expires = match booking.state {
            BookingState::Held { expires } => expires,
            _ => self.now,
        };
        self.state.held = Some(HeldSlot { id: booking.id, slot: booking.slot, expires });
        self.state.service = Some(slot.service);
        self.state.when = When::exactly(&self.at(booking.slot.starts));
        self.state.rather = None;
        self.state.offers = vec![booking.slot];
        self.just_held = true;
        self.advance();
        self.just_held = false;
    }

    /// What the read-back says besides who and when.
    fn said(
        &self,
        slot: Slot,
        starts: &jiff::Zoned,
        with: impl FnOnce(&ReadBack<'_>) -> super::texts::Question,
    ) -> super::texts::Question {
        let state = &self.state;
        let given = state.phone.as_ref().filter(|phone| Some(*phone) != state.line.as_ref());
        let number = given.map(|phone| phone.spoken(&self.business.country));
        with(&ReadBack {
            slot,
            starts,
            name: state.name.as_deref().unwrap_or_default(),
            spelled: state.name_known != NameKnown::Heard && state.name.is_some(),
            number: number.as_deref(),
            email: state.email.as_ref(),
            party: state.party,
            note: state.note.as_deref(),
        })
    }

    pub(super) fn read_back(&mut self) {
        let Some(held) = self.state.held else { return self.advance() };
        let now = self.now_there();
        let starts = self.at(held.slot.starts);
        let question = match self.state.chosen() {
            Some(old) if self.state.task == Task::Move => {
                let old = self.at(old.slot.starts);
                self.texts().read_back_move(&self.business, &old, held.slot, &starts, &now)
            }
            _ => self.said(held.slot, &starts, |what| self.texts().read_back(&self.business, what, &now)),
        };
        self.state.read_back_heard = true;
        self.ask(Asked::ReadBack, question);
    }

    pub(super) fn on_yes(&mut self) {
        let Some(held) = self.state.held else { return self.advance() };
        if !self.state.read_back_heard || self.state.aside {
            self.say(self.texts().just_to_be_sure());
            self.ask_again(true);
            return;
        }
        if held.expires == GIVEN_UP {
            self.state.held = None;
            return self.advance(); // Looked for, kept and read back again.
        }
        self.request(Request::Confirm { hold: held.id });
    }

    fn on_confirmed(&mut self, booking: &Booking) {
        let now = self.now_there();
        let starts = self.at(booking.slot.starts);
        // A text is promised only to a number that can surely get one.
        let texted = booking.customer.phone.as_ref().is_some_and(|phone| phone.kind() == PhoneKind::Mobile);
        let moved = self.state.task == Task::Move;
        let outcome = if moved { Outcome::Moved } else { Outcome::Booked };
        self.state.outcome = self.state.outcome.max(outcome);
        if !self.state.booked.contains(&booking.id) {
            self.state.booked.push(booking.id);
        }
        self.state.done.booked.push(booking.slot);
        self.state.done.booked.truncate(MOST_DONE);
        self.state.done.moved |= moved;
        self.state.made = Some((booking.slot, booking.customer.name.as_str().to_owned()));
        let promised = !booking.unverified || self.business.rules.when_calendar_down == WhenCalendarDown::Book;
        let told = match (promised, moved) {
            (false, _) => self.texts().noted(booking, &starts, &now),
            (true, true) => self.texts().moved(&starts, &now, texted),
            (true, false) => self.texts().booked(booking, &starts, &now, texted),
        };
        let beside = self.note_beside(booking, &starts);
        self.state.next_task();
        match beside {
            Some(text) => {
                self.say(told);
                self.request(Request::Note { text, beside: true });
            }
            None => self.ask_anything_else(told),
        }
    }

    /// What the caller said that a booking has no place for goes to the business as a message.
    fn note_beside(&self, booking: &Booking, starts: &jiff::Zoned) -> Option<String> {
        let state = &self.state;
        if state.party.is_none() && state.note.is_none() && state.email.is_none() {
            return None;
        }
        let what = ReadBack {
            slot: booking.slot,
            starts,
            name: booking.customer.name.as_str(),
            spelled: false,
            number: None,
            email: state.email.as_ref(),
            party: state.party,
            note: state.note.as_deref(),
        };
        Some(self.texts_for_business().note_on(&self.business, booking, starts, &what))
    }

    fn on_failure(&mut self, request: Request, failure: Failure) {
        match (request, failure) {
            (Request::Hold { slot, .. }, Failure::Taken | Failure::NotOffered) => self.on_taken(slot, failure),
            (Request::Confirm { .. }, Failure::Taken | Failure::Gone) => {
                let slot = self.state.held.map(|held| held.slot);
                self.release_hold(); // In case it is not gone altogether.
                match slot {
                    Some(slot) => self.on_taken(slot, Failure::Taken),
                    None => self.advance(),
                }
            }
            (Request::Hold { .. } | Request::Confirm { .. }, Failure::TooMany) => {
                self.drop_task();
                self.ask(Asked::OfferMessage, self.texts().too_many());
            }
            (Request::Confirm { .. }, Failure::ByPage) => {
                self.state.held = None; // The desk has given it up.
                self.state.next_task();
                self.ask(Asked::OfferMessage, self.texts().by_page());
            }
            (Request::Confirm { .. }, _) => {
                // It may have gone through. The hold stays, and the text message tells.
                self.state.held = None;
                self.state.next_task();
                self.ask(Asked::OfferMessage, self.texts().confirm_unknown());
            }
            (Request::Cancel { .. }, Failure::TooLate) => {
                self.state.next_task();
                self.ask(Asked::OfferMessage, self.texts().too_late());
            }
            (Request::Cancel { .. }, Failure::Gone) => {
                self.state.next_task();
                self.ask_anything_else(self.texts().gone_already());
            }
            (Request::Note { beside: true, .. }, _) => self.ask_anything_else(self.texts().note_not_passed_on()),
            (Request::Note { .. }, _) => self.after_note(self.texts().note_failed()),
            _ => {
                self.drop_task();
                self.ask(Asked::OfferMessage, self.texts().system_down());
            }
        }
    }

    /// Somebody was faster: say so and offer what is near.
    fn on_taken(&mut self, slot: Slot, failure: Failure) {
        let taken = failure == Failure::Taken;
        self.state.preface = if taken { self.texts().just_taken() } else { self.texts().not_on_offer() };
        self.state.held = None;
        self.state.offers.clear();
        let replacing = if self.state.task == Task::Move { self.state.chosen } else { None };
        if let Some(service) = self.business.service(slot.service).cloned() {
            let day = self.at(slot.starts).start_of_day().map_or(slot.starts, |day| day.timestamp());
            let from = day.max(self.now);
            let search = Search::between(from, from + LOOK_AHEAD).near(slot.starts);
            self.find(&service, replacing, search, AskedFor::Next);
        }
    }
}
