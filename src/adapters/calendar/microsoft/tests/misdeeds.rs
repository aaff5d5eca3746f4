//! Whatever Graph, or somebody on the way to it, does wrong: what follows for each question.

use super::*;
use crate::testing::calendar::Misdeed;

const TEN: &str = "2026-12-03T15:00Z/2026-12-03T16:00Z";
const DAY: &str = "2026-12-03T00:00Z/2026-12-04T00:00Z";

fn graph(status: u16, code: &str) -> Misdeed {
    Misdeed::status(status, format!(r#"{{"error":{{"code":"{code}","message":"Ann's secret"}}}}"#))
}

/// How something comes out, by its name.
fn name<T>(answer: &Result<T, Trouble>) -> &'static str {
    match answer {
        Ok(_) => "done",
        Err(Trouble::Unauthorized) => "unauthorized",
        Err(Trouble::Reconnect(Why::NotAllowed)) => "not allowed",
        Err(Trouble::Reconnect(Why::CalendarGone)) => "calendar gone",
        Err(Trouble::Reconnect(_)) => "reconnect",
        Err(Trouble::Gone) => "gone",
        Err(Trouble::Conflict) => "conflict",
        Err(Trouble::Taken) => "taken",
        Err(Trouble::Stale) => "stale",
        Err(Trouble::Limited { .. }) => "limited",
        Err(Trouble::Refused(_)) => "refused",
        Err(Trouble::Unavailable(_)) => "unavailable",
        Err(Trouble::Unknown(_)) => "unknown",
    }
}

/// A misdeed, and what it comes to: reading busy times, placing, revising, withdrawing.
fn table(office: &Office) -> Vec<(Misdeed, [&'static str; 4])> {
    let elsewhere = Misdeed::Redirect { to: office.server.address() };
    vec![
        (Misdeed::Unanswered, ["unavailable", "unknown", "unknown", "unknown"]),
        (Misdeed::DoneUnanswered, ["unavailable", "unknown", "unknown", "unknown"]),
        (Misdeed::CutOff, ["unavailable", "unknown", "unknown", "done"]),
        (Misdeed::Html, ["unavailable", "unknown", "unknown", "unknown"]),
        (Misdeed::HalfABody, ["unavailable", "unknown", "unknown", "done"]),
        (Misdeed::TooLong, ["unavailable", "unknown", "unknown", "done"]),
        (elsewhere, ["refused"; 4]),
        (Misdeed::status(500, ""), ["unavailable", "unknown", "unknown", "unknown"]),
        (graph(503, "ServiceUnavailable"), ["unavailable", "unknown", "unknown", "unknown"]),
        (graph(504, "GatewayTimeout"), ["unavailable", "unknown", "unknown", "unknown"]),
        (graph(401, "InvalidAuthenticationToken"), ["unauthorized"; 4]),
        (graph(403, "ErrorAccessDenied"), ["not allowed"; 4]),
        (Misdeed::status(403, "<html>blocked by your firewall"), ["unavailable"; 4]),
        (Misdeed::status(404, "<html>no such page"), ["unavailable"; 4]),
        (graph(404, "ErrorItemNotFound"), ["calendar gone", "calendar gone", "gone", "done"]),
        (graph(404, "MailboxNotEnabledForRESTAPI"), ["not allowed"; 4]),
        (graph(400, "ErrorInvalidIdMalformed"), ["calendar gone", "calendar gone", "gone", "done"]),
        (graph(400, "ErrorTimeIntervalTooBig"), ["refused"; 4]),
        (graph(400, "ErrorInvalidRequest"), ["refused"; 4]),
        (graph(422, "x"), ["refused"; 4]),
        (graph(412, "ErrorIrresolvableConflict"), ["unavailable", "conflict", "conflict", "conflict"]),
        (graph(429, "ApplicationThrottled"), ["limited"; 4]),
        (graph(509, "BandwidthLimitExceeded"), ["limited"; 4]),
        (Misdeed::status(200, ""), ["unavailable", "unknown", "unknown", "done"]),
        (Misdeed::status(200, "null"), ["unavailable", "unknown", "unknown", "unknown"]),
        (Misdeed::status(200, "{}"), ["unavailable", "unknown", "unknown", "unknown"]),
        (Misdeed::status(200, r#"{"value":[{}],"id":7}"#), ["unavailable", "unknown", "unknown", "unknown"]),
        (Misdeed::status(299, "no"), ["unavailable", "unknown", "unknown", "unknown"]),
    ]
}

#[tokio::test]
async fn g11_whatever_goes_wrong_is_told_by_what_can_be_done_about_it() {
    let office = office().await;
    let kit = office.server.kit();
    for (number, (misdeed, [read, placed, revised, withdrawn])) in table(&office).into_iter().enumerate() {
        let (mine, other) = (key(number as u128 * 2 + 1), key(number as u128 * 2 + 2));
        let stands = office.place(&appointment(mine, TEN)).await.unwrap();
        let event = appointment(mine, "2026-12-03T20:00Z/2026-12-03T21:00Z");
        kit.once("GET", "calendarView", misdeed.clone());
        let answer = office.busy(DAY).await;
        assert_eq!(name(&answer), read, "reading, {misdeed:?}: {answer:?}");
        kit.once("POST", "/events", misdeed.clone());
        let answer = office.place(&appointment(other, TEN)).await;
        assert_eq!(name(&answer), placed, "placing, {misdeed:?}: {answer:?}");
        kit.once("PATCH", "/events/", misdeed.clone());
        let answer = office.diary.revise(&office.access, &office.calendar, &stands, &event, Words::ALL).await;
        assert_eq!(name(&answer), revised, "revising, {misdeed:?}: {answer:?}");
        kit.once("DELETE", "/events/", misdeed.clone());
        let answer = office.diary.withdraw(&office.access, &office.calendar, &stands).await;
        assert_eq!(name(&answer), withdrawn, "withdrawing, {misdeed:?}: {answer:?}");
        if let Err(trouble) = answer {
            assert!(!format!("{trouble:?}").contains("secret"), "{trouble:?}");
        }
        kit.clear_traps();
    }
}

#[tokio::test]
async fn g1_a_token_that_has_run_out_and_an_access_that_was_taken_back_are_said() {
    let office = office().await;
    office.server.consent().expire_access_tokens();
    assert_eq!(name(&office.busy(DAY).await), "unauthorized");
    let mut office = office;
    office.access = office.server.access(ANN);
    office.server.forbid(ANN);
    assert_eq!(name(&office.busy(DAY).await), "not allowed");
    office.server.revoke(ANN);
    assert_eq!(name(&office.busy(DAY).await), "unauthorized");
}

#[tokio::test]
async fn g5_the_wait_that_is_asked_for_is_told_and_no_fantastic_one() {
    let office = office().await;
    for (asked, told) in [(None, None), (Some(7), Some(7)), (Some(u64::MAX), None)] {
        let misdeed = Misdeed::Status { status: 429, body: String::new(), retry_after: asked };
        office.server.kit().once("GET", "calendarView", misdeed);
        let Err(Trouble::Limited { after }) = office.busy(DAY).await else { panic!("limited") };
        assert_eq!(after, told.map(Duration::from_secs));
    }
}

#[tokio::test]
async fn g19_g20_pages_that_never_end_or_lead_elsewhere_are_given_up() {
    let office = office().await;
    let page = |next: String| Misdeed::status(200, format!(r#"{{"value":[],"@odata.nextLink":"{next}"}}"#));
    let same = format!("{}/me/calendars/x/calendarView?$skiptoken=1", office.server.address());
    let asked = || office.server.kit().count("GET", "calendarView");
    for _ in 0..3 {
        office.server.kit().once("GET", "calendarView", page(same.clone()));
    }
    assert_eq!((name(&office.busy(DAY).await), asked()), ("unavailable", 2));
    office.server.kit().clear_traps();
    office.server.kit().forget_asked();
    for number in 0..60 {
        office.server.kit().once("GET", "calendarView", page(format!("{same}{number}")));
    }
    assert_eq!((name(&office.busy(DAY).await), asked()), ("unavailable", 50));
    office.server.kit().clear_traps();
    let elsewhere = office.server.address().replace("127.0.0.1", "localhost");
    office.server.kit().once("GET", "calendarView", page(format!("{elsewhere}/me/calendars/x/calendarView")));
    assert_eq!(name(&office.busy(DAY).await), "unavailable");
    for link in [elsewhere, "https://evil.example/v1.0/me".into()] {
        let cursor = Misdeed::status(200, format!(r#"{{"value":[],"@odata.deltaLink":"{link}"}}"#));
        office.server.kit().once("GET", "delta()", cursor);
        assert_eq!(name(&office.changes(None).await), "unavailable");
    }
    office.server.kit().once("GET", "delta()", Misdeed::status(200, r#"{"value":[]}"#));
    assert_eq!(name(&office.changes(None).await), "unavailable");
}

#[tokio::test]
async fn g12_g13_odd_times_are_ignored_or_make_the_answer_worthless() {
    let office = office().await;
    let view = |start: &str, end: &str, zone: &str| {
        let time = |at: &str| format!(r#"{{"dateTime":"{at}","timeZone":"{zone}"}}"#);
        let event = format!(r#"{{"start":{},"end":{},"showAs":"busy"}}"#, time(start), time(end));
        Misdeed::status(200, format!(r#"{{"value":[{event}]}}"#))
    };
    let long = view("0001-01-01T00:00:00.0000000", "9999-12-31T23:59:59.9999999", "UTC");
    let backwards = view("2026-12-03T15:00:00", "2026-12-03T14:00:00", "UTC");
    let windows = view("2026-12-03T15:00:00", "2026-12-03T16:00:00", "Eastern Standard Time");
    let nonsense = view("soon", "later", "UTC");
    for (misdeed, outcome) in [(long, Some(1)), (backwards, Some(0)), (windows, None), (nonsense, None)] {
        office.server.kit().once("GET", "calendarView", misdeed.clone());
        assert_eq!(office.busy(DAY).await.ok().map(|busy| busy.len()), outcome, "{misdeed:?}");
    }
}

#[tokio::test]
async fn nothing_that_is_not_reached_was_done() {
    let mut office = office().await;
    let clock = Arc::clone(&office.diary.clock);
    office.diary = Microsoft::new("http://127.0.0.1:1/v1.0", clock).unwrap();
    assert_eq!(name(&office.busy(DAY).await), "unavailable");
    assert_eq!(name(&office.place(&appointment(key(1), TEN)).await), "unavailable");
    for address in ["", "graph", "mailto:ann@example.com", "https://"] {
        assert!(Microsoft::new(address, Arc::new(FixedClock::at(NOW))).is_err(), "{address}");
    }
}
