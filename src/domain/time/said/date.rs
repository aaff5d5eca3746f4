//! Dates of the calendar: "the 14th", "March 3rd", "fourteenth of March 2027", "3/4", "2027-03-03".

use jiff::civil::Weekday;

use super::{
    clock::part_follows,
    holidays,
    words::{Kind, Words},
};
use crate::domain::time::{Counted, Day, Whole};

/// A date as said, before a calendar has seen it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dated {
    day: i8,
    month: Option<i8>,
    year: Option<i16>,
    /// "of next month".
    months_ahead: Option<i32>,
}

impl Dated {
    pub(super) fn on(self, weekday: Weekday) -> Day {
        self.day(Some(weekday))
    }

    /// "March 3rd | next year".
    fn of_a_year(self, words: &Words<'_>, next: usize) -> Option<(Day, usize)> {
        if self.year.is_some() || self.month.is_none() {
            return None;
        }
        let (year, next) = holidays::said_year(words, next)?;
        let of = Whole::Month { month: self.month, after: 0, year };
        Some((Day::NthOf { nth: self.day, unit: Counted::Day, of }, next))
    }

    fn day(self, weekday: Option<Weekday>) -> Day {
        match self.months_ahead {
            Some(after) => Day::OfMonth { day: self.day, after },
            None => Day::Date { weekday, day: self.day, month: self.month, year: self.year },
        }
    }
}

pub(super) fn date(words: &Words<'_>, at: usize) -> Option<(Day, usize)> {
    let at = words.skip(at, &["on"]);
    numeric(words, at)
        .or_else(|| month_first(words, words.skip_all(at, &["this", "next", "coming", "the"])))
        .or_else(|| day_first(words, at))
        .or_else(|| day_alone(words, at))
        .map(|(dated, next)| dated.of_a_year(words, next).unwrap_or((dated.day(None), next)))
}

/// The date that may stand after a weekday, where "the 14", "14" and "the second" are dates too.
pub(super) fn after_weekday(words: &Words<'_>, at: usize) -> Option<(Dated, usize)> {
    let start = words.skip(at, &["on"]);
    numeric(words, start)
        .or_else(|| month_first(words, words.skip(start, &["the", "in"])))
        .or_else(|| day_first(words, start))
        .or_else(|| {
            let the = words.skip(start, &["the"]);
            let (day, next) = words.ordinal(the).or_else(|| {
                let least = if the > start { 1 } else { 13 };
                words.cardinal(the).filter(|(day, next)| (least..=31).contains(day) && !is_hour(words, *next))
            })?;
            (!words.is(next, ":") && !is_choice(words, next, day)).then_some(of_which_month(words, day, next)).flatten()
        })
}

/// What makes the number before it an hour.
fn is_hour(words: &Words<'_>, at: usize) -> bool {
    words.is_number(at) || words.is_any(at, &[":", ".", "am", "pm", "a", "p", "o'clock", "hundred"])
}

pub(super) fn month_name(word: &str) -> Option<i8> {
    Some(match word.strip_suffix("'s").unwrap_or(word) {
        "january" | "jan" => 1,
        "february" | "feb" | "febuary" => 2,
        "march" | "mar" => 3,
        "april" | "apr" => 4,
        "may" => 5,
        "june" | "jun" => 6,
        "july" | "jul" => 7,
        "august" | "aug" => 8,
        "september" | "sep" | "sept" => 9,
        "october" | "oct" => 10,
        "november" | "nov" => 11,
        "december" | "dec" => 12,
        _ => return None,
    })
}

/// "March 3rd", "March the third", "March 3 2027".
fn month_first(words: &Words<'_>, at: usize) -> Option<(Dated, usize)> {
    let month = month_name(words.word(at))?;
    let the = words.skip_all(at + 1, &["the", "-"]);
    let (day, next) = words.ordinal(the).or_else(|| day_number(words, the))?;
    if words.is(next, ":") {
        return None;
    }
    Some(with_year(words, day, Some(month), next))
}

/// A cardinal that can be a day: not the start of "2027".
fn day_number(words: &Words<'_>, at: usize) -> Option<(u32, usize)> {
    match words.kind(at) {
        Kind::Digits(_, 3..) => None,
        _ => words.cardinal(at).filter(|(day, _)| (1..=39).contains(day)),
    }
}

/// "the third of March", "14 March", "3rd March 2027", "the 14th of next month".
fn day_first(words: &Words<'_>, at: usize) -> Option<(Dated, usize)> {
    let start = words.skip(at, &["the"]);
    let (day, next, sure) = match words.ordinal(start) {
        Some((day, next)) => (day, next, true),
        None => day_number(words, start).map(|(day, next)| (day, next, false))?,
    };
    // "12-Dec" is one word.
    let dash = words.is_any(next, &["-", "/"]) && month_name(words.word(next + 1)).is_some();
    let of = if dash { next + 1 } else { words.skip(words.skip(next, &["day"]), &["of", "in"]) };
    let ends_range = matches!(words.before(at), "to" | "-" | "until" | "till" | "through" | "and");
    if (sure || of > next || ends_range)
        && let Some(found) = of_relative_month(words, day, of)
    {
        return Some(found);
    }
    let month = month_name(words.word(of)).filter(|_| !is_street(words, of + 1))?;
    // "at four may I come": a modal verb, not a month.
    let asks = matches!(words.before(start), "would" | "will" | "is" | "the") && words.is(of + 1, "be");
    let verb = !sure
        && of == next
        && day <= 12
        && !asks
        && words.is(of, "may")
        && words.is_any(of + 1, &["i", "we", "he", "she", "be", "not", "it"]);
    (!verb && (sure || matches!(words.kind(start), Kind::Digits(..)) || of > next || !words.is(of, "may")))
        .then(|| with_year(words, day, Some(month), of + 1))
}

/// "of this month", "of next month".
fn of_relative_month(words: &Words<'_>, day: u32, at: usize) -> Option<(Dated, usize)> {
    let (months, next) = [
        (&["next", "month"][..], 1),
        (&["the", "next", "month"], 1),
        (&["the", "following", "month"], 1),
        (&["the", "coming", "month"], 1),
        (&["following", "month"], 1),
        (&["coming", "month"], 1),
        (&["last", "month"], -1),
        (&["the", "last", "month"], -1),
        (&["previous", "month"], -1),
        (&["the", "previous", "month"], -1),
        (&["current", "month"], 0),
        (&["this", "month"], 0),
        (&["the", "current", "month"], 0),
        (&["the", "month"], 0),
    ]
    .iter()
    .find_map(|(phrase, months)| words.phrase(at, phrase).map(|next| (*months, next)))?;
    let months_ahead = (months != 0).then_some(months);
    Some((Dated { day: i8::try_from(day).ok()?, month: None, year: None, months_ahead }, next))
}

fn of_which_month(words: &Words<'_>, day: u32, next: usize) -> Option<(Dated, usize)> {
    of_relative_month(words, day, words.skip(next, &["of"]))
        .or_else(|| Some((Dated { day: i8::try_from(day).ok()?, month: None, year: None, months_ahead: None }, next)))
}

/// "the 14th", "on the second". "The second" by itself may be the second of the times on offer.
fn day_alone(words: &Words<'_>, at: usize) -> Option<(Dated, usize)> {
    let led =
        matches!(words.before(at), "on" | "for" | "from" | "until" | "till" | "by" | "before" | "after" | "about");
    let the = words.skip(at, &["the"]);
    let (day, next) = match words.ordinal(the) {
        Some(found) => found,
        None if the > at && at == 0 && words.len() == 2 => match words.kind(the) {
            Kind::Digits(day @ 1..=31, 1..=2) => (day, the + 1),
            _ => return None,
        },
        // "The 25": digits that no clock shows.
        None if the > at && is_day_in_digits(words, the) => words.cardinal(the)?,
        None if words.before(at) == "on" && !words.is_any(the + 1, &["/", "-", "."]) => match words.kind(the) {
            Kind::Digits(day @ 1..=31, 1..=2) if the > at => (day, the + 1),
            Kind::Digits(day @ 13..=31, 2) if !words.is_number(the + 1) || is_whole_clock(words, the + 1) => {
                (day, the + 1)
            }
            // "On the seventeen"; "on the one hand" is none.
            Kind::Unit(_) | Kind::Teen(_) | Kind::Tens(_) if the > at => {
                let (day, next) = words.cardinal(the)?;
                if !(2..=31).contains(&day) || is_hour(words, next) {
                    return None;
                }
                (day, next)
            }
            _ => return None,
        },
        None => return None,
    };
    let written = matches!(words.word(the).as_bytes().first(), Some(b'0'..=b'9'));
    let low = day < 4 && !written;
    let alone = words.len() == next && at <= 1;
    let enough =
        if low { the > at && (led || words.asked || alone || or_day(words, next)) } else { the > at || written || led };
    if !enough || is_choice(words, next, day) || words.is(next, ":") || is_street(words, next) {
        return None;
    }
    of_which_month(words, day, next)
}

/// "the 25 | this month", "to the 25": what stands after it counts nothing.
fn is_day_in_digits(words: &Words<'_>, at: usize) -> bool {
    const GOES_ON: &str = "this at in please if would is be and or to for from till until - morning afternoon evening night         next that works of with through around";
    matches!(words.kind(at), Kind::Digits(13..=31, 2))
        && (at + 1 == words.len() || words.is_listed(at + 1, GOES_ON))
        && (!words.is(at + 1, "-") || words.is_number(at + 2))
        && (!words.is(at + 1, "of") || words.is_any(at + 2, &["the", "this", "next"]))
}

/// "on 15, | 8 p.m."
fn is_whole_clock(words: &Words<'_>, at: usize) -> bool {
    words.cardinal(at).is_some_and(|(hour, next)| {
        hour < 13 && (words.is_any(next, &["am", "pm", "a", "p", "o'clock"]) || part_follows(words, next))
    })
}

/// "the second | or third of December".
fn or_day(words: &Words<'_>, at: usize) -> bool {
    let ordinal = if words.is(at, "or") { words.ordinal(at + 1) } else { None };
    ordinal.is_some_and(|(_, next)| month_name(words.word(words.skip(next, &["of"]))).is_some())
}

/// "the second one", "the first available", "the third time this week".
fn is_choice(words: &Words<'_>, at: usize, day: u32) -> bool {
    const CHOSEN: &str = "one two option time slot appointment choice offer opening";
    const COUNTED: &str = "thing floor half person visit name letter week birthday grade digit number";
    let first_free = day < 4 && words.is_listed(at, "available free");
    let of_something =
        words.is(at, "of") && words.phrases(at, &[&["of", "the", "month"], &["of", "this", "month"]]).is_none();
    let or_other = day < 4 && words.is(at, "or") && !words.is(at + 1, "the") && !or_day(words, at);
    let listed = words.is_listed(at, CHOSEN) || words.is_listed(at, COUNTED) && !words.is(at + 1, "past");
    listed || first_free || of_something || or_other || super::day::weekday(words.word(at)).is_some()
}

/// "14th Street".
pub(super) fn is_street(words: &Words<'_>, at: usize) -> bool {
    words.is_any(at, &["street", "avenue", "st", "ave", "road", "lane", "boulevard"])
}

fn with_year(words: &Words<'_>, day: u32, month: Option<i8>, next: usize) -> (Dated, usize) {
    let (year, next) = match year(words, next) {
        Some((year, next)) => (Some(year), next),
        None => (None, next),
    };
    // Days are below 40 here.
    (Dated { day: i8::try_from(day).unwrap_or(i8::MAX), month, year, months_ahead: None }, next)
}

/// "2027", "twenty twenty seven", "two thousand and twenty seven". Beyond 2099 four digits are a time: "3 Dec 2125".
pub(super) fn year(words: &Words<'_>, at: usize) -> Option<(i16, usize)> {
    let at = words.skip_all(at, &["in", "of"]);
    match words.kind(at) {
        Kind::Digits(year, 4) if (1900..2100).contains(&year) || year == 0 || year > 2400 => {
            return (!words.is_any(at + 1, &["am", "pm", "a", "p"])).then_some((i16::try_from(year).ok()?, at + 1));
        }
        // 21:07, unless the time of day is still to come.
        Kind::Digits(year @ 2100..=2400, 4) if words.is(at + 1, "at") => {
            return Some((i16::try_from(year).ok()?, at + 1));
        }
        Kind::Digits(year @ 60..=99, 2) if date_ends(words, at) => {
            return Some((i16::try_from(century(year)).ok()?, at + 1));
        }
        Kind::Tens(20) | Kind::Teen(19) => {
            let century = if words.kind(at) == Kind::Tens(20) { 2000 } else { 1900 };
            let (rest, next) = match words.kind(at + 1) {
                Kind::Tens(_) | Kind::Teen(_) => words.cardinal(at + 1)?,
                _ => return None,
            };
            // "Nineteen twenty five" after a date is a time; nobody books in that year.
            if century == 1900 && rest < 60 {
                return None;
            }
            return Some((i16::try_from(century + rest).ok()?, next));
        }
        _ => {}
    }
    let thousand = words.phrase(at, &["two", "thousand"])?;
    let after = words.skip(thousand, &["and"]);
    match words.cardinal(after) {
        Some((rest, next)) if rest < 100 => Some((i16::try_from(2000 + rest).ok()?, next)),
        _ => Some((2000, thousand)),
    }
}

/// Whether a date ends before a place: "3 Aug | 96".
fn date_ends(words: &Words<'_>, at: usize) -> bool {
    let before = words.before(at);
    month_name(before).is_some()
        || at.checked_sub(2).is_some_and(|name| month_name(words.word(name)).is_some() && words.is_number(name + 1))
}

/// "3/4", "3/4/27", "14.3.2027", "2027-03-03".
fn numeric(words: &Words<'_>, at: usize) -> Option<(Dated, usize)> {
    let number = |at: usize| match words.kind(at) {
        Kind::Digits(value, length) => Some((value, length)),
        _ => None,
    };
    let sign = words.word(at + 1);
    if !matches!(sign, "/" | "-" | ".") || matches!(words.before(at), "/" | ".") {
        return None;
    }
    let ((first, first_digits), (second, second_digits)) = (number(at)?, number(at + 2)?);
    let third = if words.word(at + 3) == sign { number(at + 4) } else { None };
    let longer = |next: usize| matches!(words.word(next), "/" | "-" | ".") && words.is_number(next + 1);
    match (first_digits, second_digits, third) {
        (4, 1..=2, Some((day, 1..=2))) if !longer(at + 5) => {
            dated(day, second, Some(first)).map(|dated| (dated, at + 5))
        }
        // "1.1.30" is a version as well; a date with dots has its digits in full.
        (1..=2, 1..=2, Some((year, digits @ (2 | 4))))
            if !longer(at + 5) && (sign != "." || digits == 4 || first_digits + second_digits == 4) =>
        {
            let (day, month) = in_order(first, second, words.country)?;
            dated(day, month, Some(century(year))).map(|dated| (dated, at + 5))
        }
        (1..=2, 1..=2, None)
            if sign == "/"
                && !longer(at + 3)
                && (first, second) != (24, 7)
                && !words.is_any(at + 3, &["hour", "an", "of"]) =>
        {
            let (day, month) = in_order(first, second, words.country)?;
            dated(day, month, None).map(|dated| (dated, at + 3))
        }
        _ => None,
    }
}

/// Two digits are a year of this century, or of the last one when it lies decades ahead.
fn century(year: u32) -> u32 {
    match year {
        0..60 => 2000 + year,
        60..100 => 1900 + year,
        year => year,
    }
}

/// Day and month of "3/4": the month comes first in the United States and a few others, unless it cannot be one.
fn in_order(first: u32, second: u32, country: &str) -> Option<(u32, u32)> {
    let month_first =
        matches!(country, "US" | "CA" | "PH" | "PR" | "GU" | "VI" | "AS" | "MP" | "FM" | "MH" | "PW" | "BZ");
    let (day, month) = if month_first { (second, first) } else { (first, second) };
    match (day, month) {
        (_, 1..=12) => Some((day, month)),
        (1..=12, _) => Some((month, day)),
        _ => None,
    }
}

fn dated(day: u32, month: u32, year: Option<u32>) -> Option<Dated> {
    let day = i8::try_from(day).ok().filter(|day| (1..=31).contains(day))?;
    let month = i8::try_from(month).ok().filter(|month| (1..=12).contains(month))?;
    let year = year.map(i16::try_from).transpose().ok()?;
    Some(Dated { day, month: Some(month), year, months_ahead: None })
}
