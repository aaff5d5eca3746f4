//! Several days at once: "from Tuesday to Friday", "before the 20th", "any day after Monday", "the next three days".

use super::{
    ahead, clock, date,
    day::day,
    words::{Kind, Words},
};
use crate::domain::time::{Day, Edge, OneDay, Slice, Whole};

/// A stretch of days, or the day, that is named at a place, and the place after it.
pub(super) fn day_or_stretch(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    ahead::within(words, at)
        .or_else(|| ahead::coming(words, at))
        .or_else(|| ahead::either(words, at))
        .or_else(|| ahead::run(words, at))
        .or_else(|| within_month(words, at))
        .or_else(|| range(words, at))
        .or_else(|| bounded(words, at))
        .or_else(|| {
            let (day, next) = day(words, at)?;
            let lasting = day.one().and_then(|one| ahead::lasting(words, one, next));
            Some(lasting.unwrap_or((day, next)))
        })
}

/// "from Tuesday to Friday", "between the 13th and the 15th of July", "July 13 to 15".
fn range(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let opens = words.is_any(at, &["from", "between"]);
    let start = at + usize::from(opens);
    let named = day(words, start);
    // "Ten to eleven" may be a time; "10 to 11 December" and "tenth to eleventh" are not.
    let the = words.skip(start, &["the"]);
    let dated = opens || matches!(words.kind(the), Kind::Digits(..) | Kind::Ordinal(_)) || words.is_number(the);
    let (first, joined) = named
        .filter(|(first, next)| first.one().is_some() && joins(words, *next, at))
        .or_else(|| if dated { number(words, start) } else { None })?;
    let first = first.one()?;
    // "Move it from Tuesday to Friday" is no stretch.
    if !joins(words, joined, at) || clock::has_moved(words, at) {
        return None;
    }
    let named = named.is_some_and(|(_, next)| next == joined);
    let second_at = words.skip(joined + 1, &["on"]);
    let (second, next) = match day(words, second_at) {
        // "From 13 to 15 July"; "6 to 8 on Monday" are hours.
        Some((day @ (Day::Date { month: Some(_), .. } | Day::OfMonth { .. }), next))
            if named || opens || ascends(first, day) =>
        {
            (day, next)
        }
        // "From 4 to 22 this month".
        Some((last @ Day::Date { month: None, day, .. }, next))
            if words.is(next - 1, "month") && ascends(first, last) =>
        {
            (Day::OfMonth { day, after: 0 }, next)
        }
        Some(found) if named || words.ordinal(the).is_some() => found,
        None if named => number(words, second_at)?,
        None if words.ordinal(the).is_some() => {
            let end = words.skip(second_at, &["the"]);
            words.ordinal(end).and_then(|_| number(words, end))?
        }
        _ => return None,
    };
    let (from, to) = same_month(first, second.one()?);
    let edge = |day| Some(Edge { day, included: true });
    Some((Day::Between { from: edge(from), to: edge(to) }, next))
}

/// "4 to 23 next month" goes up; "ten to five, December 3rd" is a time.
fn ascends(first: OneDay, second: Day) -> bool {
    let OneDay::Date { day: first, month, .. } = first else { return true };
    match second {
        Day::Date { day, .. } | Day::OfMonth { day, .. } => month.is_some() || first < day,
        _ => true,
    }
}

/// "November between 19 and 20", "in May from the 3rd to the 9th".
fn within_month(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let named = words.skip(at, &["in"]);
    let month = Some(date::month_name(words.word(named))?);
    let (first, joined) = number(words, words.phrases(named + 1, &[&["between"], &["from"]])?)?;
    let (last, next) = number(words, words.phrases(joined, &[&["and"], &["to"], &["until"], &["through"], &["-"]])?)?;
    let edge = |day: Day| match day {
        Day::Date { day, year, .. } => {
            Some(Edge { day: OneDay::Date { weekday: None, day, month, year }, included: true })
        }
        _ => None,
    };
    Some((Day::Between { from: edge(first), to: edge(last) }, next))
}

/// "come by", "stop by": no limit.
pub(super) fn passes_by(words: &Words<'_>, at: usize) -> bool {
    matches!(words.before(at), "come" | "coming" | "stop" | "drop" | "swing" | "pop" | "stopping" | "dropping")
}

fn joins(words: &Words<'_>, at: usize, from: usize) -> bool {
    words.is_any(at, &["to", "until", "till", "through", "-"]) || words.is(at, "and") && words.is(from, "between")
}

/// A bare number that the other end of a range makes a date: "from 13 to 15 July", "July thirteenth to fifteenth".
fn number(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let the = words.skip(at, &["the"]);
    let (day, next) = words.ordinal(the).or_else(|| words.cardinal(the))?;
    let (year, next) = date::year(words, next).map_or((None, next), |(year, next)| (Some(year), next));
    let hour = words.is_any(next, &[":", ".", "am", "pm", "a", "p", "o'clock"]) || words.is_number(next);
    let day = i8::try_from(day).ok().filter(|day| !hour && (1..=31).contains(day))?;
    Some((Day::Date { weekday: None, day, month: None, year }, next))
}

/// A month that is said once belongs to both ends, and so does a year.
fn same_month(from: OneDay, to: OneDay) -> (OneDay, OneDay) {
    match (from, to) {
        (
            OneDay::Date { weekday, day, month: None, year: None },
            OneDay::Date { day: last, month: month @ Some(_), year, .. },
        ) if day <= last => (OneDay::Date { weekday, day, month, year }, to),
        (OneDay::Date { weekday, day, month: None, year: None }, OneDay::OfMonth { after, .. })
            if weekday.is_none() =>
        {
            (OneDay::OfMonth { day, after }, to)
        }
        (
            OneDay::Date { weekday: on, day: first, month: month @ Some(_), year },
            OneDay::Date { weekday, day, month: None, year: last_year },
        ) if first <= day => {
            let year = last_year.or(year);
            (OneDay::Date { weekday: on, day: first, month, year }, OneDay::Date { weekday, day, month, year })
        }
        (
            OneDay::Date { weekday, day, month: Some(month), year: None },
            OneDay::Date { month: Some(last), year: Some(year), .. },
        ) => {
            let year = if month <= last { year } else { year.saturating_sub(1) };
            (OneDay::Date { weekday, day, month: Some(month), year: Some(year) }, to)
        }
        ends => ends,
    }
}

/// "after Tuesday", "before the 20th", "by Friday", "from Monday on".
fn bounded(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let at = words
        .phrases(at, &[&["any", "day"], &["any", "time"], &["anytime"], &["sometime"], &["sometimes"]])
        .unwrap_or(at);
    // "Can I come by on Friday?"
    if words.is(at, "by") && passes_by(words, at) {
        return None;
    }
    let (from_here, included, start) = match (words.word(at), words.word(at + 1), words.word(at + 2)) {
        ("not" | "no", "later", "than") | ("on", "or", "before") => (false, true, at + 3),
        ("not" | "no", "earlier" | "sooner", "than") | ("on", "or", "after") => (true, true, at + 3),
        ("not", "before", _) | ("starting" | "beginning", "on" | "from", _) | ("as", "of" | "from", _) => {
            (true, true, at + 2)
        }
        ("not", "after", _) | ("up" | "right", "to" | "until", _) => (false, true, at + 2),
        ("later", "than", _) => (true, false, at + 2),
        ("earlier" | "sooner", "than", _) | ("prior", "to", _) => (false, false, at + 2),
        ("from" | "starting" | "since", _, _) => (true, true, at + 1),
        ("after", _, _) => (true, false, at + 1),
        ("before", _, _) => (false, false, at + 1),
        ("by" | "until" | "till", _, _) => (false, true, at + 1),
        _ => return None,
    };
    let start = words.skip(start, &["on", "around", "about", "like"]);
    let (day, next) = day(words, start)?;
    let edge = Edge { day: day.one()?, included };
    // "I'm busy until Thursday": free from then on.
    let from_here = from_here || words.is_any(at, &["until", "till"]) && clock::denied(words, at);
    // "Until the end of the month" is to its last day, whatever stands before.
    let whole = matches!(
        edge.day,
        OneDay::Slice { slice: Slice::End, of: Whole::Week(_) | Whole::Month { .. } | Whole::Year { .. } }
    );
    let begins = matches!(edge.day, OneDay::Slice { slice: Slice::Early, .. });
    let included = edge.included || whole && !from_here || begins && from_here;
    let edge = Edge { included, ..edge };
    let next = words.skip(words.phrase(next, &["and", "on"]).unwrap_or(next), &["onwards", "onward"]);
    if from_here
        && edge.included
        && let Some(found) = ahead::lasting(words, edge.day, next)
    {
        return Some(found);
    }
    let (from, to) = if from_here { (Some(edge), None) } else { (None, Some(edge)) };
    Some((Day::Between { from, to }, next))
}
