//! From what was meant to moments, against a clock, a zone and the hours of the business.

mod clocks;
mod days;

use jiff::{
    Span, Zoned,
    civil::{Date, DateTime, Weekday},
    tz::AmbiguousOffset,
};

use self::days::Days;
use super::{Clock, ClockTime, Turn, When};
use crate::domain::business::Business;

/// What a time is measured against.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// Now, in the zone of the business.
    pub now: &'a Zoned,
    pub business: &'a Business,
    /// A time that "later" and "earlier" compare with: the last one offered.
    pub compared: Option<&'a Zoned>,
}

/// What a meaning comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum Resolution {
    /// One moment: "tomorrow at four".
    Moment(Zoned),
    /// Any start with from ≤ start < to. `day` when it lies within one named day, to read back with.
    Window { from: Zoned, to: Zoned, day: Option<Date> },
    /// A time of day on any of several days: "next week in the mornings". At least one window, soonest first; for a time
    /// such as "at four" each is one minute long.
    Windows(Vec<(Zoned, Zoned)>),
    /// A time of day without a day; [`windows`] has the moments. Whether "four" is in the afternoon is settled by the
    /// hours of the week.
    TimeOnly(Clock),
    /// That wall time does not exist on that day (spring forward); the next that does.
    Gap { asked: DateTime, next: Zoned },
    /// That wall time comes twice (autumn); ask which.
    Fold { first: Zoned, second: Zoned },
    /// It has passed.
    Past { asked: DateTime },
    /// "the 30th of February"; with the last day of that month.
    NoSuchDate { day: i8, month: i8, last: Date },
    /// "Monday the 14th", and the 14th is a Tuesday.
    WrongWeekday { said: Weekday, date: Date },
    /// "25 o'clock".
    NoSuchTime,
    /// Farther ahead than the business books.
    TooFar { last: Date },
}

/// Computes what `when` comes to. An empty `when` is the whole time from now to the horizon.
///
/// "Four" is in the morning or in the afternoon as the business is open; where that does not decide, 7 to 11 is in the
/// morning and 12 to 6 in the afternoon. "Around four" is 45 minutes to either side. A part of a day is: morning 5 to 12,
/// midday 11:30 to 13:30, afternoon 12 to 17, evening 17 to 22, night 20 to midnight.
pub fn resolve(when: When, around: Around<'_>) -> Resolution {
    match when.clock {
        Some(Clock::InMinutes(minutes)) => return around.in_minutes(minutes),
        Some(Clock::WithinMinutes(minutes)) => return around.within_minutes(i32::from(minutes)),
        Some(Clock::ComingHours(hours)) => return around.within_minutes(i32::from(hours).saturating_mul(60)),
        _ => {}
    }
    match days::days(when.day, around) {
        Ok(Days::One(date)) => around.on_day(date, when.clock),
        Ok(Days::Several { first, last }) => around.on_days(first, last, when.clock),
        Ok(Days::Unsaid) => around.on_no_day(when.clock),
        Err(why) => why,
    }
}

/// The moments of a time of day from `first` to `last` (both included), as windows from ≤ start < to, soonest first,
/// without what is past or beyond the horizon. Times that do not exist on a day are left out.
pub fn windows(clock: Clock, first: Date, last: Date, around: Around<'_>) -> Vec<(Zoned, Zoned)> {
    let mut found = Vec::new();
    let (mut date, last) = (first.max(around.now.date()), last.min(around.last_day()));
    while date <= last {
        match around.on_day(date, Some(clock)) {
            Resolution::Moment(at) | Resolution::Fold { first: at, .. } => {
                if let Ok(to) = at.checked_add(Span::new().minutes(1)) {
                    found.push((at, to));
                }
            }
            Resolution::Window { from, to, .. } => found.push((from, to)),
            _ => {}
        }
        let Ok(next) = date.tomorrow() else { break };
        date = next;
    }
    found
}

impl Around<'_> {
    /// The last day that can be booked.
    fn last_day(self) -> Date {
        let days = i32::from(self.business.rules.horizon_days.max(1)) - 1;
        self.now.date().checked_add(Span::new().days(days)).unwrap_or(Date::MAX)
    }

    fn on_no_day(self, clock: Option<Clock>) -> Resolution {
        let clock = match clock {
            None | Some(Clock::Any) => return self.whole(self.now.date(), self.last_day()),
            Some(later @ (Clock::Later | Clock::Earlier)) => return self.beside_compared(later),
            Some(clock) => clock,
        };
        match clocks::settled(clock, None, self) {
            Some(clock) => Resolution::TimeOnly(clock),
            None => Resolution::NoSuchTime,
        }
    }

    fn on_day(self, date: Date, clock: Option<Clock>) -> Resolution {
        match clock {
            None | Some(Clock::Any) => self.whole(date, date),
            Some(later @ (Clock::Later | Clock::Earlier)) => self.compared_on(date, later),
            Some(clock) => match clocks::settled(clock, Some(date), self) {
                Some(clock) => self.settled_on(date, clock),
                None => Resolution::NoSuchTime,
            },
        }
    }

    fn settled_on(self, date: Date, clock: Clock) -> Resolution {
        if let Clock::At(time) | Clock::Twice(time, _) = clock {
            let moment = clocks::on(date, time).map_or(Resolution::NoSuchTime, |asked| self.moment(asked));
            return match (moment, clock) {
                (Resolution::Fold { first, .. }, Clock::Twice(_, Turn::First)) => Resolution::Moment(first),
                (Resolution::Fold { second, .. }, Clock::Twice(_, Turn::Second)) => Resolution::Moment(second),
                (moment, _) => moment,
            };
        }
        match clocks::window(date, clock) {
            Some((from, to)) => self.window(from, to, Some(date)),
            None => self.whole(date, date),
        }
    }

    fn on_days(self, first: Date, last: Date, clock: Option<Clock>) -> Resolution {
        let clock = match clock {
            None | Some(Clock::Any) => return self.whole(first, last),
            Some(Clock::Through(from, to)) => return self.through(first, last, from, to),
            Some(later @ (Clock::Later | Clock::Earlier)) => return self.compared_within(first, last, later),
            Some(clock) => clock,
        };
        if clocks::settled(clock, None, self).is_none() {
            return Resolution::NoSuchTime;
        }
        let found = windows(clock, first, last, self);
        if found.is_empty() { Resolution::Past { asked: first.at(0, 0, 0, 0) } } else { Resolution::Windows(found) }
    }

    /// From a time of the first day to a time of the last, without a break.
    fn through(self, first: Date, last: Date, from: ClockTime, to: ClockTime) -> Resolution {
        let start = clocks::settled(Clock::At(from), Some(first), self);
        let end = clocks::settled(Clock::Before(to), Some(last), self);
        match (start, end) {
            (Some(Clock::At(from)), Some(Clock::Before(to))) => match (clocks::on(first, from), clocks::on(last, to)) {
                (Some(from), Some(to)) => self.window(from, to, None),
                _ => Resolution::NoSuchTime,
            },
            _ => Resolution::NoSuchTime,
        }
    }

    /// One wall time on one day, as the zone has it.
    fn moment(self, asked: DateTime) -> Resolution {
        let tz = self.now.time_zone();
        let ambiguous = tz.to_ambiguous_zoned(asked);
        let offset = ambiguous.offset();
        let (Ok(earlier), Ok(later)) = (ambiguous.clone().earlier(), ambiguous.later()) else {
            return Resolution::TooFar { last: self.last_day() };
        };
        if earlier.date() > self.last_day() {
            return Resolution::TooFar { last: self.last_day() };
        }
        if later < *self.now {
            return Resolution::Past { asked };
        }
        match offset {
            AmbiguousOffset::Unambiguous { .. } => Resolution::Moment(later),
            AmbiguousOffset::Fold { .. } if earlier < *self.now => Resolution::Moment(later),
            AmbiguousOffset::Fold { .. } => Resolution::Fold { first: earlier, second: later },
            AmbiguousOffset::Gap { .. } => {
                let change = tz.following(earlier.timestamp()).next();
                let next = change.map_or(later, |change| change.timestamp().to_zoned(tz.clone()));
                Resolution::Gap { asked, next }
            }
        }
    }

    fn in_minutes(self, minutes: i32) -> Resolution {
        if minutes < 0 {
            return Resolution::Past { asked: self.now.datetime() };
        }
        self.minutes_from_now(minutes).map_or(Resolution::TooFar { last: self.last_day() }, Resolution::Moment)
    }

    fn within_minutes(self, minutes: i32) -> Resolution {
        match self.minutes_from_now(minutes.max(1)) {
            Some(to) => Resolution::Window { day: None, from: self.now.clone(), to },
            None => Resolution::TooFar { last: self.last_day() },
        }
    }

    fn minutes_from_now(self, minutes: i32) -> Option<Zoned> {
        let wanted = self.now.checked_add(Span::new().try_minutes(minutes).ok()?).ok()?;
        let minute = wanted.round(jiff::ZonedRound::new().smallest(jiff::Unit::Minute)).ok()?;
        // "In no time at all" is the minute that comes, not the one that has begun.
        if minute < *self.now { minute.checked_add(Span::new().minutes(1)).ok() } else { Some(minute) }
    }

    /// Whole days, from now on and up to the horizon.
    fn whole(self, first: Date, last: Date) -> Resolution {
        if first > self.last_day() {
            return Resolution::TooFar { last: self.last_day() };
        }
        let end = last.min(self.last_day()).tomorrow().unwrap_or(Date::MAX);
        self.window(first.at(0, 0, 0, 0), end.at(0, 0, 0, 0), (first == last).then_some(first))
    }

    fn window(self, from: DateTime, to: DateTime, day: Option<Date>) -> Resolution {
        let tz = self.now.time_zone();
        let (Ok(start), Ok(end)) = (tz.to_zoned(from), tz.to_zoned(to)) else {
            return Resolution::TooFar { last: self.last_day() };
        };
        if start.date() > self.last_day() {
            return Resolution::TooFar { last: self.last_day() };
        }
        // "Before midnight, that is 0:00": no time of that day is left.
        if end <= start {
            return Resolution::NoSuchTime;
        }
        if end <= *self.now {
            return Resolution::Past { asked: from };
        }
        Resolution::Window { from: start.max(self.now.clone()), to: end, day }
    }

    /// "Anything later?": the rest of the day that was offered, from a minute later; "earlier": the day up to it.
    fn beside_compared(self, clock: Clock) -> Resolution {
        match self.compared {
            Some(compared) => self.compared_on(compared.date(), clock),
            None => self.whole(self.now.date(), self.last_day()),
        }
    }

    fn compared_on(self, date: Date, clock: Clock) -> Resolution {
        self.compared_within(date, date, clock)
    }

    /// Days of which the compared time cuts off a part when it lies in them.
    fn compared_within(self, first: Date, last: Date, clock: Clock) -> Resolution {
        let compared = self.compared.filter(|compared| (first..=last).contains(&compared.date()));
        let whole = self.whole(first, last);
        let (Some(compared), Resolution::Window { from, to, day }) = (compared, &whole) else { return whole };
        let cut = match clock {
            Clock::Later => {
                (compared.checked_add(Span::new().minutes(1)).unwrap_or_else(|_| compared.clone()), to.clone())
            }
            _ => (from.clone(), compared.clone()),
        };
        if cut.0 >= cut.1 {
            return match clock {
                // The last minute of the day: what is later is tomorrow.
                Clock::Later => self.whole(last.tomorrow().unwrap_or(last), self.last_day()),
                _ => Resolution::Past { asked: compared.datetime() },
            };
        }
        Resolution::Window { from: cut.0.max(from.clone()), to: cut.1, day: *day }
    }
}
