//! A time as a person would say it, in the shortest form that cannot be misunderstood.
//!
//! What is said here is understood by [`super::find`] as the same moment or window: a caller who repeats it is understood.

pub mod dutch;
pub mod french;
pub mod german;
pub mod italian;
pub mod portuguese;
pub mod spanish;

#[cfg(test)]
mod foreign_tests;
#[cfg(test)]
mod tests;

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

/// The time of day of a moment; in the hour that comes twice in autumn with which of the two it is.
pub fn time_of(at: &Zoned) -> String {
    let which = match is_first_of_two(at) {
        Some(true) => ", before the clocks go back",
        Some(false) => ", after the clocks have gone back",
        None => "",
    };
    format!("{}{which}", time(at.time()))
}

/// "today", "tomorrow, Friday", "this Saturday the 28th", "Monday the 7th", "Tuesday, March 3rd": the day as seen from
/// `today`, always with its weekday unless it is today, so that a mistake is heard. The month is left out for two weeks;
/// "this" says that it is still in this calendar week; a year is said when the same date comes before it.
pub fn day(date: Date, today: Date) -> String {
    let weekday = weekday(date.weekday());
    match days_between(today, date) {
        Some(0) => "today".to_owned(),
        Some(1) => format!("tomorrow, {weekday}"),
        Some(days @ 2..=13) => {
            let this = if days <= days_left_of_week(today) { "this " } else { "" };
            format!("{this}{weekday} the {}", ordinal(date.day()))
        }
        _ => full_day(date, today),
    }
}

/// [`day`] as it stands in a sentence: "today", "this Saturday the 28th", but "on Monday the 7th".
pub fn on_day(date: Date, today: Date) -> String {
    let day = day(date, today);
    if ["today", "tomorrow", "this "].iter().any(|start| day.starts_with(start)) { day } else { format!("on {day}") }
}

/// A moment in the shortest words that cannot be misunderstood: "today at 4 p.m.", "tomorrow, Friday, at 9 a.m.",
/// "this Saturday the 28th at 10:30 a.m.", "Tuesday, March 3rd, at noon". In the hour that comes twice in autumn it says
/// which of the two.
pub fn moment(at: &Zoned, now: &Zoned) -> String {
    let day = day(at.date(), now.date());
    // What was put between commas is closed with one.
    let comma = if day.contains(',') { "," } else { "" };
    format!("{day}{comma} at {}", time_of(at))
}

/// Any time from ≤ start < to, as [`super::Resolution::Window`] has it: "any time on Friday the 27th", "between 2 and
/// 4 p.m. today", "after 4 p.m. tomorrow, Friday", "from Friday the 27th to Monday the 30th".
pub fn window(from: &Zoned, to: &Zoned, now: &Zoned) -> String {
    let today = now.date();
    let first = from.date();
    let on = on_day(first, today);
    let is_open = from <= now || from.time() == Time::midnight();
    let over_midnight = first.tomorrow().is_ok_and(|next| next == to.date());
    if first == to.date() || over_midnight && Time::midnight() < to.time() && to.time() <= from.time() {
        return if is_open {
            format!("before {} {on}", time(to.time()))
        } else {
            format!("between {} {on}", between(from.time(), to.time()))
        };
    }
    if to.time() != Time::midnight() {
        return format!("from {} to {}", moment(from, now), moment(to, now));
    }
    let last = to.date().yesterday().unwrap_or(Date::MIN);
    match (is_open, first == last) {
        (true, true) => format!("any time {on}"),
        (false, true) => format!("after {} {on}", time(from.time())),
        (true, false) if first == today => format!("any time until {}", end_of_stretch(last, today)),
        (true, false) => format!("from {} to {}", end_of_stretch(first, today), end_of_stretch(last, today)),
        (false, false) => format!("from {} to the end of {}", moment(from, now), day(last, today)),
    }
}

/// A day that a stretch starts or ends with: what follows "tomorrow" would be heard as one more day.
fn end_of_stretch(date: Date, today: Date) -> String {
    if days_between(today, date) == Some(1) { "tomorrow".to_owned() } else { day(date, today) }
}

/// "2 and 4 p.m.", "10 a.m. and 2 p.m.": the half of the day once when both are in it.
fn between(from: Time, to: Time) -> String {
    let (start, end) = (time(from), time(to));
    let halves = [" a.m.", " p.m."];
    let short = halves.into_iter().filter(|half| end.ends_with(half)).find_map(|half| start.strip_suffix(half));
    // Twelve is named with its half, or "12 and 1 p.m." could be any twelve.
    let short = short.filter(|_| from < to && from.hour() % 12 != 0);
    format!("{} and {end}", short.unwrap_or(&start))
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
    format!("{near}{} at {}", full_day(date, today), time_of(at))
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
    if with_zone || is_first_of_two(at).is_some() {
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

/// "Tuesday, March 3rd", with the year when the month and day alone would mean an earlier one, or one that there is not:
/// the 29th of February.
fn full_day(date: Date, today: Date) -> String {
    let text = format!("{}, {} {}", weekday(date.weekday()), month(date.month()), ordinal(date.day()));
    if needs_year(date, today) { format!("{text}, {}", date.year()) } else { text }
}

/// Whether a day and a month alone would mean an earlier date, or one that there is not.
fn needs_year(date: Date, today: Date) -> bool {
    let of_year = |year| Date::new(year, date.month(), date.day());
    let soonest = match of_year(today.year()) {
        Ok(this_year) if this_year < today => of_year(today.year().saturating_add(1)),
        this_year => this_year,
    };
    soonest.ok() != Some(date)
}

/// A name by its place in a list, from 0.
fn named<const N: usize>(names: [&'static str; N], at: i8) -> &'static str {
    usize::try_from(at).ok().and_then(|at| names.get(at)).copied().unwrap_or_default()
}

/// Whether a wall time that comes twice is the first of the two.
fn is_first_of_two(at: &Zoned) -> Option<bool> {
    match at.time_zone().to_ambiguous_zoned(at.datetime()).offset() {
        AmbiguousOffset::Fold { before, .. } => Some(at.offset() == before),
        _ => None,
    }
}

/// How many days of the calendar week, which ends on Sunday, come after `today`.
fn days_left_of_week(today: Date) -> i32 {
    6 - i32::from(today.weekday().to_monday_zero_offset())
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

/// From Monday, as they stand in a sentence.
pub const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// "Monday".
pub fn weekday(weekday: Weekday) -> &'static str {
    named(WEEKDAYS, weekday.to_monday_zero_offset())
}

/// From January, as they stand in a sentence.
pub const MONTHS: [&str; 12] = [
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

/// The name of a month, 1 to 12.
fn month(month: i8) -> &'static str {
    named(MONTHS, month.saturating_sub(1))
}
