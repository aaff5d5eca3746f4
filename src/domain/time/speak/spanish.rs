//! Times in Spanish: the clock of twelve hours in words, always with its part of the day.

use jiff::{
    Zoned,
    civil::{Date, Time, Weekday},
};

use super::{days_between, is_first_of_two, named, needs_year};

/// "las tres y media de la tarde", "el mediodía". Midnight is "las cero horas", which is the start of its day.
pub fn time(time: Time) -> String {
    let (hour, minute) = (time.hour(), time.minute());
    if (hour, minute) == (12, 0) {
        return "el mediodía".to_owned();
    }
    let part = match hour {
        0 => return if minute == 0 { "las cero horas".to_owned() } else { format!("las cero horas y {minute}") },
        1..=5 => "de la madrugada",
        6..=11 => "de la mañana",
        12..=19 => "de la tarde",
        _ => "de la noche",
    };
    let names = ["doce", "una", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once"];
    let name = named(names, hour % 12);
    let article = if hour % 12 == 1 { "la" } else { "las" };
    match minute {
        0 => format!("{article} {name} {part}"),
        15 => format!("{article} {name} y cuarto {part}"),
        30 => format!("{article} {name} y media {part}"),
        minute => format!("{article} {name} y {} {part}", minutes_in_words(minute)),
    }
}

/// The minutes that appointments begin at in words, and any other in digits.
fn minutes_in_words(minute: i8) -> String {
    match minute {
        5 => "cinco".into(),
        10 => "diez".into(),
        20 => "veinte".into(),
        25 => "veinticinco".into(),
        35 => "treinta y cinco".into(),
        40 => "cuarenta".into(),
        45 => "cuarenta y cinco".into(),
        50 => "cincuenta".into(),
        55 => "cincuenta y cinco".into(),
        other => other.to_string(),
    }
}

/// "a las tres y media de la tarde", "al mediodía".
pub fn at(at: Time) -> String {
    let time = time(at);
    time.strip_prefix("el ").map_or_else(|| format!("a {time}"), |noon| format!("al {noon}"))
}

/// [`at`] of a moment; in the hour that comes twice in autumn with which of the two it is.
pub fn at_of(moment: &Zoned) -> String {
    let which = match is_first_of_two(moment) {
        Some(true) => ", antes de atrasar los relojes",
        Some(false) => ", después de atrasar los relojes",
        None => "",
    };
    format!("{}{which}", at(moment.time()))
}

/// "hoy", "mañana viernes", "el sábado 28 de noviembre".
pub fn day(date: Date, today: Date) -> String {
    match days_between(today, date) {
        Some(0) => "hoy".to_owned(),
        Some(1) => format!("mañana {}", weekday(date.weekday())),
        _ => format!("el {}", full_day(date, today)),
    }
}

/// "mañana viernes a las nueve de la mañana".
pub fn moment(moment: &Zoned, now: &Zoned) -> String {
    format!("{} {}", day(moment.date(), now.date()), at_of(moment))
}

/// With the weekday and the date always: "el martes 24 de noviembre a las tres y media de la tarde".
pub fn in_full(moment: &Zoned, now: &Zoned) -> String {
    let (date, today) = (moment.date(), now.date());
    let day = full_day(date, today);
    match days_between(today, date) {
        Some(0) => format!("hoy, {day}, {}", at_of(moment)),
        Some(1) => format!("mañana, {day}, {}", at_of(moment)),
        _ => format!("el {day} {}", at_of(moment)),
    }
}

/// "mar 24 nov 2026 a las 15:30", in letters of the GSM alphabet.
pub fn written(moment: &Zoned) -> String {
    let weekday = named(["lun", "mar", "mie", "jue", "vie", "sab", "dom"], moment.weekday().to_monday_zero_offset());
    let month = month(moment.month()).get(..3).unwrap_or_default();
    let (day, year) = (moment.day(), moment.year());
    format!("{weekday} {day} {month} {year} a las {}:{:02}", moment.hour(), moment.minute())
}

/// A length: "media hora", "45 minutos", "una hora y media".
pub fn minutes(minutes: u16) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 1) => "un minuto".to_owned(),
        (0, 30) => "media hora".to_owned(),
        (0, rest) => format!("{rest} minutos"),
        (1, 0) => "una hora".to_owned(),
        (1, 30) => "una hora y media".to_owned(),
        (1, rest) => format!("una hora y {}", self::minutes(rest)),
        (hours, 0) => format!("{hours} horas"),
        (hours, 30) => format!("{hours} horas y media"),
        (hours, rest) => format!("{hours} horas y {}", self::minutes(rest)),
    }
}

/// "martes 24 de noviembre", with the year when it would be taken for another.
fn full_day(date: Date, today: Date) -> String {
    let text = format!("{} {} de {}", weekday(date.weekday()), date.day(), month(date.month()));
    if needs_year(date, today) { format!("{text} de {}", date.year()) } else { text }
}

/// From Monday, as they stand in a sentence.
pub const WEEKDAYS: [&str; 7] = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"];

/// "lunes".
pub fn weekday(weekday: Weekday) -> &'static str {
    named(WEEKDAYS, weekday.to_monday_zero_offset())
}

/// From January, as they stand in a sentence.
pub const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

fn month(month: i8) -> &'static str {
    named(MONTHS, month.saturating_sub(1))
}
