//! Which of the times on offer a caller means. A slot shows itself in words, "Tuesday, November 24th at 3:30 p.m.", and they
//! are compared as a person would: by the weekday, the date and the hour in them.

use crate::domain::{
    business::Business,
    dialogue::tool::ShownSlot,
    time::{Clock, ClockTime, Day, Half, Part, When},
    understand::{Answer, Choice, Expecting, Meaning, understand},
};

/// What the caller's words pick.
pub(super) enum Pick {
    One(String),
    /// They like them, and do not say which.
    Unclear,
    None,
}

pub(super) fn pick(slots: &[ShownSlot], meaning: &Meaning, business: &Business) -> Pick {
    let nth = |at: usize| slots.get(at).map_or(Pick::None, |slot| Pick::One(slot.slot.clone()));
    match meaning.choice {
        // One that is alone is the one, wherever it stood before.
        Some(Choice::Nth(at)) => return nth(if slots.len() == 1 { 0 } else { at }),
        Some(Choice::Last) => return nth(slots.len().saturating_sub(1)),
        Some(Choice::Any) => return nth(0),
        Some(Choice::Earlier | Choice::Later | Choice::Neither) => return Pick::None,
        Some(Choice::Described) | None => {}
    }
    if let Some(said) = meaning.when {
        let fitting: Vec<&ShownSlot> = slots.iter().filter(|slot| fits(slot, said, business)).collect();
        return match fitting.as_slice() {
            [only] => Pick::One(only.slot.clone()),
            _ => Pick::None,
        };
    }
    match (meaning.answer, slots) {
        (Some(Answer::Yes), [only]) => Pick::One(only.slot.clone()),
        (Some(Answer::Yes), _) => Pick::Unclear,
        _ => Pick::None,
    }
}

/// Whether what was said of a time can be this one.
pub(super) fn fits(slot: &ShownSlot, said: When, business: &Business) -> bool {
    let shown = understand(&slot.at, business, Expecting::When).when.unwrap_or_default();
    let Some(Clock::At(at) | Clock::Twice(at, _)) = shown.clock else { return false };
    let day = match said.day {
        None => true,
        Some(day) => is_day(&slot.at.to_lowercase(), day),
    };
    day && said.clock.is_none_or(|clock| is_at(at, clock))
}

fn is_day(shown: &str, day: Day) -> bool {
    match day {
        Day::Weekday { weekday, .. } => shown.contains(&format!("{weekday:?}").to_lowercase()),
        Day::Date { day, .. } | Day::OfMonth { day, .. } => shown
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| word.trim_end_matches(char::is_alphabetic) == day.to_string()),
        Day::InDays(0) => shown.contains("today"),
        Day::InDays(1) => shown.contains("tomorrow"),
        Day::Any | Day::Soonest => true,
        _ => false,
    }
}

/// Minutes since midnight.
fn minutes(time: ClockTime) -> i16 {
    let hour = i16::from(time.hour);
    let hour = match time.half {
        Some(Half::Am) => hour % 12,
        Some(Half::Pm) => hour % 12 + 12,
        None => hour,
    };
    hour * 60 + i16::from(time.minute)
}

fn is_at(shown: ClockTime, said: Clock) -> bool {
    let at = minutes(shown);
    match said {
        Clock::At(time) | Clock::About(time) | Clock::Twice(time, _) => {
            at == minutes(time) || time.half.is_none() && at % 720 == minutes(time) % 720
        }
        Clock::Part(Part::Morning) => at < 720,
        Clock::Part(Part::Afternoon) => (720..1080).contains(&at),
        Clock::Part(Part::Evening | Part::Night) => at >= 1020,
        Clock::Any => true,
        _ => false,
    }
}
