//! Graph's times, and what they mean: wall clocks without an offset, and days without a zone.

use jiff::{
    SignedDuration, Timestamp, ToSpan as _,
    civil::{Date, DateTime},
    tz::TimeZone,
};

use super::{graph::odd, wire};
use crate::{
    adapters::calendar::windows,
    ports::calendar::{Interval, Trouble},
};

/// Between the first and the last place on Earth where a day begins: UTC+14 and UTC-12.
const EARLIEST: SignedDuration = SignedDuration::from_hours(14);
const LATEST: SignedDuration = SignedDuration::from_hours(12);

/// UTC, by the names that Graph has for it.
fn is_utc(zone: &str) -> bool {
    zone.eq_ignore_ascii_case("UTC") || zone == "tzone://Microsoft/Utc"
}

fn civil(time: &wire::Time) -> Result<DateTime, Trouble> {
    time.date_time.parse().map_err(|_| odd("a time that is none"))
}

/// A moment, in UTC as it was asked for. Another zone is not guessed at.
fn moment(time: &wire::Time) -> Result<Timestamp, Trouble> {
    if !is_utc(&time.time_zone) {
        return Err(odd("a time in a zone that was not asked for"));
    }
    Ok(in_zone(civil(time)?, &TimeZone::UTC))
}

/// The end of the calendar at one end or the other when it is beyond what a clock can show.
fn in_zone(at: DateTime, zone: &TimeZone) -> Timestamp {
    let edge = if at.year() > 0 { Timestamp::MAX } else { Timestamp::MIN };
    zone.to_timestamp(at).unwrap_or(edge)
}

/// An event's time, outwards to whole seconds. Nothing when it has none: its end is not after its start.
///
/// The times of an all-day event are midnights whatever zone is asked for (microsoftgraph/microsoft-graph-docs #1802), so
/// only its days are read. The zone is the one that it was made in: the mailbox's own could be read only with one more
/// permission. "UTC" there says nothing: programs write it, and recurrences have it (#2804). A day of no known zone is taken
/// as long as it lasts anywhere on Earth, since a time is not called free by a guess.
pub(super) fn interval(
    start: &wire::Time,
    end: &wire::Time,
    all_day: bool,
    made_in: Option<&str>,
) -> Result<Option<Interval>, Trouble> {
    let (from, to) = if all_day {
        let (first, end) = (civil(start)?, civil(end)?);
        days(first.date(), end, made_in)
    } else {
        (moment(start)?, moment(end)?)
    };
    let (from, to) = (floor(from), ceiling(to));
    Ok((from < to).then_some(Interval { from, to }))
}

fn days(first: Date, end: DateTime, made_in: Option<&str>) -> (Timestamp, Timestamp) {
    let last =
        if end.time() == jiff::civil::Time::midnight() { end.date() } else { end.date().saturating_add(1.day()) };
    let midnight = |date: Date, zone: &TimeZone| in_zone(date.at(0, 0, 0, 0), zone);
    match made_in.filter(|name| !is_utc(name)).and_then(named) {
        Some(zone) => (midnight(first, &zone), midnight(last, &zone)),
        None => {
            let (first, last) = (midnight(first, &TimeZone::UTC), midnight(last, &TimeZone::UTC));
            (
                first.checked_sub(EARLIEST).unwrap_or(Timestamp::MIN),
                // A day that is none has no length anywhere.
                if first < last { last.checked_add(LATEST).unwrap_or(Timestamp::MAX) } else { Timestamp::MIN },
            )
        }
    }
}

/// A zone by its Windows name, or by its IANA name, which programs write.
fn named(name: &str) -> Option<TimeZone> {
    TimeZone::get(windows::iana(name).unwrap_or(name)).ok()
}

fn floor(at: Timestamp) -> Timestamp {
    let second = at.as_second() - i64::from(at.subsec_nanosecond() < 0);
    Timestamp::from_second(second).unwrap_or(Timestamp::MIN)
}

fn ceiling(at: Timestamp) -> Timestamp {
    let second = at.as_second() + i64::from(at.subsec_nanosecond() > 0);
    Timestamp::from_second(second).unwrap_or_else(|_| floor(at))
}

/// A moment in a query: "2026-12-03T17:00:00Z".
pub(super) fn query(at: Timestamp) -> String {
    floor(at).to_string()
}

/// A moment as an event is written with it. In UTC, and not in the business's zone: Microsoft's rules of a zone need not be
/// of this year, and the moment is what was promised. Outlook shows it in the zone of whoever looks.
pub(super) fn written(at: Timestamp) -> wire::WrittenTime {
    wire::WrittenTime {
        kind: "#microsoft.graph.dateTimeTimeZone",
        date_time: TimeZone::UTC.to_datetime(floor(at)).to_string(),
        time_zone: "UTC",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::calendar::merge::merged;

    fn time(date_time: &str, time_zone: &str) -> wire::Time {
        wire::Time { date_time: date_time.into(), time_zone: time_zone.into() }
    }

    fn read(start: &str, end: &str, all_day: bool, made_in: Option<&str>) -> Option<String> {
        let utc = |text| time(text, "UTC");
        let found = interval(&utc(start), &utc(end), all_day, made_in).unwrap()?;
        Some(format!("{} {}", found.from, found.to))
    }

    #[test]
    fn times_are_read_outwards_to_whole_seconds() {
        assert_eq!(
            read("2026-12-03T17:00:00.5000000", "2026-12-03T18:00:00.0000001", false, None).unwrap(),
            "2026-12-03T17:00:00Z 2026-12-03T18:00:01Z"
        );
    }

    #[test]
    fn g12_events_without_a_length_or_at_the_end_of_the_calendar_are_no_trouble() {
        assert_eq!(read("2026-12-03T17:00:00", "2026-12-03T17:00:00", false, None), None);
        assert_eq!(read("2026-12-03T17:00:00", "2026-12-03T16:00:00", false, None), None);
        assert_eq!(read("2026-12-03T00:00:00", "2026-12-03T00:00:00", true, None), None);
        let long = read("0001-01-01T00:00:00.0000000", "9999-12-31T23:59:59.9999999", false, None).unwrap();
        assert_eq!(long, "0001-01-01T00:00:00Z 9999-12-30T22:00:00Z");
        assert!(read("0001-01-01T00:00:00", "9999-12-31T00:00:00", true, None).is_some());
    }

    #[test]
    fn g13_a_zone_that_was_not_asked_for_is_not_guessed_at() {
        for zone in ["Pacific Standard Time", "Europe/Berlin", "", "Custom Zone"] {
            let (start, end) = (time("2026-12-03T17:00:00", zone), time("2026-12-03T18:00:00", zone));
            assert!(matches!(interval(&start, &end, false, None), Err(Trouble::Unavailable(_))), "{zone}");
        }
        let none = time("next Tuesday", "UTC");
        assert!(interval(&none, &none, false, None).is_err());
    }

    #[test]
    fn a_whole_day_is_one_of_the_zone_it_was_made_in_or_of_the_whole_earth() {
        let day = |made_in| read("2026-12-03T00:00:00.0000000", "2026-12-04T00:00:00.0000000", true, made_in).unwrap();
        // Vancouver has had summer time all year since 2026: UTC-7.
        assert_eq!(day(Some("America/Vancouver")), "2026-12-03T07:00:00Z 2026-12-04T07:00:00Z");
        assert_eq!(day(Some("Europe/Berlin")), "2026-12-02T23:00:00Z 2026-12-03T23:00:00Z");
        assert_eq!(day(Some("W. Europe Standard Time")), "2026-12-02T23:00:00Z 2026-12-03T23:00:00Z");
        for unknown in [None, Some("UTC"), Some("tzone://Microsoft/Utc"), Some("Nowhere Standard Time")] {
            assert_eq!(day(unknown), "2026-12-02T10:00:00Z 2026-12-04T12:00:00Z");
        }
    }

    #[test]
    fn what_overlaps_is_one_and_what_is_outside_is_cut() {
        let at = |from: i64, to: i64| Interval {
            from: Timestamp::from_second(from).unwrap(),
            to: Timestamp::from_second(to).unwrap(),
        };
        let busy = vec![at(50, 60), at(-10, 5), at(20, 30), at(25, 26), at(30, 35), at(95, 200), at(300, 400)];
        assert_eq!(merged(busy, at(0, 100)), [at(0, 5), at(20, 35), at(50, 60), at(95, 100)]);
    }
}
