//! Weeks, weekends, months, quarters, years and seasons, and parts of them: "next week", "late March", "the end of the
//! month", "the rest of the week", "the week of the 14th".

use super::{clock, date, day::day, holidays, words::Words};
use crate::domain::time::{Day, InYear, Season, Slice, Whole};

/// A week, a month … and whether it was said which.
pub(super) struct Selected {
    pub(super) whole: Whole,
    pub(super) next: usize,
    /// "this", "next", or a name of its own.
    pub(super) said_which: bool,
}

/// "next week", "early next week", "this weekend", "next month", "in March", "later this week".
pub(super) fn whole(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let start = words.skip_all(at, &["in", "on", "at", "during", "sometime", "over", "around", "the"]);
    if let Some(found) = weekend(words, start).or_else(|| after_next(words, start)) {
        return Some(found);
    }
    if words.is(start, "all") && words.is_any(start + 1, &["week", "month"]) {
        let whole = if words.is(start + 1, "week") { Day::Week(0) } else { Day::Month { month: None, after: 0 } };
        return Some((whole, start + 2));
    }
    if words.is(start, "midweek") || words.phrase(start, &["mid", "week"]).is_some() {
        let next = start + if words.is(start, "midweek") { 1 } else { 2 };
        let (week, next) = of_week(words, next).unwrap_or((0, next));
        return Some((Day::Slice { slice: Slice::Mid, of: Whole::Week(week) }, next));
    }
    let (slice, named) = slice(words, start);
    let Selected { whole, next, said_which } = selected(words, named)?;
    let Some(slice) = slice else {
        let alone = words.len() == next && matches!(whole, Whole::Week(_)) && start > at && at == 0;
        if !(said_which || alone) || is_doubtful(words, at, named, next, whole) {
            return None;
        }
        return Some((plain(whole), next));
    };
    // "Later this week" is what is left of it, "later next week" its end.
    let slice = match (slice, whole) {
        (
            Slice::Rest,
            Whole::Week(0) | Whole::Month { after: 0, month: None, .. } | Whole::Year { after: 0, year: None },
        ) => Slice::Rest,
        (Slice::Rest, _) => Slice::Late,
        (slice, _) => slice,
    };
    Some((Day::Slice { slice, of: whole }, next))
}

fn plain(whole: Whole) -> Day {
    match whole {
        Whole::Week(weeks) => Day::Week(weeks),
        Whole::Month { month, after, year: InYear::Coming } => Day::Month { month, after },
        whole => Day::Whole(whole),
    }
}

/// Names of months that are people's or other words need a word before them, or stand alone.
fn is_doubtful(words: &Words<'_>, at: usize, named: usize, next: usize, whole: Whole) -> bool {
    let Whole::Month { month: Some(_), year: InYear::Coming, .. } = whole else {
        return matches!(whole, Whole::Season { .. }) && named == at && words.len() > next - at;
    };
    let name = next - 1;
    let led = words
        .is_any(at, &["in", "during", "next", "this", "coming", "following", "upcoming", "sometime", "last"])
        && name > at;
    let before =
        matches!(words.before(at), "after" | "before" | "by" | "until" | "till" | "since" | "from" | "to" | "between");
    let verb = words.is(name, "may")
        && !words.is_any(name.wrapping_sub(1), &["in", "next", "this", "last", "of", "during"])
        && words.len() > 1;
    let ambiguous =
        matches!(words.word(name), "may" | "march" | "april" | "june" | "august" | "mar" | "jun" | "jan" | "dec");
    let full = !matches!(words.word(name), "mar" | "jan" | "dec");
    let alone = (words.len() == next - at || words.len() == next && clock::is_offered(words, at)) && full;
    // The day is still to come: "until June 6th".
    let dated = words.is_number(next) || words.ordinal(words.skip(next, &["the"])).is_some();
    dated || verb && !before || ambiguous && !(led || before || alone)
}

/// "early", "the beginning of", "mid", "the end of", "the rest of".
fn slice(words: &Words<'_>, at: usize) -> (Option<Slice>, usize) {
    const SLICES: &[(&[&str], Slice)] = &[
        (&["early", "on"], Slice::Early),
        (&["early"], Slice::Early),
        (&["beginning"], Slice::Early),
        (&["start"], Slice::Early),
        (&["first", "part"], Slice::Early),
        (&["mid"], Slice::Mid),
        (&["first", "half"], Slice::FirstHalf),
        (&["1st", "half"], Slice::FirstHalf),
        (&["second", "half"], Slice::SecondHalf),
        (&["latter", "half"], Slice::SecondHalf),
        (&["last", "half"], Slice::SecondHalf),
        (&["other", "half"], Slice::SecondHalf),
        (&["middle"], Slice::Mid),
        (&["late"], Slice::Late),
        (&["later"], Slice::Rest),
        (&["latter", "part"], Slice::Late),
        (&["end"], Slice::End),
        (&["back", "end"], Slice::End),
        (&["rest"], Slice::Rest),
        (&["remainder"], Slice::Rest),
    ];
    let start = words.skip(at, &["the"]);
    match SLICES.iter().find_map(|(phrase, slice)| words.phrase(start, phrase).map(|next| (*slice, next))) {
        Some((slice, next)) => (Some(slice), words.skip_all(next, &["of", "in", "the", "around", "my"])),
        None => (None, at),
    }
}

/// "this week", "the following month", "next year", "March", "October 2027", "the third quarter".
pub(super) fn selected(words: &Words<'_>, at: usize) -> Option<Selected> {
    let start = words.skip(at, &["the"]);
    let (after, unit) = match words.word(start) {
        "this" => (0, words.skip_all(start + 1, &["coming", "same", "current"])),
        "current" | "same" => (0, start + 1),
        "next" | "following" | "coming" | "upcoming" => (1, start + 1),
        "last" | "past" | "previous" => (-1, start + 1),
        _ => (0, start),
    };
    let said_which = unit > start;
    let next = unit + 1;
    let found = |whole, next, said_which| Some(Selected { whole, next, said_which });
    match words.word(unit) {
        "week" | "week's" | "wk" => return found(Whole::Week(after), next, said_which),
        "month" | "month's" => {
            return found(Whole::Month { month: None, after, year: InYear::Coming }, next, said_which);
        }
        "quarter" | "qtr" if said_which => {
            return found(Whole::Quarter { nth: None, after, year: None }, next, said_which);
        }
        "year" | "year's" | "yr" => {
            // "Next year, in March".
            let named = words.skip(next, &["in"]);
            if said_which
                && after > 0
                && let Some(month) = date::month_name(words.word(named))
                && !words.is_number(named + 1)
                && words.ordinal(words.skip(named + 1, &["the"])).is_none()
            {
                let year = InYear::YearsAfter(1);
                return found(Whole::Month { month: Some(month), after: 0, year }, named + 1, true);
            }
            return found(Whole::Year { year: None, after }, next, said_which);
        }
        _ => {}
    }
    // "2027, November".
    if let Some((year, named)) = date::year(words, unit)
        && let Some(month) = date::month_name(words.word(named))
        && words.ordinal(words.skip(named + 1, &["the"])).is_none()
        && !words.is_number(named + 1)
    {
        return found(Whole::Month { month: Some(month), after: 0, year: InYear::Said(year) }, named + 1, true);
    }
    if let Some(month) = date::month_name(words.word(unit)) {
        // Next June is the coming one.
        let coming = if after < 0 { InYear::After(-1) } else { InYear::Coming };
        let after_next = words.phrase(next, &["after", "next"]).map(|next| (InYear::After(1), next));
        let (year, next) = after_next.or_else(|| holidays::said_year(words, next)).unwrap_or((coming, next));
        return found(Whole::Month { month: Some(month), after: 0, year }, next, true);
    }
    if let Some((season, certain)) = season(words.word(unit)) {
        let led = at > 0 && words.is(at - 1, "the") && words.is_any(at.wrapping_sub(2), &["in", "during", "over"]);
        return (certain || said_which || led)
            .then_some(())
            .and_then(|()| found(Whole::Season { season, after: after.min(0) }, next, true));
    }
    let (nth, named) = words.ordinal(unit)?;
    if words.is_any(named, &["quarter", "qtr"]) && (1..=4).contains(&nth) {
        let (year, next) = date::year(words, named + 1).map_or((None, named + 1), |(year, next)| (Some(year), next));
        let nth = i8::try_from(nth).ok();
        return found(Whole::Quarter { nth, after: 0, year }, next, true);
    }
    None
}

fn season(word: &str) -> Option<(Season, bool)> {
    Some(match word {
        "spring" => (Season::Spring, false),
        "summer" => (Season::Summer, false),
        "autumn" => (Season::Autumn, true),
        "fall" => (Season::Autumn, false),
        "winter" => (Season::Winter, false),
        _ => return None,
    })
}

/// "this weekend", "the weekend after next".
fn weekend(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let (after, named) = match words.word(at) {
        "this" | "coming" => (0, words.skip(at + 1, &["coming"])),
        "next" | "following" => (1, at + 1),
        "last" | "past" => (-1, at + 1),
        _ => (0, at),
    };
    let next = match (words.word(named), words.word(named + 1)) {
        ("weekend" | "weekends" | "weekend's", _) => named + 1,
        ("week", "end") => named + 2,
        _ => return None,
    };
    if named == at
        && let Some(next) = words.phrases(next, &[&["after", "next"], &["after", "the", "next"]])
    {
        return Some((Day::Weekend(2), next));
    }
    (!words.is_any(next, &["of", "break", "trip", "getaway"]) || !words.is(next, "of"))
        .then_some((Day::Weekend(after), next))
}

/// "the week after next"; "a week after next Tuesday" is not one.
fn after_next(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let at = words.skip(at, &["the"]);
    if let Some(next) = words.phrases(at, &[&["week", "after", "next"], &["week", "after", "the", "next"]]) {
        return super::day::weekday(words.word(next)).is_none().then_some((Day::Week(2), next));
    }
    words.phrase(at, &["month", "after", "next"]).map(|next| (Day::Month { month: None, after: 2 }, next))
}

/// "Tuesday | of next week": how many weeks after the current one.
pub(super) fn of_week(words: &Words<'_>, at: usize) -> Option<(i32, usize)> {
    let named = words.skip_all(at, &["of", "in", "from", "the"]);
    if let Some((Day::Week(week), next)) = after_next(words, named) {
        return Some((week, next));
    }
    match selected(words, named)? {
        Selected { whole: Whole::Week(week), next, said_which: true } => Some((week, next)),
        _ => None,
    }
}

/// "the week of October 7th", "the week commencing on the 4th".
pub(super) fn week_of(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let start = words.skip_all(at, &["in", "on", "during", "for", "the"]);
    let named = words.phrase(start, &["week"])?;
    let joined = words.phrases(named, &[&["of"], &["commencing"], &["beginning"], &["starting"], &["w", "c"]])?;
    let (found, next) = day(words, words.skip(joined, &["on", "from"]))?;
    let one = found.one()?;
    matches!(found, Day::Date { .. } | Day::OfMonth { .. } | Day::Holiday { .. } | Day::Weekday { .. } | Day::InDays(_))
        .then_some((Day::WeekOf(one), next))
}

/// "the weekend of Halloween", "Labor Day weekend".
pub(super) fn weekend_of(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let start = words.skip_all(at, &["in", "on", "over", "for", "the", "this", "next"]);
    if let Some(joined) = words.phrases(start, &[&["weekend", "of"], &["weekend", "after"]])
        && words.is(joined - 1, "of")
    {
        let (found, next) = day(words, joined)?;
        return Some((Day::WeekendOf(found.one()?), next));
    }
    let (holiday, next) = holidays::holiday(words, start)?;
    if words.is(next, "week") {
        return Some((Day::WeekOf(holiday.one()?), next + 1));
    }
    let next = words.phrases(next, &[&["weekend"], &["week", "end"]])?;
    Some((Day::WeekendOf(holiday.one()?), next))
}
