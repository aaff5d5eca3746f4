//! Single days: "next Tuesday", "the 14th", "Christmas", "the last Friday of March", "three weeks after Easter".

use jiff::civil::{Date, Weekday};

use super::{Extent, Today, Unreal, ahead, first_of, months_ahead, week_start};
use crate::domain::time::{Counted, Day, Grain, Holiday, InYear, Length, OneDay, Unit, Which, Whole};

impl Today<'_> {
    /// The days that `day` names; nothing when it names none ("any day", "as soon as possible").
    ///
    /// # Errors
    /// Why there is no such day.
    pub fn days(self, day: Day) -> Result<Option<Extent>, Unreal> {
        if let Some(one) = day.one() {
            return self.one(one).map(Some);
        }
        self.stretch(day)
    }

    /// A day, or a week, month or year, as an edge can be.
    pub(super) fn one(self, day: OneDay) -> Result<Extent, Unreal> {
        match day {
            OneDay::InDays(days) => ahead(self.date, days).map(Extent::day),
            OneDay::Weekday { weekday, which } => self.weekday(weekday, which).map(Extent::day),
            OneDay::Date { weekday, day, month, year } => {
                let date = self.dated(day, month, year)?;
                match weekday {
                    Some(said) if said != date.weekday() => Err(Unreal::WrongWeekday { said, date }),
                    _ => Ok(Extent::day(date)),
                }
            }
            OneDay::OfMonth { day, after } => {
                let first = months_ahead(self.date.first_of_month(), after)?;
                date_in(first, day).map(Extent::day)
            }
            OneDay::Ahead(length) => length_ahead(self.date, length).map(Extent::day),
            OneDay::Holiday { holiday, year } => self.holiday(holiday, year).map(Extent::day),
            OneDay::NthOf { nth, unit, of } => self.nth_of(nth, unit, of),
            OneDay::Weekend(weeks) => self.weekend(weeks),
            OneDay::Whole(whole) => self.whole(whole),
            OneDay::Slice { slice, of } => self.slice(slice, of),
        }
    }

    /// A weekday that is today's is the one in a week: who means today says "today". "Next" is the one of the calendar
    /// week after this (from Monday), as most people and most of the libraries that were compared mean it.
    fn weekday(self, weekday: Weekday, which: Which) -> Result<Date, Unreal> {
        let offset = i32::from(weekday.to_monday_zero_offset());
        let coming = match i32::from(self.date.weekday().until(weekday)) {
            0 => 7,
            days => days,
        };
        let of_week = |weeks: i32| ahead(week_start(self.date)?, weeks * 7 + offset);
        match which {
            Which::Coming => ahead(self.date, coming),
            Which::WeeksAfter(weeks) => ahead(self.date, coming + 7 * i32::from(weeks)),
            Which::Next => of_week(1),
            Which::OfWeek(weeks) => of_week(i32::from(weeks)),
            Which::OfWeekBefore(weeks) => of_week(-i32::from(weeks)),
            Which::Last => ahead(self.date, coming - if coming == 7 { 14 } else { 7 }),
        }
    }

    /// The next such date: today counts, and what was left out is filled with the soonest that is not past.
    fn dated(self, day: i8, month: Option<i8>, year: Option<i16>) -> Result<Date, Unreal> {
        let Some(month) = month else { return self.next_with_day(day, |_| true) };
        let first = match year {
            Some(year) => month_of(full_year(year), month, self.date)?,
            None => self.month(month)?,
        };
        let date = date_in(first, day)?;
        if year.is_none() && date < self.date {
            return date_in(month_of(first.year().saturating_add(1), month, self.date)?, day);
        }
        Ok(date)
    }

    /// The first day of the next month of that name; this month counts.
    pub(super) fn month(self, month: i8) -> Result<Date, Unreal> {
        let this_year = month_of(self.date.year(), month, self.date)?;
        if this_year >= self.date.first_of_month() {
            return Ok(this_year);
        }
        month_of(self.date.year().saturating_add(1), month, self.date)
    }

    /// "the 14th": of this month or of the first one after it that has such a day and fits.
    pub(super) fn next_with_day(self, day: i8, fits: impl Fn(Date) -> bool) -> Result<Date, Unreal> {
        let mut month = self.date.first_of_month();
        for _ in 0..15 {
            match date_in(month, day) {
                Ok(date) if date >= self.date && fits(date) => return Ok(date),
                _ => month = ahead(month.last_of_month(), 1)?,
            }
        }
        Err(no_such_date(day, self.date.month(), self.date))
    }

    fn holiday(self, holiday: Holiday, year: InYear) -> Result<Date, Unreal> {
        let this = self.date.year();
        let in_year = |year: i16| holiday.in_year(year, self.country).ok_or(Unreal::TooLate);
        let coming = if in_year(this)? >= self.date { this } else { this.saturating_add(1) };
        in_year(match year {
            InYear::Coming => coming,
            InYear::After(years) => coming.saturating_add(i16::from(years)),
            InYear::Said(year) => full_year(year),
            InYear::YearsAfter(years) => this.saturating_add(i16::from(years)),
        })
    }

    /// "the last Friday of March", "the first week of October", "the fifth last day of May".
    fn nth_of(self, nth: i8, unit: Counted, of: Whole) -> Result<Extent, Unreal> {
        let extent = self.found_nth(nth, unit, of)?;
        // "The first Monday of December", and it has passed: next year's, if no year was said.
        let past = extent.last.is_some_and(|last| last < self.date);
        match (past, of) {
            (true, Whole::Month { month: Some(month), after, year: InYear::Coming }) => {
                let year = self.date.year().checked_add(1).ok_or(Unreal::TooLate)?;
                self.found_nth(nth, unit, Whole::Month { month: Some(month), after, year: InYear::Said(year) })
            }
            _ => Ok(extent),
        }
    }

    fn found_nth(self, nth: i8, unit: Counted, of: Whole) -> Result<Extent, Unreal> {
        let (first, last) = self.bounds(of)?;
        let steps = i32::from(nth);
        match unit {
            Counted::Day if nth > 0 => ahead(first, steps - 1).map(Extent::day),
            Counted::Day => ahead(last, steps + 1).map(Extent::day),
            Counted::BusinessDay if nth > 0 => business_days(ahead(first, -1)?, steps).map(Extent::day),
            Counted::BusinessDay => business_days(ahead(last, 1)?, steps).map(Extent::day),
            Counted::Weekday(weekday) => nth_weekday(first, last, steps, weekday).map(Extent::day),
            // A week belongs to the month that has its Thursday.
            Counted::Week => {
                let thursday = nth_weekday(first, last, steps, Weekday::Thursday)?;
                let monday = week_start(thursday)?;
                Ok(Extent::of(monday, ahead(monday, 6)?, Grain::Week))
            }
            Counted::Weekend => {
                let saturday = nth_weekday(first, last, steps, Weekday::Saturday)?;
                Ok(Extent::of(saturday, ahead(saturday, 1)?, Grain::Day))
            }
        }
    }
}

/// A length away from a date.
pub(super) fn length_ahead(from: Date, length: Length) -> Result<Date, Unreal> {
    let Length { count, unit } = length;
    let times = |days: i32| count.checked_mul(days).ok_or(out_of_reach(count));
    match unit {
        Unit::Day => ahead(from, count),
        Unit::BusinessDay => business_days(from, count),
        Unit::Week | Unit::Weekend => ahead(from, times(7)?),
        Unit::Fortnight => ahead(from, times(14)?),
        Unit::Month => months_ahead(from, count),
        Unit::Quarter => months_ahead(from, times(3)?),
        Unit::Year => months_ahead(from, times(12)?),
    }
}

/// The nth such weekday of a stretch; from its end when negative.
fn nth_weekday(first: Date, last: Date, nth: i32, weekday: Weekday) -> Result<Date, Unreal> {
    if nth > 0 {
        let start = ahead(first, i32::from(first.weekday().until(weekday)))?;
        return ahead(start, (nth - 1) * 7);
    }
    let start = ahead(last, -i32::from(weekday.until(last.weekday())))?;
    ahead(start, (nth + 1) * 7)
}

/// So many days from Monday to Friday after (or before) a date.
fn business_days(from: Date, count: i32) -> Result<Date, Unreal> {
    let (weeks, rest) = (count / 5, count % 5);
    let mut date = ahead(from, weeks.checked_mul(7).ok_or(out_of_reach(count))?)?;
    let step = rest.signum();
    let mut left = rest.abs();
    while left > 0 || is_weekend(date) {
        date = ahead(date, if step == 0 { 1 } else { step })?;
        if !is_weekend(date) && left > 0 {
            left -= 1;
        }
    }
    Ok(date)
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn out_of_reach(count: i32) -> Unreal {
    if count < 0 { Unreal::TooEarly } else { Unreal::TooLate }
}

/// A year in two digits is one of this century.
pub(super) fn full_year(year: i16) -> i16 {
    if (1..=99).contains(&year) { year + 2000 } else { year }
}

pub(super) fn month_of(year: i16, month: i8, today: Date) -> Result<Date, Unreal> {
    if (1..=12).contains(&month) { first_of(year, month) } else { Err(no_such_date(1, month, today)) }
}

fn date_in(month: Date, day: i8) -> Result<Date, Unreal> {
    Date::new(month.year(), month.month(), day).map_err(|_| no_such_date(day, month.month(), month))
}

fn no_such_date(day: i8, month: i8, within: Date) -> Unreal {
    Unreal::NoSuchDate { day, month, last: within.last_of_month() }
}
