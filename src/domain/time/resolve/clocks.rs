//! Times of day on a date: which half of the day a bare hour is in, and the wall times that a wish spans.

use jiff::civil::{Date, DateTime, Time, Weekday};

use super::Around;
use crate::domain::{
    business::OpenPeriod,
    time::{
        Clock, ClockTime,
        calendar::hours::{DAY, at_minute, daytime, halves, in_hours, minute_of, span},
        expr::Half::{Am, Pm},
    },
};

/// The same wish with every half of the day settled; `None` for a time that no clock shows. `date` is the day it is for;
/// without one the hours of the whole week decide.
pub(super) fn settled(clock: Clock, date: Option<Date>, around: Around<'_>) -> Option<Clock> {
    let settle = |time, ends| settle(time, date, around, ends);
    Some(match clock {
        Clock::At(time) => Clock::At(settle(time, Ends::Open)?),
        Clock::Twice(time, turn) => Clock::Twice(settle(time, Ends::Open)?, turn),
        Clock::About(time) => Clock::About(settle(time, Ends::Open)?),
        Clock::After(time) => Clock::After(settle(time, Ends::Open)?),
        Clock::Before(time) => Clock::Before(settle(time, Ends::Included)?),
        Clock::Between(from, to) => {
            let (from, to) = settle_both(from, to, date, around)?;
            Clock::Between(from, to)
        }
        Clock::Through(from, to) => Clock::Through(settle(from, Ends::Open)?, settle(to, Ends::Included)?),
        Clock::For { from, minutes } => in_hours(Clock::For { from: settle(from, Ends::Open)?, minutes }),
        other => in_hours(other),
    })
}

/// The wall time of a settled reading; 24:00 is the start of the next day.
pub(super) fn on(date: Date, time: ClockTime) -> Option<DateTime> {
    at_minute(date, minute_of(time)?)
}

/// The wall times that a settled wish spans; `None` for a wish that spans the whole day.
pub(super) fn window(date: Date, clock: Clock) -> Option<(DateTime, DateTime)> {
    let (from, to) = span(clock)?;
    Some((at_minute(date, from)?, at_minute(date, to)?))
}

/// Whether the end of opening hours counts as open: as a limit it does, as a start it does not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ends {
    Open,
    Included,
}

/// A reading with its half. Of two possible halves the one within the hours wins, then the one that is not past, then
/// daytime.
fn settle(time: ClockTime, date: Option<Date>, around: Around<'_>, ends: Ends) -> Option<ClockTime> {
    minute_of(time)?;
    if time.half.is_some() || !(1..=12).contains(&time.hour) {
        return Some(time);
    }
    let [am, pm] = [Am, Pm].map(|half| ClockTime { half: Some(half), ..time });
    let usable = |time| {
        minute_of(time).map_or((false, false), |at| (is_open(at, date, around, ends), is_to_come(at, date, around)))
    };
    let half = match (usable(am), usable(pm)) {
        ((true, am_left), (true, pm_left)) if am_left != pm_left => {
            if am_left {
                Am
            } else {
                Pm
            }
        }
        ((true, _), (false, _)) => Am,
        ((false, _), (true, _)) => Pm,
        _ => daytime(time.hour),
    };
    Some(ClockTime { half: Some(half), ..time })
}

fn is_to_come(minute: i16, date: Option<Date>, around: Around<'_>) -> bool {
    date.is_none_or(|date| at_minute(date, minute).is_some_and(|at| at >= around.now.datetime()))
}

/// Whether the business is open then: on that date, or on some day of the week.
fn is_open(minute: i16, date: Option<Date>, around: Around<'_>, ends: Ends) -> bool {
    let business = around.business;
    match date {
        Some(date) => {
            let before = date.yesterday().map_or(&[][..], |date| business.open_on(date));
            open_at(minute, business.open_on(date), before, ends)
        }
        None => Weekday::Monday
            .cycle_forward()
            .take(7)
            .any(|day| open_at(minute, business.hours.on(day), business.hours.on(day.previous()), ends)),
    }
}

/// Open at a minute of a day (past midnight it is more than 1,440), by the periods of that day and by what the day before runs over midnight.
fn open_at(minute: i16, today: &[OpenPeriod], before: &[OpenPeriod], ends: Ends) -> bool {
    let of = |time: Time| i16::from(time.hour()) * 60 + i16::from(time.minute());
    let within = |from: i16, to: i16| from <= minute && (minute < to || ends == Ends::Included && minute == to);
    today.iter().any(|period| within(of(period.from), of(period.to) + if period.overnight() { DAY } else { 0 }))
        || before.iter().any(|period| period.overnight() && within(0, of(period.to)))
}

/// Both ends of "between ten and two": the pair in the right order that is open, then the shortest.
fn settle_both(
    from: ClockTime,
    to: ClockTime,
    date: Option<Date>,
    around: Around<'_>,
) -> Option<(ClockTime, ClockTime)> {
    minute_of(from).and(minute_of(to))?;
    let mut best = None;
    for from in halves(from) {
        for to in halves(to) {
            let (start, end) = (minute_of(from)?, minute_of(to)?);
            let end = if end > start { end } else { end + DAY };
            let shut = !is_open(start, date, around, Ends::Open) || !is_open(end, date, around, Ends::Included);
            let cost = (shut, end > DAY, end - start);
            if best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, (from, to)));
            }
        }
    }
    best.map(|(_, pair)| pair)
}
