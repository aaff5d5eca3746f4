//! Lengths of hours and minutes: "in two hours", "half an hour from now", "within the next hour", "for three hours".

use super::{
    reading::past_or_to,
    words::{Kind, Words},
};
use crate::domain::time::{Clock, ClockTime};

/// "in two hours", "half an hour from now", "within ten minutes", "the next three hours", "twenty minutes ago".
pub(super) fn from_now(words: &Words<'_>, at: usize) -> Option<(Clock, usize)> {
    within(words, at).or_else(|| coming(words, at)).or_else(|| {
        let led = words.is_any(at, &["in", "after"]);
        let start = if led {
            words.skip_all(
                at + 1,
                &[
                    "about",
                    "around",
                    "approximately",
                    "roughly",
                    "maybe",
                    "like",
                    "exactly",
                    "just",
                    "less",
                    "more",
                    "than",
                    "under",
                ],
            )
        } else {
            at
        };
        let (minutes, next) = days_and_hours(words, start).or_else(|| {
            let (minutes, next) = length(words, start)?;
            (!(led && is_of_an_hour(words, start, next))).then_some((i32::from(minutes), next))
        })?;
        let later = [&["from", "now"][..], &["time"], &["later"], &["hence"], &["away"], &["in", "the", "future"]];
        if let Some(next) = words.phrases(next, &[&["ago"], &["earlier"]]) {
            return Some((Clock::InMinutes(-minutes), next));
        }
        let after = words.phrases(next, &later);
        (led || after.is_some()).then_some((Clock::InMinutes(minutes), after.unwrap_or(next)))
    })
}

/// "a day and five hours".
fn days_and_hours(words: &Words<'_>, at: usize) -> Option<(i32, usize)> {
    let (days, unit) = words.count(at).filter(|(days, _)| *days < 100)?;
    if !words.is_any(unit, &["day", "days"]) {
        return None;
    }
    let (minutes, next) = length(words, words.skip(unit + 1, &["and"]))?;
    Some((i32::try_from(days).ok()? * 1440 + i32::from(minutes), next))
}

/// "To come in | a quarter past three" is a time, and no quarter that passes.
pub(super) fn is_of_an_hour(words: &Words<'_>, at: usize, next: usize) -> bool {
    past_or_to(words, at).is_some_and(|(_, end, _)| end > next)
}

/// "within two hours", "in the next half hour".
fn within(words: &Words<'_>, at: usize) -> Option<(Clock, usize)> {
    const LEADS: &[&[&str]] = &[
        &["within", "the", "next"],
        &["within", "about"],
        &["within", "the"],
        &["within"],
        &["in", "the", "next"],
        &["inside"],
    ];
    let start = words.phrases(at, LEADS)?;
    let (minutes, next) = match words.word(start) {
        "hour" => (60, start + 1),
        _ => match days_and_hours(words, start) {
            Some((minutes, next)) => (u16::try_from(minutes).ok()?, next),
            None => length(words, start)?,
        },
    };
    Some((Clock::WithinMinutes(minutes), words.phrase(next, &["from", "now"]).unwrap_or(next)))
}

/// "the next three hours": whole ones.
fn coming(words: &Words<'_>, at: usize) -> Option<(Clock, usize)> {
    let next = words.skip_all(at, &["for", "over", "during", "the"]);
    if !words.is_any(next, &["next", "coming", "following"]) {
        return None;
    }
    if words.is(next + 1, "hour") {
        return Some((Clock::WithinMinutes(60), next + 2));
    }
    let (count, unit) = words.count(next + 1)?;
    if words.is_any(unit, &["minutes", "minute", "mins"]) {
        return Some((Clock::WithinMinutes(u16::try_from(count).ok().filter(|minutes| *minutes <= 1440)?), unit + 1));
    }
    let hours = u16::try_from(count).ok().filter(|hours| (1..=48).contains(hours))?;
    words.is_any(unit, &["hours", "hour", "hrs"]).then_some((Clock::ComingHours(hours), unit + 1))
}

/// What follows a time: "from nine | for two and a half hours".
pub(super) fn lasting(words: &Words<'_>, from: ClockTime, at: usize) -> Option<(Clock, usize)> {
    let counted = words.phrases(at, &[&["for", "about"], &["for", "around"], &["for"]])?;
    let (minutes, next) = length(words, counted)?;
    Some((Clock::For { from, minutes }, next))
}

/// "two hours", "half an hour", "an hour and a half", "45 minutes", "2.5 hours", "3 hours 30 minutes"; in minutes.
pub(super) fn length(words: &Words<'_>, at: usize) -> Option<(u16, usize)> {
    const FRACTIONS: &[(&[&str], u16)] = &[
        (&["half", "an", "hour"], 30),
        (&["half", "hour"], 30),
        (&["a", "half", "hour"], 30),
        (&["a", "half", "an", "hour"], 30),
        (&["a", "quarter", "of", "an", "hour"], 15),
        (&["quarter", "of", "an", "hour"], 15),
        (&["a", "quarter", "hour"], 15),
        (&["three", "quarters", "of", "an", "hour"], 45),
        (&["three", "quarter", "of", "an", "hour"], 45),
        (&["three", "quarters", "of", "hour"], 45),
    ];
    if let Some((minutes, next)) =
        FRACTIONS.iter().find_map(|(phrase, minutes)| words.phrase(at, phrase).map(|next| (*minutes, next)))
    {
        return Some((minutes, next));
    }
    let (count, next) = words.count(at)?;
    let count = u16::try_from(count).ok().filter(|count| *count <= 1440)?;
    let next = words.skip(next, &["more"]);
    let tenths = tenths(words, next);
    let (is_half, next) = match words.phrases(next, &[&["and", "a", "half"], &["and", "an", "half"]]) {
        Some(next) => (true, next),
        None => (false, next),
    };
    let is_minute = |at: usize| words.is_any(at, &["minute", "minutes", "mins", "min"]);
    if is_minute(next) {
        return Some((count, next + 1));
    }
    if !words.is_any(next, &["hour", "hours", "hrs", "hr"]) || count > 72 {
        return None;
    }
    let whole = count * 60 + if is_half { 30 } else { tenths * 6 };
    let after = words.skip(next + 1, &["and"]);
    if words.phrase(after, &["a", "half"]).is_some() && after > next + 1 {
        return Some((whole + 30, after + 2));
    }
    match words.cardinal(after) {
        Some((minutes, end)) if minutes < 60 && is_minute(end) => {
            Some((whole + u16::try_from(minutes).unwrap_or(0), end + 1))
        }
        _ => Some((whole, next + 1)),
    }
}

/// The tenths of the number that ends here: "2.5", "two point five".
fn tenths(words: &Words<'_>, next: usize) -> u16 {
    let Some(last) = next.checked_sub(1) else { return 0 };
    if !words.is_any(last.wrapping_sub(1), &[".", "point"]) {
        return 0;
    }
    match words.kind(last) {
        Kind::Digits(value, 1) | Kind::Unit(value) => u16::try_from(value).unwrap_or(0).min(9),
        Kind::Digits(value, 2) => u16::try_from(value / 10).unwrap_or(0).min(9),
        _ => 0,
    }
}
