//! Times in Italian: the clock of 24 hours, "le 15 e 30".

use jiff::{
    Zoned,
    civil::{Date, Time, Weekday},
};

use super::{days_between, is_first_of_two, named, needs_year};

/// "le 15 e 30", "l'una", "mezzogiorno"; midnight is "le ore zero", which is the start of its day.
pub fn time(time: Time) -> String {
    match (time.hour(), time.minute()) {
        (0, 0) => "le ore zero".to_owned(),
        (0, minute) => format!("le ore zero e {minute}"),
        (1, 0) => "l'una di notte".to_owned(),
        (1, minute) => format!("l'una e {minute} di notte"),
        (12, 0) => "mezzogiorno".to_owned(),
        (hour, 0) => format!("le {hour}"),
        (hour, minute) => format!("le {hour} e {minute}"),
    }
}

/// "alle 15 e 30", "all'una di notte", "a mezzogiorno".
pub fn at(at: Time) -> String {
    let time = time(at);
    match time.strip_prefix("le ") {
        Some(hour) => format!("alle {hour}"),
        None if time.starts_with("l'") => format!("al{time}"),
        None => format!("a {time}"),
    }
}

/// [`at`] of a moment; in the hour that comes twice in autumn with which of the two it is.
pub fn at_of(moment: &Zoned) -> String {
    let which = match is_first_of_two(moment) {
        Some(true) => ", prima del cambio dell'ora",
        Some(false) => ", dopo il cambio dell'ora",
        None => "",
    };
    format!("{}{which}", at(moment.time()))
}

/// "oggi", "domani venerdì", "sabato 28 novembre".
pub fn day(date: Date, today: Date) -> String {
    match days_between(today, date) {
        Some(0) => "oggi".to_owned(),
        Some(1) => format!("domani {}", weekday(date.weekday())),
        _ => full_day(date, today),
    }
}

/// "domani venerdì alle 9".
pub fn moment(moment: &Zoned, now: &Zoned) -> String {
    format!("{} {}", day(moment.date(), now.date()), at_of(moment))
}

/// With the weekday and the date always: "martedì 24 novembre alle 15 e 30".
pub fn in_full(moment: &Zoned, now: &Zoned) -> String {
    let (date, today) = (moment.date(), now.date());
    let day = full_day(date, today);
    match days_between(today, date) {
        Some(0) => format!("oggi, {day}, {}", at_of(moment)),
        Some(1) => format!("domani, {day}, {}", at_of(moment)),
        _ => format!("{day} {}", at_of(moment)),
    }
}

/// "mar 24/11/2026 alle 15:30".
pub fn written(moment: &Zoned) -> String {
    let weekday = weekday(moment.weekday()).get(..3).unwrap_or_default();
    let (day, month, year) = (moment.day(), moment.month(), moment.year());
    format!("{weekday} {day:02}/{month:02}/{year} alle {}:{:02}", moment.hour(), moment.minute())
}

/// A length: "mezz'ora", "45 minuti", "un'ora e mezza".
pub fn minutes(minutes: u16) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 1) => "un minuto".to_owned(),
        (0, 30) => "mezz'ora".to_owned(),
        (0, rest) => format!("{rest} minuti"),
        (1, 0) => "un'ora".to_owned(),
        (1, 30) => "un'ora e mezza".to_owned(),
        (1, rest) => format!("un'ora e {}", self::minutes(rest)),
        (hours, 0) => format!("{hours} ore"),
        (hours, 30) => format!("{hours} ore e mezza"),
        (hours, rest) => format!("{hours} ore e {}", self::minutes(rest)),
    }
}

/// "martedì 24 novembre", with the year when it would be taken for another.
fn full_day(date: Date, today: Date) -> String {
    let number = if date.day() == 1 { "primo".to_owned() } else { date.day().to_string() };
    let text = format!("{} {number} {}", weekday(date.weekday()), month(date.month()));
    if needs_year(date, today) { format!("{text} {}", date.year()) } else { text }
}

/// From Monday, as they stand in a sentence.
pub const WEEKDAYS: [&str; 7] = ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"];

/// "lunedì".
pub fn weekday(weekday: Weekday) -> &'static str {
    named(WEEKDAYS, weekday.to_monday_zero_offset())
}

/// From January, as they stand in a sentence.
pub const MONTHS: [&str; 12] = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
];

fn month(month: i8) -> &'static str {
    named(MONTHS, month.saturating_sub(1))
}
