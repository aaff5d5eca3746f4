//! Which dates a named day comes to, seen from today.

use jiff::{
    Span,
    civil::{Date, Weekday},
};

use super::{Around, Resolution};
use crate::domain::time::{Day, Edge, OneDay, Which};

pub(super) enum Days {
    One(Date),
    /// Both included, within what can be booked.
    Several {
        first: Date,
        last: Date,
    },
    Unsaid,
}

/// # Errors
/// The resolution that says why there is no such day, or none that can be booked.
pub(super) fn days(day: Option<Day>, around: Around<'_>) -> Result<Days, Resolution> {
    let today = around.now.date();
    match day {
        None | Some(Day::Soonest | Day::Any) => Ok(Days::Unsaid),
        Some(Day::InDays(days)) => one(single(OneDay::InDays(days), today, around)?, around),
        Some(Day::Weekday { weekday, which }) => {
            one(single(OneDay::Weekday { weekday, which }, today, around)?, around)
        }
        Some(Day::Date { weekday, day, month, year }) => {
            one(single(OneDay::Date { weekday, day, month, year }, today, around)?, around)
        }
        Some(Day::Between { from, to }) => between(from, to, around),
        Some(Day::Week(weeks)) => {
            let monday = ahead(week_start(today), weeks.saturating_mul(7), around)?;
            several(monday, ahead(monday, 6, around)?, around)
        }
        Some(Day::Weekend(weeks)) => {
            let saturday = ahead(week_start(today), weeks.saturating_mul(7).saturating_add(5), around)?;
            several(saturday, ahead(saturday, 1, around)?, around)
        }
        Some(Day::Month { month, after }) => {
            let first = month_start(month, after, today, around)?;
            several(first, first.last_of_month(), around)
        }
        Some(Day::OfMonth { day, after }) => {
            let first = month_start(None, after, today, around)?;
            one(date_in(first, day)?, around)
        }
        Some(Day::Nth { nth, weekday, month, after }) => {
            let first = month_start(month, after, today, around)?;
            one(first.nth_weekday_of_month(nth, weekday).map_err(|_| too_far(around))?, around)
        }
    }
}

/// One day, as seen from `today`.
fn single(day: OneDay, today: Date, around: Around<'_>) -> Result<Date, Resolution> {
    match day {
        OneDay::InDays(days) => ahead(today, days, around),
        OneDay::Weekday { weekday, which } => weekday_of(weekday, which, today, around),
        OneDay::Date { weekday, day, month, year } => {
            let date = dated(day, month, year, today, around)?;
            match weekday {
                Some(said) if said != date.weekday() => Err(Resolution::WrongWeekday { said, date }),
                _ => Ok(date),
            }
        }
    }
}

/// A stretch of days. "From Tuesday to Friday" said on a Wednesday ends after it starts.
fn between(from: Option<Edge>, to: Option<Edge>, around: Around<'_>) -> Result<Days, Resolution> {
    let today = around.now.date();
    let start = from.map_or(Ok(today), |edge| single(edge.day, today, around))?;
    let end = to.map_or(Ok(around.last_day()), |edge| match single(edge.day, today, around) {
        Ok(end) if end < start => single(edge.day, start, around),
        end => end,
    })?;
    let excluded = |edge: Option<Edge>| i32::from(edge.is_some_and(|edge| !edge.included));
    several(ahead(start, excluded(from), around)?, ahead(end, -excluded(to), around)?, around)
}

fn one(date: Date, around: Around<'_>) -> Result<Days, Resolution> {
    if date < around.now.date() {
        return Err(Resolution::Past { asked: date.at(0, 0, 0, 0) });
    }
    if date > around.last_day() { Err(too_far(around)) } else { Ok(Days::One(date)) }
}

/// The part of a stretch of days that is still to come and can be booked.
fn several(first: Date, last: Date, around: Around<'_>) -> Result<Days, Resolution> {
    if last < around.now.date() {
        return Err(Resolution::Past { asked: first.at(0, 0, 0, 0) });
    }
    if first > around.last_day() {
        return Err(too_far(around));
    }
    if first > last {
        return Err(Resolution::Past { asked: last.at(0, 0, 0, 0) });
    }
    Ok(Days::Several { first: first.max(around.now.date()), last: last.min(around.last_day()) })
}

fn too_far(around: Around<'_>) -> Resolution {
    Resolution::TooFar { last: around.last_day() }
}

/// A date some days from another. What no calendar reaches is past or too far.
fn ahead(from: Date, days: i32, around: Around<'_>) -> Result<Date, Resolution> {
    Span::new()
        .try_days(days)
        .and_then(|span| from.checked_add(span))
        .map_err(|_| if days < 0 { Resolution::Past { asked: from.at(0, 0, 0, 0) } } else { too_far(around) })
}

fn week_start(date: Date) -> Date {
    let days = i32::from(date.weekday().to_monday_zero_offset());
    date.checked_sub(Span::new().days(days)).unwrap_or(date)
}

/// A weekday that is today's is the one in a week: who means today says "today". "Next" is the one of the calendar week
/// after this (from Monday), as most people and most of the libraries that were compared mean it.
fn weekday_of(weekday: Weekday, which: Which, today: Date, around: Around<'_>) -> Result<Date, Resolution> {
    let offset = i32::from(weekday.to_monday_zero_offset());
    let coming = match i32::from(today.weekday().until(weekday)) {
        0 => 7,
        days => days,
    };
    match which {
        Which::Coming => ahead(today, coming, around),
        Which::WeeksAfter(weeks) => ahead(today, coming + 7 * i32::from(weeks), around),
        Which::Next => ahead(week_start(today), 7 + offset, around),
        Which::OfWeek(weeks) => ahead(week_start(today), 7 * i32::from(weeks) + offset, around),
    }
}

/// The next such date: today counts, and what was left out is filled with the soonest that is not past.
fn dated(day: i8, month: Option<i8>, year: Option<i16>, today: Date, around: Around<'_>) -> Result<Date, Resolution> {
    let Some(month) = month else { return next_with_day(day, today, around) };
    let first = match year {
        Some(year @ 1..=99) => month_of(year + 2000, month, around)?,
        Some(year) => month_of(year, month, around)?,
        None => month_start(Some(month), 0, today, around)?,
    };
    let date = date_in(first, day)?;
    if year.is_none() && date < today {
        return date_in(month_of(first.year().saturating_add(1), month, around)?, day);
    }
    Ok(date)
}

fn month_of(year: i16, month: i8, around: Around<'_>) -> Result<Date, Resolution> {
    if !(1..=12).contains(&month) {
        return Err(no_such_date(1, month, around.now.date()));
    }
    Date::new(year, month, 1).map_err(|_| too_far(around))
}

/// "the 14th": of this month or of the first one after it that has such a day.
fn next_with_day(day: i8, today: Date, around: Around<'_>) -> Result<Date, Resolution> {
    let mut month = today.first_of_month();
    for _ in 0..4 {
        match date_in(month, day) {
            Ok(date) if date >= today => return Ok(date),
            _ => month = ahead(month.last_of_month(), 1, around)?,
        }
    }
    Err(no_such_date(day, today.month(), today))
}

fn date_in(month: Date, day: i8) -> Result<Date, Resolution> {
    Date::new(month.year(), month.month(), day).map_err(|_| no_such_date(day, month.month(), month))
}

fn no_such_date(day: i8, month: i8, within: Date) -> Resolution {
    Resolution::NoSuchDate { day, month, last: within.last_of_month() }
}

/// The first day of the next month of that name (this one counts), or of the month this many after the current one.
fn month_start(month: Option<i8>, after: i32, today: Date, around: Around<'_>) -> Result<Date, Resolution> {
    let first = today.first_of_month();
    let Some(month) = month else {
        return Span::new()
            .try_months(after)
            .and_then(|span| first.checked_add(span))
            .map_err(|_| if after < 0 { Resolution::Past { asked: first.at(0, 0, 0, 0) } } else { too_far(around) });
    };
    let this_year = month_of(first.year(), month, around)?;
    if this_year >= first { Ok(this_year) } else { month_of(first.year().saturating_add(1), month, around) }
}
