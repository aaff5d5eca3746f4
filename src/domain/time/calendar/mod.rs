//! From a named day to dates: calendar arithmetic that knows today and the country, and no business.
//!
//! [`Today::days`] is what the resolution against a business and the one against a bare calendar ([`place`]) share.

mod days;
pub(super) mod hours;
mod moments;
mod stretches;
#[cfg(test)]
mod tests;

use jiff::{
    Span,
    civil::{Date, Weekday},
};

pub use self::moments::{Grain, Moments, Placed, place};

/// What a named day is seen from.
#[derive(Clone, Copy, Debug)]
pub struct Today<'a> {
    pub date: Date,
    /// ISO 3166: whose holidays.
    pub country: &'a str,
}

/// The days that were meant, both ends included. An end that was not said is missing: "from Tuesday on".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    pub first: Option<Date>,
    pub last: Option<Date>,
    pub grain: Grain,
}

/// Why there is no such day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreal {
    /// "the 30th of February"; with the last day of that month.
    NoSuchDate {
        day: i8,
        month: i8,
        last: Date,
    },
    /// "Monday the 14th", and the next 14th is a Tuesday.
    WrongWeekday {
        said: Weekday,
        date: Date,
    },
    /// Beyond what calendars hold.
    TooEarly,
    TooLate,
}

impl Extent {
    fn day(date: Date) -> Self {
        Self { first: Some(date), last: Some(date), grain: Grain::Day }
    }

    fn of(first: Date, last: Date, grain: Grain) -> Self {
        Self { first: Some(first), last: Some(last), grain }
    }

    /// The only day of it.
    pub fn single(self) -> Option<Date> {
        self.first.filter(|first| self.last == Some(*first))
    }
}

/// A date some days from another.
fn ahead(from: Date, days: i32) -> Result<Date, Unreal> {
    let out = if days < 0 { Unreal::TooEarly } else { Unreal::TooLate };
    Span::new().try_days(days).and_then(|span| from.checked_add(span)).map_err(|_| out)
}

/// A date some months from another; of the 31st it is the last of a shorter month.
fn months_ahead(from: Date, months: i32) -> Result<Date, Unreal> {
    let out = if months < 0 { Unreal::TooEarly } else { Unreal::TooLate };
    Span::new().try_months(months).and_then(|span| from.checked_add(span)).map_err(|_| out)
}

/// The Monday of a date's week.
fn week_start(date: Date) -> Result<Date, Unreal> {
    ahead(date, -i32::from(date.weekday().to_monday_zero_offset()))
}

fn first_of(year: i16, month: i8) -> Result<Date, Unreal> {
    Date::new(year, month, 1).map_err(|_| if year < 0 { Unreal::TooEarly } else { Unreal::TooLate })
}
