//! Days as seen from today: "tomorrow", "next Tuesday", "Tuesday week", "the day after tomorrow".

use jiff::civil::Weekday;

use super::{ahead, clock::is_offered, counted, date, holidays, part, whole, words::Words};
use crate::domain::time::{Day, Length, Unit, Which};

/// Reads a day at a place, and says the place after it.
type Rule = fn(&Words<'_>, usize) -> Option<(Day, usize)>;

/// The day that is named at a place, and the place after it: of what can be read there the longest.
pub(super) fn day(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    const RULES: &[Rule] = &[
        near,
        weekday_phrase,
        of_a_week,
        next_business_day,
        ahead::ahead,
        ahead::weekdays_ahead,
        ahead::weekday_beside,
        counted::nth_of,
        counted::beside,
        holidays::holiday,
        whole::weekend_of,
        whole::week_of,
        whole::whole,
        date::date,
        wish,
    ];
    let mut best: Option<(Day, usize)> = None;
    for rule in RULES {
        if let Some(found) = rule(words, at)
            && best.is_none_or(|(_, end)| found.1 > end)
        {
            best = Some(found);
        }
    }
    best
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

/// "I sat", "the sun", "newly wed".
const NOT_BEFORE_A_DAY: &str =
    "i we he she they you it who just the a an be get got getting newly been and have cat dog";

/// Short forms that are words of their own: only beside "next", "on", a number.
pub(super) fn weekday_at(words: &Words<'_>, at: usize) -> Option<Weekday> {
    let short = match words.word(at) {
        "wed" => Weekday::Wednesday,
        "sat" => Weekday::Saturday,
        "sun" => Weekday::Sunday,
        word => return weekday(word),
    };
    let led = words.len() == 1
        || is_offered(words, at)
        || words.is_listed(
            at.wrapping_sub(1),
            "on next this coming or for last by until till from before after about week",
        )
        || at + 1 == words.len() && !words.is_listed(at.wrapping_sub(1), NOT_BEFORE_A_DAY);
    let of_a_week = words.phrases(at + 1, &[&["of"], &["after"]]).unwrap_or(at + 1);
    let followed = words.is_any(of_a_week, &["next", "this", "the"]) && words.is_any(of_a_week + 1, &["week", "next"])
        || words.phrase(at + 1, &["after", "next"]).is_some()
        || words.is_any(at + 1, &["after", "before", "from", "between", "around"]) && words.is_number(at + 2)
        || at == 0 && words.phrase(at + 1, &["in", "the"]).is_some_and(|noun| part::name(words.word(noun)).is_some());
    let beside = |place: usize| weekday(words.word(place)).is_some() || date::month_name(words.word(place)).is_some();
    (led || followed
        || words.is_number(at + 1)
        || words.ordinal(at + 1).is_some()
        || words.is_any(at + 1, &["at", "morning", "afternoon", "evening", "night", "-"])
        || beside(at + 1)
        || words.is_any(at + 1, &["or", "and", "to"]) && beside(at + 2)
        || words.is_any(at.wrapping_sub(1), &["-", "to"]) && at > 1 && weekday(words.word(at - 2)).is_some())
    .then_some(short)
}

/// "today", "tomorrow", "the day after tomorrow", "yesterday".
fn near(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    const NEAR: &[(&[&str], i32)] = &[
        (&["the", "day", "after", "tomorrow"], 2),
        (&["day", "after", "tomorrow"], 2),
        (&["the", "day", "before", "yesterday"], -2),
        (&["day", "before", "yesterday"], -2),
        (&["a", "week", "today"], 7),
        (&["week", "today"], 7),
        (&["today", "week"], 7),
        (&["a", "week", "tomorrow"], 8),
        (&["week", "tomorrow"], 8),
        (&["tomorrow", "week"], 8),
        (&["later", "today"], 0),
        (&["later", "on", "today"], 0),
        (&["today"], 0),
        (&["today's"], 0),
        (&["this", "day"], 0),
        (&["rest", "of", "the", "day"], 0),
        (&["the", "rest", "of", "the", "day"], 0),
        (&["remainder", "of", "the", "day"], 0),
        (&["tomorrow"], 1),
        (&["tomorrow's"], 1),
        (&["tomorrows"], 1),
        (&["next", "day"], 1),
        (&["the", "next", "day"], 1),
        (&["following", "day"], 1),
        (&["the", "following", "day"], 1),
        (&["coming", "day"], 1),
        (&["the", "coming", "day"], 1),
        (&["yesterday"], -1),
        (&["yesterday's"], -1),
    ];
    // "From now until Friday".
    let joined = words.is_any(at + 1, &["to", "until", "till", "through", "and", "-"]);
    if words.is(at, "now") && joined && matches!(words.before(at), "from" | "between") {
        return Some((Day::InDays(0), at + 1));
    }
    NEAR.iter().find_map(|(phrase, days)| words.phrase(at, phrase).map(|next| (Day::InDays(*days), next)))
}

/// "Tuesday", "this coming Tuesday", "next Tuesday", "Tuesday week", "Tuesday the 14th".
fn weekday_phrase(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let start = words.skip_all(at, &["the", "a", "on"]);
    let (which, named) = match (words.word(start), words.word(start + 1)) {
        ("this" | "next", "coming" | "upcoming") => (Which::Coming, start + 2),
        ("this" | "coming" | "upcoming", _) => (Which::Coming, start + 1),
        ("next" | "following", _) => (Which::Next, start + 1),
        ("last" | "past" | "previous", _) => (Which::Last, start + 1),
        _ => (Which::Coming, start),
    };
    let weekday = weekday_at(words, named)?;
    let next = named + 1;
    if which == Which::Coming {
        if let Some((which, end)) = weeks_after(words, next) {
            return Some((Day::Weekday { weekday, which }, end));
        }
        if let Some((week, end)) = whole::of_week(words, next) {
            return Some((Day::Weekday { weekday, which: which_week(week) }, end));
        }
    }
    if let Some((dated, end)) = date::after_weekday(words, next) {
        return Some((dated.on(weekday), end));
    }
    // "July 3rd until the Friday after".
    let after = words.is(next, "after") && words.len() == next + 1 && start > at;
    Some((Day::Weekday { weekday, which }, next + usize::from(after)))
}

/// "next week Friday", "next week on Friday".
fn of_a_week(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let (week, next) = whole::of_week(words, at)?;
    let weekday = weekday_at(words, words.skip(next, &["on"]))?;
    Some((Day::Weekday { weekday, which: which_week(week) }, words.skip(next, &["on"]) + 1))
}

/// "the next working day", "next weekday".
fn next_business_day(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    const DAYS: &[&[&str]] = &[&["weekday"], &["business", "day"], &["working", "day"], &["work", "day"]];
    let start = words.skip_all(at, &["on", "the"]);
    let (count, named) = match words.word(start) {
        "next" | "following" => (1, start + 1),
        "last" | "previous" => (-1, start + 1),
        _ => return None,
    };
    let next = words.phrases(named, DAYS).filter(|next| !words.is_any(*next, &["of", "in"]))?;
    Some((Day::Ahead(Length { count, unit: Unit::BusinessDay }), next))
}

/// "Tuesday | week", "Tuesday | after next", "Tuesday | fortnight".
fn weeks_after(words: &Words<'_>, at: usize) -> Option<(Which, usize)> {
    const WEEKS: &[(&[&str], u8)] = &[
        (&["week"], 1),
        (&["after", "next"], 1),
        (&["after", "the", "next"], 1),
        (&["a", "week"], 1),
        (&["fortnight"], 2),
        (&["two", "weeks"], 2),
    ];
    WEEKS
        .iter()
        .find_map(|(phrase, weeks)| words.phrase(at, phrase).map(|next| (Which::WeeksAfter(*weeks), next)))
        .filter(|(_, next)| !words.is_any(*next, &["after", "from", "of", "ago", "before"]))
}

/// The weekday of a week, counted from the current one.
pub(super) fn which_week(week: i32) -> Which {
    match week {
        1 => Which::Next,
        0.. => Which::OfWeek(u8::try_from(week).unwrap_or(u8::MAX)),
        _ => Which::OfWeekBefore(u8::try_from(week.unsigned_abs()).unwrap_or(u8::MAX)),
    }
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
