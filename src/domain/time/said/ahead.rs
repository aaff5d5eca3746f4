//! Days that are counted: "in three days", "two weeks from Friday", "five days before New Year", "three Fridays from now".

use super::{
    day::{day, weekday, which_week},
    lengths::is_of_an_hour,
    words::Words,
};
use crate::domain::time::{Day, Edge, Length, OneDay, Unit, Which};

/// "three days", "a couple of weeks", "four business days".
pub(super) fn length(words: &Words<'_>, at: usize) -> Option<(Length, usize)> {
    if let Some(next) = words.phrases(at, &[&["half", "a", "year"], &["half", "year"]]) {
        return Some((Length { count: 6, unit: Unit::Month }, next));
    }
    let (count, named) = words.count(at)?;
    let halved = words.phrase(named, &["and", "a", "half"]);
    let named = halved.unwrap_or(named);
    let (unit, next) = unit(words, words.skip(named, &["more", "whole", "full"]))?;
    let count = i32::try_from(count).ok()?;
    let half = halved.map(|_| next).or_else(|| words.phrase(next, &["and", "a", "half"]));
    if half.is_none()
        && let Some(found) = and_more(words, Length { count, unit }, next)
    {
        return Some(found);
    }
    Some(match (half, unit) {
        (Some(next), Unit::Year) => {
            (Length { count: count.saturating_mul(12).saturating_add(6), unit: Unit::Month }, next)
        }
        (Some(next), Unit::Week) => {
            (Length { count: count.saturating_mul(7).saturating_add(4), unit: Unit::Day }, next)
        }
        _ => (Length { count, unit }, next),
    })
}

/// "two weeks | and three days", "a year | and two months".
fn and_more(words: &Words<'_>, first: Length, at: usize) -> Option<(Length, usize)> {
    let (size, smaller) = match first.unit {
        Unit::Week => (7, Unit::Day),
        Unit::Fortnight => (14, Unit::Day),
        Unit::Year => (12, Unit::Month),
        _ => return None,
    };
    let (count, named) = words.count(words.skip(at, &["and"]))?;
    let (unit, next) = unit(words, named).filter(|(unit, _)| *unit == smaller)?;
    let count = first.count.saturating_mul(size).saturating_add(i32::try_from(count).ok()?);
    Some((Length { count, unit }, next))
}

pub(super) fn unit(words: &Words<'_>, at: usize) -> Option<(Unit, usize)> {
    let unit = match words.word(at) {
        "day" | "days" | "day's" | "night" | "nights" => Unit::Day,
        "weekday" | "weekdays" => Unit::BusinessDay,
        "business" | "working" | "work" if words.is_any(at + 1, &["day", "days"]) => {
            return Some((Unit::BusinessDay, at + 2));
        }
        "week" | "weeks" | "week's" | "wk" | "wks" => Unit::Week,
        "fortnight" | "fortnights" | "fortnight's" => Unit::Fortnight,
        "weekend" | "weekends" => Unit::Weekend,
        "month" | "months" | "month's" => Unit::Month,
        "quarter" | "quarters" | "qtr" => Unit::Quarter,
        "year" | "years" | "year's" | "yr" | "yrs" => Unit::Year,
        _ => return None,
    };
    Some((unit, at + 1))
}

/// "in three days", "a week from Tuesday", "two weeks from now", "a fortnight on Monday", "two days ago".
pub(super) fn ahead(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let after = words.is(at, "after") && !matches!(words.before(at), "day" | "week" | "weekend" | "month");
    let led = (words.is(at, "in") || after).then(|| {
        words.skip_all(
            at + 1,
            &[
                "about",
                "around",
                "approximately",
                "roughly",
                "maybe",
                "exactly",
                "just",
                "another",
                "only",
                "less",
                "more",
                "than",
            ],
        )
    });
    let start = led.unwrap_or(at);
    let (length, next) = match words.word(start) {
        "week" | "fortnight" if words.is_any(start + 1, &["on", "from"]) => {
            let unit = if words.is(start, "week") { Unit::Week } else { Unit::Fortnight };
            (Length { count: 1, unit }, start + 1)
        }
        _ => length(words, start).filter(|(_, next)| led.is_none() || !is_of_an_hour(words, start, *next))?,
    };
    from_now(words, next)
        .map(|(sign, end)| (away(length, sign), end))
        .or_else(|| from_a_day(words, length, next, led.is_some()))
        .or_else(|| led.filter(|_| !words.is_any(next, &["of", "before"])).map(|_| (away(length, 1), next)))
}

/// What makes a length one from now on, or up to now.
fn from_now(words: &Words<'_>, at: usize) -> Option<(i32, usize)> {
    const TAILS: &[(&[&str], i32)] = &[
        (&["from", "now"], 1),
        (&["from", "today"], 1),
        (&["away", "from", "now"], 1),
        (&["away", "from", "today"], 1),
        (&["time"], 1),
        (&["hence"], 1),
        (&["later"], 1),
        (&["in", "the", "future"], 1),
        (&["earlier"], -1),
        (&["away"], 1),
        (&["ago"], -1),
        (&["back"], -1),
        (&["today"], 1),
    ];
    TAILS.iter().find_map(|(phrase, sign)| words.phrase(at, phrase).map(|next| (*sign, next)))
}

fn away(length: Length, sign: i32) -> Day {
    let count = length.count.saturating_mul(sign);
    let days = match length.unit {
        Unit::Day => Some(count),
        Unit::Week => count.checked_mul(7),
        Unit::Fortnight => count.checked_mul(14),
        _ => None,
    };
    days.map_or(Day::Ahead(Length { count, ..length }), Day::InDays)
}

/// "two weeks | from Friday", "three days | after the 14th", "five days | before New Year", "a week | tomorrow".
fn from_a_day(words: &Words<'_>, length: Length, at: usize, led: bool) -> Option<(Day, usize)> {
    if words.is_any(at, &["tomorrow", "tmrw"]) {
        let Day::InDays(days) = away(length, 1) else { return None };
        return Some((Day::InDays(days.checked_add(1)?), at + 1));
    }
    let weeks = match away(length, 1) {
        Day::InDays(days) if days % 7 == 0 => u8::try_from(days / 7).ok().filter(|weeks| *weeks > 0),
        _ => None,
    };
    let named = words.skip_all(at, &["on", "from", "this"]);
    if !led && let (Some(weeks), Some(weekday)) = (weeks, weekday(words.word(named))) {
        return Some((Day::Weekday { weekday, which: Which::WeeksAfter(weeks) }, named + 1));
    }
    let (sign, start) = match words.word(at) {
        "from" | "after" | "past" | "following" => (1, at + 1),
        "before" => (-1, at + 1),
        "prior" if words.is(at + 1, "to") => (-1, at + 2),
        _ => return None,
    };
    let (base, next) = day(words, start)?;
    match (base, away(length, sign)) {
        (Day::InDays(days), Day::InDays(more)) => Some((Day::InDays(days.checked_add(more)?), next)),
        _ => {
            let by = Length { count: length.count.saturating_mul(sign), ..length };
            Some((Day::Shifted { from: base.one()?, by, weekday: None }, next))
        }
    }
}

/// "three Fridays from now".
pub(super) fn weekdays_ahead(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let start = words.skip(at, &["in"]);
    let (count, named) = words.count(start)?;
    let weekday = weekday(words.word(named))?;
    let tail = words.phrases(named + 1, &[&["from", "now"], &["from", "today"], &["time"]]);
    let next = tail.or((start > at && words.word(named).ends_with('s')).then_some(named + 1))?;
    let weeks = u8::try_from(count).ok()?.checked_sub(1)?;
    Some((Day::Weekday { weekday, which: Which::WeeksAfter(weeks) }, next))
}

/// "Thursday in two weeks", "Monday two weeks from now": the one of that week.
pub(super) fn weekday_beside(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let named = words.skip_all(at, &["on", "the"]);
    let weekday = weekday(words.word(named))?;
    let (found, next) = ahead(words, named + 1)?;
    match found {
        Day::InDays(days) if days % 7 == 0 && days != 0 => {
            Some((Day::Weekday { weekday, which: which_week(days / 7) }, next))
        }
        _ => None,
    }
}

/// "in two or three days", "four or five weeks from now": any day from the one to the other.
pub(super) fn either(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let led = words.is(at, "in");
    let (first, or) = words.count(at + usize::from(led))?;
    let second = words.skip(words.phrases(or, &[&["or"], &["to"], &["-"]])?, &["maybe", "even"]);
    let (last, next) = length(words, second)?;
    let end = from_now(words, next).filter(|(sign, _)| *sign > 0).map(|(_, end)| end);
    let first = Length { count: i32::try_from(first).ok()?, unit: last.unit };
    let edge = |length| Some(Edge { day: OneDay::Ahead(length), included: true });
    let next = end.or(led.then_some(next))?;
    (first.count < last.count).then_some((Day::Between { from: edge(first), to: edge(last) }, next))
}

/// "the next three weeks", "the two upcoming months", "the last few days". With an article, or days, they begin tomorrow
/// ("today" for "in the next three days"); "next three weeks" by itself are weeks of the calendar.
pub(super) fn coming(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let start = words.skip_all(at, &["in", "over", "during", "for", "the", "only"]);
    let (length, next) = counted(words, start)?;
    let edge = |day| Some(Edge { day, included: true });
    let rolling = |first| Day::Between { from: edge(OneDay::InDays(first)), to: edge(OneDay::Ahead(length)) };
    let day = match length {
        Length { count: ..1, .. } | Length { unit: Unit::Weekend, .. } => Day::Coming(length),
        Length { unit: Unit::Day, count } if words.is(at, "in") => {
            Day::Between { from: edge(OneDay::InDays(0)), to: edge(OneDay::InDays(count)) }
        }
        Length { unit: Unit::Day, .. } => Day::Coming(length),
        _ if words.is(start.wrapping_sub(1), "the") => rolling(1),
        _ => Day::Coming(length),
    };
    Some((day, next))
}

fn counted(words: &Words<'_>, start: usize) -> Option<(Length, usize)> {
    let which = |word: &str| match word {
        "next" | "coming" | "upcoming" | "following" => Some(1),
        "last" | "past" | "previous" => Some(-1),
        _ => None,
    };
    if let Some(sign) = which(words.word(start)) {
        let counted = words.skip(start + 1, &["coming", "upcoming", "the"]);
        // "The next fortnight" is counted too; "next week" is a week with a name.
        if words.is(counted, "fortnight") {
            return Some((Length { count: sign * 2, unit: Unit::Week }, counted + 1));
        }
        if words.is_any(counted, &["a", "an"]) {
            return None;
        }
        let (length, next) = length(words, counted)?;
        return Some((Length { count: length.count.saturating_mul(sign), ..length }, next));
    }
    let (count, named) = words.count(start)?;
    let sign = which(words.word(named))?;
    // "4 to 23 next month" has a date in it.
    if count > 1 && !words.word(named + 1).ends_with('s') {
        return None;
    }
    let (unit, next) = unit(words, named + 1)?;
    Some((Length { count: i32::try_from(count).ok()?.saturating_mul(sign), unit }, next))
}

/// "within two weeks", counted from today.
pub(super) fn within(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    const LEADS: &[&[&str]] = &[
        &["within", "the", "next"],
        &["within", "the"],
        &["within", "about"],
        &["within"],
        &["inside", "of"],
        &["inside"],
    ];
    let start = words.phrases(at, LEADS)?;
    let one = |(unit, next)| (Length { count: 1, unit }, next);
    let (length, next) = length(words, start).or_else(|| unit(words, start).map(one))?;
    let next = words
        .phrases(next, &[&["from", "now"], &["from", "today"], &["after", "today"], &["of", "today"]])
        .unwrap_or(next);
    Some((Day::Within(length), next))
}

/// "for two weeks from the 20th", "a week starting tomorrow".
pub(super) fn run(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    const STARTS: &[&[&str]] = &[
        &["starting", "on"],
        &["starting", "from"],
        &["starting"],
        &["beginning", "on"],
        &["beginning"],
        &["commencing"],
        &["from"],
    ];
    let counted = words.skip(at, &["for"]);
    let (length, next) = length(words, counted)?;
    let start = words.phrases(next, STARTS)?;
    if counted == at && words.is(next, "from") {
        return None;
    }
    let (from, next) = day(words, start)?;
    Some((Day::Run { from: from.one()?, length }, next))
}

/// What follows a day: "the 27th | for two days".
pub(super) fn lasting(words: &Words<'_>, from: OneDay, at: usize) -> Option<(Day, usize)> {
    let counted = words.phrases(at, &[&["for", "about"], &["for"]])?;
    let (length, next) = length(words, counted)?;
    Some((Day::Run { from, length }, next))
}
