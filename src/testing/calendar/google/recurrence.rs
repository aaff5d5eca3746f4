//! Events that come again, unfolded: by their own zone's wall clock, without what was taken out, and with what was moved.

use jiff::{Timestamp, ToSpan as _, civil, tz::TimeZone};
use serde_json::{Map, Value, json};

use super::{
    document::{is_all_day, moment, recurrence},
    state::{Calendar, Stored},
};

/// Nobody looks further ahead than this.
const YEARS: i64 = 2;
const MOST: usize = 2_000;

/// One time that an event takes place.
pub(super) struct Occurrence {
    pub(super) id: String,
    pub(super) doc: Map<String, Value>,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
}

struct Rule {
    every: Every,
    interval: i64,
    count: Option<usize>,
    until: Option<Timestamp>,
    days: Vec<civil::Weekday>,
}

#[derive(PartialEq, Eq)]
enum Every {
    Day,
    Week,
}

fn weekday(text: &str) -> Option<civil::Weekday> {
    use civil::Weekday::{Friday, Monday, Saturday, Sunday, Thursday, Tuesday, Wednesday};
    let days = [
        ("MO", Monday),
        ("TU", Tuesday),
        ("WE", Wednesday),
        ("TH", Thursday),
        ("FR", Friday),
        ("SA", Saturday),
        ("SU", Sunday),
    ];
    days.into_iter().find(|(name, _)| *name == text).map(|(_, day)| day)
}

/// "20261203T170000Z", "20261203T090000" in a zone, "20261203".
fn stamp(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Some(utc) = text.strip_suffix('Z') {
        let at = civil::DateTime::strptime("%Y%m%dT%H%M%S", utc).ok()?;
        return at.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp());
    }
    let at = civil::DateTime::strptime("%Y%m%dT%H%M%S", text)
        .or_else(|_| civil::Date::strptime("%Y%m%d", text).map(|date| date.at(0, 0, 0, 0)))
        .ok()?;
    zone.to_ambiguous_timestamp(at).compatible().ok()
}

impl Rule {
    fn read(line: &str, zone: &TimeZone) -> Option<Self> {
        let mut rule = Self { every: Every::Day, interval: 1, count: None, until: None, days: Vec::new() };
        for part in line.strip_prefix("RRULE:")?.split(';') {
            match part.split_once('=')? {
                ("FREQ", "DAILY") => rule.every = Every::Day,
                ("FREQ", "WEEKLY") => rule.every = Every::Week,
                ("INTERVAL", number) => rule.interval = number.parse().ok().filter(|by| *by > 0)?,
                ("COUNT", number) => rule.count = Some(number.parse().ok()?),
                ("UNTIL", text) => rule.until = Some(stamp(text, zone)?),
                ("BYDAY", days) => rule.days = days.split(',').map(weekday).collect::<Option<_>>()?,
                _ => return None,
            }
        }
        Some(rule)
    }

    /// Whether it takes place on a day, which is not before its first.
    fn is_on(&self, day: civil::Date, first: civil::Date) -> bool {
        let days = i64::from((day - first).get_days());
        match self.every {
            Every::Day => days % self.interval == 0,
            Every::Week => {
                let weeks = (days + i64::from(first.weekday().to_monday_zero_offset())).div_euclid(7);
                let named = if self.days.is_empty() {
                    day.weekday() == first.weekday()
                } else {
                    self.days.contains(&day.weekday())
                };
                named && weeks % self.interval == 0
            }
        }
    }
}

/// Whether Google could make sense of its rules; this one knows days and weeks.
pub(super) fn is_understood(doc: &Map<String, Value>, calendar: &Calendar) -> bool {
    recurrence(doc).iter().all(|line| line.starts_with("EXDATE") || Rule::read(line, &calendar.zone).is_some())
}

/// The zone that an event is repeated in.
fn zone(doc: &Map<String, Value>, calendar: &Calendar) -> TimeZone {
    let own = doc.get("start").and_then(|start| start.get("timeZone")).and_then(Value::as_str);
    own.and_then(|name| TimeZone::get(name).ok()).unwrap_or_else(|| calendar.zone.clone())
}

fn taken_out(doc: &Map<String, Value>, zone: &TimeZone) -> Vec<Timestamp> {
    let lines = recurrence(doc).into_iter().filter(|line| line.starts_with("EXDATE"));
    let dates = lines.filter_map(|line| line.split_once(':')).flat_map(|(head, dates)| {
        let named =
            head.split(';').find_map(|part| part.strip_prefix("TZID=")).and_then(|name| TimeZone::get(name).ok());
        let zone = named.unwrap_or_else(|| zone.clone());
        dates.split(',').filter_map(|date| stamp(date, &zone)).collect::<Vec<_>>()
    });
    dates.collect()
}

/// The times of one event up to `to`; just the one when it does not come again. Those that have an event of their own,
/// because they were moved or taken away, are left out.
pub(super) fn unfolded(id: &str, stored: &Stored, calendar: &Calendar, to: Timestamp) -> Vec<Occurrence> {
    let doc = &stored.doc;
    let (Some(start), Some(end)) = (moment(doc, "start", &calendar.zone), moment(doc, "end", &calendar.zone)) else {
        return Vec::new();
    };
    let zone = if is_all_day(doc) { calendar.zone.clone() } else { zone(doc, calendar) };
    let rules: Vec<Rule> = recurrence(doc).iter().filter_map(|line| Rule::read(line, &zone)).collect();
    let Some(rule) = rules.first() else {
        return vec![Occurrence { id: id.to_owned(), doc: doc.clone(), from: start, to: end }];
    };
    let local = start.to_zoned(zone.clone());
    let (first, clock) = (local.date(), local.time());
    let horizon =
        to.min(start.checked_add(jiff::SignedDuration::from_hours(YEARS * 366 * 24)).unwrap_or(Timestamp::MAX));
    let (out, own) = (taken_out(doc, &zone), exceptions(id, calendar));
    let mut found = Vec::new();
    let (mut day, mut count) = (first, 0);
    while count < rule.count.unwrap_or(MOST) {
        let at = zone.to_ambiguous_timestamp(day.to_datetime(clock)).compatible();
        let Ok(at) = at else { break };
        if at >= horizon || rule.until.is_some_and(|until| at > until) {
            break;
        }
        if rule.is_on(day, first) {
            count += 1;
            if !out.contains(&at) && !own.contains(&at) {
                found.push(instance(id, doc, calendar, at, end.duration_since(start)));
            }
        }
        match day.checked_add(1.day()) {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    found
}

fn exceptions(id: &str, calendar: &Calendar) -> Vec<Timestamp> {
    let of_it = |stored: &&Stored| stored.doc.get("recurringEventId").and_then(Value::as_str) == Some(id);
    calendar
        .events
        .values()
        .filter(of_it)
        .filter_map(|own| moment(&own.doc, "originalStartTime", &calendar.zone))
        .collect()
}

fn instance(
    id: &str,
    doc: &Map<String, Value>,
    calendar: &Calendar,
    from: Timestamp,
    long: jiff::SignedDuration,
) -> Occurrence {
    let mut doc = doc.clone();
    let mut to = from + long;
    let id = if is_all_day(&doc) {
        // Days, not hours: one of them may have 23.
        let days = i32::try_from((long.as_hours() + 12) / 24).unwrap_or(1);
        let first = from.to_zoned(calendar.zone.clone()).date();
        let last = first.saturating_add(days.days());
        to = calendar.zone.to_ambiguous_timestamp(last.at(0, 0, 0, 0)).compatible().unwrap_or(to);
        doc.insert("start".to_owned(), json!({"date": first.to_string()}));
        doc.insert("end".to_owned(), json!({"date": last.to_string()}));
        format!("{id}_{}", first.strftime("%Y%m%d"))
    } else {
        for (name, at) in [("start", from), ("end", to)] {
            let zone = doc[name].get("timeZone").cloned().unwrap_or(Value::Null);
            doc.insert(name.to_owned(), json!({"dateTime": at.to_string(), "timeZone": zone}));
        }
        format!("{id}_{}", from.strftime("%Y%m%dT%H%M%SZ"))
    };
    doc.insert("originalStartTime".to_owned(), doc["start"].clone());
    doc.insert("recurringEventId".to_owned(), id.split('_').next().unwrap_or_default().into());
    doc.insert("id".to_owned(), id.clone().into());
    doc.remove("recurrence");
    Occurrence { id, doc, from, to }
}
