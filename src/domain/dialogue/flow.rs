//! Arranging an appointment: service, time, who, name, number; then hold, read back, yes, book.

use jiff::{SignedDuration, Timestamp, Zoned, civil::Date};

use super::{Asked, AskedFor, DeskReply, Dialogue, Failure, HeldSlot, Request, Task, texts};
use crate::domain::{
    booking::{Booking, Slot},
    business::{Service, WhenCalendarDown},
    call::Outcome,
    ids::BookingId,
    phone::PhoneKind,
    time::{self, Around, Clock, Day, Resolution, When},
    understand::{Choice, Meaning},
};

/// How far ahead a time of day without a day is looked for, and what follows a wish that had nothing free.
const LOOK_AHEAD: SignedDuration = SignedDuration::from_hours(24 * 14);
/// Offers said aloud at once.
const OFFERS: usize = 3;

impl Dialogue {
    /// Does the next thing that the task needs, which is at most one question.
    pub(super) fn advance(&mut self) {
        match self.state.task {
            Task::Book => self.advance_booking(),
            Task::Move => self.advance_move(),
            Task::Cancel | Task::Tell => self.advance_mine(),
            Task::Message => self.ask(Asked::Message, texts::what_message()),
            Task::None => self.advance_unasked(),
        }
    }

    /// Somebody who names a service or a time without a verb wants to book it.
    fn advance_unasked(&mut self) {
        if self.state.service.is_some() || !self.state.when.is_empty() || self.state.staff.is_some() {
            self.state.task = Task::Book;
            self.advance_booking();
        } else if let (Some(name), Asked::Help) = (&self.state.name, self.state.asked) {
            let text = texts::hello(name);
            self.ask(Asked::Help, text);
        } else {
            self.on_nonsense();
        }
    }

    fn advance_booking(&mut self) {
        if self.just_asked() {
            return; // Taking it in already asked back (which service, which Anna).
        }
        let Some(service) = self.service() else {
            let text = texts::which_service_at(&self.business);
            self.ask(Asked::Service, text);
            return;
        };
        if let Some(staff) = self.state.staff
            && !service.staff.contains(&staff)
        {
            let text = texts::not_offered_by(&self.business, &service, staff);
            self.state.staff = None;
            self.say(text);
        }
        self.advance_time(&service, None);
    }

    /// The service to book; with only one on offer nobody is asked.
    fn service(&self) -> Option<Service> {
        match (self.state.service, self.business.services.as_slice()) {
            (Some(id), _) => self.business.service(id).cloned(),
            (None, [only]) => Some(only.clone()),
            (None, _) => None,
        }
    }

    /// From "when" to a slot that is held, then on to name, number and read-back.
    pub(super) fn advance_time(&mut self, service: &Service, replacing: Option<BookingId>) {
        if self.state.held.is_some() && self.differs_from_held() {
            self.release_hold();
        }
        if self.state.held.is_none() {
            if self.state.when.is_empty() {
                let text = texts::when(self.state.task, service);
                self.ask(Asked::When, text);
            } else {
                self.look_up(service, replacing);
            }
            return;
        }
        if self.state.task == Task::Book && self.state.name.is_none() {
            self.ask(Asked::Name, texts::your_name());
        } else if self.state.task == Task::Book && self.state.number().is_none() && self.state.asked != Asked::Phone {
            self.ask(Asked::Phone, texts::your_number());
        } else if self.state.asked == Asked::Phone && self.state.number().is_none() {
            let text = texts::rest_of_number(self.state.digits.len());
            self.ask(Asked::Phone, text);
        } else {
            self.read_back();
        }
    }

    /// Whether what the caller says now no longer is what is held for them.
    pub(super) fn differs_from_held(&self) -> bool {
        let Some(held) = self.state.held else { return false };
        let same_time = self.state.when == When::exactly(&self.at(held.slot.starts));
        let other_service = self.state.service.is_some_and(|service| service != held.slot.service);
        let other_staff = self.state.staff.is_some_and(|staff| staff != held.slot.staff);
        let other_time = match self.resolve() {
            Resolution::Moment(at) => at.timestamp() != held.slot.starts,
            Resolution::Window { from, to, .. } => !(from.timestamp()..to.timestamp()).contains(&held.slot.starts),
            Resolution::TimeOnly(clock) => !self.fits(held.slot, clock),
            Resolution::Windows(windows) => {
                !windows.iter().any(|(from, to)| (from.timestamp()..to.timestamp()).contains(&held.slot.starts))
            }
            _ => true,
        };
        other_service || other_staff || (other_time && !same_time)
    }

    fn resolve(&self) -> Resolution {
        let now = self.now_there();
        let compared = self.state.held.map(|held| held.slot).or_else(|| self.state.offers.last().copied());
        let compared = compared.map(|slot| self.at(slot.starts));
        time::resolve(self.state.when, Around { now: &now, business: &self.business, compared: compared.as_ref() })
    }

    /// A day and a time from different turns combine. A new day leaves an earlier wish for the time alone, unless that
    /// time was only compared with an offer.
    pub(super) fn take_when(&mut self, meaning: &Meaning) {
        let Some(said) = meaning.when else { return };
        if matches!(self.state.task, Task::Cancel | Task::Tell) || self.state.asked == Asked::WhichDay {
            self.state.said_day = Some(said);
            return;
        }
        let fresh_clock = said.clock.is_some();
        let mut when = self.state.when.then(said);
        if said.day.is_some() && !fresh_clock && matches!(when.clock, Some(Clock::Later | Clock::Earlier)) {
            when.clock = None;
        }
        self.state.when = when;
    }

    fn look_up(&mut self, service: &Service, replacing: Option<BookingId>) {
        match self.resolve() {
            Resolution::Moment(at) => {
                let asked_for = AskedFor::Moment(at.timestamp());
                let day = at.start_of_day().unwrap_or_else(|_| at.clone());
                let from = day.timestamp().max(self.now);
                self.find(service, replacing, (from, from + LOOK_AHEAD), Some(at.timestamp()), asked_for);
            }
            Resolution::Window { from, to, day } => {
                let (from, to) = (from.timestamp(), to.timestamp());
                self.find(service, replacing, (from, to), None, AskedFor::Window { from, to, day });
            }
            Resolution::TimeOnly(clock) => {
                let to = self.now + LOOK_AHEAD;
                self.find(service, replacing, (self.now, to), None, AskedFor::TimeOfDay(clock));
            }
            Resolution::Windows(windows) => {
                let Some((first, last)) = windows.first().zip(windows.last()) else {
                    return self.on_time_problem(&Resolution::NoSuchTime);
                };
                let range = (first.0.timestamp(), last.1.timestamp());
                let asked_for = AskedFor::TimeOfDay(self.state.when.clock.unwrap_or(Clock::Any));
                self.find(service, replacing, range, None, asked_for);
            }
            problem => self.on_time_problem(&problem),
        }
    }

    fn find(
        &mut self,
        service: &Service,
        replacing: Option<BookingId>,
        (from, to): (Timestamp, Timestamp),
        near: Option<Timestamp>,
        asked_for: AskedFor,
    ) {
        // A time of day is picked out of everything that is free; otherwise the desk picks the few to say.
        let count = if matches!(asked_for, AskedFor::TimeOfDay(_)) { 500 } else { OFFERS };
        self.request(Request::Find {
            service: service.id,
            staff: self.state.staff,
            from,
            to,
            near,
            count,
            replacing,
            asked_for,
        });
    }

    /// Says what is wrong with the time, and asks for another.
    fn on_time_problem(&mut self, problem: &Resolution) {
        let now = self.now_there();
        let text = texts::time_problem(problem, &now);
        let keep_day = matches!(problem, Resolution::Gap { .. } | Resolution::NoSuchTime | Resolution::Fold { .. });
        self.state.when = if keep_day { When { clock: None, ..self.state.when } } else { When::default() };
        self.ask(Asked::When, text);
    }

    /// "Anything later?" or "earlier?": from the last offer on, the same day if there is anything.
    pub(super) fn look_beyond(&mut self, later: bool) {
        let Some(service) = self
            .state
            .held
            .map(|held| held.slot.service)
            .or(self.state.service)
            .or_else(|| self.service().map(|s| s.id))
        else {
            self.on_nonsense();
            return;
        };
        let Some(service) = self.business.service(service).cloned() else { return };
        self.release_hold();
        let clock = if later { Clock::Later } else { Clock::Earlier };
        let pivot = if later { self.state.offers.last() } else { self.state.offers.first() }.copied();
        let Some(pivot) = pivot else {
            self.state.when.clock = Some(clock);
            self.advance();
            return;
        };
        let at = self.at(pivot.starts);
        let replacing = self.state.chosen;
        let (from, to) = if later {
            (
                pivot.starts + SignedDuration::from_secs(60),
                self.now + LOOK_AHEAD.max(at.duration_since(&self.now_there()) + LOOK_AHEAD),
            )
        } else {
            (self.now, pivot.starts)
        };
        let near = (!later).then_some(pivot.starts);
        self.find(&service, replacing, (from, to), near, AskedFor::Next);
    }

    pub(super) fn on_reply(&mut self, request: Request, reply: DeskReply) {
        match (request, reply) {
            (Request::Find { asked_for, from, replacing, .. }, DeskReply::Found(slots)) => {
                self.on_found(asked_for, from, replacing, slots);
            }
            (Request::Hold { slot, .. }, DeskReply::Held(booking)) => self.on_held(slot, &booking),
            (Request::Confirm { .. }, DeskReply::Confirmed(booking)) => self.on_confirmed(&booking),
            (Request::Cancel { .. }, DeskReply::Cancelled(booking)) => self.on_cancelled(&booking),
            (Request::Upcoming, DeskReply::Upcoming(bookings)) => self.on_upcoming(bookings),
            (Request::Note { .. }, DeskReply::NoteTaken) => {
                self.state.outcome = self.state.outcome.max(Outcome::Message);
                self.state.next_task();
                self.ask(Asked::AnythingElse, texts::note_taken());
            }
            (request, DeskReply::Failed(failure)) => self.on_failure(request, failure),
            _ => {} // An answer to a question that was dropped.
        }
    }

    fn on_found(&mut self, asked_for: AskedFor, from: Timestamp, replacing: Option<BookingId>, slots: Vec<Slot>) {
        match asked_for {
            AskedFor::Moment(at) => match slots.iter().find(|slot| slot.starts == at) {
                Some(slot) => self.pick(*slot),
                None => self.offer(&slots, |dialogue, offers| {
                    texts::not_free_then(&dialogue.at(at), dialogue.why_closed(at), offers)
                }),
            },
            AskedFor::Window { to, day, .. } if slots.is_empty() => self.look_after(from, to, day, replacing),
            AskedFor::Window { .. } => {
                // One soonest time is what "as soon as possible" asks for.
                let soonest = matches!(self.state.when.day, Some(Day::Soonest));
                let slots = if soonest { slots.into_iter().take(1).collect() } else { slots };
                self.offer(&slots, |_, offers| texts::free(offers));
            }
            AskedFor::TimeOfDay(clock) => {
                let matching: Vec<Slot> = slots.into_iter().filter(|slot| self.fits(*slot, clock)).collect();
                let matching = first_of_each_start(&matching, OFFERS);
                self.offer(&matching, |_, offers| texts::free_at_that_time(offers));
            }
            AskedFor::Next => {
                self.offer(&slots, |_, offers| texts::next_free(offers));
            }
        }
    }

    /// Nothing free in what was asked for: say why if the business is closed then, and look at what comes after.
    fn look_after(&mut self, from: Timestamp, to: Timestamp, day: Option<Date>, replacing: Option<BookingId>) {
        let closed = day.and_then(|_| self.why_closed(from));
        self.state.preface =
            closed.unwrap_or_else(|| texts::nothing_free(day.map(|day| (day, self.now_there().date()))));
        let service = self
            .state
            .chosen()
            .map(|booking| booking.slot.service)
            .or_else(|| self.service().map(|service| service.id));
        if let Some(service) = service.and_then(|id| self.business.service(id).cloned()) {
            self.find(&service, replacing, (to, to + LOOK_AHEAD), None, AskedFor::Next);
        }
    }

    /// "We're closed on Sundays", when that is why nothing is free.
    fn why_closed(&self, at: Timestamp) -> Option<String> {
        let there = self.at(at);
        let date = there.date();
        if !self.business.open_on(date).is_empty() {
            return None;
        }
        Some(texts::closed(&self.business, date))
    }

    fn fits(&self, slot: Slot, clock: Clock) -> bool {
        // The time of day is resolved on the slot's own day, so that a.m. or p.m. follows that day's hours.
        let there = self.at(slot.starts);
        let day = Day::Date { weekday: None, day: there.day(), month: Some(there.month()), year: Some(there.year()) };
        let when = When { day: Some(day), clock: Some(clock) };
        let now = self.now_there();
        match time::resolve(when, Around { now: &now, business: &self.business, compared: None }) {
            Resolution::Moment(at) => at.timestamp() == slot.starts,
            Resolution::Window { from, to, .. } => (from.timestamp()..to.timestamp()).contains(&slot.starts),
            _ => clock == Clock::Any,
        }
    }

    fn offer(&mut self, slots: &[Slot], words: impl FnOnce(&Self, &str) -> String) {
        self.state.offers = first_of_each_start(slots, OFFERS);
        if self.state.offers.is_empty() {
            self.state.when = When::default();
            self.ask(Asked::When, texts::nothing_at_all());
            return;
        }
        let now = self.now_there();
        let starts: Vec<Zoned> = self.state.offers.iter().map(|slot| self.at(slot.starts)).collect();
        let list = texts::offers(&starts, &now);
        let mut text = words(self, &list);
        text.push(' ');
        text.push_str(texts::which_suits(starts.len()));
        self.ask(Asked::Which, text);
    }

    /// The offered slot that a time names: "the three o'clock one", "Thursday".
    pub(super) fn offer_named(&self, meaning: &Meaning) -> Option<Slot> {
        let when = meaning.when?;
        if meaning.choice == Some(Choice::Neither) {
            return None;
        }
        let now = self.now_there();
        let fitting: Vec<Slot> = self
            .state
            .offers
            .iter()
            .copied()
            .filter(|slot| match (when.day, when.clock) {
                (None, Some(clock)) => self.fits(*slot, clock),
                _ => match time::resolve(when, Around { now: &now, business: &self.business, compared: None }) {
                    Resolution::Moment(at) => at.timestamp() == slot.starts,
                    Resolution::Window { from, to, .. } => (from.timestamp()..to.timestamp()).contains(&slot.starts),
                    _ => false,
                },
            })
            .collect();
        match fitting.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    pub(super) fn pick(&mut self, slot: Slot) {
        self.release_hold();
        let replacing = if self.state.task == Task::Move { self.state.chosen } else { None };
        self.state.holds += 1;
        self.request(Request::Hold { slot, attempt: self.state.holds, replacing });
    }

    fn on_held(&mut self, slot: Slot, booking: &Booking) {
        let expires = match booking.state {
            crate::domain::booking::BookingState::Held { expires } => expires,
            _ => self.now,
        };
        self.state.held = Some(HeldSlot { id: booking.id, slot: booking.slot, expires });
        self.state.service = Some(slot.service);
        self.state.when = When::exactly(&self.at(booking.slot.starts));
        self.state.offers = vec![booking.slot];
        self.advance();
    }

    pub(super) fn read_back(&mut self) {
        let Some(held) = self.state.held else { return self.advance() };
        let now = self.now_there();
        let starts = self.at(held.slot.starts);
        let text = match self.state.chosen() {
            Some(old) if self.state.task == Task::Move => {
                texts::read_back_move(&self.business, &self.at(old.slot.starts), held.slot, &starts, &now)
            }
            _ => {
                let given = self.state.phone.as_ref().filter(|phone| Some(*phone) != self.state.line.as_ref());
                let number = given.map(|phone| phone.spoken(&self.business.country));
                let name = self.state.name.as_deref().unwrap_or("you");
                texts::read_back(&self.business, held.slot, &starts, &now, name, number.as_deref())
            }
        };
        self.state.read_back_heard = true;
        self.ask(Asked::ReadBack, text);
    }

    pub(super) fn on_yes(&mut self) {
        let Some(held) = self.state.held else { return self.advance() };
        if !self.state.read_back_heard {
            let text = texts::just_to_be_sure(&self.at(held.slot.starts), &self.now_there());
            self.state.read_back_heard = true;
            self.say(text);
            return;
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
        let promised = !booking.unverified || self.business.rules.when_calendar_down == WhenCalendarDown::Book;
        let text = match (promised, moved) {
            (false, _) => texts::noted(booking, &starts, &now),
            (true, true) => texts::moved(&starts, &now, texted),
            (true, false) => texts::booked(booking, &starts, &now, texted),
        };
        self.state.next_task();
        self.ask(Asked::AnythingElse, text);
    }

    fn on_failure(&mut self, request: Request, failure: Failure) {
        match (request, failure) {
            (Request::Hold { slot, .. }, Failure::Taken | Failure::NotOffered) => self.on_taken(slot, failure),
            (Request::Confirm { .. }, Failure::Taken | Failure::Gone) => {
                let slot = self.state.held.take().map(|held| held.slot);
                match slot {
                    Some(slot) => self.on_taken(slot, Failure::Taken),
                    None => self.advance(),
                }
            }
            (Request::Hold { .. } | Request::Confirm { .. }, Failure::TooMany) => {
                self.release_hold();
                self.state.next_task();
                self.ask(Asked::OfferMessage, texts::too_many());
            }
            (Request::Confirm { .. }, _) => {
                // It may have gone through. The hold stays, and the text message tells.
                self.state.held = None;
                self.state.next_task();
                self.ask(Asked::OfferMessage, texts::confirm_unknown());
            }
            (Request::Cancel { .. }, Failure::TooLate) => {
                self.state.next_task();
                self.ask(Asked::OfferMessage, texts::too_late());
            }
            (Request::Cancel { .. }, Failure::Gone) => {
                self.state.next_task();
                self.ask(Asked::AnythingElse, texts::gone_already());
            }
            (Request::Note { .. }, _) => {
                self.state.next_task();
                self.ask(Asked::AnythingElse, texts::note_failed());
            }
            _ => {
                self.release_hold();
                self.state.next_task();
                self.ask(Asked::OfferMessage, texts::system_down());
            }
        }
    }

    /// Somebody was faster: say so and offer what is near.
    fn on_taken(&mut self, slot: Slot, failure: Failure) {
        let text = if failure == Failure::Taken { texts::just_taken() } else { texts::not_on_offer() };
        text.clone_into(&mut self.state.preface);
        self.state.held = None;
        self.state.offers.clear();
        let replacing = if self.state.task == Task::Move { self.state.chosen } else { None };
        if let Some(service) = self.business.service(slot.service).cloned() {
            let day = self.at(slot.starts).start_of_day().map_or(slot.starts, |day| day.timestamp());
            let from = day.max(self.now);
            let range = (from, from + LOOK_AHEAD);
            self.find(&service, replacing, range, Some(slot.starts), AskedFor::Next);
        }
    }

    /// Whether this turn has already asked the caller something.
    fn just_asked(&self) -> bool {
        matches!(self.effects.last(), Some(super::Effect::Say(text)) if *text == self.state.question)
    }
}

/// One slot per start, the owner's order deciding whose, at most `count`.
fn first_of_each_start(slots: &[Slot], count: usize) -> Vec<Slot> {
    let mut offers: Vec<Slot> = Vec::with_capacity(count);
    for slot in slots {
        if offers.len() < count && offers.iter().all(|offer| offer.starts != slot.starts) {
            offers.push(*slot);
        }
    }
    offers
}
