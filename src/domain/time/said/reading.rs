//! A reading of the clock by itself: "3:30", "half past three", "quarter to four", "noon", "10 p m", "four".

use super::{
    clock::{Context, looks_plural, part_follows},
    date::is_street,
    day::weekday,
    part,
    words::{Kind, Words},
};
use crate::domain::time::{
    ClockTime,
    expr::Half::{self, Am, Pm},
};

pub(super) struct Reading {
    pub(super) time: ClockTime,
    pub(super) next: usize,
    /// Nothing but a time: it has minutes, "o'clock", "p.m." or a name.
    pub(super) clear: bool,
    /// Something is counted by it ("two people", "45 dollars") or it is part of a longer number.
    pub(super) counted: bool,
}

pub(super) fn reading(words: &Words<'_>, at: usize, context: Context) -> Option<Reading> {
    named(words, at)
        .or_else(|| past_or_to(words, at))
        .or_else(|| with_colon(words, at))
        .or_else(|| spoken(words, at))
        .map(|(time, next, clear)| finish(words, at, context, time, next, clear))
        .filter(|read| !(read.counted && read.time.half.is_none()))
}

/// The first time of a range, where "ten to four" has two times in it.
pub(super) fn plain_reading(words: &Words<'_>, at: usize, context: Context) -> Option<Reading> {
    named(words, at)
        .or_else(|| with_colon(words, at))
        .or_else(|| spoken(words, at))
        .map(|(time, next, clear)| finish(words, at, context, time, next, clear))
        .filter(|read| !read.counted)
}

/// Takes in "o'clock" and "p.m.", and looks at what stands beside.
fn finish(words: &Words<'_>, at: usize, context: Context, time: ClockTime, next: usize, clear: bool) -> Reading {
    let after_clock = o_clock(words, next);
    let after = after_clock.unwrap_or(next);
    let (half, end) = match meridiem(words, words.skip(after, &["ish"])) {
        (None, _) => (None, after),
        found => found,
    };
    let certain = after_clock.is_some() || half.is_some();
    let time = ClockTime { half: half.or(time.half), ..time };
    let counted = !certain
        && (in_a_longer_number(words, at, context.floor, next)
            || measures(words, end)
            || is_price(words, at)
            || counts_something(words, end) && !(clear && words.before(at) == "at")
            || is_name_of_a_place(words, at)
            || !clear && is_counted_before(words, at) && (words.is(end, "this") || !part_follows(words, end))
            || matches!(words.before(at), "$" | "£" | "€" | "#"));
    Reading { time, next: end, clear: clear || certain, counted }
}

fn o_clock(words: &Words<'_>, at: usize) -> Option<usize> {
    words.phrases(at, &[&["o'clock"], &["oclock"], &["o", "clock"], &["clock"], &["hundred", "hours"]]).or_else(|| {
        // "Eighteen hundred" is what timetables say; "eight hundred" is a sum.
        let hour = at.checked_sub(1).is_some_and(|last| match words.kind(last) {
            Kind::Teen(13..) | Kind::Tens(20) => true,
            Kind::Unit(1..=4) => words.kind(last.wrapping_sub(1)) == Kind::Tens(20),
            _ => false,
        });
        words.phrase(at, &["hundred"]).filter(|next| hour && !words.is(*next, "and") && !words.is_number(*next))
    })
}

/// "am", "a.m.", "a m".
fn meridiem(words: &Words<'_>, at: usize) -> (Option<Half>, usize) {
    match (words.word(at), words.word(at + 1)) {
        ("a" | "am", "m") => (Some(Am), at + 2),
        ("p" | "pm", "m") => (Some(Pm), at + 2),
        ("am", _) => (Some(Am), at + 1),
        ("pm", _) => (Some(Pm), at + 1),
        _ => (None, at),
    }
}

/// "noon", "twelve noon", "midnight". Midnight is the end of the day it is said of.
fn named(words: &Words<'_>, at: usize) -> Option<(ClockTime, usize, bool)> {
    let led = match words.cardinal(at) {
        Some((12, next)) => next,
        _ => at,
    };
    match words.word(led) {
        "noon" | "midday" | "noontime" => Some((ClockTime { hour: 12, minute: 0, half: Some(Pm) }, led + 1, true)),
        "mid" if words.is(led + 1, "day") => Some((ClockTime { hour: 12, minute: 0, half: Some(Pm) }, led + 2, true)),
        "midnight" => Some((ClockTime { hour: 24, minute: 0, half: None }, led + 1, true)),
        _ => None,
    }
}

/// "half past three", "quarter to four", "twenty five past ten", "half three".
pub(super) fn past_or_to(words: &Words<'_>, at: usize) -> Option<(ClockTime, usize, bool)> {
    let start = words.skip(at, &["a"]);
    let (minutes, next, is_half) = match words.word(start) {
        "half" => (30, start + 1, true),
        "quarter" => (15, start + 1, false),
        "three" if words.is_any(start + 1, &["quarters", "quarter"]) => (45, start + 2, false),
        _ => {
            let (minutes, next) = words.cardinal(start)?;
            let counted = words.skip(next, &["minutes", "minute", "mins", "min"]);
            let most = if counted > next { 60 } else { 30 };
            (i8::try_from(minutes).ok().filter(|minutes| (1..most).contains(minutes))?, counted, false)
        }
    };
    let spelled = next > start + 1 || is_half || minutes == 15 || minutes % 5 == 0;
    // "Sixteen past three", "seventeen to four p.m."; "one to three p.m." are two hours.
    let certain = |(hour, end): (ClockTime, usize)| hour.half.is_some() || meridiem(words, end).0.is_some();
    let spelled = spelled || words.is(next, "past") || minutes > 12 && whole_hour(words, next + 1).is_some_and(certain);
    let (before, hour_at) = match words.word(next) {
        "past" | "after" if spelled => (false, next + 1),
        "to" | "till" | "til" if spelled && !is_half => (true, next + 1),
        "until" | "before" if !is_half && (minutes == 15 || words.before(next).starts_with("min")) => (true, next + 1),
        "of" if minutes == 15 && !is_half => (true, next + 1),
        // "At ten of four" is what some say for 3:50.
        "of" if matches!(minutes, 5 | 10 | 20 | 25)
            && matches!(words.before(at), "at" | "around" | "about" | "before" | "after" | "by" | "till" | "until") =>
        {
            (true, next + 1)
        }
        _ if is_half => (false, next),
        _ => return None,
    };
    let (hour, next) = whole_hour(words, hour_at)?;
    // "half an hour" and "half two dozen" aside, "half three" is what the British say for 3:30.
    let time = if before {
        ClockTime { hour: earlier(hour.hour), minute: 60 - minutes, ..hour }
    } else {
        ClockTime { minute: minutes, ..hour }
    };
    Some((time_with_half(time, hour, before), next, true))
}

/// "Quarter to noon" is in the morning.
fn time_with_half(time: ClockTime, hour: ClockTime, before: bool) -> ClockTime {
    match (hour.hour, hour.half) {
        (12, Some(Pm)) if before => ClockTime { half: Some(Am), ..time },
        (24, _) if !before => ClockTime { hour: 0, ..time },
        _ => time,
    }
}

fn earlier(hour: i8) -> i8 {
    match hour {
        1 => 12,
        0 => 23,
        hour => hour - 1,
    }
}

/// "three", "noon", "15": the hour that minutes are counted from.
fn whole_hour(words: &Words<'_>, at: usize) -> Option<(ClockTime, usize)> {
    if let Some((time, next, _)) = named(words, at) {
        return Some((time, next));
    }
    let (hour, next) = words.cardinal(at)?;
    let hour = i8::try_from(hour).ok().filter(|hour| (1..=23).contains(hour))?;
    (!words.is(next, ":")).then_some((ClockTime { hour, minute: 0, half: None }, next))
}

/// "3:30", "15:30:00", "3.30 pm". What no clock shows ("9:75") is kept as said, to be told so.
fn with_colon(words: &Words<'_>, at: usize) -> Option<(ClockTime, usize, bool)> {
    let (Kind::Digits(hour, 1..=2), Kind::Digits(minute, 2)) = (words.kind(at), words.kind(at + 2)) else {
        return None;
    };
    let colon = words.is(at + 1, ":") || words.is(at + 1, "h");
    if !colon && !words.is(at + 1, ".") {
        return None;
    }
    // "09:30" is written by the clock of 24 hours.
    let padded = matches!(words.kind(at), Kind::Digits(1..=9, 2));
    let half = padded.then_some(Am);
    let time = ClockTime { hour: i8::try_from(hour).ok()?, minute: i8::try_from(minute).ok()?, half };
    let next = at + 3;
    let seconds = colon && words.is(next, ":") && matches!(words.kind(next + 1), Kind::Digits(_, 2));
    if !colon && (hour > 23 || minute > 59) {
        return None;
    }
    Some((time, if seconds { next + 2 } else { next }, colon))
}

/// "ten thirty", "three oh five", "3 30", "1030", "four".
fn spoken(words: &Words<'_>, at: usize) -> Option<(ClockTime, usize, bool)> {
    if let Kind::Digits(value, length @ 3..=4) = words.kind(at) {
        let (hour, minute) = (i8::try_from(value / 100).ok()?, i8::try_from(value % 100).ok()?);
        let possible = hour <= 24 && minute < 60 && (hour > 0 || length == 4);
        // "0830" is written by the clock of 24 hours.
        let half = (length == 4 && (1..=9).contains(&hour)).then_some(Am);
        return possible.then_some((ClockTime { hour, minute, half }, at + 1, false));
    }
    if let Some(found) = padded(words, at) {
        return Some(found);
    }
    let (hour, next) = words.cardinal(at)?;
    let hour = i8::try_from(hour).ok()?;
    let odd = hour > 24;
    if odd && o_clock(words, next).is_none() && meridiem(words, next).0.is_none() {
        return None;
    }
    // "Fifteen eight p.m." is a date and a time, or nothing.
    let unlikely = hour > 12 && matches!(words.kind(next), Kind::Unit(_));
    if !odd
        && !unlikely
        && let Some((minute, next)) = spoken_minutes(words, next)
    {
        // "Eighteen thirty" is a time, "18 30" may be anything, and "twenty sixteen" may be a year.
        let spoken = matches!(words.kind(at), Kind::Teen(_) | Kind::Tens(_));
        let clear = (1..=12).contains(&hour) || spoken && !(hour == 20 && (10..40).contains(&minute));
        return Some((ClockTime { hour, minute, half: None }, next, clear));
    }
    Some((ClockTime { hour, minute: 0, half: None }, next, false))
}

/// "zero nine hundred", "at oh eight thirty": by the clock of 24 hours. "Oh, two thirty" is no such.
fn padded(words: &Words<'_>, at: usize) -> Option<(ClockTime, usize, bool)> {
    let led = matches!(words.before(at), "at" | "by" | "around" | "after" | "before" | "until" | "from" | "to");
    let Kind::Unit(hour) = words.kind(at + 1) else { return None };
    if !(words.is(at, "zero") || words.is(at, "oh") && led) {
        return None;
    }
    let (minute, next) = match words.phrase(at + 2, &["hundred"]) {
        Some(next) => (0, words.skip(next, &["hours"])),
        None => spoken_minutes(words, at + 2)?,
    };
    Some((ClockTime { hour: i8::try_from(hour).ok()?, minute, half: Some(Am) }, next, true))
}

/// The minutes after an hour: "thirty", "oh five", "45".
fn spoken_minutes(words: &Words<'_>, at: usize) -> Option<(i8, usize)> {
    let halved = |at: usize| meridiem(words, at).0.is_some() || part_follows(words, at);
    if words.is_any(at, &["oh", "o", "ou", "zero", "0"]) && !words.is(at + 1, "clock") {
        return match words.kind(at + 1) {
            Kind::Unit(minute) | Kind::Digits(minute, 1) => Some((i8::try_from(minute).ok()?, at + 2)),
            // "Two zero in the afternoon": what some make of 2:00.
            _ if words.is(at, "zero") && halved(at + 1) => Some((0, at + 1)),
            _ => None,
        };
    }
    // "Two five p.m.", where nothing else can be meant.
    if let Kind::Unit(minute) = words.kind(at)
        && halved(at + 1)
    {
        return Some((i8::try_from(minute).ok()?, at + 1));
    }
    if !matches!(words.kind(at), Kind::Digits(_, 2) | Kind::Teen(_) | Kind::Tens(_)) {
        return None;
    }
    let (minute, next) = words.cardinal(at)?;
    // "at five ten to be safe" is five ten; "at five, ten to six is too early" is rare enough.
    i8::try_from(minute).ok().filter(|minute| *minute < 60).map(|minute| (minute, next))
}

/// Digits go on before or after: a telephone number, a card, a house.
fn in_a_longer_number(words: &Words<'_>, at: usize, floor: usize, next: usize) -> bool {
    let joins = |place: usize| words.is_any(place, &["-", "(", ")", "+", ".", "/"]);
    let before = at.checked_sub(1).filter(|before| *before >= floor).is_some_and(|before| {
        words.is_number(before)
            || words.is(before, ":")
            || joins(before) && (before == 0 || words.is_number(before - 1) || words.is(before, "+"))
    });
    // "The 2:30 one" ends before its pronoun.
    let pronoun = words.is(next, "one") && !words.is_number(next + 1);
    let after = words.is_number(next) && !pronoun || joins(next) && words.is_number(next + 1) && !words.is(next, "-");
    before || after
}

/// "Three fifty milligrams", "ten ten points", "twelve thirty Elm Street": no time, even after "at".
fn measures(words: &Words<'_>, at: usize) -> bool {
    const MONEY: &str = "% percent dollar dollars buck bucks pound pounds euro euros quid cent cents";
    const MEASURES: &str = "points pts kilograms kilos kg lbs cm mm meters metres feet inch inches mile miles grams milligrams mg \
        ml liters litres degrees ratio odds hundred thousand million";
    words.is_listed(at, MONEY)
        || words.is_listed(at, MEASURES)
        || words.is(at, "point") && words.is_number(at + 1)
        || is_street(words, at + 1) && !words.is(at + 1, "st")
}

/// "It costs | three thirty", "I paid fifteen fifty".
fn is_price(words: &Words<'_>, at: usize) -> bool {
    const PRICED: &str = "cost costs charge charges charged paid pays price priced worth spend spent";
    let near = |back: usize| at.checked_sub(back).is_some_and(|at| words.is_listed(at, PRICED));
    near(1) || near(2) && !matches!(words.before(at), "at" | "around" | "by" | "after" | "before" | "for")
}

/// "people", "dollars", "of us": what stands after a number that counts.
fn counts_something(words: &Words<'_>, at: usize) -> bool {
    const LENGTHS: &str =
        "minute minutes min mins hour hours hr hrs day days week weeks month months year years second seconds";
    const PEOPLE: &str = "people person persons guest guests adult adults kid kids child children friend friends ladies girls \
        boys men women";
    const THINGS: &str = "times table tables haircut haircuts appointments bookings services things question questions options \
        slots different other others more point dozen stars block blocks";
    const PLACES: &str = "street avenue ave road drive lane boulevard";
    let of_several = words.is(at, "of") && words.is_listed(at + 1, "us them you those these my our the");
    let weekdays = words.word(at).ends_with("days") && weekday(words.word(at)).is_some();
    // "Two morning sessions".
    let sessions = (part::name(words.word(at)).is_some() || words.is(at, "night")) && looks_plural(words.word(at + 1));
    of_several || sessions || weekdays || [LENGTHS, PEOPLE, THINGS, PLACES].iter().any(|list| words.is_listed(at, list))
}

/// "a party of six", "a table for four".
fn is_counted_before(words: &Words<'_>, at: usize) -> bool {
    match words.before(at) {
        "of" => true,
        "for" => at > 1 && words.is_listed(at - 2, "table tables party"),
        _ => false,
    }
}

/// "Flat 4".
fn is_name_of_a_place(words: &Words<'_>, at: usize) -> bool {
    at > 0 && words.is_listed(at - 1, "number room suite apartment flat unit extension code zip postcode")
}
