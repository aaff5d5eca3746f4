//! Days and weeks that are counted within a month or a year: "the first Monday of December", "the last day of May".

use super::{
    day::{day, weekday_at},
    whole::{Selected, selected},
    words::Words,
};
use crate::domain::time::{Counted, Day, InYear, Whole};

/// "the first Monday of December", "the last Friday of next month", "the fifth last day of May".
pub(super) fn nth_of(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let start = words.skip_all(at, &["on", "in", "the"]);
    let (nth, named) = place(words, start)?;
    // "The last of March" is its last day.
    let last_of = nth == -1 && words.is(named, "of");
    let (unit, next) = if last_of { (Counted::Day, named) } else { unit(words, named)? };
    let (of, next) = within(words, next)?;
    if last_of && !matches!(of, Whole::Month { .. }) {
        return None;
    }
    let day = match (unit, of) {
        (Counted::Weekday(weekday), Whole::Month { month, after, year: InYear::Coming }) => {
            Day::Nth { nth, weekday, month, after }
        }
        _ => Day::NthOf { nth, unit, of },
    };
    Some((day, next))
}

/// "first", "last", "second to last", "third last".
fn place(words: &Words<'_>, at: usize) -> Option<(i8, usize)> {
    if words.is(at, "last") {
        return Some((-1, at + 1));
    }
    let (nth, next) = words.ordinal(at)?;
    let nth = i8::try_from(nth).ok().filter(|nth| (1..=53).contains(nth))?;
    match words.phrases(next, &[&["to", "last"], &["last"]]) {
        Some(next) => Some((-nth, next)),
        None => Some((nth, next)),
    }
}

/// "the day after Thanksgiving", "the Monday before Christmas", "the weekend after the 20th".
pub(super) fn beside(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let start = words.skip_all(at, &["on", "in", "the", "first"]);
    let (what, next) = unit(words, start)?;
    let after = match words.word(next) {
        "after" | "following" => true,
        "before" | "preceding" => false,
        _ => return None,
    };
    // "Tuesday after four", and "before" alone is no weekday's: both are bounds of what follows.
    let (day, end) = day(words, next + 1)?;
    let of = day.one()?;
    let said_the = start > at || !matches!(what, Counted::Weekday(_));
    said_the.then_some((Day::Beside { what, of, after }, end))
}

fn unit(words: &Words<'_>, at: usize) -> Option<(Counted, usize)> {
    if words.is_any(at, &["business", "working", "work"]) && words.is(at + 1, "day") {
        return Some((Counted::BusinessDay, at + 2));
    }
    let unit = match words.word(at) {
        "day" => Counted::Day,
        "weekday" => Counted::BusinessDay,
        "week" => Counted::Week,
        "weekend" => Counted::Weekend,
        _ => Counted::Weekday(weekday_at(words, at)?),
    };
    Some((unit, at + 1))
}

/// "of December", "in the month", "of next month", "of the year".
fn within(words: &Words<'_>, at: usize) -> Option<(Whole, usize)> {
    let of = words.phrases(at, &[&["of"], &["in"]])?;
    let Selected { whole, next, .. } = selected(words, words.skip(of, &["the"]))?;
    (!matches!(whole, Whole::Week(_))).then_some((whole, next))
}
