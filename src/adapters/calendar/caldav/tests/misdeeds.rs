//! G5, G10, G11: a server that goes wrong in every way, and what each may be taken for.

use std::time::Duration;

use super::{IMPATIENCE, at, both, caldav, days, hour, key, meeting, visit};
use crate::{
    domain::connection::Why,
    ports::calendar::{Diary as _, Trouble, Words},
    testing::calendar::{
        Misdeed,
        caldav::{FakeCalDav, MAIN, PASSWORD, USER},
    },
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Reconnect(Why),
    Conflict,
    Gone,
    Limited(Option<Duration>),
    Refused,
    Unavailable,
    Unknown,
    Other,
}

fn kind<T>(result: Result<T, Trouble>) -> Option<Kind> {
    let trouble = result.err()?;
    // Nobody's name, path or password is in an error.
    let printed = format!("{trouble:?} {trouble:#}");
    assert!(![USER, "ann%40", PASSWORD, "/1234567/", "Haircut"].iter().any(|word| printed.contains(word)), "{printed}");
    Some(match trouble {
        Trouble::Reconnect(why) => Kind::Reconnect(why),
        Trouble::Conflict => Kind::Conflict,
        Trouble::Gone => Kind::Gone,
        Trouble::Limited { after } => Kind::Limited(after),
        Trouble::Refused(_) => Kind::Refused,
        Trouble::Unavailable(_) => Kind::Unavailable,
        Trouble::Unknown(_) => Kind::Unknown,
        Trouble::Unauthorized | Trouble::Taken | Trouble::Stale => Kind::Other,
    })
}

fn asked_to_wait(status: u16) -> Misdeed {
    Misdeed::Status { status, body: String::new(), retry_after: Some(7) }
}

const SEVEN: Option<Duration> = Some(Duration::from_secs(7));

#[tokio::test]
async fn a_reading_that_fails_is_never_free() {
    let redirect = Misdeed::Redirect { to: "http://127.0.0.1:1/".to_owned() };
    for fake in both().await {
        for (misdeed, wanted) in [
            (Misdeed::status(401, ""), Kind::Reconnect(Why::Revoked)),
            (Misdeed::status(403, ""), Kind::Reconnect(Why::NotAllowed)),
            (Misdeed::status(404, ""), Kind::Reconnect(Why::CalendarGone)),
            (Misdeed::status(400, ""), Kind::Refused),
            (Misdeed::status(429, ""), Kind::Limited(None)),
            (asked_to_wait(429), Kind::Limited(SEVEN)),
            (asked_to_wait(503), Kind::Limited(SEVEN)),
            (Misdeed::status(500, ""), Kind::Unavailable),
            (Misdeed::status(503, ""), Kind::Unavailable),
            (Misdeed::status(207, ""), Kind::Unavailable),
            (Misdeed::status(207, "<d:multistatus xmlns:d='DAV:'><d:response/></d:multistatus>"), Kind::Unavailable),
            (Misdeed::Unanswered, Kind::Unavailable),
            (Misdeed::DoneUnanswered, Kind::Unavailable),
            (Misdeed::CutOff, Kind::Unavailable),
            (Misdeed::Html, Kind::Unavailable),
            (Misdeed::HalfABody, Kind::Unavailable),
            (Misdeed::TooLong, Kind::Unavailable),
            (redirect.clone(), Kind::Unavailable),
        ] {
            fake.add_event(MAIN, "x", hour("2026-12-03T17:00Z"));
            fake.kit().once("REPORT", "", misdeed.clone());
            let caldav = meeting(&misdeed);
            let busy = caldav.busy(&fake.access(), &[fake.calendar(MAIN)], days("2026-12-01T00:00Z", 7)).await;
            assert_eq!(kind(busy), Some(wanted), "busy: {misdeed:?}");
            fake.kit().once("PROPFIND", "", misdeed.clone());
            assert_eq!(kind(caldav.calendars(&fake.access()).await), Some(wanted), "calendars: {misdeed:?}");
        }
        fake.kit().once("REPORT", "", Misdeed::Slow(IMPATIENCE));
        let busy = caldav().busy(&fake.access(), &[fake.calendar(MAIN)], days("2026-12-01T00:00Z", 7)).await;
        assert_eq!(busy.unwrap(), [hour("2026-12-03T17:00Z")]);
    }
}

/// A misdeed, what a writing that meets it comes to, and whether it was done.
fn writings() -> Vec<(Misdeed, Kind, bool)> {
    let redirect = Misdeed::Redirect { to: "http://127.0.0.1:1/".to_owned() };
    vec![
        (Misdeed::status(401, ""), Kind::Reconnect(Why::Revoked), false),
        (Misdeed::status(403, ""), Kind::Reconnect(Why::NotAllowed), false),
        (Misdeed::status(415, ""), Kind::Refused, false),
        (Misdeed::status(423, ""), Kind::Unavailable, false),
        (Misdeed::status(507, ""), Kind::Refused, false),
        (asked_to_wait(429), Kind::Limited(SEVEN), false),
        (asked_to_wait(503), Kind::Limited(SEVEN), false),
        (Misdeed::status(500, ""), Kind::Unknown, false),
        (Misdeed::status(503, ""), Kind::Unknown, false),
        (Misdeed::Unanswered, Kind::Unknown, false),
        (Misdeed::DoneUnanswered, Kind::Unknown, true),
        (Misdeed::CutOff, Kind::Unknown, true),
        (Misdeed::Html, Kind::Unknown, true),
        (Misdeed::TooLong, Kind::Unknown, true),
        (redirect, Kind::Unavailable, false),
    ]
}

#[tokio::test]
async fn g10_a_placing_that_went_wrong_is_found_or_done_again_but_never_twice() {
    for fake in both().await {
        let (caldav, access, calendar) = (caldav(), fake.access(), fake.calendar(MAIN));
        for (number, (misdeed, wanted, done)) in (1..).zip(writings()) {
            let event = visit(number, hour("2026-12-03T17:00Z"));
            fake.kit().once("PUT", "", misdeed.clone());
            let placed = meeting(&misdeed).place(&access, &calendar, &event).await;
            assert_eq!(kind(placed), Some(wanted), "{misdeed:?}");
            let found = caldav.find(&access, &calendar, key(number)).await.unwrap();
            assert_eq!(found.is_some(), done, "{misdeed:?}");
            let placed = caldav.place(&access, &calendar, &event).await.unwrap();
            assert!(found.is_none_or(|found| found.placed == placed));
        }
        assert_eq!(fake.events(MAIN).len(), writings().len());
    }
}

#[tokio::test]
async fn g10_a_revision_or_a_withdrawal_that_went_wrong_is_told_as_it_is() {
    for fake in both().await {
        let (caldav, access, calendar) = (caldav(), fake.access(), fake.calendar(MAIN));
        // Their answer is a 204, in which there is nothing to cut off or to make longer.
        let bodiless = |(misdeed, ..): &(Misdeed, Kind, bool)| !matches!(misdeed, Misdeed::CutOff | Misdeed::TooLong);
        for (number, (misdeed, wanted, done)) in (1..).zip(writings().into_iter().filter(bodiless)) {
            let placed = caldav.place(&access, &calendar, &visit(number, hour("2026-12-03T17:00Z"))).await.unwrap();
            let moved = visit(number, hour("2026-12-04T17:00Z"));
            fake.kit().once("PUT", "", misdeed.clone());
            let revised = meeting(&misdeed).revise(&access, &calendar, &placed, &moved, Words::ALL).await;
            assert_eq!(kind(revised), Some(wanted), "revise: {misdeed:?}");
            let seen = caldav.find(&access, &calendar, key(number)).await.unwrap().unwrap();
            assert_eq!(seen.when == Some(moved.when), done);
            // What was done and not answered looks as if somebody had: it has to be read again.
            let again = caldav.revise(&access, &calendar, &placed, &moved, Words::ALL).await;
            assert_eq!(kind(again), done.then_some(Kind::Conflict), "{misdeed:?}");
            let seen = caldav.find(&access, &calendar, key(number)).await.unwrap().unwrap();
            assert_eq!(caldav.revise(&access, &calendar, &seen.placed, &moved, Words::ALL).await.unwrap(), seen.placed);

            fake.kit().once("DELETE", "", misdeed.clone());
            let withdrawn = meeting(&misdeed).withdraw(&access, &calendar, &seen.placed).await;
            assert_eq!(kind(withdrawn), Some(wanted), "withdraw: {misdeed:?}");
            caldav.withdraw(&access, &calendar, &seen.placed).await.unwrap();
        }
        assert!(fake.events(MAIN).is_empty());
    }
}

#[tokio::test]
async fn g11_a_find_that_fails_does_not_say_that_nothing_is_there() {
    for fake in both().await {
        let (caldav, access, calendar) = (caldav(), fake.access(), fake.calendar(MAIN));
        caldav.place(&access, &calendar, &visit(1, hour("2026-12-03T17:00Z"))).await.unwrap();
        for misdeed in [
            Misdeed::status(500, ""),
            Misdeed::Unanswered,
            Misdeed::CutOff,
            Misdeed::Html,
            Misdeed::HalfABody,
            Misdeed::TooLong,
            Misdeed::status(200, ""),
        ] {
            fake.kit().once("GET", "", misdeed.clone());
            let found = meeting(&misdeed).find(&access, &calendar, key(1)).await;
            assert_eq!(kind(found), Some(Kind::Unavailable), "{misdeed:?}");
        }
    }
}

#[tokio::test]
async fn a_server_that_is_not_there_was_not_written_to() {
    let fake = FakeCalDav::start(crate::testing::calendar::caldav::Dialect::Nextcloud).await;
    let (access, calendar) = (fake.access(), fake.calendar(MAIN));
    drop(fake);
    tokio::task::yield_now().await;
    let event = visit(1, hour("2026-12-03T17:00Z"));
    let caldav = caldav();
    assert_eq!(kind(caldav.place(&access, &calendar, &event).await), Some(Kind::Unavailable));
    let changes = caldav.changes(&access, &calendar, None, at("2026-11-26T00:00Z")).await;
    assert_eq!(kind(changes), Some(Kind::Unavailable));
}
