//! Times, zones and recurrences.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::{ours, rule::Budget, text::*, unfold, zone::Zone, *};
use crate::{
    adapters::calendar::merge::merged,
    domain::ids::BookingId,
    ports::calendar::{Event, EventKey, Interval, Words},
};

fn at(text: &str) -> Timestamp {
    text.replace('Z', ":00Z").parse().unwrap()
}

fn range(from: &str, days: i64) -> Interval {
    Interval { from: at(from), to: at(from) + SignedDuration::from_hours(24 * days) }
}

fn calendar(lines: &str) -> Component {
    Component::read(&format!("BEGIN:VCALENDAR\nVERSION:2.0\n{lines}\nEND:VCALENDAR\n")).unwrap()
}

fn busy_of(lines: &str, home: Option<&str>, range: Interval) -> Result<Vec<String>, Unclear> {
    let home = home.map(|name| Zone::of_name(name).unwrap());
    let owner = ["mailto:ann@example.com".to_owned()];
    let found = unfold::busy(&calendar(lines), home.as_ref(), &owner, range, &mut Budget::new())?;
    Ok(merged(found, range).iter().map(|one| format!("{} {}", one.from, one.to).replace(":00Z", "Z")).collect())
}

/// One event with these lines, busy in December 2026.
fn december(lines: &str) -> Result<Vec<String>, Unclear> {
    busy_of(
        &format!("BEGIN:VEVENT\nUID:a\n{lines}\nEND:VEVENT"),
        Some("America/Vancouver"),
        range("2026-12-01T00:00Z", 31),
    )
}

#[test]
fn recurrences_come_when_somebody_else_says_they_do() {
    let mut count = 0;
    for line in
        include_str!("../../../../../fixtures/calendar/recurrences.txt").lines().filter(|line| !line.starts_with('#'))
    {
        let parts: Vec<&str> = line.split(" | ").collect();
        let [zone, start, rule, when, starts] = parts[..] else { continue };
        let (from, days) = when.split_once(" +").unwrap();
        let range = range(from, days.parse().unwrap());
        let event = calendar(&format!(
            "BEGIN:VEVENT\nUID:a\nDTSTART;TZID={zone}:{start}\nDURATION:PT1H\nRRULE:{rule}\nEND:VEVENT"
        ));
        let mut found = unfold::busy(&event, None, &[], range, &mut Budget::new()).unwrap();
        found.sort_unstable();
        found.retain(|one| one.from >= range.from);
        let found: Vec<_> = found.iter().map(|one| one.from).collect();
        let wanted: Vec<_> = starts.split(' ').map(at).filter(|start| *start >= range.from).collect();
        assert_eq!(found, wanted, "{line}");
        count += 1;
    }
    assert!(count > 50, "{count}");
}

#[test]
fn h11_ten_in_vancouver_is_five_in_the_afternoon_in_utc() {
    let found =
        december("DTSTART;TZID=America/Vancouver:20261203T100000\nDTEND;TZID=America/Vancouver:20261203T110000");
    assert_eq!(found.unwrap(), ["2026-12-03T17:00Z 2026-12-03T18:00Z"]);
}

#[test]
fn what_is_free_cancelled_or_declined_is_free() {
    let when = "DTSTART:20261203T100000Z\nDTEND:20261203T110000Z";
    for free in [
        "TRANSP:TRANSPARENT",
        "STATUS:CANCELLED",
        "ATTENDEE;CN=\"Ann: A; B\";PARTSTAT=DECLINED:mailto:Ann@Example.com",
        "ATTENDEE;PARTSTAT=DECLINED:\n  mailto:ann@example.com",
    ] {
        assert_eq!(december(&format!("{when}\n{free}")).unwrap(), Vec::<String>::new(), "{free}");
    }
    for busy in [
        "TRANSP:OPAQUE",
        "STATUS:TENTATIVE",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:bob@example.com",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.com\nATTENDEE;PARTSTAT=DECLINED:mailto:ann@example.com",
        "SUMMARY:TRANSP:TRANSPARENT",
    ] {
        assert_eq!(december(&format!("{when}\n{busy}")).unwrap().len(), 1, "{busy}");
    }
    // Nobody has to understand what keeps nobody busy.
    assert_eq!(december("DTSTART;TZID=Nowhere:20261203T100000\nTRANSP:TRANSPARENT").unwrap(), Vec::<String>::new());
}

#[test]
fn g12_odd_lengths_are_nothing_or_what_they_can_be() {
    let none = Vec::<String>::new();
    assert_eq!(december("DTSTART:20261203T100000Z").unwrap(), none);
    assert_eq!(december("DTSTART:20261203T100000Z\nDTEND:20261203T100000Z").unwrap(), none);
    assert_eq!(december("DTSTART:20261203T100000Z\nDTEND:20261203T090000Z").unwrap(), none);
    assert_eq!(december("DTSTART:20261203T100000Z\nDURATION:-PT1H").unwrap(), none);
    assert_eq!(december("DTSTART:20261203T100000Z\nDURATION:P1DT1H").unwrap(), ["2026-12-03T10:00Z 2026-12-04T11:00Z"]);
    assert_eq!(december("DTSTART:00010101T000000Z\nDTEND:99991231T235959Z").unwrap().len(), 1);
    assert_eq!(december("DTSTART:99991231T100000Z\nDURATION:PT1H").unwrap(), none);
    assert_eq!(december("DTSTART:20261203T235960Z\nDURATION:PT1M").unwrap().len(), 1);
    for broken in
        ["DTEND:20261203T100000Z", "DTSTART:20261303T100000Z", "DTSTART:soon", "DTSTART:20261203T100000Z\nDURATION:1H"]
    {
        assert!(matches!(december(broken), Err(Unclear::Broken(_))), "{broken}");
    }
}

#[test]
fn a_whole_day_is_one_of_the_calendars_zone() {
    let day = "BEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20261203\nEND:VEVENT";
    let december = range("2026-12-01T00:00Z", 31);
    let in_berlin = busy_of(day, Some("Europe/Berlin"), december).unwrap();
    assert_eq!(in_berlin, ["2026-12-02T23:00Z 2026-12-03T23:00Z"]);
    let by_its_own_word = busy_of(&format!("X-WR-TIMEZONE:Asia/Tokyo\n{day}"), None, december).unwrap();
    assert_eq!(by_its_own_word, ["2026-12-02T15:00Z 2026-12-03T15:00Z"]);
    // Nobody says which zone: it is the 3rd somewhere on earth from here to there.
    assert_eq!(busy_of(day, None, december).unwrap(), ["2026-12-02T10:00Z 2026-12-04T12:00Z"]);
    let floating = "BEGIN:VEVENT\nUID:a\nDTSTART:20261203T100000\nDURATION:PT1H\nEND:VEVENT";
    assert_eq!(busy_of(floating, Some("Europe/Berlin"), december).unwrap(), ["2026-12-03T09:00Z 2026-12-03T10:00Z"]);
    // A day on which the clocks change has 25 hours, and two days end at midnight.
    let long = "BEGIN:VEVENT\nUID:a\nDTSTART;VALUE=DATE:20261024\nDTEND;VALUE=DATE:20261026\nEND:VEVENT";
    let october = range("2026-10-01T00:00Z", 31);
    assert_eq!(busy_of(long, Some("Europe/Berlin"), october).unwrap(), ["2026-10-23T22:00Z 2026-10-25T23:00Z"]);
}

#[test]
fn a_night_when_the_clocks_change_is_busy_by_either_reading() {
    // 22:00 to 06:00 is nine hours in that night; as a recurrence with DTEND, eight hours of a stop-watch by RFC 5545.
    let night = "BEGIN:VEVENT\nUID:a\nDTSTART;TZID=Europe/Berlin:20261023T220000\nDTEND;TZID=Europe/Berlin:20261024T060000\n\
                 RRULE:FREQ=DAILY\nEND:VEVENT";
    let found = busy_of(night, None, Interval { from: at("2026-10-24T12:00Z"), to: at("2026-10-25T12:00Z") });
    assert_eq!(found.unwrap(), ["2026-10-24T20:00Z 2026-10-25T05:00Z"]);
}

#[test]
fn g13_zones_are_known_by_many_names() {
    let event =
        |zone: &str| format!("BEGIN:VEVENT\nUID:a\nDTSTART;TZID={zone}:20261203T100000\nDURATION:PT1H\nEND:VEVENT");
    let december = range("2026-12-01T00:00Z", 31);
    for zone in [
        "Europe/Berlin",
        "europe/berlin",
        "\"W. Europe Standard Time\"",
        "/freeassociation.sourceforge.net/Europe/Berlin",
        "/mozilla.org/20050126_1/Europe/Berlin",
    ] {
        assert_eq!(busy_of(&event(zone), None, december).unwrap(), ["2026-12-03T09:00Z 2026-12-03T10:00Z"], "{zone}");
    }
    let salta = busy_of(&event("/x/America/Argentina/Salta"), None, december).unwrap();
    assert_eq!(salta, ["2026-12-03T13:00Z 2026-12-03T14:00Z"]);
    let defined = |inner: &str| format!("BEGIN:VTIMEZONE\nTZID:Ours\n{inner}\nEND:VTIMEZONE\n{}", event("Ours"));
    let located = busy_of(&defined("X-LIC-LOCATION:Europe/Berlin"), None, december).unwrap();
    assert_eq!(located, ["2026-12-03T09:00Z 2026-12-03T10:00Z"]);
    // Nobody knows the name, but its definition says between which offsets it lies.
    let rough = "BEGIN:STANDARD\nTZOFFSETFROM:-0700\nTZOFFSETTO:-0800\nEND:STANDARD\nBEGIN:DAYLIGHT\nTZOFFSETFROM:-0800\n\
                 TZOFFSETTO:-0700\nEND:DAYLIGHT";
    assert_eq!(busy_of(&defined(rough), None, december).unwrap(), ["2026-12-03T17:00Z 2026-12-03T19:00Z"]);
    let fixed = "BEGIN:STANDARD\nTZOFFSETFROM:+0530\nTZOFFSETTO:+0530\nEND:STANDARD";
    assert_eq!(busy_of(&defined(fixed), None, december).unwrap(), ["2026-12-03T04:30Z 2026-12-03T05:30Z"]);
    assert_eq!(busy_of(&event("Nowhere"), None, december), Err(Unclear::Zone));
    assert_eq!(busy_of(&defined("X-LIC-LOCATION:Etc/Unknown"), None, december), Err(Unclear::Zone));
}

#[test]
fn g14_instances_are_left_out_added_and_moved() {
    let series = "BEGIN:VEVENT\nUID:a\nDTSTART;TZID=Europe/Berlin:20261201T090000\nDTEND;TZID=Europe/Berlin:20261201T100000\n\
                  RRULE:FREQ=DAILY;COUNT=6\nEXDATE:20261202T080000Z\nEXDATE;TZID=Europe/Berlin:20261203T090000\n\
                  RDATE;VALUE=PERIOD:20261220T080000Z/PT2H\nEND:VEVENT\n";
    let days = |lines: &str| {
        let found = busy_of(lines, None, range("2026-12-01T00:00Z", 31)).unwrap();
        found.iter().map(|one| format!("{} {}", &one[8..13], &one[26..31])).collect::<Vec<_>>()
    };
    assert_eq!(days(series), ["01T08 01T09", "04T08 04T09", "05T08 05T09", "06T08 06T09", "20T08 20T10"]);
    let changed = |lines: &str| {
        format!("{series}BEGIN:VEVENT\nUID:a\nRECURRENCE-ID;TZID=Europe/Berlin:20261204T090000\n{lines}\nEND:VEVENT")
    };
    let moved = changed("DTSTART:20261224T080000Z\nDTEND:20261224T090000Z");
    assert_eq!(days(&moved), ["01T08 01T09", "05T08 05T09", "06T08 06T09", "20T08 20T10", "24T08 24T09"]);
    let cancelled = changed("DTSTART:20261204T080000Z\nDTEND:20261204T090000Z\nSTATUS:CANCELLED");
    assert_eq!(days(&cancelled), ["01T08 01T09", "05T08 05T09", "06T08 06T09", "20T08 20T10"]);
    // A date does not name a time: what is doubtful is busy.
    assert_eq!(days(&series.replace("EXDATE:20261202T080000Z", "EXDATE;VALUE=DATE:20261202")).len(), 6);
    // "This and all that follow" is left to the server.
    let onwards = changed("DTSTART:20261204T110000Z\nDTEND:20261204T120000Z")
        .replace("RECURRENCE-ID;", "RECURRENCE-ID;RANGE=THISANDFUTURE;");
    assert_eq!(busy_of(&onwards, None, range("2026-12-01T00:00Z", 31)), Err(Unclear::Rule));
    // An instance alone, of a series that we were not invited to.
    let alone =
        "BEGIN:VEVENT\nUID:b\nRECURRENCE-ID:20261204T090000Z\nDTSTART:20261204T090000Z\nDURATION:PT1H\nEND:VEVENT";
    assert_eq!(days(alone), ["04T09 04T10"]);
}

#[test]
fn rules_that_nobody_here_understands_are_not_free() {
    let start = "DTSTART:20261203T100000Z\nDURATION:PT1H";
    for rule in [
        "FREQ=YEARLY;BYWEEKNO=49",
        "FREQ=YEARLY;BYYEARDAY=337",
        "FREQ=DAILY;BYHOUR=10,12",
        "FREQ=HOURLY",
        "FREQ=SECONDLY",
        "FREQ=DAILY;INTERVAL=0",
        "FREQ=WEEKLY;BYDAY=2MO",
        "FREQ=WEEKLY;BYMONTHDAY=3",
        "FREQ=MONTHLY;BYDAY=XX",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=YEARLY;BYMONTH=-1",
        "FREQ=DAILY;COUNT=2;UNTIL=20261210T000000Z",
        "FREQ=MONTHLY;RSCALE=CHINESE;SKIP=FORWARD",
        "INTERVAL=2",
        "FREQ",
        "",
    ] {
        assert_eq!(december(&format!("{start}\nRRULE:{rule}")), Err(Unclear::Rule), "{rule}");
    }
    assert_eq!(december(&format!("{start}\nRRULE:FREQ=WEEKLY;BYHOUR=10;BYMINUTE=0;BYSECOND=0")).unwrap().len(), 5);
}

#[test]
fn a_calendar_that_is_made_to_cost_costs_little() {
    let costly = "DTSTART:00010101T000000Z\nDURATION:PT1S\nRRULE:FREQ=DAILY;COUNT=99999999\nEND:VEVENT";
    let lines = (0..3_000).map(|number| format!("BEGIN:VEVENT\nUID:{number}\n{costly}\n")).collect::<String>();
    assert_eq!(busy_of(&lines, None, range("2026-12-01T00:00Z", 31)), Err(Unclear::TooMuch));
    // Everything is named and nothing is compared with everything.
    let many = |name: &str| {
        let values = (0..20_000)
            .map(|second| format!("20261203T{:02}{:02}{:02}Z", second / 3_600, second / 60 % 60, second % 60));
        format!("{name}:{}", values.collect::<Vec<_>>().join(","))
    };
    let dates = format!("DTSTART:20261202T100000Z\nDURATION:PT1S\n{}\n{}", many("RDATE"), many("EXDATE"));
    assert_eq!(december(&dates).unwrap().len(), 1);
    // Without a count, it begins where the range does.
    let old = "DTSTART:00010101T000000Z\nDURATION:PT1S\nRRULE:FREQ=DAILY";
    assert_eq!(december(old).unwrap().len(), 31);
    assert_eq!(
        december("DTSTART:20261203T100000Z\nDURATION:PT1H\nRRULE:FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31").unwrap().len(),
        1
    );
}

#[test]
fn what_is_no_calendar_is_refused() {
    for text in [
        "",
        "<!doctype html>",
        "BEGIN:VCARD\nEND:VCARD",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VCALENDAR\nEND:VEVENT",
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\n",
        "BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VCALENDAR\nEND:VCALENDAR",
    ] {
        assert!(Component::read(text).is_err(), "{text}");
    }
    assert_eq!(Component::read(&"BEGIN:VCALENDAR\n".repeat(10_000)), Err(Unclear::TooMuch));
}

fn our_event(title: &str) -> Event {
    Event {
        key: EventKey { booking: BookingId(uuid::Uuid::from_u128(7)), generation: 2 },
        title: title.to_owned(),
        description: "Booked by phone.\nColour, long hair".to_owned(),
        location: Some("12, High Street".to_owned()),
        when: Interval { from: at("2026-12-03T17:00Z"), to: at("2026-12-03T18:00Z") },
        zone: "America/Vancouver".to_owned(),
        meeting: false,
    }
}

#[test]
fn a_callers_name_stays_a_name() {
    let evil = "Jo\r\nATTENDEE:mailto:evil@example.com\rX:1\u{2028}Y:2\u{0}\u{7}; \\, \"x\" 🦀".repeat(6);
    let text = ours::written(&our_event(&evil), at("2026-11-26T10:00Z"));
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\r', '\n', '\u{0}', '\u{7}'])));
    let read = Component::read(&text).unwrap();
    let event = read.parts("VEVENT").next().unwrap();
    assert!(event.line("ATTENDEE").is_none() && event.line("X").is_none() && event.line("Y").is_none());
    assert!(
        unescaped(&event.line("SUMMARY").unwrap().value)
            .contains("Jo\nATTENDEE:mailto:evil@example.com\nX:1\nY:2; \\, \"x\" 🦀")
    );
    assert_eq!(event.line("UID").unwrap().value, "00000000-0000-0000-0000-000000000007.2");
    assert_eq!(ours::key(&read), Some(our_event("").key));
}

#[test]
fn a_revision_keeps_what_the_owner_added() {
    let now = at("2026-11-26T10:00Z");
    let text = ours::written(&our_event("Cut"), now);
    assert_eq!(ours::revised(&text, &our_event("Cut"), Words::ALL, now), Ok(None));
    let alarm =
        "X-COLOUR:red\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nDESCRIPTION:x\r\nEND:VALARM\r\nEND:VEVENT";
    let text = text.replace("END:VEVENT", alarm);
    let mut moved = our_event("Colour");
    moved.when = Interval { from: at("2026-12-04T17:00Z"), to: at("2026-12-04T18:30Z") };
    moved.description = "Booked by phone.".to_owned();
    let revised = ours::revised(&text, &moved, Words::ALL, now).unwrap().unwrap();
    assert!(revised.contains(alarm) && revised.contains("SEQUENCE:1\r\n") && revised.contains("SUMMARY:Colour\r\n"));
    assert!(revised.contains("DTSTART:20261204T170000Z\r\nDTEND:20261204T183000Z\r\n"));
    assert!(revised.contains("DESCRIPTION:Booked by phone.\r\n"));
    assert_eq!(ours::revised(&revised, &moved, Words::ALL, now), Ok(None));
    // The owner wrote something into it; it is theirs now.
    let noted = text.replace("DESCRIPTION:Booked by phone.", "DESCRIPTION:Is always late! Booked by phone.");
    let revised = ours::revised(&noted, &moved, Words::ALL, now).unwrap().unwrap();
    assert!(revised.contains("Is always late!") && revised.contains("SUMMARY:Colour"));
    assert_eq!(ours::revised(&revised, &moved, Words::ALL, now), Ok(None));
    let later = ours::revised(&revised, &our_event("Cut"), Words::ALL, now).unwrap().unwrap();
    assert!(later.contains("Is always late!") && later.contains("SEQUENCE:2"));
    // When only the time changes, every other line stays as it is, whosever it was.
    let theirs = noted
        .replace("SUMMARY:Cut", "SUMMARY:Bring the red")
        .replace("STATUS:CONFIRMED", "STATUS:TENTATIVE\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.com")
        .replace("LOCATION:12\\, High Street", "LOCATION:the back room");
    let later = ours::revised(&theirs, &moved, Words::default(), now).unwrap().unwrap();
    let rest = |text: &str| -> Vec<String> {
        let times = ["DTSTART", "DTEND", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE"];
        let mut lines: Vec<_> =
            text.lines().filter(|line| !times.iter().any(|name| line.starts_with(name))).map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(rest(&later), rest(&theirs));
    assert!(later.contains("DTSTART:20261204T170000Z\r\n") && later.contains("LOCATION:the back room"));
    assert_eq!(ours::revised(&later, &moved, Words::default(), now), Ok(None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever becomes of a calendar on its way, reading it ends, and without a panic.
    #[test]
    fn nothing_makes_it_panic(cuts in proptest::collection::vec((0..2_000usize, any::<u8>()), 1..12), zone in any::<bool>()) {
        let text = include_str!("../../../../../fixtures/calendar/odd.ics");
        let mut bytes = text.as_bytes().to_vec();
        for (at, byte) in cuts {
            let at = at % bytes.len().max(1);
            if bytes.is_empty() {
                break;
            }
            match byte {
                0..60 => { bytes.remove(at); }
                60..90 => bytes.truncate(at.max(1)),
                _ => bytes[at] = byte,
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        if let Ok(calendar) = Component::read(&text) {
            let home = zone.then(Zone::utc);
            let range = range("2026-12-01T00:00Z", 62);
            let _ = unfold::busy(&calendar, home.as_ref(), &[], range, &mut Budget::new());
            let _ = unfold::first(&calendar, home.as_ref());
            prop_assert_eq!(Component::read(&calendar.write()).map(|again| again.write()), Ok(calendar.write()));
        }
        let _ = Zone::of_property(&text);
        let _ = ours::revised(&text, &our_event("Cut"), Words::ALL, at("2026-11-26T10:00Z"));
    }

    #[test]
    fn text_comes_back_as_it_was(text in "\\PC{0,200}") {
        let line = Line::text("SUMMARY", &text);
        prop_assert_eq!(unescaped(&line.value), text.replace(['\u{2028}', '\u{2029}'], "\n"));
    }

    #[test]
    fn merged_times_are_in_order_and_apart(times in proptest::collection::vec((0..1_000i64, -5..50i64), 0..40)) {
        let second = |second| Timestamp::from_second(second).unwrap();
        let busy = times.iter().map(|(from, length)| Interval { from: second(*from), to: second(from + length) }).collect();
        let range = Interval { from: second(100), to: second(900) };
        let merged = merged(busy, range);
        prop_assert!(merged.windows(2).all(|two| two[0].to < two[1].from));
        prop_assert!(merged.iter().all(|one| one.from < one.to && range.from <= one.from && one.to <= range.to));
        for point in 100..900 {
            let taken = times.iter().any(|(from, length)| *from <= point && point < from + length);
            let said = merged.iter().any(|one| one.from <= second(point) && second(point) < one.to);
            prop_assert_eq!(taken, said);
        }
    }
}
