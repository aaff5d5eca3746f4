//! A time as a person would say it, in the shortest form that cannot be misunderstood.

use jiff::{Zoned, civil::Date, civil::Time};

/// "half past three", "4 p.m.", "noon": the time of day.
pub fn time(time: Time) -> String {
    time.to_string()
}

/// "today", "tomorrow, Friday", "Tuesday the 24th", "Tuesday, March 3rd": the day as seen from `today`, always with its
/// weekday unless it is today or tomorrow.
pub fn day(date: Date, today: Date) -> String {
    let _ = today;
    date.to_string()
}

/// The weekday, the date and the time, for reading back before a yes: "Tuesday, November 24th at 3:30 p.m.".
pub fn in_full(at: &Zoned, now: &Zoned) -> String {
    let _ = now;
    at.to_string()
}

/// As it stands in a text message: "Tue, Nov 24, 2026 at 3:30 PM", with the zone's abbreviation when `with_zone`.
pub fn written(at: &Zoned, with_zone: bool) -> String {
    let _ = with_zone;
    at.to_string()
}

/// A length: "half an hour", "45 minutes", "an hour and a half".
pub fn minutes(minutes: u16) -> String {
    format!("{minutes} minutes")
}
