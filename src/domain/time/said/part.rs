//! Parts of the day: "in the morning", "late this afternoon", "tonight", "after lunch".

use super::{
    clock::{Context, looks_plural},
    day::weekday,
    words::Words,
};
use crate::domain::time::{Clock, ClockTime, Day, Half::Pm, Part, Shade, When};

/// "tonight", "this morning", "late this afternoon".
pub(super) fn today(words: &Words<'_>, at: usize) -> Option<(When, usize)> {
    let (shade, after) = shade(words, at);
    let today = |clock, next| Some((When { day: Some(Day::InDays(0)), clock: Some(clock) }, next));
    if words.is_any(after, &["tonight", "tonite", "tonight's"]) {
        return today(shaded(Part::Evening, shade), after + 1);
    }
    // "Next evening" is tomorrow's.
    if words.is_any(after, &["next", "following"]) && words.is_any(after + 1, &["morning", "afternoon", "evening"]) {
        let part = name(words.word(after + 1))?;
        return Some((When { day: Some(Day::InDays(1)), clock: Some(shaded(part, shade)) }, after + 2));
    }
    if words.is(after, "last") && words.is(after + 1, "night") && !looks_plural(words.word(after + 2)) {
        return Some((When { day: Some(Day::InDays(-1)), clock: Some(shaded(Part::Night, shade)) }, after + 2));
    }
    if !words.is(after, "this") {
        return None;
    }
    let (inner, noun) = self::shade(words, after + 1);
    let night = words.is(noun, "night").then_some(Part::Night);
    let part = name(words.word(noun)).or(night)?;
    today(shaded(part, inner.or(shade)), noun + 1)
}

/// "in the morning", "early afternoon", "first thing".
pub(super) fn part(words: &Words<'_>, at: usize, context: Context) -> Option<(Clock, usize)> {
    if context.expected
        && let Some(found) = half_alone(words, at)
    {
        return Some(found);
    }
    if let Some((part, next)) = half(words, at, context) {
        return Some((Clock::Part(part), next));
    }
    if let Some(next) = end_of_the_day(words, words.skip(at, &["at"])) {
        return Some((Clock::Shaded(Part::Afternoon, Shade::Late), next));
    }
    if words.is_any(at, &["by", "before", "until", "till"])
        && let Some(next) = end_of_the_day(words, at + 1)
    {
        return Some((Clock::Before(ClockTime { hour: 24, minute: 0, half: None }), next));
    }
    // "December 6th, late", "early tomorrow".
    let day_follows = weekday(words.word(at + 1)).is_some() || words.is_any(at + 1, &["tomorrow", "today"]);
    let goes_on = words.is_listed(at + 1, "for with please if would is be and or then thanks");
    let ends = at + 1 == words.len() && (context.after_day() || words.len() == 1) || context.after_day() && goes_on;
    match words.word(at) {
        "early" if ends || day_follows => return Some((Clock::Shaded(Part::Morning, Shade::Early), at + 1)),
        "late" if ends => return Some((Clock::Part(Part::Evening), at + 1)),
        "late" if day_follows => return Some((Clock::Shaded(Part::Afternoon, Shade::Late), at + 1)),
        "during" if words.phrase(at + 1, &["the", "day"]).is_some() => {
            return Some((Clock::Part(Part::Daytime), at + 3));
        }
        "last" if words.is(at + 1, "thing") => return Some((Clock::Shaded(Part::Afternoon, Shade::Late), at + 2)),
        _ => {}
    }
    let (shade, after) = shade(words, at);
    let led = words.skip_all(after, &["in", "at", "over", "around", "during", "the"]);
    let (inner, noun) = if led > after { self::shade(words, led) } else { (None, led) };
    // "Night" and "lunch" are times only when they say which: "Friday night", "at night", "over lunch".
    let certain = led > after || shade.is_some() || context.beside.is_some() && noun == at;
    let (part, inner) = match words.word(noun) {
        "midmorning" => (Part::Morning, Some(Shade::Mid)),
        "midafternoon" => (Part::Afternoon, Some(Shade::Mid)),
        "daytime" => (Part::Daytime, inner),
        "business" | "office" | "working" if words.is(noun + 1, "hours") => {
            return Some((Clock::Part(Part::BusinessHours), noun + 2));
        }
        "breakfast" | "breakfasttime" if led > after || words.is(noun + 1, "time") => (Part::Breakfast, inner),
        "dinner" | "dinnertime" if words.is(noun + 1, "time") || led > after && !words.is(noun + 1, "reservation") => {
            (Part::Dinner, inner)
        }
        "lunchtime" => (Part::Midday, inner),
        "lunch" if certain || words.is(noun + 1, "time") => (Part::Midday, inner),
        "night" if certain || words.len() == 1 => (Part::Night, inner),
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
        "a" if context.after_day() && words.is(at + 1, "m") => Some((Part::Morning, at + 2)),
        "p" if context.after_day() && words.is(at + 1, "m") => Some((Part::Afternoon, at + 2)),
        _ => words
            .phrases(at, MORNING)
            .map(|next| (Part::Morning, next))
            .or_else(|| words.phrases(at, AFTERNOON).map(|next| (Part::Afternoon, next))),
    }
}

/// "a.m.", "the p.m. one" as the whole answer to "6 a.m. or 6 p.m.?": before noon or from noon on.
fn half_alone(words: &Words<'_>, at: usize) -> Option<(Clock, usize)> {
    const BEFORE: &str = "the in yes yeah no sorry i mean meant it's that's i'd prefer like";
    let (morning, next) = match (words.word(at), words.word(at + 1)) {
        ("a" | "am", "m") => (true, at + 2),
        ("p" | "pm", "m") => (false, at + 2),
        ("am", _) => (true, at + 1),
        ("pm", _) => (false, at + 1),
        _ => return None,
    };
    let end = words.skip_all(next, &["one", "please", "is", "works", "fine", "good", "thanks", "for", "me"]);
    let whole = (0..at).all(|at| words.is_listed(at, BEFORE)) && end == words.len();
    let noon = ClockTime { hour: 12, minute: 0, half: Some(Pm) };
    whole.then_some((if morning { Clock::Before(noon) } else { Clock::After(noon) }, next))
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
        "morning" | "mornings" | "morning's" | "forenoon" => Part::Morning,
        "afternoon" | "afternoons" | "arvo" => Part::Afternoon,
        "evening" | "evenings" => Part::Evening,
        _ => return None,
    })
}

fn shade(words: &Words<'_>, at: usize) -> (Option<Shade>, usize) {
    let the = words.skip(words.skip(at, &["at", "in", "towards", "toward", "by"]), &["the"]);
    let slice = match words.word(the) {
        "beginning" | "start" => Some(Shade::Early),
        "end" => Some(Shade::Late),
        _ => None,
    };
    if slice.is_some()
        && let Some(noun) = words.phrases(the + 1, &[&["of", "the"], &["of"]])
        && (name(words.word(noun)).is_some() || words.is(noun, "this") && name(words.word(noun + 1)).is_some())
    {
        return (slice, noun);
    }
    match words.word(at) {
        "early" => (Some(Shade::Early), at + 1),
        "mid" | "middle" => (Some(Shade::Mid), words.skip(at + 1, &["of"])),
        "late" => (Some(Shade::Late), at + 1),
        _ => (None, at),
    }
}

/// "the end of the day", "close of business", "EOD".
fn end_of_the_day(words: &Words<'_>, at: usize) -> Option<usize> {
    let start = words.skip(at, &["the"]);
    if words.is_any(start, &["eod", "cob"]) {
        return Some(start + 1);
    }
    if let Some(next) = words.phrase(start, &["close", "of", "business"]) {
        return Some(next);
    }
    let noun =
        words.skip_all(words.phrase(start, &["end", "of"])?, &["the", "business", "working", "work", "my", "your"]);
    let next = words.is_any(noun, &["day", "workday"]).then_some(noun + 1)?;
    (!words.is(next, "before")).then_some(words.phrases(next, &[&["of"]]).unwrap_or(next))
}

/// A part of the day, or the early or late end of it.
fn shaded(part: Part, shade: Option<Shade>) -> Clock {
    shade.map_or(Clock::Part(part), |shade| Clock::Shaded(part, shade))
}

/// "after lunch", "before work".
pub(super) fn around_a_meal(words: &Words<'_>, at: usize) -> Option<(Clock, usize)> {
    let after = match words.word(at) {
        "after" => true,
        "before" => false,
        _ => return None,
    };
    let part = match words.word(at + 1) {
        "lunch" | "lunchtime" => Part::Midday,
        "breakfast" => Part::Breakfast,
        "dinner" | "supper" => Part::Dinner,
        "work" => Part::BusinessHours,
        "school" if after => return Some((Clock::After(ClockTime { hour: 3, minute: 30, half: Some(Pm) }), at + 2)),
        _ => return None,
    };
    Some((if after { Clock::AfterPart(part) } else { Clock::BeforePart(part) }, at + 2))
}
