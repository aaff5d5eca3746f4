//! "Add to calendar", read by somebody strict.

use std::{collections::BTreeMap, sync::Arc};

use deskbell::{domain::business::Business, ports::desk::Actor};

use super::{Visitor, anna, book, open_salon, page_of, slot, start, try_book, ts, with_status};
use crate::support::server::TestServer;

/// Reads iCalendar as RFC 5545 has it, and fails where a lenient calendar would look away.
fn read(text: &str) -> BTreeMap<String, String> {
    assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']), "lines end with CRLF");
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
    }
    let unfolded = text.replace("\r\n ", "");
    let mut lines = unfolded.trim_end().split("\r\n");
    assert_eq!(lines.next(), Some("BEGIN:VCALENDAR"));
    let mut open = vec!["VCALENDAR".to_owned()];
    let mut found = BTreeMap::new();
    for line in lines {
        let (head, value) = line.split_once(':').expect("a name and a value");
        let name = head.split(';').next().unwrap();
        assert!(name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-'), "{name}");
        match name {
            "BEGIN" => open.push(value.to_owned()),
            "END" => assert_eq!(open.pop().as_deref(), Some(value)),
            _ => {
                let key = format!("{}.{name}", open.last().unwrap());
                assert!(found.insert(key, unescaped(value)).is_none(), "{name} comes twice");
            }
        }
    }
    assert!(open.is_empty(), "everything that begins ends");
    for needed in
        ["VCALENDAR.VERSION", "VCALENDAR.PRODID", "VEVENT.UID", "VEVENT.DTSTAMP", "VEVENT.DTSTART", "VEVENT.DTEND"]
    {
        assert!(found.contains_key(needed), "{needed} is missing");
    }
    found
}

fn unescaped(value: &str) -> String {
    let mut out = String::new();
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(c @ ('\\' | ';' | ',')) => out.push(c),
                other => panic!("\\{other:?} is no escape"),
            },
            c => out.push(c),
        }
    }
    out
}

#[tokio::test]
async fn an_appointment_goes_into_any_calendar() {
    let server = start().await;
    let booking = book(&server, "2026-11-26T15:30-05").await;
    let (visitor, path) = (Visitor::of(&server), page_of(&server, &booking));
    let file = visitor.get(&format!("{path}/calendar.ics")).await;
    assert_eq!(file.headers["content-type"], "text/calendar; charset=utf-8; method=PUBLISH");
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"appointment-2026-11-26.ics\"");
    let event = read(&file.text);
    for (name, value) in [
        ("VCALENDAR.VERSION", "2.0"),
        ("VCALENDAR.METHOD", "PUBLISH"),
        ("VEVENT.DTSTART", "20261126T203000Z"),
        ("VEVENT.DTEND", "20261126T211500Z"),
        ("VEVENT.DTSTAMP", "20261124T150000Z"),
        ("VEVENT.SEQUENCE", "0"),
        ("VEVENT.STATUS", "CONFIRMED"),
        ("VEVENT.SUMMARY", "Haircut, Willow and Sage Salon"),
        ("VEVENT.LOCATION", "18 Juniper Street, next to the library"),
    ] {
        assert_eq!(event[name], value, "{name}");
    }
    assert_eq!(event["VEVENT.UID"], format!("{}@voice.example.com", booking.id));
    assert_eq!(event["VEVENT.URL"], format!("https://voice.example.com{path}"));
    assert!(event["VEVENT.DESCRIPTION"].contains("Haircut, with Maria\n$45\nCall (212) 555-0142"), "{event:?}");
    assert!(!file.text.contains("ORGANIZER") && !file.text.contains("Anna"));
    server.stop().await;
}

#[tokio::test]
async fn a_moved_appointment_replaces_itself_in_the_calendar() {
    let server = start().await;
    let booking = book(&server, "2026-11-26T15:30-05").await;
    let (visitor, path) = (Visitor::of(&server), page_of(&server, &booking));
    let file = format!("{path}/calendar.ics");
    let first = read(&visitor.get(&file).await.text);
    let maria = booking.slot.staff;
    for (n, (starts, utc)) in
        [("2026-11-27T15:00:00Z", "20261127T150000Z"), ("2026-12-01T19:00:00Z", "20261201T190000Z")]
            .into_iter()
            .enumerate()
    {
        let question = visitor.get(&format!("{path}/move?starts={starts}&staff={maria}")).await;
        visitor.submit(&question, "/move", &[]).await;
        let moved = read(&visitor.get(&file).await.text);
        assert_eq!((&moved["VEVENT.UID"], moved["VEVENT.DTSTART"].as_str()), (&first["VEVENT.UID"], utc));
        assert_eq!(moved["VEVENT.SEQUENCE"], (n + 1).to_string());
    }
    let newest = with_status(&server, "confirmed").await;
    let by_the_new_link = read(&visitor.get(&format!("{}/calendar.ics", page_of(&server, &newest[0]))).await.text);
    assert_eq!(
        (&by_the_new_link["VEVENT.UID"], by_the_new_link["VEVENT.SEQUENCE"].as_str()),
        (&first["VEVENT.UID"], "2")
    );
    visitor.submit(&visitor.get(&format!("{path}/cancel")).await, "/cancel", &[]).await;
    let gone = read(&visitor.get(&file).await.text);
    assert_eq!((&gone["VEVENT.UID"], gone["VEVENT.STATUS"].as_str()), (&first["VEVENT.UID"], "CANCELLED"));
    assert_eq!(gone["VEVENT.SEQUENCE"], "3");
    server.stop().await;
}

#[tokio::test]
async fn names_of_any_letters_and_lengths_survive_folding() {
    for name in ["a;b,c\\n:d\r\nATTACH:x", "Zoë’s Frisør-Salón — ñandú, «čaj»; & 東京都港区💇‍♀️", &"é".repeat(80)]
    {
        let mut business = open_salon();
        business.name = name.replace("\r\n", " ");
        business.services[0].name = name.replace("\r\n", " ");
        business.address = Some(name.repeat(3));
        let server = TestServer::start_for(business.clone(), 100).await;
        let business = Arc::new(business);
        let slot = slot(&business, "2026-11-26T15:30-05");
        let booking = try_book(&server, &business, slot, anna(), Actor::Business).await.unwrap();
        let file = Visitor::of(&server).get(&format!("{}/calendar.ics", page_of(&server, &booking))).await;
        let event = read(&file.text);
        assert_eq!(event["VEVENT.SUMMARY"], format!("{}, {}", business.services[0].name, business.name));
        assert_eq!(event["VEVENT.LOCATION"].replace('\r', ""), name.repeat(3).replace('\r', ""));
        assert!(!event.contains_key("VEVENT.ATTACH"));
        server.stop().await;
    }
}

#[tokio::test]
async fn days_on_which_clocks_change_are_written_as_they_are() {
    let mut business: Business = open_salon();
    business.hours.sunday = business.hours.saturday.clone();
    let server = TestServer::start_for(business.clone(), 100).await;
    let business = Arc::new(business);
    // Nine in the morning before, on and after the night of the change: the clock says the same, UTC does not.
    server.clock.set(ts("2026-10-28T12:00:00Z"));
    for (day, utc) in [("2026-10-31T09:00-04", "20261031T130000Z"), ("2026-11-01T09:00-05", "20261101T140000Z")] {
        let booking = try_book(&server, &business, slot(&business, day), anna(), Actor::Business).await.unwrap();
        let path = page_of(&server, &booking);
        let visitor = Visitor::of(&server);
        visitor.get(&path).await.says("9:00\u{a0}AM – 9:45\u{a0}AM");
        assert_eq!(read(&visitor.get(&format!("{path}/calendar.ics")).await.text)["VEVENT.DTSTART"], utc);
    }
    server.clock.set(ts("2026-11-24T15:00:00Z"));
    server.stop().await;
}
