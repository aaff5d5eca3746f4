//! The hours in which callers are put through, one line for each day: "9:00-12:30, 13:30-18:00".

use jiff::civil::{Time, Weekday};

use crate::{
    domain::business::{Business, Mistake, OpenPeriod, WeeklyHours},
    web::pages::form::{Fields, wrong},
};

/// The fields and what stands before them.
pub(super) const DAYS: [(&str, &str); 7] = [
    ("hours_monday", "Monday"),
    ("hours_tuesday", "Tuesday"),
    ("hours_wednesday", "Wednesday"),
    ("hours_thursday", "Thursday"),
    ("hours_friday", "Friday"),
    ("hours_saturday", "Saturday"),
    ("hours_sunday", "Sunday"),
];

fn days() -> impl Iterator<Item = (&'static str, Weekday)> {
    DAYS.iter().map(|(field, _)| *field).zip(Weekday::Monday.cycle_forward())
}

/// While there are none, the opening hours stand there to begin with.
pub(super) fn add(fields: &mut Fields, business: &Business) {
    fields.add("transfer_when", if business.transfer_hours.is_some() { "hours" } else { "always" });
    let hours = business.transfer_hours.as_ref().unwrap_or(&business.hours);
    for (field, day) in days() {
        fields.add(field, written(hours.on(day)));
    }
}

pub(super) fn apply(typed: &Fields, business: &mut Business, found: &mut Vec<Mistake>) {
    if typed.text("transfer_when") != "hours" {
        business.transfer_hours = None;
        return;
    }
    let mut hours = WeeklyHours::default();
    for (field, day) in days() {
        match read(typed.text(field)) {
            Some(periods) => *hours.on_mut(day) = periods,
            None => found.push(wrong(field, "write it like 9:00-12:30, 13:30-18:00")),
        }
    }
    if !hours.is_open() && found.is_empty() {
        found.push(wrong("transfer_when", "no hours are given: name some, or choose always"));
    }
    business.transfer_hours = Some(hours);
}

/// The form's field that a path into the document came from: "`transfer_hours.monday`[1]".
pub(super) fn field(at: &str) -> Option<String> {
    let day = at.strip_prefix("transfer_hours.")?;
    Some(format!("hours_{}", day.split('[').next().unwrap_or(day)))
}

fn written(periods: &[OpenPeriod]) -> String {
    let time = |time: Time| time.strftime("%-H:%M").to_string();
    periods.iter().map(|period| format!("{}-{}", time(period.from), time(period.to))).collect::<Vec<_>>().join(", ")
}

/// Empty: nobody is there that day.
fn read(text: &str) -> Option<Vec<OpenPeriod>> {
    if matches!(text.to_ascii_lowercase().as_str(), "" | "closed" | "-") {
        return Some(Vec::new());
    }
    text.split([',', ';']).map(period).collect()
}

fn period(text: &str) -> Option<OpenPeriod> {
    let (from, to) = text.split_once(['-', '–', '—']).or_else(|| text.split_once(" to "))?;
    Some(OpenPeriod { from: time(from)?, to: time(to)? })
}

/// "9", "9:30", "9.30", "5 pm"; "24:00" is midnight.
fn time(text: &str) -> Option<Time> {
    let lower = text.trim().to_ascii_lowercase();
    let half = |suffixes: [&str; 2]| suffixes.into_iter().find_map(|suffix| lower.strip_suffix(suffix));
    let (digits, add, twelve) = if let Some(rest) = half(["am", "a.m."]) {
        (rest, 0, true)
    } else if let Some(rest) = half(["pm", "p.m."]) {
        (rest, 12, true)
    } else {
        (lower.as_str(), 0, false)
    };
    let (hour, minute) = digits.trim().split_once([':', '.']).unwrap_or((digits.trim(), "0"));
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match (twelve, hour) {
        (true, 12) => add,
        (true, 1..=11) => hour + add,
        (false, 24) if minute == 0 => 0,
        (false, 0..=23) => hour,
        _ => return None,
    };
    Time::new(hour, minute, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_read_as_people_write_them() {
        let both = "9:00-12:30, 13:30-18:00";
        for text in [both, "9-12.30,13:30 – 18", "9 am - 12:30pm; 1:30 p.m. to 6 pm"] {
            assert_eq!(written(&read(text).unwrap()), both, "{text}");
        }
        assert_eq!(read("").unwrap(), []);
        assert_eq!(written(&read("22-24:00").unwrap()), "22:00-0:00");
        for text in ["late", "9", "9-", "25-26", "13 pm - 2 pm", "9:75-10"] {
            assert!(read(text).is_none(), "{text}");
        }
    }
}
