//! From a wish to free times: what is looked up, and how the answer is put.

use jiff::{SignedDuration, Timestamp, Zoned, civil::Date};

use super::{Asked, AskedFor, Dialogue, Request, Task};
use crate::domain::{
    booking::Slot,
    business::Service,
    ids::{BookingId, StaffId},
    time::{self, Around, Clock, Day, Resolution, When},
};

/// How far ahead a time of day without a day is looked for, and what follows a wish that had nothing free.
pub(super) const LOOK_AHEAD: SignedDuration = SignedDuration::from_hours(24 * 14);
/// Offers said aloud at once.
pub(super) const OFFERS: usize = 3;

/// Where free times are looked for.
#[derive(Clone, Debug)]
pub(super) struct Search {
    pub from: Timestamp,
    pub to: Timestamp,
    pub near: Option<Timestamp>,
    pub within: Vec<(Timestamp, Timestamp)>,
}

impl Search {
    pub(super) fn between(from: Timestamp, to: Timestamp) -> Self {
        Self { from, to, near: None, within: Vec::new() }
    }

    pub(super) fn near(self, moment: Timestamp) -> Self {
        Self { near: Some(moment), ..self }
    }
}

impl Dialogue {
    fn resolve(&self) -> Resolution {
        let now = self.now_there();
        let compared = self.state.held.map(|held| held.slot).or_else(|| self.state.offers.last().copied());
        let compared = compared.map(|slot| self.at(slot.starts));
        time::resolve(self.state.when, Around { now: &now, business: &self.business, compared: compared.as_ref() })
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

    pub(super) fn look_up(&mut self, service: &Service, replacing: Option<BookingId>) {
        let meant = self.doubtful();
        if !meant.is_empty() {
            return self.ask_do_you_mean(meant);
        }
        match self.resolve() {
            Resolution::Moment(at) if self.has_just_booked(service, &at) => {
                self.state.next_task();
                self.ask(Asked::AfterAll, self.texts().done_already());
            }
            Resolution::Moment(at) => {
                let day = at.start_of_day().unwrap_or_else(|_| at.clone());
                let from = day.timestamp().max(self.now);
                let search = Search::between(from, from + LOOK_AHEAD).near(at.timestamp());
                self.find(service, replacing, search, AskedFor::Moment(at.timestamp()));
            }
            Resolution::Window { from, to, day } => {
                let (from, to) = (from.timestamp(), to.timestamp());
                self.find(service, replacing, Search::between(from, to), AskedFor::Window { from, to, day });
            }
            Resolution::TimeOnly(clock) => {
                let now = self.now_there();
                let around = Around { now: &now, business: &self.business, compared: None };
                let last = self.at(self.now + LOOK_AHEAD).date();
                let windows = time::windows(clock, now.date(), last, around);
                self.find_within(service, replacing, &windows, clock);
            }
            Resolution::Windows(windows) => {
                let clock = self.state.when.clock.unwrap_or(Clock::Any);
                self.find_within(service, replacing, &windows, clock);
            }
            problem => self.on_time_problem(service, replacing, &problem),
        }
    }

    /// The very appointment that this call has made, for the same person: said once more, not wanted twice.
    fn has_just_booked(&self, service: &Service, at: &Zoned) -> bool {
        let state = &self.state;
        let same = |(slot, name): &(Slot, String)| {
            slot.service == service.id && slot.starts == at.timestamp() && state.name.as_ref() == Some(name)
        };
        let who = state.staff.is_none_or(|staff| state.made.as_ref().is_some_and(|(slot, _)| slot.staff == staff));
        state.task == Task::Book && who && state.made.as_ref().is_some_and(same)
    }

    /// A time of day on any of several days.
    fn find_within(
        &mut self,
        service: &Service,
        replacing: Option<BookingId>,
        windows: &[(Zoned, Zoned)],
        clock: Clock,
    ) {
        let Some((first, last)) = windows.first().zip(windows.last()) else {
            return self.on_time_problem(service, replacing, &Resolution::NoSuchTime);
        };
        let mut search = Search::between(first.0.timestamp(), last.1.timestamp());
        search.within = windows.iter().map(|(from, to)| (from.timestamp(), to.timestamp())).collect();
        self.find(service, replacing, search, AskedFor::TimeOfDay(clock));
    }

    pub(super) fn find(
        &mut self,
        service: &Service,
        replacing: Option<BookingId>,
        search: Search,
        asked_for: AskedFor,
    ) {
        let rather = self.state.rather.filter(|staff| !self.state.any_staff && service.staff.contains(staff));
        let Search { from, to, near, within } = search;
        self.request(Request::Find {
            service: service.id,
            staff: self.state.staff.or(rather),
            from,
            to,
            near,
            within,
            count: OFFERS,
            replacing,
            asked_for,
        });
    }

    /// Says what is wrong with the time. Where it leaves a choice, that is asked; else for another time.
    fn on_time_problem(&mut self, service: &Service, replacing: Option<BookingId>, problem: &Resolution) {
        let now = self.now_there();
        match problem {
            Resolution::Fold { first, second } => return self.on_fold(service, replacing, first, second),
            Resolution::Gap { asked, next } => {
                let question = self.texts().clocks_go_forward(*asked, next, now.date());
                if self.is_ever_offered(next) {
                    self.ask_which_time(vec![When::exactly(next)], question);
                } else {
                    // Nobody is there then anyway; what is nearest is.
                    self.state.preface = question.told;
                    let search = Search::between(self.now, next.timestamp() + LOOK_AHEAD).near(next.timestamp());
                    self.find(service, replacing, search, AskedFor::Next);
                }
                return;
            }
            Resolution::WrongWeekday { said, date } => {
                let told = self.texts().time_problem(problem, &now).told;
                let meant = self.weekday_or_date(*said, *date);
                self.say(told);
                return self.ask_do_you_mean(meant);
            }
            Resolution::Past { asked } if asked.date() == now.date() && self.state.when.clock.is_some() => {
                // Too late for that today, but perhaps not for today.
                self.state.preface = self.texts().time_problem(problem, &now).told;
                self.state.when.clock = None;
                let search = Search::between(self.now, self.now + LOOK_AHEAD);
                return self.find(service, replacing, search, AskedFor::Next);
            }
            Resolution::NoSuchTime => self.state.when.clock = None,
            _ => self.state.when.day = None,
        }
        self.ask(Asked::When, self.texts().time_problem(problem, &now));
    }

    /// An hour that comes twice: which of the two is asked, if somebody is there in both.
    fn on_fold(&mut self, service: &Service, replacing: Option<BookingId>, first: &Zoned, second: &Zoned) {
        let offered: Vec<&Zoned> = [first, second].into_iter().filter(|at| self.is_ever_offered(at)).collect();
        if let [first, second] = *offered.as_slice() {
            let question = self.texts().clocks_go_back(first, second);
            return self.ask_which_time(vec![When::exactly(first), When::exactly(second)], question);
        }
        let at = offered.first().copied().unwrap_or(first);
        self.state.when = When::exactly(at);
        let at = at.timestamp();
        let search = Search::between(self.now, at + LOOK_AHEAD).near(at);
        self.find(service, replacing, search, AskedFor::Moment(at));
    }

    pub(super) fn on_found(&mut self, request: &Request, slots: Vec<Slot>) {
        let Request::Find { asked_for, from, replacing, staff, .. } = request else { return };
        if self.was_only_preferred(*staff, *asked_for, &slots) {
            // They are not free then. Who it is was not asked for, so somebody else may be.
            self.state.rather = None;
            let service = self.service_asked_about();
            return match service {
                Some(service) => self.look_up(&service, *replacing),
                None => self.advance(),
            };
        }
        match *asked_for {
            AskedFor::Moment(at) => match slots.iter().find(|slot| slot.starts == at) {
                Some(slot) if self.state.looking => self.offer_only(*slot),
                Some(slot) => self.pick(*slot),
                None => self.offer(&slots, |dialogue, offers| {
                    let closed = dialogue.why_closed(at);
                    dialogue.texts().not_free_then(&dialogue.at(at), closed, offers)
                }),
            },
            AskedFor::Window { to, day, .. } if slots.is_empty() => self.look_after(*from, to, day, *replacing),
            AskedFor::Window { .. } => {
                // One soonest time is what "as soon as possible" asks for.
                let soonest = matches!(self.state.when.day, Some(Day::Soonest));
                let slots: Vec<Slot> = if soonest { slots.into_iter().take(1).collect() } else { slots };
                let (fresh, turn) = (self.fresh, self.state.turns);
                self.offer(&slots, |dialogue, offers| dialogue.texts().free(&dialogue.business, fresh, offers, turn));
            }
            AskedFor::TimeOfDay(_) if slots.is_empty() => self.look_near(request),
            AskedFor::TimeOfDay(_) => self.offer(&slots, |dialogue, offers| dialogue.texts().free_at_that_time(offers)),
            AskedFor::NearTimeOfDay => {
                self.offer(&slots, |dialogue, offers| dialogue.texts().nearest_to_that_time(offers));
            }
            AskedFor::Next => self.offer(&slots, |dialogue, offers| dialogue.texts().next_free(offers)),
            AskedFor::Beyond { later } if slots.is_empty() => self.on_nothing_beyond(later),
            AskedFor::Beyond { .. } => self.offer(&slots, |dialogue, offers| dialogue.texts().next_free(offers)),
            AskedFor::Others => self.offer_others(&slots),
        }
    }

    /// Whether the search was for somebody nobody had asked for, and did not find what was asked for.
    fn was_only_preferred(&self, staff: Option<StaffId>, asked_for: AskedFor, slots: &[Slot]) -> bool {
        let missing = match asked_for {
            AskedFor::Moment(at) => slots.iter().all(|slot| slot.starts != at),
            _ => slots.is_empty(),
        };
        missing && self.state.staff.is_none() && staff.is_some() && staff == self.state.rather
    }

    /// Nothing free in what was asked for: say why if the business is closed then, and look at what comes after.
    fn look_after(&mut self, from: Timestamp, to: Timestamp, day: Option<Date>, replacing: Option<BookingId>) {
        let closed = day.and_then(|_| self.why_closed(from));
        let today = self.now_there().date();
        self.state.preface = closed.unwrap_or_else(|| self.texts().nothing_free(day.map(|day| (day, today))));
        if let Some(service) = self.service_asked_about() {
            self.find(&service, replacing, Search::between(to, to + LOOK_AHEAD), AskedFor::Next);
        }
    }

    /// Nothing at that time of day on any day: what is nearest to the first of them.
    fn look_near(&mut self, request: &Request) {
        let Request::Find { within, replacing, .. } = request else { return };
        let first = within.first().map_or(self.now, |(from, _)| *from);
        if let Some(service) = self.service_asked_about() {
            let search = Search::between(self.now, first + LOOK_AHEAD).near(first);
            self.find(&service, *replacing, search, AskedFor::NearTimeOfDay);
        }
    }

    /// The service that is being arranged, or that of the booking being moved.
    pub(super) fn service_asked_about(&self) -> Option<Service> {
        let chosen = self.state.chosen().filter(|_| self.state.task == Task::Move).map(|booking| booking.slot.service);
        match chosen {
            Some(id) => self.business.service(id).cloned(),
            None => self.service(),
        }
    }

    /// "We're closed on Sundays", when that is why nothing is free.
    fn why_closed(&self, at: Timestamp) -> Option<String> {
        let date = self.at(at).date();
        self.business.open_on(date).is_empty().then(|| self.texts().closed(&self.business, date))
    }

    pub(super) fn fits(&self, slot: Slot, clock: Clock) -> bool {
        self.holds_at(&self.at(slot.starts), When { day: None, clock: Some(clock) })
    }

    fn offer(&mut self, slots: &[Slot], words: impl FnOnce(&Self, &str) -> String) {
        let offers = first_of_each_start(slots, OFFERS);
        if offers.is_empty() {
            self.state.offers.clear();
            self.state.when = When::default();
            self.ask(Asked::When, self.texts().nothing_at_all());
            return;
        }
        self.state.offers = offers;
        let told = words(self, &self.offers_said());
        let asks = self.texts().which_suits(self.state.offers.len(), self.state.turns);
        self.ask(Asked::Which, super::texts::Question { told, asks });
    }

    /// The very time that was asked for, to somebody who has not decided: "Tuesday at ten is free. Would that suit you?"
    fn offer_only(&mut self, slot: Slot) {
        self.state.service = Some(slot.service);
        self.offer(&[slot], |dialogue, _| {
            let starts = dialogue.at(slot.starts);
            dialogue.texts().is_free(&dialogue.business, slot, &starts, &dialogue.now_there())
        });
    }

    /// Others, after the first were refused; when there are none, the caller names a time.
    fn offer_others(&mut self, slots: &[Slot]) {
        let offers: Vec<Slot> = first_of_each_start(slots, OFFERS - 1);
        if offers.is_empty() {
            self.ask(Asked::When, self.texts().when_instead(self.state.turns));
            return;
        }
        self.state.offers = offers;
        let question = self.texts().others(&self.offers_said());
        self.ask(Asked::Which, question);
    }

    /// The times on offer, as they are said.
    pub(super) fn offers_said(&self) -> String {
        let starts: Vec<Zoned> = self.state.offers.iter().map(|slot| self.at(slot.starts)).collect();
        self.texts().offers(&starts, &self.now_there())
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
