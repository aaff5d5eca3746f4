//! Which of several was meant: two services of one name, two Annas, a time that could be either of two.
//!
//! What is uncertain is asked about, and only that; the answer may be its place in the question, or anything that tells
//! it from the others.

use jiff::{
    ToSpan, Zoned,
    civil::{Date, Weekday},
};

use super::{Asked, Dialogue, texts::Question};
use crate::domain::{
    ids::{ServiceId, StaffId},
    slots::free::{self, Search},
    time::{self, Around, Clock, ClockTime, Day, Half, Resolution, When, Which},
    understand::{Answer, Choice, Meaning},
};

impl Dialogue {
    pub(super) fn ask_which_service(&mut self) {
        let meant: Vec<_> = self.state.services_meant.iter().filter_map(|id| self.business.service(*id)).collect();
        let question = self.texts().which_service(&meant);
        self.ask(Asked::Service, question);
    }

    pub(super) fn ask_which_staff(&mut self) {
        let meant = self.state.staff_meant.iter().filter_map(|id| self.business.member(*id));
        let names: Vec<&str> = meant.map(|member| member.name.as_str()).collect();
        let question = self.texts().which_staff(&names);
        self.ask(Asked::Staff, question);
    }

    /// The service that was picked out of those it was asked about, by its place.
    pub(super) fn service_meant(&self, meaning: &Meaning) -> Option<ServiceId> {
        by_place(&self.state.services_meant, meaning)
    }

    pub(super) fn staff_meant(&self, meaning: &Meaning) -> Option<StaffId> {
        by_place(&self.state.staff_meant, meaning)
    }

    /// Asks which of several times was meant.
    pub(super) fn ask_which_time(&mut self, meant: Vec<When>, question: Question) {
        self.state.times_meant = meant;
        self.ask(Asked::WhichTime, question);
    }

    /// The answer to "do you mean this one or that one?".
    pub(super) fn on_time_choice(&mut self, meaning: &Meaning) -> bool {
        if let Some(meant) = self.time_meant(meaning) {
            self.state.times_meant.clear();
            self.state.when = meant;
            self.advance();
            return true;
        }
        if meaning.when.is_some() {
            return false;
        }
        match (meaning.answer, meaning.choice) {
            (Some(Answer::No), _) | (_, Some(Choice::Neither)) => {
                self.state.times_meant.clear();
                self.state.when.clock = None;
                self.ask(Asked::When, self.texts().when_instead(self.state.turns));
                true
            }
            (Some(Answer::Yes), _) => {
                self.put(self.pending(false));
                true
            }
            _ => false,
        }
    }

    /// The time that an answer picks out of those it was asked about.
    pub(super) fn time_meant(&self, meaning: &Meaning) -> Option<When> {
        let meant = &self.state.times_meant;
        if let Some(meant) = by_place(meant, meaning) {
            return Some(meant);
        }
        let when = meaning.when?;
        let fitting: Vec<When> = meant.iter().copied().filter(|meant| self.is_within(*meant, when)).collect();
        match fitting.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// Whether what is said now ("in the morning", "the 24th") holds for a time that may have been meant.
    fn is_within(&self, meant: When, said: When) -> bool {
        let Some(at) = self.start_of(meant) else { return false };
        self.holds_at(&at, said)
    }

    /// The moment, or the start of the day, that a time comes to.
    pub(super) fn start_of(&self, meant: When) -> Option<Zoned> {
        match self.resolved(meant) {
            Resolution::Moment(at) | Resolution::Fold { first: at, .. } => Some(at),
            Resolution::Window { from, .. } => Some(from),
            _ => None,
        }
    }

    /// Whether a day and a time of day, as said, hold for a moment. What was not said holds.
    pub(super) fn holds_at(&self, at: &Zoned, said: When) -> bool {
        let day = Day::Date { weekday: None, day: at.day(), month: Some(at.month()), year: Some(at.year()) };
        let same_day = said.day.is_none_or(|said| match self.resolved(When { day: Some(said), clock: None }) {
            Resolution::Window { from, to, .. } => {
                // The part of today that is over still is today.
                let from = from.start_of_day().unwrap_or(from);
                from <= *at && *at < to
            }
            _ => false,
        });
        // The time of day is resolved on that very day, so that a.m. or p.m. follows its hours.
        same_day
            && said.clock.is_none_or(|clock| match self.resolved(When { day: Some(day), clock: Some(clock) }) {
                Resolution::Moment(moment) => moment == *at,
                Resolution::Fold { first, second } => first == *at || second == *at,
                Resolution::Window { from, to, .. } => from <= *at && *at < to,
                _ => clock == Clock::Any,
            })
    }

    /// What a time comes to by itself, compared with nothing.
    pub(super) fn resolved(&self, when: When) -> Resolution {
        let now = self.now_there();
        time::resolve(when, Around { now: &now, business: &self.business, compared: None })
    }

    /// Whether the owner's rules let something begin then, whoever may have booked it: of two times that were possible,
    /// one at which nobody is there was not meant.
    pub(super) fn is_ever_offered(&self, at: &Zoned) -> bool {
        let service = self.state.service.and_then(|id| self.business.service(id)).or(self.business.services.first());
        let Some(service) = service else { return false };
        let Ok(to) = at.checked_add(1.minute()) else { return false };
        let (from, to) = (at.timestamp(), to.timestamp());
        let search = Search { business: &self.business, service, staff: None, from, to, now: self.now };
        free::starts(&search, &[]).iter().any(|slot| slot.starts == from)
    }

    /// "Monday the 14th", and the 14th is a Tuesday: that Tuesday, or the Monday next to it.
    pub(super) fn weekday_or_date(&self, said: Weekday, date: Date) -> Vec<When> {
        let days = i32::from(said.to_monday_zero_offset()) - i32::from(date.weekday().to_monday_zero_offset());
        // The nearest one before or after: −3 to 3 days away.
        let days = (days + 10) % 7 - 3;
        let clock = self.state.when.clock;
        let on = |date: Date| {
            let day = Day::Date { weekday: None, day: date.day(), month: Some(date.month()), year: Some(date.year()) };
            When { day: Some(day), clock }
        };
        let near = date.checked_add(days.days()).ok().filter(|near| *near >= self.now_there().date());
        [Some(date), near].into_iter().flatten().map(on).collect()
    }

    /// The two days or times that what was said may mean, where neither the hours nor the calendar tell them apart.
    pub(super) fn doubtful(&self) -> Vec<When> {
        let when = self.state.when;
        let days = self.doubtful_day(when);
        if days.len() > 1 { days } else { self.doubtful_half(when) }
    }

    /// "Friday at four", said on a Friday before four: today, or in a week. Without a time the offers say the date.
    fn doubtful_day(&self, when: When) -> Vec<When> {
        let Some(Day::Weekday { weekday, which: Which::Coming }) = when.day else { return Vec::new() };
        let today = self.now_there().date();
        if weekday != today.weekday() || !matches!(when.clock, Some(Clock::At(_))) {
            return Vec::new();
        }
        let dated = |date: Date| {
            let day = Day::Date { weekday: None, day: date.day(), month: Some(date.month()), year: Some(date.year()) };
            When { day: Some(day), clock: when.clock }
        };
        let offered = |meant: &When| self.start_of(*meant).is_some_and(|at| self.is_ever_offered(&at));
        let in_a_week = today.checked_add(7.days()).ok().map(dated);
        [Some(dated(today)), in_a_week].into_iter().flatten().filter(offered).collect()
    }

    /// "At six", where the door is open at six in the morning and in the evening.
    fn doubtful_half(&self, when: When) -> Vec<When> {
        let Some(Clock::At(time @ ClockTime { hour: 1..=12, half: None, .. })) = when.clock else { return Vec::new() };
        if when.day.is_none() {
            return Vec::new();
        }
        let halves = [Half::Am, Half::Pm]
            .map(|half| When { clock: Some(Clock::At(ClockTime { half: Some(half), ..time })), ..when });
        let offered = |when: &When| matches!(self.resolved(*when), Resolution::Moment(at) if self.is_ever_offered(&at));
        if halves.iter().all(offered) { halves.to_vec() } else { Vec::new() }
    }

    /// Asks which of several days or times was meant.
    pub(super) fn ask_do_you_mean(&mut self, meant: Vec<When>) {
        let now = self.now_there();
        let starts: Vec<Zoned> = meant.iter().filter_map(|meant| self.start_of(*meant)).collect();
        // On different days the day alone tells them apart.
        let days = starts.windows(2).all(|pair| pair[0].date() != pair[1].date());
        let question = self.texts().which_time(&starts, days, &now);
        self.ask_which_time(meant, question);
    }
}

/// What the place in the question picks; a yes picks the only one, and "either" the first.
fn by_place<T: Copy>(meant: &[T], meaning: &Meaning) -> Option<T> {
    match (meaning.choice, meaning.answer) {
        (Some(Choice::Nth(n)), _) => meant.get(n).copied(),
        (Some(Choice::Last | Choice::Later), _) => meant.last().copied(),
        (Some(Choice::Any | Choice::Earlier), _) => meant.first().copied(),
        (None, Some(Answer::Yes)) if meant.len() == 1 && meaning.when.is_none() => meant.first().copied(),
        _ => None,
    }
}
