//! When somebody is busy.

use super::*;
use crate::{
    domain::connection::Why,
    testing::calendar::google::{BO, BOS, Planned, Role},
};

#[tokio::test]
async fn what_is_busy_is_told_and_what_is_shown_as_free_is_not() {
    let desk = Desk::open().await;
    let add = |event| desk.fake.add_event(ANNS, event);
    add(Planned::timed("Dentist", at("2026-12-03T22:00:00Z"), at("2026-12-03T23:00:00Z")));
    add(Planned::timed("After it", at("2026-12-03T23:00:00Z"), at("2026-12-03T23:30:00Z")));
    add(Planned::timed("Maybe", at("2026-12-03T18:00:00Z"), at("2026-12-03T19:00:00Z")).free());
    add(Planned::timed("No", at("2026-12-03T19:00:00Z"), at("2026-12-03T20:00:00Z")).declined());
    add(Planned::timed("At home", at("2026-12-03T16:00:00Z"), at("2026-12-04T01:00:00Z")).of_kind("workingLocation"));
    add(Planned::all_day("A holiday", "2026-12-05", "2026-12-06"));
    add(Planned::all_day("A birthday", "2026-12-06", "2026-12-07").free());
    let id = add(Planned::timed("Gone", at("2026-12-04T18:00:00Z"), at("2026-12-04T19:00:00Z")));
    desk.fake.delete_event(ANNS, &id);
    let busy = desk.busy("2026-12-03T22:30:00Z", "2026-12-31T00:00:00Z").await.unwrap();
    // Vancouver is 7 hours behind from 2026 on, all year.
    assert_eq!(busy, ["2026-12-03T22:30:00Z 2026-12-03T23:30:00Z", "2026-12-05T07:00:00Z 2026-12-06T07:00:00Z"]);
}

/// G14.
#[tokio::test]
async fn g14_what_comes_again_is_unfolded_with_its_exceptions() {
    let desk = Desk::open().await;
    let weekly = Planned::local("Choir", "Europe/Berlin", "2026-03-22T19:00:00", "2026-03-22T20:00:00");
    let id = desk
        .fake
        .add_event(ANNS, weekly.again(&["RRULE:FREQ=WEEKLY;COUNT=4", "EXDATE;TZID=Europe/Berlin:20260405T190000"]));
    desk.fake.move_event(
        ANNS,
        &format!("{id}_20260412T170000Z"),
        at("2026-04-13T08:00:00Z"),
        at("2026-04-13T09:00:00Z"),
    );
    let busy = desk.busy("2026-03-20T00:00:00Z", "2026-05-01T00:00:00Z").await.unwrap();
    // The clocks are changed on 29 March; 5 April was taken out, 12 April was moved.
    let expected = [
        "2026-03-22T18:00:00Z 2026-03-22T19:00:00Z",
        "2026-03-29T17:00:00Z 2026-03-29T18:00:00Z",
        "2026-04-13T08:00:00Z 2026-04-13T09:00:00Z",
    ];
    assert_eq!(busy, expected);
}

#[tokio::test]
async fn hours_that_the_clocks_skip_or_repeat_are_busy_once() {
    let desk = Desk::open().await;
    let add = |from, to| desk.fake.add_event(ANNS, Planned::local("Night", "Europe/Berlin", from, to));
    add("2026-03-29T02:30:00", "2026-03-29T03:45:00");
    add("2026-10-25T02:30:00", "2026-10-25T03:30:00");
    let gap = desk.busy("2026-03-28T00:00:00Z", "2026-03-30T00:00:00Z").await.unwrap();
    assert_eq!(gap, ["2026-03-29T01:30:00Z 2026-03-29T01:45:00Z"]);
    let fold = desk.busy("2026-10-24T00:00:00Z", "2026-10-26T00:00:00Z").await.unwrap();
    assert_eq!(fold, ["2026-10-25T00:30:00Z 2026-10-25T02:30:00Z"]);
}

#[tokio::test]
async fn sixty_calendars_are_asked_about_in_two_requests() {
    let desk = Desk::open().await;
    let mut calendars = Vec::new();
    for number in 0..60 {
        let id = format!("c{number}#x@group.calendar.example");
        desk.fake.add_calendar(&id, "One of many", "Europe/Berlin", ANN);
        calendars.push(calendar(&id));
    }
    desk.fake.add_event(
        "c59#x@group.calendar.example",
        Planned::timed("Last", at("2026-12-03T10:00:00Z"), at("2026-12-03T11:00:00Z")),
    );
    let range = between("2026-12-01T00:00:00Z", "2026-12-31T00:00:00Z");
    let busy = desk.google.busy(&desk.access, &calendars, range).await.unwrap();
    assert_eq!((busy.len(), desk.fake.kit().count("POST", "freeBusy")), (1, 2));
    let long = between("2026-12-01T00:00:00Z", "2027-02-28T00:00:00Z");
    assert!(matches!(desk.google.busy(&desk.access, &calendars, long).await, Err(Trouble::Refused(_))));
}

/// An answer of 200 that could not read one of the calendars is not "free".
#[tokio::test]
async fn a_calendar_that_cannot_be_read_is_not_free() {
    let desk = Desk::open().await;
    let range = between("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z");
    desk.fake.cannot_read(ANNS, Some("internalError"));
    let unread = desk.busy("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z").await;
    assert!(matches!(unread, Err(Trouble::Unavailable(_))));
    let both = [calendar(ANNS), calendar("nobody@example.com")];
    let gone = desk.google.busy(&desk.access, &both, range).await;
    assert!(matches!(gone, Err(Trouble::Reconnect(Why::CalendarGone))));
    desk.fake.cannot_read(ANNS, None);
    desk.fake.share(BOS, ANN, Some(Role::FreeBusyReader));
    desk.google.busy(&desk.access, &[calendar(ANNS), calendar(BOS)], range).await.unwrap();
    desk.fake.delete_calendar(BOS);
    let gone = desk.google.busy(&desk.access, &[calendar(BOS)], range).await;
    assert!(matches!(gone, Err(Trouble::Reconnect(Why::CalendarGone))));
}

#[tokio::test]
async fn g11_an_answer_that_is_none_is_not_free() {
    let desk = Desk::open().await;
    let (from, to) = ("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z");
    for misdeed in spoilt() {
        desk.once("POST", "freeBusy", misdeed.clone());
        let unread = desk.busy(from, to).await;
        assert!(matches!(unread, Err(Trouble::Unavailable(_))), "{misdeed:?}: {unread:?}");
    }
    for body in [
        r#"{"calendars":{}}"#,
        r#"{"calendars":{"ann@example.com":{}}}"#,
        r#"{"calendars":{"ann@example.com":{"busy":[{"start":"2026-12-01T10:00:00Z"}]}}}"#,
        r#"{"calendars":{"ann@example.com":{"busy":[{"start":"2026-12-01","end":"2026-12-02"}]}}}"#,
        r#"{"calendars":{"ann@example.com":{"busy":[],"errors":[{}]}}}"#,
        r#"{"calendars":[]}"#,
    ] {
        desk.once("POST", "freeBusy", Misdeed::status(200, body));
        assert!(matches!(desk.busy(from, to).await, Err(Trouble::Unavailable(_))), "{body}");
    }
    let elsewhere = format!("{}/calendar/v3/freeBusy", desk.fake.address());
    desk.once("POST", "freeBusy", Misdeed::Redirect { to: elsewhere });
    assert!(matches!(desk.busy(from, to).await, Err(Trouble::Refused(_))));
    assert_eq!(desk.busy(from, to).await.unwrap(), [""; 0]);
}

/// G1, G4, G5.
#[tokio::test]
async fn refusals_are_told_apart_by_what_can_be_done_about_them() {
    let desk = Desk::open().await;
    let (from, to) = ("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z");
    desk.fake.limit(Some(1));
    desk.busy(from, to).await.unwrap();
    assert!(matches!(desk.busy(from, to).await, Err(Trouble::Limited { after: None })));
    desk.fake.limit(None);
    let limited = Misdeed::Status { status: 429, body: "{}".to_owned(), retry_after: Some(7) };
    desk.once("POST", "freeBusy", limited);
    let after = Some(Duration::from_secs(7));
    assert!(matches!(desk.busy(from, to).await, Err(Trouble::Limited { after: said }) if said == after));
    // Some firewall's, not Google's.
    desk.once("POST", "freeBusy", Misdeed::status(403, "<html>Forbidden"));
    assert!(matches!(desk.busy(from, to).await, Err(Trouble::Unavailable(_))));
    let off = r#"{"error":{"code":403,"errors":[{"reason":"accessNotConfigured"}]}}"#;
    desk.once("POST", "freeBusy", Misdeed::status(403, off));
    assert!(matches!(desk.busy(from, to).await, Err(Trouble::Refused(_))));

    desk.fake.consent().expire_access_tokens();
    assert!(matches!(desk.busy(from, to).await, Err(Trouble::Unauthorized)));
    let wide = "https://www.googleapis.com/auth/calendar.events";
    let access = access(&desk.fake.consent().let_in_for(BO, &[wide]).0);
    let not = desk.google.busy(&access, &[calendar(BOS)], between(from, to)).await;
    assert!(matches!(not, Err(Trouble::Reconnect(Why::NotAllowed))), "events do not let one see busy times");
}
