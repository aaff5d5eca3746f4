//! How the date of a holiday is found, and what happens when it falls on a weekend.

use jiff::{
    Span,
    civil::{Date, Weekday},
};

use super::Day;
use crate::domain::time::easter;

/// One holiday of one country. Built by [`day`] and its methods, so that a table reads as a list.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    name: &'static str,
    local: &'static str,
    when: When,
    weekend: Weekend,
    /// Codes of regions, separated by spaces; empty: everywhere.
    regions: &'static str,
    /// The first year it is kept.
    since: i16,
    in_places: bool,
}

#[derive(Clone, Copy)]
pub(super) enum When {
    /// Month and day.
    Fixed(i8, i8),
    /// Days after Easter Sunday.
    Easter(i32),
    /// Month, which of its weekdays (−1 the last).
    Nth(i8, i8, Weekday),
    /// The last such weekday before a date.
    Before(i8, i8, Weekday),
    /// Only in these years: set by law, one by one.
    Listed(&'static [(i16, i8, i8)]),
    /// 1 February if that is a Friday, else the first Monday of February (Ireland's S.I. 50/2022).
    Brigid,
    /// 27 April, or the day before when that is a Sunday.
    KingsDay,
    /// 5 May in every fifth year.
    FifthYears,
}

/// What follows from falling on a Saturday or a Sunday.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Weekend {
    Nothing,
    /// A Saturday's is observed on Friday, a Sunday's on Monday.
    Nearest,
    /// Both are observed on Monday.
    Monday,
    /// A Sunday's is observed on Monday.
    SundayOnly,
    /// Two days later: Christmas and the day after, which make room for each other.
    TwoLater,
    /// A Sunday's is not kept at all.
    Lost,
}

pub(super) const fn day(name: &'static str, local: &'static str, when: When) -> Rule {
    Rule { name, local, when, weekend: Weekend::Nothing, regions: "", since: 0, in_places: false }
}

/// The same in a country that calls it what English does.
pub(super) const fn english(name: &'static str, when: When) -> Rule {
    day(name, name, when)
}

impl Rule {
    pub(super) const fn weekend(mut self, weekend: Weekend) -> Self {
        self.weekend = weekend;
        self
    }

    pub(super) const fn in_(mut self, regions: &'static str) -> Self {
        self.regions = regions;
        self
    }

    pub(super) const fn since(mut self, year: i16) -> Self {
        self.since = year;
        self
    }

    pub(super) const fn in_places(mut self) -> Self {
        self.in_places = true;
        self
    }

    pub(super) fn holds_in(&self, region: &str) -> bool {
        self.regions.is_empty() || self.regions.split(' ').any(|code| code == region)
    }

    /// The day itself and the one on which it is observed. None in a year that no calendar has.
    pub(super) fn days(&self, year: i16) -> impl Iterator<Item = Day> {
        let kept = self.date(year).filter(|_| year >= self.since);
        let kept = kept.filter(|date| self.weekend != Weekend::Lost || date.weekday() != Weekday::Sunday);
        let observed = kept.and_then(|date| self.observed(date));
        let day =
            |date, observed| Day { date, name: self.name, local: self.local, observed, in_places: self.in_places };
        [kept.map(|date| day(date, false)), observed.map(|date| day(date, true))].into_iter().flatten()
    }

    fn date(&self, year: i16) -> Option<Date> {
        match self.when {
            When::Fixed(month, day) => Date::new(year, month, day).ok(),
            When::Easter(days) => later(easter(year)?, days),
            When::Nth(month, nth, weekday) => Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok(),
            When::Before(month, day, weekday) => Date::new(year, month, day).ok()?.nth_weekday(-1, weekday).ok(),
            When::Listed(days) => {
                let (_, month, day) = days.iter().find(|(of, ..)| *of == year)?;
                Date::new(year, *month, *day).ok()
            }
            When::Brigid => {
                let first = Date::new(year, 2, 1).ok()?;
                if first.weekday() == Weekday::Friday {
                    return Some(first);
                }
                first.nth_weekday_of_month(1, Weekday::Monday).ok()
            }
            When::KingsDay => {
                let day = Date::new(year, 4, 27).ok()?;
                if day.weekday() == Weekday::Sunday { day.yesterday().ok() } else { Some(day) }
            }
            When::FifthYears => Date::new(year, 5, 5).ok().filter(|_| year % 5 == 0),
        }
    }

    fn observed(&self, date: Date) -> Option<Date> {
        let days = match (self.weekend, date.weekday()) {
            (Weekend::Nearest, Weekday::Saturday) => -1,
            (Weekend::Nearest | Weekend::Monday | Weekend::SundayOnly, Weekday::Sunday) => 1,
            (Weekend::Monday | Weekend::TwoLater, Weekday::Saturday) | (Weekend::TwoLater, Weekday::Sunday) => 2,
            _ => return None,
        };
        later(date, days)
    }
}

fn later(date: Date, days: i32) -> Option<Date> {
    date.checked_add(Span::new().days(days)).ok()
}
