//! Parts of the day: "in the morning", "late this afternoon", "tonight", "after lunch".

use super::{clock::Context, words::Words};
use crate::domain::time::{
    Clock, ClockTime, Day, Part, When,
    expr::Half::{Am, Pm},
};

/// "tonight", "this morning", "late this afternoon".
pub(super) fn today(words: &Words<'_>, at: usize) -> Option<(When, usize)> {
    let (shade, after) = shade(words, at);
    let today = |clock, next| Some((When { day: Some(Day::InDays(0)), clock: Some(clock) }, next));
    if words.is_any(after, &["tonight", "tonite", "tonight's"]) {
        return today(shaded(Part::Evening, shade), after + 1);
    }
    if !words.is(after, "this") {
        return None;
    }
    let (inner, noun) = self::shade(words, after + 1);
    let part = name(words.word(noun))?;
    today(shaded(part, inner.or(shade)), noun + 1)
}

/// "in the morning", "early afternoon", "first thing".
pub(super) fn part(words: &Words<'_>, at: usize, context: Context) -> Option<(Clock, usize)> {
    if let Some((part, next)) = half(words, at, context) {
        return Some((Clock::Part(part), next));
    }
    let (shade, after) = shade(words, at);
    let led = words.skip_all(after, &["in", "at", "over", "around", "during", "the"]);
    let (inner, noun) = if led > after { self::shade(words, led) } else { (None, led) };
    // "Night" and "lunch" are times only when they say which: "Friday night", "at night", "over lunch".
    let certain = led > after || shade.is_some() || context.beside.is_some() && noun == at;
    let (part, inner) = match words.word(noun) {
        "midmorning" => (Part::Morning, Some(Shade::Mid)),
        "midafternoon" => (Part::Afternoon, Some(Shade::Mid)),
        "lunchtime" => (Part::Midday, inner),
        "lunch" if certain || words.is(noun + 1, "time") => (Part::Midday, inner),
        "night" if certain => (Part::Night, inner),
        word => (name(word)?, inner),
    };
    let greets = matches!(words.before(noun), "good" | "lovely" | "nice")
        || noun == 0 && words.len() > 1 && greeting_goes_on(words.word(1));
    let next = words.skip(noun + 1, &["time", "ish"]);
    (!greets).then_some((shaded(part, inner.or(shade)), next))
}

/// "first thing", "in the a.m.", "Tuesday p.m.".
fn half(words: &Words<'_>, at: usize, context: Context) -> Option<(Part, usize)> {
    const MORNING: &[&[&str]] = &[&["first", "thing"], &["in", "the", "am"], &["in", "the", "a", "m"]];
    const AFTERNOON: &[&[&str]] = &[&["in", "the", "pm"], &["in", "the", "p", "m"]];
    match words.word(at) {
        "am" if context.after_day() && !words.is(at + 1, "i") => Some((Part::Morning, at + 1)),
        "pm" if context.after_day() => Some((Part::Afternoon, at + 1)),
        _ => words
            .phrases(at, MORNING)
            .map(|next| (Part::Morning, next))
            .or_else(|| words.phrases(at, AFTERNOON).map(|next| (Part::Afternoon, next))),
    }
}

/// "Morning, can I …": a greeting, not a wish.
fn greeting_goes_on(word: &str) -> bool {
    matches!(
        word,
        "i" | "i'd" | "i'm" | "can" | "could" | "hi" | "hello" | "this" | "it's" | "my" | "do" | "is" | "there"
    )
}

pub(super) fn name(word: &str) -> Option<Part> {
    Some(match word {
        "morning" | "mornings" | "morning's" => Part::Morning,
        "afternoon" | "afternoons" | "arvo" => Part::Afternoon,
        "evening" | "evenings" => Part::Evening,
        _ => return None,
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shade {
    Early,
    Mid,
    Late,
}

fn shade(words: &Words<'_>, at: usize) -> (Option<Shade>, usize) {
    match words.word(at) {
        "early" => (Some(Shade::Early), at + 1),
        "mid" | "middle" => (Some(Shade::Mid), words.skip(at + 1, &["of"])),
        "late" => (Some(Shade::Late), at + 1),
        _ => (None, at),
    }
}

/// A part of the day, or the early or late end of it.
fn shaded(part: Part, shade: Option<Shade>) -> Clock {
    let am = |hour, minute| ClockTime { hour, minute, half: Some(Am) };
    let pm = |hour, minute| ClockTime { hour, minute, half: Some(Pm) };
    match (part, shade) {
        (Part::Morning, Some(Shade::Early)) => Clock::Before(am(10, 0)),
        (Part::Morning, Some(Shade::Mid)) => Clock::Between(am(9, 30), am(11, 30)),
        (Part::Morning, Some(Shade::Late)) => Clock::Between(am(10, 30), pm(12, 0)),
        (Part::Afternoon, Some(Shade::Early)) => Clock::Between(pm(12, 0), pm(2, 30)),
        (Part::Afternoon, Some(Shade::Mid)) => Clock::Between(pm(2, 0), pm(4, 0)),
        (Part::Afternoon, Some(Shade::Late)) => Clock::Between(pm(3, 30), pm(6, 0)),
        (Part::Evening, Some(Shade::Early)) => Clock::Between(pm(5, 0), pm(7, 0)),
        (Part::Evening | Part::Night, Some(Shade::Late)) => Clock::After(pm(8, 0)),
        (part, _) => Clock::Part(part),
    }
}

/// "after lunch", "before work".
pub(super) fn around_a_meal(words: &Words<'_>, at: usize) -> Option<(Clock, usize)> {
    let am = |hour, minute| ClockTime { hour, minute, half: Some(Am) };
    let pm = |hour, minute| ClockTime { hour, minute, half: Some(Pm) };
    let clock = match (words.word(at), words.word(at + 1)) {
        ("after", "lunch" | "lunchtime") => Clock::After(pm(1, 0)),
        ("before", "lunch" | "lunchtime") => Clock::Before(pm(12, 0)),
        ("after", "work") => Clock::After(pm(5, 0)),
        ("before", "work") => Clock::Before(am(9, 0)),
        ("after", "school") => Clock::After(pm(3, 30)),
        _ => return None,
    };
    Some((clock, at + 2))
}
