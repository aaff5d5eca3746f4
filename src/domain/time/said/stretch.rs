//! Several days at once: "from Tuesday to Friday", "before the 20th", "any day after Monday", "the next three days".

use super::{
    clock,
    day::day,
    words::{Kind, Words},
};
use crate::domain::time::{Day, Edge, OneDay};

/// A stretch of days, or the day, that is named at a place, and the place after it.
pub(super) fn day_or_stretch(words: &Words<'_>, at: usize, country: &str, expected: bool) -> Option<(Day, usize)> {
    next_few(words, at)
        .or_else(|| range(words, at, country))
        .or_else(|| bounded(words, at, country))
        .or_else(|| day(words, at, country, expected))
}

/// "in the next three days", "within two weeks".
fn next_few(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    const LEADS: &[&[&str]] = &[
        &["in", "the", "next"],
        &["within", "the", "next"],
        &["over", "the", "next"],
        &["the", "next"],
        &["within", "a"],
        &["within"],
        &["next"],
    ];
    let start = words.phrases(at, LEADS)?;
    let (count, unit) = match words.word(start) {
        "few" => (3, start + 1),
        "couple" => (2, words.skip(start + 1, &["of"])),
        "week" if words.before(start) == "a" => (1, start),
        _ => words.cardinal(start)?,
    };
    let count = i32::try_from(count).ok().filter(|count| *count < 400)?;
    let days = match words.word(unit) {
        "days" | "day" => count,
        "weeks" | "week" => count * 7,
        _ => return None,
    };
    let edge = |days| Some(Edge { day: OneDay::InDays(days), included: true });
    Some((Day::Between { from: edge(0), to: edge(days) }, unit + 1))
}

/// "from Tuesday to Friday", "between the 13th and the 15th of July", "July 13 to 15".
fn range(words: &Words<'_>, at: usize, country: &str) -> Option<(Day, usize)> {
    let opens = words.is_any(at, &["from", "between"]);
    let start = at + usize::from(opens);
    let named = day(words, start, country, opens);
    // "Ten to eleven" may be a time; "10 to 11 December" and "tenth to eleventh" are not.
    let dated =
        opens || matches!(words.kind(words.skip(start, &["the"])), Kind::Digits(..) | Kind::Ordinal(_) | Kind::Tens(_));
    let (first, joined) = named.or_else(|| if dated { number(words, start) } else { None })?;
    let first = first.one()?;
    let joins = words.is_any(joined, &["to", "until", "till", "through", "thru", "-"])
        || words.is(joined, "and") && words.is(at, "between");
    // "Move it from Tuesday to Friday" is no stretch.
    if !joins || clock::has_moved(words, at) {
        return None;
    }
    let (second, next) = match day(words, joined + 1, country, true) {
        // "From 13 to 15 July"; "6 to 8 on Monday" are hours.
        Some((day @ Day::Date { month: Some(_), .. }, next)) => (day, next),
        Some(found) if named.is_some() => found,
        None if named.is_some() => number(words, joined + 1)?,
        None if words.ordinal(words.skip(start, &["the"])).is_some() => {
            let end = words.skip(joined + 1, &["the"]);
            words.ordinal(end).and_then(|_| number(words, end))?
        }
        _ => return None,
    };
    let (from, to) = same_month(first, second.one()?);
    let edge = |day| Some(Edge { day, included: true });
    Some((Day::Between { from: edge(from), to: edge(to) }, next))
}

/// A bare number that the other end of a range makes a date: "from 13 to 15 July", "July thirteenth to fifteenth".
fn number(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let the = words.skip(at, &["the"]);
    let (day, next) = words.ordinal(the).or_else(|| words.cardinal(the))?;
    let hour = words.is_any(next, &[":", ".", "am", "pm", "a", "p", "o'clock"]) || words.is_number(next);
    let day = i8::try_from(day).ok().filter(|day| !hour && (1..=31).contains(day))?;
    Some((Day::Date { weekday: None, day, month: None, year: None }, next))
}

/// A month that is said once belongs to both ends.
fn same_month(from: OneDay, to: OneDay) -> (OneDay, OneDay) {
    match (from, to) {
        (
            OneDay::Date { weekday, day, month: None, year: None },
            OneDay::Date { day: last, month: month @ Some(_), year, .. },
        ) if day <= last => (OneDay::Date { weekday, day, month, year }, to),
        (
            OneDay::Date { day: first, month: month @ Some(_), year, .. },
            OneDay::Date { weekday, day, month: None, year: None },
        ) if first <= day => (from, OneDay::Date { weekday, day, month, year }),
        ends => ends,
    }
}

/// "after Tuesday", "before the 20th", "by Friday", "from Monday on".
fn bounded(words: &Words<'_>, at: usize, country: &str) -> Option<(Day, usize)> {
    let at = words.phrases(at, &[&["any", "day"], &["any", "time"], &["anytime"]]).unwrap_or(at);
    let (from_here, included, start) = match (words.word(at), words.word(at + 1), words.word(at + 2)) {
        ("not", "before", _) | ("starting", "on" | "from", _) => (true, true, at + 2),
        ("not" | "no", "later", "than") => (false, true, at + 3),
        ("not" | "no", "earlier", "than") => (true, true, at + 3),
        ("not", "after", _) => (false, true, at + 2),
        ("from" | "starting", _, _) => (true, true, at + 1),
        ("after", _, _) => (true, false, at + 1),
        ("before", _, _) => (false, false, at + 1),
        ("by" | "until" | "till", _, _) => (false, true, at + 1),
        _ => return None,
    };
    let (day, next) = day(words, start, country, false)?;
    let edge = Edge { day: day.one()?, included };
    let next = words.skip(next, &["onwards", "onward"]);
    let (from, to) = if from_here { (Some(edge), None) } else { (None, Some(edge)) };
    Some((Day::Between { from, to }, next))
}
