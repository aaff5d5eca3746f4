//! Days as seen from today: "tomorrow", "next Tuesday", "Tuesday week", "in a fortnight", "this weekend", "next month".

use jiff::civil::Weekday;

use super::{date, words::Words};
use crate::domain::time::{Day, Edge, OneDay, Which};

/// The day that is named at a place, and the place after it.
pub(super) fn day(words: &Words<'_>, at: usize, country: &str, expected: bool) -> Option<(Day, usize)> {
    near(words, at)
        .or_else(|| ahead(words, at))
        .or_else(|| weekdays_ahead(words, at))
        .or_else(|| date::nth_weekday(words, at))
        .or_else(|| week_after_next(words, at))
        .or_else(|| weekday_phrase(words, at, country))
        .or_else(|| week_or_month(words, at))
        .or_else(|| date::date(words, at, country, expected))
        .or_else(|| date::month(words, at))
        .or_else(|| wish(words, at))
}

pub(super) fn weekday(word: &str) -> Option<Weekday> {
    let word = word.strip_suffix("'s").unwrap_or(word);
    Some(match word {
        "monday" | "mondays" | "mon" => Weekday::Monday,
        "tuesday" | "tuesdays" | "tue" | "tues" => Weekday::Tuesday,
        "wednesday" | "wednesdays" | "weds" => Weekday::Wednesday,
        "thursday" | "thursdays" | "thu" | "thur" | "thurs" => Weekday::Thursday,
        "friday" | "fridays" | "fri" => Weekday::Friday,
        "saturday" | "saturdays" => Weekday::Saturday,
        "sunday" | "sundays" => Weekday::Sunday,
        _ => return None,
    })
}

/// Short forms that are words of their own: only beside "next", "on", a number.
fn weekday_at(words: &Words<'_>, at: usize) -> Option<Weekday> {
    let short = match words.word(at) {
        "wed" => Weekday::Wednesday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        word => return weekday(word),
    };
    let led = matches!(words.before(at), "on" | "next" | "this" | "coming" | "or" | "for") || words.len() == 1;
    (led || words.is_number(at + 1)
        || words.ordinal(at + 1).is_some()
        || words.is(at + 1, "at")
        || date::month_name(words.word(at + 1)).is_some())
    .then_some(short)
}

/// "today", "tomorrow", "the day after tomorrow", "yesterday".
fn near(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    const NEAR: &[(&[&str], i32)] = &[
        (&["the", "day", "after", "tomorrow"], 2),
        (&["day", "after", "tomorrow"], 2),
        (&["the", "day", "before", "yesterday"], -2),
        (&["a", "week", "today"], 7),
        (&["week", "today"], 7),
        (&["today", "week"], 7),
        (&["a", "week", "tomorrow"], 8),
        (&["week", "tomorrow"], 8),
        (&["tomorrow", "week"], 8),
        (&["later", "today"], 0),
        (&["today"], 0),
        (&["today's"], 0),
        (&["this", "day"], 0),
        (&["tomorrow"], 1),
        (&["tomorrow's"], 1),
        (&["tomorrows"], 1),
        (&["tmrw"], 1),
        (&["tommorow"], 1),
        (&["tomorow"], 1),
        (&["next", "day"], 1),
        (&["yesterday"], -1),
        (&["yesterday's"], -1),
    ];
    NEAR.iter().find_map(|(phrase, days)| words.phrase(at, phrase).map(|next| (Day::InDays(*days), next)))
}

/// "in three days", "a week from Tuesday", "two weeks from now", "a fortnight on Monday".
fn ahead(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let led = words.phrases(at, &[&["in", "about"], &["in"]]);
    let (count, unit) = match words.word(led.unwrap_or(at)) {
        "week" | "fortnight" if words.is_any(at + 1, &["on", "from"]) => (1, at),
        _ => words.count(led.unwrap_or(at))?,
    };
    let count = i32::try_from(count).ok().filter(|count| *count < 1000)?;
    let unit = words.skip(unit, &["more"]);
    let days = match words.word(unit) {
        "day" | "days" | "day's" | "days'" => count,
        "week" | "weeks" | "week's" | "weeks'" => count * 7,
        "fortnight" | "fortnights" | "fortnight's" => count * 14,
        "month" | "months" | "month's" if led.is_some() || words.phrase(unit + 1, &["from", "now"]).is_some() => {
            let next = words.phrases(unit + 1, &[&["from", "now"], &["time"]]).unwrap_or(unit + 1);
            return Some((Day::Month { month: None, after: count }, next));
        }
        _ => return None,
    };
    let next = unit + 1;
    if let Some(end) = words.phrases(next, &[&["from", "tomorrow"]]) {
        return Some((Day::InDays(days + 1), end));
    }
    if let Some(end) = words.phrases(next, &[&["from", "now"], &["from", "today"], &["time"], &["today"]]) {
        return Some((Day::InDays(days), end));
    }
    let weeks = u8::try_from(days / 7).ok().filter(|weeks| *weeks > 0 && days % 7 == 0);
    if let Some(end) = words.phrases(next, &[&["from", "tmrw"], &["after", "tomorrow"]]) {
        return Some((Day::InDays(days + 1), end));
    }
    let named = words.skip_all(next, &["on", "from", "this"]);
    if led.is_none()
        && let (Some(weeks), Some(weekday)) = (weeks, weekday(words.word(named)))
    {
        return Some((Day::Weekday { weekday, which: Which::WeeksAfter(weeks) }, named + 1));
    }
    led.map(|_| (Day::InDays(days), next))
}

/// "three Fridays from now".
fn weekdays_ahead(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let (count, named) = words.count(at)?;
    let weekday = weekday(words.word(named))?;
    let next = words.phrase(named + 1, &["from", "now"])?;
    let weeks = u8::try_from(count).ok()?.checked_sub(1)?;
    Some((Day::Weekday { weekday, which: Which::WeeksAfter(weeks) }, next))
}

/// "the week after next"; "a week after next Tuesday" is not one.
fn week_after_next(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let at = words.skip(at, &["the"]);
    if let Some(next) = words.phrase(at, &["week", "after", "next"]) {
        return weekday(words.word(next)).is_none().then_some((Day::Week(2), next));
    }
    if let Some(next) = words.phrase(at, &["weekend", "after", "next"]) {
        return Some((Day::Weekend(2), next));
    }
    words.phrase(at, &["month", "after", "next"]).map(|next| (Day::Month { month: None, after: 2 }, next))
}

/// "Tuesday", "this coming Tuesday", "next Tuesday", "Tuesday week", "Tuesday the 14th".
fn weekday_phrase(words: &Words<'_>, at: usize, country: &str) -> Option<(Day, usize)> {
    let start = words.skip(at, &["the", "a", "on"]);
    let (which, named) = match (words.word(start), words.word(start + 1)) {
        ("this" | "the", "coming") => (Which::Coming, start + 2),
        ("this" | "coming", _) => (Which::Coming, start + 1),
        ("next", "week") => return None,
        ("next" | "following", _) => (Which::Next, start + 1),
        _ => (Which::Coming, start),
    };
    let weekday = weekday_at(words, named)?;
    let next = named + 1;
    if which == Which::Coming
        && let Some(end) = words.phrases(next, &[&["week"], &["after", "next"], &["a", "week"]])
        && !words.is(end, "after")
    {
        return Some((Day::Weekday { weekday, which: Which::WeeksAfter(1) }, end));
    }
    if which == Which::Coming
        && let Some(end) = words.phrases(next, &[&["fortnight"], &["two", "weeks"]])
        && !words.is(end, "from")
    {
        return Some((Day::Weekday { weekday, which: Which::WeeksAfter(2) }, end));
    }
    if which == Which::Coming
        && let Some((which, end)) = of_week(words, next)
    {
        return Some((Day::Weekday { weekday, which }, end));
    }
    if let Some((dated, end)) = date::after_weekday(words, next, country) {
        return Some((dated.on(weekday), end));
    }
    Some((Day::Weekday { weekday, which }, next))
}

/// "Tuesday | of next week".
fn of_week(words: &Words<'_>, at: usize) -> Option<(Which, usize)> {
    const WEEKS: &[(&[&str], Which)] = &[
        (&["this", "week"], Which::OfWeek(0)),
        (&["next", "week"], Which::Next),
        (&["following", "week"], Which::Next),
        (&["week", "after", "next"], Which::OfWeek(2)),
    ];
    let named = words.skip_all(at, &["of", "in", "the"]);
    WEEKS.iter().find_map(|(phrase, which)| words.phrase(named, phrase).map(|next| (*which, next)))
}

/// "next week", "early next week", "this weekend", "next month", "later this week".
fn week_or_month(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    const LEADS: &[&str] = &[
        "the",
        "early",
        "late",
        "later",
        "earlier",
        "beginning",
        "end",
        "middle",
        "start",
        "rest",
        "sometime",
        "of",
        "in",
        "during",
        "on",
        "at",
        "mid",
    ];
    let start = words.skip_all(at, LEADS);
    let (after, unit) = match words.word(start) {
        "this" | "coming" | "current" => (0, words.skip(start + 1, &["coming"])),
        "next" | "following" => (1, start + 1),
        "last" => (-1, start + 1),
        _ => (0, start),
    };
    let said_which = unit > start;
    let day = match words.word(unit) {
        "week" | "week's" if let Some(end) = end_of_week(words, at, after) => end,
        "week" | "week's" if said_which || is_part_of(words, at, start) => Day::Week(after),
        "weekend" | "weekends" | "weekend's" => Day::Weekend(after),
        "month" | "month's" if said_which || is_part_of(words, at, start) => Day::Month { month: None, after },
        _ => return None,
    };
    Some((day, unit + 1))
}

/// "early next week" is Monday to Wednesday, "the end of next week" Thursday to Sunday.
fn end_of_week(words: &Words<'_>, at: usize, week: i32) -> Option<Day> {
    let (first, last) = match words.word(words.skip_all(at, &["at", "in", "the", "sometime"])) {
        "early" | "beginning" | "start" => (Weekday::Monday, Weekday::Wednesday),
        "mid" | "middle" => (Weekday::Tuesday, Weekday::Thursday),
        "late" | "end" => (Weekday::Thursday, Weekday::Sunday),
        _ => return None,
    };
    let which = Which::OfWeek(u8::try_from(week).ok()?);
    let edge = |weekday| Some(Edge { day: OneDay::Weekday { weekday, which }, included: true });
    Some(Day::Between { from: edge(first), to: edge(last) })
}

/// "end of the week", "later in the week".
fn is_part_of(words: &Words<'_>, at: usize, noun: usize) -> bool {
    noun > at + 1
        && words.is_any(
            at,
            &["early", "late", "later", "earlier", "beginning", "end", "middle", "start", "rest", "sometime"],
        )
}

/// "as soon as possible", "any day".
fn wish(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    const SOONEST: &[&[&str]] = &[
        &["as", "soon", "as", "possible"],
        &["as", "soon", "as", "you", "can"],
        &["as", "soon", "as", "i", "can"],
        &["as", "early", "as", "possible"],
        &["as", "early", "as", "you", "can"],
        &["soon", "as", "possible"],
        &["asap"],
        &["a", "s", "a", "p"],
        &["soonest"],
        &["the", "earliest"],
        &["earliest"],
        &["first", "available"],
        &["next", "available"],
        &["first", "free"],
        &["next", "free"],
        &["next", "opening"],
        &["first", "opening"],
        &["right", "away"],
        &["straight", "away"],
        &["immediately"],
        &["right", "now"],
    ];
    const ANY: &[&[&str]] = &[
        &["any", "day"],
        &["any", "date"],
        &["any", "weekday"],
        &["whichever", "day"],
        &["whatever", "day"],
        &["whenever"],
        &["no", "particular", "day"],
        &["weekdays"],
        &["during", "the", "week"],
    ];
    if let Some(next) = words.phrases(at, SOONEST) {
        // "At the earliest" ends a bound.
        return (words.before(at) != "at").then_some((Day::Soonest, next));
    }
    words.phrases(at, ANY).map(|next| (Day::Any, next))
}
