//! A time as a person would say it, in the shortest form that cannot be misunderstood.
//!
//! What [`in_full`] says is understood by [`super::find`] as the same moment: a caller who repeats it is understood.

use jiff::{
    Zoned,
    civil::{Date, Time, Weekday},
    tz::AmbiguousOffset,
};

/// "3:30 p.m.", "4 p.m.", "noon": the time of day, always with its half. Midnight is "12 a.m.", which unlike "midnight"
/// is the start of its day.
pub fn time(time: Time) -> String {
    let half = if time.hour() < 12 { "a.m." } else { "p.m." };
    let hour = match time.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    match (time.hour(), time.minute()) {
        (12, 0) => "noon".to_owned(),
        (_, 0) => format!("{hour} {half}"),
        (_, minute) => format!("{hour}:{minute:02} {half}"),
    }
}

/// "today", "tomorrow, Friday", "Tuesday the 24th", "Tuesday, March 3rd": the day as seen from `today`, always with its
/// weekday unless it is today. Within a week the month is left out; a year is said when the same date comes before it.
pub fn day(date: Date, today: Date) -> String {
    let weekday = weekday(date.weekday());
    match days_between(today, date) {
        Some(0) => "today".to_owned(),
        Some(1) => format!("tomorrow, {weekday}"),
        Some(2..=6) => format!("{weekday} the {}", ordinal(date.day())),
        _ => full_day(date, today),
    }
}

/// The weekday, the date and the time, for reading back before a yes: "Tuesday, November 24th at 3:30 p.m.". In the hour
/// that comes twice in autumn it says which of the two.
pub fn in_full(at: &Zoned, now: &Zoned) -> String {
    let (date, today) = (at.date(), now.date());
    let near = match days_between(today, date) {
        Some(0) => "today, ",
        Some(1) => "tomorrow, ",
        _ => "",
    };
    let which = match which_of_two(at) {
        Some(true) => ", before the clocks go back",
        Some(false) => ", after the clocks have gone back",
        None => "",
    };
    format!("{near}{} at {}{which}", full_day(date, today), time(at.time()))
}

/// As it stands in a text message: "Tue, Nov 24, 2026 at 3:30 PM", with the zone's abbreviation when `with_zone` or when
/// that hour comes twice.
pub fn written(at: &Zoned, with_zone: bool) -> String {
    let half = if at.hour() < 12 { "AM" } else { "PM" };
    let hour = match at.hour() % 12 {
        0 => 12,
        hour => hour,
    };
    let weekday = weekday(at.weekday()).get(..3).unwrap_or_default();
    let month = month(at.month()).get(..3).unwrap_or_default();
    let mut text = format!("{weekday}, {month} {}, {} at {hour}:{:02} {half}", at.day(), at.year(), at.minute());
    if with_zone || which_of_two(at).is_some() {
        text.push_str(&at.strftime(" %Z").to_string());
    }
    text
}

/// A length: "half an hour", "45 minutes", "an hour and a half".
pub fn minutes(minutes: u16) -> String {
    let (hours, rest) = (minutes / 60, minutes % 60);
    match (hours, rest) {
        (0, 1) => "1 minute".to_owned(),
        (0, 30) => "half an hour".to_owned(),
        (0, rest) => format!("{rest} minutes"),
        (1, 0) => "an hour".to_owned(),
        (1, 30) => "an hour and a half".to_owned(),
        (hours, 0) => format!("{hours} hours"),
        (hours, 30) => format!("{hours} and a half hours"),
        (1, rest) => format!("an hour and {}", self::minutes(rest)),
        (hours, rest) => format!("{hours} hours and {}", self::minutes(rest)),
    }
}

/// "Tuesday, March 3rd", with the year when the month and day alone would mean an earlier one.
fn full_day(date: Date, today: Date) -> String {
    let text = format!("{}, {} {}", weekday(date.weekday()), month(date.month()), ordinal(date.day()));
    let this_year = Date::new(today.year(), date.month(), date.day()).ok().filter(|soonest| *soonest >= today);
    let soonest = this_year.or_else(|| Date::new(today.year().saturating_add(1), date.month(), date.day()).ok());
    if soonest == Some(date) { text } else { format!("{text}, {}", date.year()) }
}

/// Whether a wall time that comes twice is the first of the two.
fn which_of_two(at: &Zoned) -> Option<bool> {
    match at.time_zone().to_ambiguous_zoned(at.datetime()).offset() {
        AmbiguousOffset::Fold { before, .. } => Some(at.offset() == before),
        _ => None,
    }
}

fn days_between(from: Date, to: Date) -> Option<i32> {
    from.until(to).ok().map(|span| span.get_days())
}

/// "1st", "22nd", "13th".
pub fn ordinal(day: i8) -> String {
    let suffix = match (day % 10, day / 10) {
        (1, tens) if tens != 1 => "st",
        (2, tens) if tens != 1 => "nd",
        (3, tens) if tens != 1 => "rd",
        _ => "th",
    };
    format!("{day}{suffix}")
}

/// "Monday".
pub fn weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// The name of a month, 1 to 12.
fn month(month: i8) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    usize::try_from(month - 1).ok().and_then(|month| NAMES.get(month)).copied().unwrap_or_default()
}
