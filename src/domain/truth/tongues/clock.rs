//! Days and times of day in a language that has a table: weekdays and months by name, the clock in digits or by the words
//! for the hours.

use jiff::{
    Zoned,
    civil::{Date, Weekday},
};

use super::{
    super::words::{self, Gap, Word},
    Ground, Table, is_edge, listed,
};

/// A day, a time of day, or both.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Time {
    weekday: Option<Weekday>,
    date: Option<Date>,
    /// The day of the month, and the month.
    day: Option<(i8, Option<i8>)>,
    /// Minutes after midnight; two when it may be in the morning or in the afternoon.
    minutes: Vec<i16>,
}

impl Time {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn fits(&self, at: &Zoned) -> bool {
        self.weekday.is_none_or(|weekday| at.weekday() == weekday)
            && self.date.is_none_or(|date| at.date() == date)
            && self.day.is_none_or(|(day, month)| at.day() == day && month.is_none_or(|month| at.month() == month))
            && (self.minutes.is_empty() || self.minutes.contains(&super::super::times::minute(at)))
    }

    pub(super) fn is_offered(&self, ground: &Ground<'_>) -> bool {
        ground.held.iter().chain(&ground.offered).any(|at| self.fits(at))
    }

    /// A moment of the call, or said before.
    pub(super) fn is_known(&self, table: &Table, ground: &Ground<'_>) -> bool {
        let moments = ground.held.iter().chain(&ground.offered).chain(&ground.booked).chain(&ground.own);
        if moments.into_iter().any(|at| self.fits(at)) {
            return true;
        }
        let said: Vec<Time> = ground
            .told
            .iter()
            .chain(&ground.heard)
            .flat_map(|text| {
                let folded = words::fold(text).into_owned();
                times(table, &words::split(&folded), ground)
            })
            .collect();
        let day = said.iter().any(|said| {
            self.weekday.is_none_or(|weekday| {
                said.weekday == Some(weekday) || said.date.is_some_and(|date| date.weekday() == weekday)
            }) && self.date.is_none_or(|date| said.date == Some(date) || said.weekday == Some(date.weekday()))
                && self.day.is_none_or(|day| {
                    said.day.is_some_and(|said| said.0 == day.0 && (said.1 == day.1 || day.1.is_none()))
                })
        });
        let clock = self.minutes.is_empty()
            || said.iter().any(|said| said.minutes.iter().any(|minute| self.minutes.contains(minute)));
        (day || self.weekday.is_none() && self.date.is_none() && self.day.is_none()) && clock
    }

    pub(super) fn is_opening(&self, ground: &Ground<'_>, closed: bool) -> bool {
        is_edge(ground, self.weekday, &self.minutes, closed)
    }

    pub(super) fn is_closed(&self, ground: &Ground<'_>) -> bool {
        self.weekday.is_some() && is_edge(ground, self.weekday, &[], true)
    }
}

/// The days and times of a sentence, each time of day with the day before it.
pub(super) fn times(table: &Table, words: &[Word<'_>], ground: &Ground<'_>) -> Vec<Time> {
    let mut found: Vec<Time> = Vec::new();
    let mut day = Time::default();
    let mut open = false;
    let mut at = 0;
    while at < words.len() {
        let text = &*words[at].text;
        if let Some(weekday) = place(&table.weekdays, text).filter(|_| !is_feira_number(table, words, at)) {
            if open && day.weekday.is_some() {
                found.push(std::mem::take(&mut day));
            }
            day.weekday = weekday_of(weekday);
            open = true;
        } else if let Some(date) = relative(table, words, at, ground) {
            if open && day.date.is_some() {
                found.push(std::mem::take(&mut day));
            }
            day = Time { date: Some(date), ..Time::default() };
            open = true;
        } else if let Some((value, month, next)) = dated(table, words, at) {
            if open && day.day.is_some() {
                found.push(std::mem::take(&mut day));
            }
            day.day = Some((value, month));
            open = true;
            at = next;
            continue;
        } else if let Some((minutes, next)) = clock(table, words, at) {
            found.push(Time { minutes, ..day.clone() });
            open = false;
            at = next;
            continue;
        }
        at += 1;
    }
    if open && !day.is_empty() {
        found.push(day);
    }
    found
}

fn place(names: &[&str], word: &str) -> Option<usize> {
    names.iter().position(|names| listed(names, word))
}

fn weekday_of(nth: usize) -> Option<Weekday> {
    Weekday::from_monday_zero_offset(i8::try_from(nth).ok()?).ok()
}

/// "Quarta" is a Wednesday and the fourth one.
fn is_feira_number(table: &Table, words: &[Word<'_>], at: usize) -> bool {
    table.code == "pt" && at > 0 && words[at - 1].any(&["a_primeira", "vez"])
}

fn relative(table: &Table, words: &[Word<'_>], at: usize, ground: &Ground<'_>) -> Option<Date> {
    let word = &*words[at].text;
    if listed(table.tomorrow, word) {
        let morning = at > 0 && words[at].before == Gap::Space && listed(table.not_tomorrow, &words[at - 1].text);
        return if morning { None } else { ground.now.date().tomorrow().ok() };
    }
    None
}

fn number(word: &Word<'_>) -> Option<i16> {
    let text = word.text.trim_end_matches(['.', 'o', 'e', 'r']);
    text.parse().ok().filter(|value| (0..=99).contains(value) && text.bytes().all(|byte| byte.is_ascii_digit()))
}

/// "24 de noviembre", "24. November", "le 24".
fn dated(table: &Table, words: &[Word<'_>], at: usize) -> Option<(i8, Option<i8>, usize)> {
    let day = i8::try_from(number(&words[at])?).ok().filter(|day| (1..=31).contains(day))?;
    let of = words.get(at + 1).is_some_and(|word| word.any(&["de", "do", "di"]));
    let month_at = at + 1 + usize::from(of);
    let month = words.get(month_at).and_then(|word| place(&table.months, &word.text));
    if let Some(month) = month {
        return Some((day, i8::try_from(month + 1).ok(), month_at + 1));
    }
    let after_weekday = at > 0 && place(&table.weekdays, &words[at - 1].text).is_some()
        || at > 1
            && words[at - 1].any(&["den", "dem", "dia", "el", "de", "le", "il"])
            && place(&table.weekdays, &words[at - 2].text).is_some();
    let alone = at > 0 && words[at - 1].any(&["den", "dia"]);
    let is_clock = words.get(at + 1).is_some_and(|word| listed(table.clock_after, &word.text));
    ((after_weekday || alone) && !is_clock).then_some((day, None, at + 1))
}

/// "15:30", "15 Uhr 30", "a las tres y media", "um halb vier".
fn clock(table: &Table, words: &[Word<'_>], at: usize) -> Option<(Vec<i16>, usize)> {
    let text = &*words[at].text;
    if let Some((hour, minute)) = text.split_once([':', '.', 'h']) {
        let digits = |part: &str| part.parse::<i16>().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()));
        let (hour, minute) = (digits(hour)?, if minute.is_empty() { 0 } else { digits(minute)? });
        let money = words.get(at + 1).is_some_and(|word| word.any(&["euro", "euros", "dollar", "dollars", "dolares"]));
        return ((0..=24).contains(&hour) && (0..60).contains(&minute) && !money).then(|| (both(hour, minute), at + 1));
    }
    let before = at > 0 && listed(table.clock_before, &words[at - 1].text);
    let half_to = listed(table.half_to, text) && !table.half_to.is_empty();
    if half_to {
        let hour = hour_of(table, words.get(at + 1)?)?;
        return Some((both(hour - 1, 30), at + 2));
    }
    if listed(table.quarter, text) && words.get(at + 1).is_some_and(|word| word.any(&["vor", "nach", "voor", "over"])) {
        let hour = hour_of(table, words.get(at + 2)?)?;
        let to = words[at + 1].any(&["vor", "voor"]);
        return Some((if to { both(hour - 1, 45) } else { both(hour, 15) }, at + 3));
    }
    let hour = hour_of(table, &words[at])?;
    let mut next = at + 1;
    let after =
        words.get(next).is_some_and(|word| listed(table.clock_after, &word.text)) && !table.clock_after.is_empty();
    if !before && !after {
        return None;
    }
    next += usize::from(after);
    let joined = words.get(next).is_some_and(|word| word.any(&["y", "et", "e", "und"]));
    let minutes = words.get(next + usize::from(joined));
    let minus =
        words.get(next).is_some_and(|word| listed(table.to_hour, &word.text) && !word.is("voor") && !word.is("vor"));
    let (minute, end) = match minutes {
        Some(word) if listed(table.half_past, &word.text) => (30, next + usize::from(joined) + 1),
        Some(word) if listed(table.quarter, &word.text) && (joined || after) => (15, next + usize::from(joined) + 1),
        Some(word) if (after || joined) && word.before == Gap::Space => {
            match number(word).filter(|value| *value < 60) {
                Some(value) => (value, next + usize::from(joined) + 1),
                None => (0, next),
            }
        }
        _ => (0, next),
    };
    if minus {
        return Some((both(hour - 1, 45), next + 2));
    }
    Some((both(hour, minute), end))
}

fn hour_of(table: &Table, word: &Word<'_>) -> Option<i16> {
    let named =
        || table.numbers.split(' ').position(|name| name == word.text).and_then(|at| i16::try_from(at + 1).ok());
    number(word).or_else(named).filter(|hour| (0..=24).contains(hour))
}

/// Of an hour up to twelve both halves of the day.
fn both(hour: i16, minute: i16) -> Vec<i16> {
    let one = hour.rem_euclid(24) * 60 + minute;
    if (1..=12).contains(&hour) { vec![one % (24 * 60), (one + 12 * 60) % (24 * 60)] } else { vec![one] }
}
