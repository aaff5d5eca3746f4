//! What is doubtful in the words of one mention, and what else they may mean.

use super::{
    settle::Mention,
    words::{Kind, Words},
};
use crate::domain::time::{Clock, ClockTime, Day, Doubt, Length, OneDay, Slice, Unit, When};

/// Why a mention may be misunderstood, with its other meaning where there is one.
pub(super) fn doubt(words: &Words<'_>, mention: &Mention) -> Option<(Doubt, Option<When>)> {
    let mut places = mention.from..mention.to;
    if mention.when.day.is_some_and(is_vague) {
        return Some((Doubt::VagueBounds, None));
    }
    if places.clone().any(|at| words.is_misheard(at)) {
        return Some((Doubt::Misheard, None));
    }
    places.find_map(|at| swapped(words, at, mention.when).or_else(|| ten_to(words, at, mention.when)))
}

/// Whether people differ on where it begins: "the end of the month", "the next two weeks", "in the next few days".
fn is_vague(day: Day) -> bool {
    let (today, ahead) = (OneDay::InDays(0), |day| matches!(day, OneDay::InDays(1..) | OneDay::Ahead(_)));
    match day {
        Day::Slice { slice, .. } => slice != Slice::Rest,
        Day::Coming(Length { unit, .. }) => unit != Unit::Day,
        Day::Between { from: Some(from), to: Some(to) } => {
            (from.day == today || from.day == OneDay::InDays(1)) && ahead(to.day)
        }
        _ => false,
    }
}

/// 3/4 is in March or in April.
fn swapped(words: &Words<'_>, at: usize, when: When) -> Option<(Doubt, Option<When>)> {
    let (Kind::Digits(1..=12, 1..=2), Kind::Digits(1..=12, 1..=2)) = (words.kind(at), words.kind(at + 2)) else {
        return None;
    };
    let Some(Day::Date { weekday: None, day, month: Some(month), year }) = when.day else { return None };
    let other = When { day: Some(Day::Date { weekday: None, day: month, month: Some(day), year }), ..when };
    (words.is_any(at + 1, &["/", "-"]) && day != month).then_some((Doubt::DayOrMonthFirst, Some(other)))
}

/// "Five to seven p.m." is one time for some and two hours for others.
fn ten_to(words: &Words<'_>, at: usize, when: When) -> Option<(Doubt, Option<When>)> {
    let Some(Clock::At(time) | Clock::About(time)) = when.clock else { return None };
    let (from, next) = words.cardinal(at)?;
    let (to, _) = words.cardinal(next + 1)?;
    let shown = i8::try_from(from).ok().filter(|from| matches!(from, 5 | 10) && time.minute == 60 - from)?;
    let hour = i8::try_from(to).ok().filter(|to| (1..=12).contains(to))?;
    let end = ClockTime { hour, minute: 0, half: time.half };
    let from = ClockTime { hour: shown, minute: 0, half: None };
    words.is(next, "to").then_some((Doubt::Several, Some(When { clock: Some(Clock::Between(from, end)), ..when })))
}
