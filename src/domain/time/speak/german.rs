//! Times in German: the clock of 24 hours, since "halb vier" is heard as half past four by many.

use jiff::{
    Zoned,
    civil::{Date, Time, Weekday},
};

use super::{days_between, is_first_of_two, named, needs_year};

/// "15 Uhr 30", "12 Uhr", "0 Uhr".
pub fn time(time: Time) -> String {
    match time.minute() {
        0 => format!("{} Uhr", time.hour()),
        minute => format!("{} Uhr {minute}", time.hour()),
    }
}

/// "um 15 Uhr 30".
pub fn at(at: Time) -> String {
    format!("um {}", time(at))
}

/// [`at`] of a moment; in the hour that comes twice in autumn with which of the two it is.
pub fn at_of(moment: &Zoned) -> String {
    let which = match is_first_of_two(moment) {
        Some(true) => ", vor der Zeitumstellung",
        Some(false) => ", nach der Zeitumstellung",
        None => "",
    };
    format!("{}{which}", at(moment.time()))
}

/// As it stands after "bis" and "für": "heute", "morgen, Freitag", "Samstag, den 28. November".
pub fn day(date: Date, today: Date) -> String {
    match days_between(today, date) {
        Some(0) => "heute".to_owned(),
        Some(1) => format!("morgen, {}", weekday(date.weekday())),
        _ => full_day(date, today),
    }
}

/// As it stands in a sentence: "heute", "am Samstag, den 28. November".
pub fn on_day(date: Date, today: Date) -> String {
    match days_between(today, date) {
        Some(0 | 1) => day(date, today),
        _ => format!("am {}", full_day(date, today)),
    }
}

/// "morgen, Freitag, um 9 Uhr".
pub fn moment(moment: &Zoned, now: &Zoned) -> String {
    let day = on_day(moment.date(), now.date());
    // What was put between commas is closed with one.
    let comma = if day.contains(',') { "," } else { "" };
    format!("{day}{comma} {}", at_of(moment))
}

/// With the weekday and the date always: "am Dienstag, den 24. November, um 15 Uhr 30".
pub fn in_full(moment: &Zoned, now: &Zoned) -> String {
    let (date, today) = (moment.date(), now.date());
    let near = match days_between(today, date) {
        Some(0) => "heute, ",
        Some(1) => "morgen, ",
        _ => "am ",
    };
    format!("{near}{}, {}", full_day(date, today), at_of(moment))
}

/// "Di 24.11.2026 um 15:30 Uhr".
pub fn written(moment: &Zoned) -> String {
    let weekday = weekday(moment.weekday()).get(..2).unwrap_or_default();
    let (day, month, year) = (moment.day(), moment.month(), moment.year());
    format!("{weekday} {day}.{month}.{year} um {}:{:02} Uhr", moment.hour(), moment.minute())
}

/// A length: "eine halbe Stunde", "45 Minuten", "anderthalb Stunden".
pub fn minutes(minutes: u16) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 1) => "eine Minute".to_owned(),
        (0, 30) => "eine halbe Stunde".to_owned(),
        (0, rest) => format!("{rest} Minuten"),
        (1, 0) => "eine Stunde".to_owned(),
        (1, 30) => "anderthalb Stunden".to_owned(),
        (1, rest) => format!("eine Stunde und {}", self::minutes(rest)),
        (hours, 0) => format!("{hours} Stunden"),
        (hours, 30) => format!("{hours}einhalb Stunden"),
        (hours, rest) => format!("{hours} Stunden und {}", self::minutes(rest)),
    }
}

/// "Dienstag, den 24. November", with the year when it would be taken for another.
fn full_day(date: Date, today: Date) -> String {
    let text = format!("{}, den {}. {}", weekday(date.weekday()), date.day(), month(date.month()));
    if needs_year(date, today) { format!("{text} {}", date.year()) } else { text }
}

/// From Monday, as they stand in a sentence.
pub const WEEKDAYS: [&str; 7] = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];

/// "Montag".
pub fn weekday(weekday: Weekday) -> &'static str {
    named(WEEKDAYS, weekday.to_monday_zero_offset())
}

/// From January, as they stand in a sentence.
pub const MONTHS: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

fn month(month: i8) -> &'static str {
    named(MONTHS, month.saturating_sub(1))
}
