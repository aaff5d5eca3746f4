//! Times in French: the clock of 24 hours, "15 h 30".

use jiff::{
    Zoned,
    civil::{Date, Time, Weekday},
};

use super::{days_between, is_first_of_two, named, needs_year};

/// "15 h 30", "midi"; midnight is "0 h", which is the start of its day.
pub fn time(time: Time) -> String {
    match (time.hour(), time.minute()) {
        (12, 0) => "midi".to_owned(),
        (hour, 0) => format!("{hour} h"),
        (hour, minute) => format!("{hour} h {minute:02}"),
    }
}

/// "à 15 h 30".
pub fn at(at: Time) -> String {
    format!("à {}", time(at))
}

/// [`at`] of a moment; in the hour that comes twice in autumn with which of the two it is.
pub fn at_of(moment: &Zoned) -> String {
    let which = match is_first_of_two(moment) {
        Some(true) => ", avant le changement d'heure",
        Some(false) => ", après le changement d'heure",
        None => "",
    };
    format!("{}{which}", at(moment.time()))
}

/// "aujourd'hui", "demain vendredi", "le samedi 28 novembre".
pub fn day(date: Date, today: Date) -> String {
    match days_between(today, date) {
        Some(0) => "aujourd'hui".to_owned(),
        Some(1) => format!("demain {}", weekday(date.weekday())),
        _ => format!("le {}", full_day(date, today)),
    }
}

/// "demain vendredi à 9 h".
pub fn moment(moment: &Zoned, now: &Zoned) -> String {
    format!("{} {}", day(moment.date(), now.date()), at_of(moment))
}

/// With the weekday and the date always: "le mardi 24 novembre à 15 h 30".
pub fn in_full(moment: &Zoned, now: &Zoned) -> String {
    let (date, today) = (moment.date(), now.date());
    let day = full_day(date, today);
    match days_between(today, date) {
        Some(0) => format!("aujourd'hui, {day}, {}", at_of(moment)),
        Some(1) => format!("demain, {day}, {}", at_of(moment)),
        _ => format!("le {day} {}", at_of(moment)),
    }
}

/// "mar 24/11/2026 à 15 h 30".
pub fn written(moment: &Zoned) -> String {
    let weekday = weekday(moment.weekday()).get(..3).unwrap_or_default();
    let (day, month, year) = (moment.day(), moment.month(), moment.year());
    format!("{weekday} {day:02}/{month:02}/{year} à {} h {:02}", moment.hour(), moment.minute())
}

/// A length: "une demi-heure", "45 minutes", "une heure et demie".
pub fn minutes(minutes: u16) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 1) => "une minute".to_owned(),
        (0, 30) => "une demi-heure".to_owned(),
        (0, rest) => format!("{rest} minutes"),
        (1, 0) => "une heure".to_owned(),
        (1, 30) => "une heure et demie".to_owned(),
        (1, rest) => format!("une heure et {}", self::minutes(rest)),
        (hours, 0) => format!("{hours} heures"),
        (hours, 30) => format!("{hours} heures et demie"),
        (hours, rest) => format!("{hours} heures et {}", self::minutes(rest)),
    }
}

/// "mardi 24 novembre", with the year when it would be taken for another.
fn full_day(date: Date, today: Date) -> String {
    let number = if date.day() == 1 { "1er".to_owned() } else { date.day().to_string() };
    let text = format!("{} {number} {}", weekday(date.weekday()), month(date.month()));
    if needs_year(date, today) { format!("{text} {}", date.year()) } else { text }
}

/// From Monday, as they stand in a sentence.
pub const WEEKDAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];

/// "lundi".
pub fn weekday(weekday: Weekday) -> &'static str {
    named(WEEKDAYS, weekday.to_monday_zero_offset())
}

/// From January, as they stand in a sentence.
pub const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

fn month(month: i8) -> &'static str {
    named(MONTHS, month.saturating_sub(1))
}
