//! Times in Dutch: the clock of 24 hours, "15.30 uur", since "half vier" is heard as half past four by many.

use jiff::{
    Zoned,
    civil::{Date, Time, Weekday},
};

use super::{days_between, is_first_of_two, named, needs_year};

/// "15.30 uur", "12 uur", "0 uur".
pub fn time(time: Time) -> String {
    match time.minute() {
        0 => format!("{} uur", time.hour()),
        minute => format!("{}.{minute:02} uur", time.hour()),
    }
}

/// "om 15.30 uur".
pub fn at(at: Time) -> String {
    format!("om {}", time(at))
}

/// [`at`] of a moment; in the hour that comes twice in autumn with which of the two it is.
pub fn at_of(moment: &Zoned) -> String {
    let which = match is_first_of_two(moment) {
        Some(true) => ", voordat de klok wordt verzet",
        Some(false) => ", nadat de klok is verzet",
        None => "",
    };
    format!("{}{which}", at(moment.time()))
}

/// "vandaag", "morgen, vrijdag", "zaterdag 28 november".
pub fn day(date: Date, today: Date) -> String {
    match days_between(today, date) {
        Some(0) => "vandaag".to_owned(),
        Some(1) => format!("morgen, {}", weekday(date.weekday())),
        _ => full_day(date, today),
    }
}

/// As it stands in a sentence: "vandaag", "op zaterdag 28 november".
pub fn on_day(date: Date, today: Date) -> String {
    match days_between(today, date) {
        Some(0 | 1) => day(date, today),
        _ => format!("op {}", full_day(date, today)),
    }
}

/// "morgen, vrijdag, om 9 uur", "zaterdag 28 november om 10.30 uur".
pub fn moment(moment: &Zoned, now: &Zoned) -> String {
    let day = day(moment.date(), now.date());
    // What was put between commas is closed with one.
    let comma = if day.contains(',') { "," } else { "" };
    format!("{day}{comma} {}", at_of(moment))
}

/// With the weekday and the date always: "dinsdag 24 november om 15.30 uur".
pub fn in_full(moment: &Zoned, now: &Zoned) -> String {
    let (date, today) = (moment.date(), now.date());
    let day = full_day(date, today);
    match days_between(today, date) {
        Some(0) => format!("vandaag, {day}, {}", at_of(moment)),
        Some(1) => format!("morgen, {day}, {}", at_of(moment)),
        _ => format!("{day} {}", at_of(moment)),
    }
}

/// "di 24-11-2026 om 15.30 uur".
pub fn written(moment: &Zoned) -> String {
    let weekday = weekday(moment.weekday()).get(..2).unwrap_or_default();
    let (day, month, year) = (moment.day(), moment.month(), moment.year());
    format!("{weekday} {day}-{month}-{year} om {}.{:02} uur", moment.hour(), moment.minute())
}

/// A length: "een half uur", "45 minuten", "anderhalf uur".
pub fn minutes(minutes: u16) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 1) => "een minuut".to_owned(),
        (0, 30) => "een half uur".to_owned(),
        (0, rest) => format!("{rest} minuten"),
        (1, 0) => "een uur".to_owned(),
        (1, 30) => "anderhalf uur".to_owned(),
        (1, rest) => format!("een uur en {}", self::minutes(rest)),
        (hours, 0) => format!("{hours} uur"),
        (hours, 30) => format!("{hours} en een half uur"),
        (hours, rest) => format!("{hours} uur en {}", self::minutes(rest)),
    }
}

/// "dinsdag 24 november", with the year when it would be taken for another.
fn full_day(date: Date, today: Date) -> String {
    let text = format!("{} {} {}", weekday(date.weekday()), date.day(), month(date.month()));
    if needs_year(date, today) { format!("{text} {}", date.year()) } else { text }
}

/// From Monday, as they stand in a sentence.
pub const WEEKDAYS: [&str; 7] = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"];

/// "maandag".
pub fn weekday(weekday: Weekday) -> &'static str {
    named(WEEKDAYS, weekday.to_monday_zero_offset())
}

/// From January, as they stand in a sentence.
pub const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];

fn month(month: i8) -> &'static str {
    named(MONTHS, month.saturating_sub(1))
}
