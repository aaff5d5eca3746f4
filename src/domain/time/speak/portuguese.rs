//! Times in Portuguese: the clock of 24 hours, "15 horas e 30".

use jiff::{
    Zoned,
    civil::{Date, Time, Weekday},
};

use super::{days_between, is_first_of_two, named, needs_year};

/// "15 horas e 30", "uma hora da manhã", "meio-dia"; midnight is "zero horas", which is the start of its day.
pub fn time(time: Time) -> String {
    let hours = match time.hour() {
        0 => "zero horas".to_owned(),
        1 => "uma hora".to_owned(),
        12 if time.minute() == 0 => return "meio-dia".to_owned(),
        hour => format!("{hour} horas"),
    };
    match time.minute() {
        0 => hours,
        minute => format!("{hours} e {minute}"),
    }
}

/// "às 15 horas e 30", "à uma hora", "ao meio-dia".
pub fn at(at: Time) -> String {
    let word = match (at.hour(), at.minute()) {
        (12, 0) => "ao",
        (1, _) => "à",
        _ => "às",
    };
    format!("{word} {}", time(at))
}

/// [`at`] of a moment; in the hour that comes twice in autumn with which of the two it is.
pub fn at_of(moment: &Zoned) -> String {
    let which = match is_first_of_two(moment) {
        Some(true) => ", antes da mudança da hora",
        Some(false) => ", depois da mudança da hora",
        None => "",
    };
    format!("{}{which}", at(moment.time()))
}

/// "hoje", "amanhã, sexta-feira", "sábado, 28 de novembro".
pub fn day(date: Date, today: Date) -> String {
    match days_between(today, date) {
        Some(0) => "hoje".to_owned(),
        Some(1) => format!("amanhã, {}", weekday(date.weekday())),
        _ => full_day(date, today),
    }
}

/// As it stands in a sentence: "hoje", "no sábado, 28 de novembro", "na terça-feira, 24 de novembro".
pub fn on_day(date: Date, today: Date) -> String {
    match days_between(today, date) {
        Some(0 | 1) => day(date, today),
        _ => format!("{} {}", on(date.weekday()), full_day(date, today)),
    }
}

fn on(weekday: Weekday) -> &'static str {
    if is_weekend(weekday) { "no" } else { "na" }
}

/// "sábado" and "domingo" are masculine, the others feminine.
pub fn is_weekend(weekday: Weekday) -> bool {
    matches!(weekday, Weekday::Saturday | Weekday::Sunday)
}

/// "amanhã, sexta-feira, às 9 horas".
pub fn moment(moment: &Zoned, now: &Zoned) -> String {
    let day = on_day(moment.date(), now.date());
    // What was put between commas is closed with one.
    let comma = if day.contains(',') { "," } else { "" };
    format!("{day}{comma} {}", at_of(moment))
}

/// With the weekday and the date always: "terça-feira, 24 de novembro, às 15 horas e 30".
pub fn in_full(moment: &Zoned, now: &Zoned) -> String {
    let (date, today) = (moment.date(), now.date());
    let near = match days_between(today, date) {
        Some(0) => "hoje, ",
        Some(1) => "amanhã, ",
        _ => "",
    };
    format!("{near}{}, {}", full_day(date, today), at_of(moment))
}

/// "ter 24/11/2026, 15:30", in letters of the GSM alphabet.
pub fn written(moment: &Zoned) -> String {
    let weekday = named(["seg", "ter", "qua", "qui", "sex", "sab", "dom"], moment.weekday().to_monday_zero_offset());
    let (day, month, year) = (moment.day(), moment.month(), moment.year());
    format!("{weekday} {day:02}/{month:02}/{year}, {}:{:02}", moment.hour(), moment.minute())
}

/// A length: "meia hora", "45 minutos", "uma hora e meia".
pub fn minutes(minutes: u16) -> String {
    match (minutes / 60, minutes % 60) {
        (0, 1) => "um minuto".to_owned(),
        (0, 30) => "meia hora".to_owned(),
        (0, rest) => format!("{rest} minutos"),
        (1, 0) => "uma hora".to_owned(),
        (1, 30) => "uma hora e meia".to_owned(),
        (1, rest) => format!("uma hora e {}", self::minutes(rest)),
        (hours, 0) => format!("{hours} horas"),
        (hours, 30) => format!("{hours} horas e meia"),
        (hours, rest) => format!("{hours} horas e {}", self::minutes(rest)),
    }
}

/// "terça-feira, 24 de novembro", with the year when it would be taken for another.
fn full_day(date: Date, today: Date) -> String {
    let number = if date.day() == 1 { "primeiro".to_owned() } else { date.day().to_string() };
    let text = format!("{}, {number} de {}", weekday(date.weekday()), month(date.month()));
    if needs_year(date, today) { format!("{text} de {}", date.year()) } else { text }
}

/// From Monday, as they stand in a sentence.
pub const WEEKDAYS: [&str; 7] =
    ["segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"];

/// "segunda-feira".
pub fn weekday(weekday: Weekday) -> &'static str {
    named(WEEKDAYS, weekday.to_monday_zero_offset())
}

/// From January, as they stand in a sentence.
pub const MONTHS: [&str; 12] = [
    "janeiro",
    "fevereiro",
    "março",
    "abril",
    "maio",
    "junho",
    "julho",
    "agosto",
    "setembro",
    "outubro",
    "novembro",
    "dezembro",
];

fn month(month: i8) -> &'static str {
    named(MONTHS, month.saturating_sub(1))
}
