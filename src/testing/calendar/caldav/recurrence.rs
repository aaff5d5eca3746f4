//! Recurrences, by looking at each day. Slow, and understands a few rules that the adapter leaves to servers.

use jiff::{
    SignedDuration, ToSpan as _,
    civil::{Date, DateTime, Weekday},
    tz::TimeZone,
};

use super::ical::{events, first_time, moment, property, time};
use crate::ports::calendar::Interval;

/// Days that are looked at.
const MOST_DAYS: usize = 20_000;

/// An event and when it is, for each time it is in the range.
pub(super) struct Instance {
    pub(super) event: Vec<String>,
    pub(super) when: Interval,
    /// It comes of a rule.
    pub(super) of_a_series: bool,
    /// A date without a time.
    pub(super) whole_day: bool,
}

fn touches(when: Interval, range: Interval) -> bool {
    when.from < range.to && range.from < when.to.max(when.from + SignedDuration::from_secs(1))
}

/// Everything in a resource that touches a range.
pub(super) fn instances(ics: &str, range: Interval) -> Vec<Instance> {
    let all = events(ics);
    let replaced: Vec<_> = all.iter().filter_map(|event| property(event, "RECURRENCE-ID")).collect();
    let replaced: Vec<_> = replaced.into_iter().filter_map(|(params, value)| moment(params, value)).collect();
    let mut found = Vec::new();
    for event in &all {
        let Some(first) = first_time(event) else { continue };
        let whole_day = property(event, "DTSTART").is_some_and(|(_, value)| value.len() == 8);
        let rule = property(event, "RRULE").map(|(_, rule)| rule);
        let mut times = match rule {
            Some(rule) => unfolded(event, rule, first, range),
            None => vec![first],
        };
        let except: Vec<_> = event.iter().filter_map(|line| line.strip_prefix("EXDATE")?.split_once(':')).collect();
        let except =
            except.into_iter().flat_map(|(params, values)| values.split(',').map(move |value| moment(params, value)));
        let except: Vec<_> = except.flatten().collect();
        let own = property(event, "RECURRENCE-ID").is_some();
        times.retain(|when| !except.contains(&when.from) && (own || !replaced.contains(&when.from)));
        let instance = |when| Instance { event: event.clone(), when, of_a_series: rule.is_some(), whole_day };
        found.extend(times.into_iter().filter(|when| touches(*when, range)).map(instance));
    }
    found
}

fn unfolded(event: &[String], rule: &str, first: Interval, range: Interval) -> Vec<Interval> {
    let Some((start, zone)) = property(event, "DTSTART").and_then(|(params, value)| time(params, value)) else {
        return Vec::new();
    };
    let part = |name: &str| rule.split(';').find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    let mut left: usize = part("COUNT").and_then(|count| count.parse().ok()).unwrap_or(usize::MAX);
    let until =
        part("UNTIL").and_then(|until| moment("", if until.len() == 8 { until } else { until.trim_end_matches('Z') }));
    let hours: Vec<i8> = part("BYHOUR").map_or_else(|| vec![start.hour()], numbers);
    let mut found = Vec::new();
    for date in start.date().series(1.day()).take(MOST_DAYS) {
        if !is_day(&part, start, date) {
            continue;
        }
        for hour in &hours {
            let civil = date.to_datetime(start.time()).with().hour(*hour).build().unwrap_or(start);
            let from = from(civil, &zone);
            if civil < start {
                continue;
            }
            if left == 0 || from > range.to || until.is_some_and(|until| from > until) {
                return found;
            }
            left -= 1;
            found.push(Interval { from, to: from + first.to.duration_since(first.from) });
        }
    }
    found
}

fn from(civil: DateTime, zone: &TimeZone) -> jiff::Timestamp {
    zone.to_ambiguous_timestamp(civil).compatible().unwrap_or_default()
}

fn numbers<T: std::str::FromStr>(text: &str) -> Vec<T> {
    text.split(',').filter_map(|number| number.parse().ok()).collect()
}

fn is_day<'r>(part: &impl Fn(&str) -> Option<&'r str>, start: DateTime, date: Date) -> bool {
    let every: i64 = part("INTERVAL").and_then(|every| every.parse().ok()).unwrap_or(1);
    let monday =
        |date: Date| date.checked_sub(i64::from(date.weekday().to_monday_zero_offset()).days()).unwrap_or(date);
    let days = |from: Date, to: Date| to.duration_since(from).as_secs() / 86_400;
    let months = |date: Date| i64::from(date.year()) * 12 + i64::from(date.month());
    let freq = part("FREQ").unwrap_or_default();
    let passed = match freq {
        "DAILY" => days(start.date(), date),
        "WEEKLY" => days(monday(start.date()), monday(date)) / 7,
        "MONTHLY" => months(date) - months(start.date()),
        _ => i64::from(date.year()) - i64::from(start.year()),
    };
    if passed % every != 0 {
        return false;
    }
    let weekdays = part("BYDAY").map(|days| days.split(',').filter_map(weekday).collect::<Vec<_>>());
    let weeks = part("BYWEEKNO").map(numbers::<i8>);
    let in_week = weeks.as_ref().is_none_or(|weeks| weeks.contains(&date.iso_week_date().week()));
    let by_default = match freq {
        "WEEKLY" => date.weekday() == start.weekday(),
        "MONTHLY" => date.day() == start.day(),
        "YEARLY" if weeks.is_some() => date.weekday() == start.weekday(),
        "YEARLY" => (date.month(), date.day()) == (start.month(), start.day()),
        _ => true,
    };
    in_week && weekdays.map_or(by_default, |weekdays| weekdays.contains(&date.weekday()))
}

fn weekday(name: &str) -> Option<Weekday> {
    let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    let at = names.iter().position(|other| *other == name)?;
    Weekday::from_monday_zero_offset(i8::try_from(at).ok()?).ok()
}
