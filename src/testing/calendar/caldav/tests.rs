//! The double is as strict as it says.

use super::*;
use crate::adapters::http::builder;

struct Program {
    client: reqwest::Client,
    fake: FakeCalDav,
}

impl Program {
    async fn of(dialect: Dialect) -> Self {
        Self { client: builder().build().unwrap(), fake: FakeCalDav::start(dialect).await }
    }

    fn asks(&self, method: &str, name: &str) -> reqwest::RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let url = format!("{}{name}", self.fake.calendar(MAIN).as_str());
        self.client.request(method, url).basic_auth(USER, Some(PASSWORD))
    }

    async fn puts(&self, name: &str, ics: &str) -> u16 {
        let put = self.asks("PUT", name).header("content-type", "text/calendar").body(ics.to_owned());
        put.send().await.unwrap().status().as_u16()
    }
}

fn hour(text: &str) -> Interval {
    let from: Timestamp = text.parse().unwrap();
    Interval { from, to: from + jiff::SignedDuration::from_hours(1) }
}

#[tokio::test]
async fn bad_icalendar_is_refused() {
    for dialect in [Dialect::ICloud, Dialect::Nextcloud] {
        let program = Program::of(dialect).await;
        let good = ical::simple("a", "Cut", hour("2026-12-03T17:00:00Z"));
        for bad in [
            String::new(),
            "hello".to_owned(),
            good.replace("UID:a\r\n", ""),
            good.replace("VCALENDAR", "VCARD"),
            good.replace("VERSION:2.0\r\n", ""),
            good.replace("DTSTAMP", "X-STAMP"),
            good.replace("SUMMARY:Cut", &format!("SUMMARY:{}", "x".repeat(80))),
            good.replace("SUMMARY:Cut", "SUMMARY:C\u{7}ut"),
            good.replace("\r\n", "\n"),
            good.replace("DTEND:20261203T18", "DTEND:20261203T16"),
            good.replace("BEGIN:VEVENT", "METHOD:REQUEST\r\nBEGIN:VEVENT"),
        ] {
            assert_eq!(program.puts("a.ics", &bad).await, 403, "{bad}");
        }
        assert_eq!(program.puts("a.ics", &good).await, 201);
        assert_eq!(program.puts("a.ics", &good).await, 204);
        assert!(matches!(program.puts("b.ics", &good).await, 400 | 403), "the UID is taken");
        assert_eq!(program.fake.events(MAIN).len(), 1);
    }
}

#[tokio::test]
async fn demands_are_heeded_and_strangers_kept_out() {
    let program = Program::of(Dialect::ICloud).await;
    let name = program.fake.add_event(MAIN, "Cut", hour("2026-12-03T17:00:00Z"));
    let status = async |request: reqwest::RequestBuilder| request.send().await.unwrap().status().as_u16();
    let got = program.asks("GET", &name).send().await.unwrap();
    let etag = got.headers()["etag"].to_str().unwrap().to_owned();
    let ics = got.text().await.unwrap();
    let put = || program.asks("PUT", &name).header("content-type", "text/calendar").body(ics.clone());
    assert_eq!(status(put().header("if-none-match", "*")).await, 412);
    assert_eq!(status(put().header("if-match", "\"other\"")).await, 412);
    assert_eq!(status(put().header("if-match", &etag)).await, 204);
    assert_eq!(status(put().header("if-match", &etag)).await, 412);
    assert_eq!(status(program.asks("DELETE", &name).header("if-match", &etag)).await, 412);
    let address = format!("{}{name}", program.fake.calendar(MAIN).as_str());
    assert_eq!(status(program.client.get(&address).basic_auth(USER, Some("wrong"))).await, 401);
    assert_eq!(status(program.client.get(&address)).await, 401);
    assert_eq!(status(program.asks("PROPFIND", "").header("depth", "infinity")).await, 403);
    assert_eq!(status(program.asks("REPORT", "").body("<!DOCTYPE x><x/>")).await, 400);
    program.fake.revoke();
    assert_eq!(status(put()).await, 401);
}

#[test]
fn recurrences_are_found_by_looking_at_each_day() {
    let series = |rule: &str| {
        let one = ical::simple("a", "x", hour("2026-11-30T17:00:00Z"));
        one.replace("SUMMARY:x", &format!("RRULE:{rule}"))
    };
    let range = Interval { from: "2026-12-01T00:00:00Z".parse().unwrap(), to: "2026-12-31T00:00:00Z".parse().unwrap() };
    for (rule, times) in [
        ("FREQ=DAILY", 30),
        ("FREQ=DAILY;COUNT=3", 2),
        ("FREQ=DAILY;UNTIL=20261203T170000Z", 3),
        ("FREQ=WEEKLY;INTERVAL=2", 2),
        ("FREQ=WEEKLY;BYDAY=MO,TU", 9),
        ("FREQ=DAILY;BYHOUR=17,19", 60),
        ("FREQ=YEARLY;BYWEEKNO=50", 1),
        ("FREQ=MONTHLY", 1),
    ] {
        let found = recurrence::instances(&series(rule), range);
        // 30 December at 17:00 is within, and a month later is not.
        assert_eq!(found.len(), times, "{rule}");
    }
}
