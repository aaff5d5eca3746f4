//! What is told of changes that the owner makes.

use super::*;
use crate::testing::calendar::{Misdeed, Trap, microsoft::Repeats};

const TEN: &str = "2026-12-03T15:00Z/2026-12-03T16:00Z";

#[tokio::test]
async fn g15_what_the_owner_moves_and_deletes_by_hand_is_seen() {
    let office = office().await;
    let (one, two) = (office.place(&appointment(key(1), TEN)).await.unwrap(), key(2));
    let two = office.place(&appointment(two, "2026-12-04T15:00Z/2026-12-04T16:00Z")).await.unwrap();
    let beginning = office.changes(None).await.unwrap();
    let seen: Vec<_> = beginning.seen.iter().map(|seen| (seen.key, seen.when.is_some())).collect();
    assert_eq!(seen, [(Some(key(1)), true), (Some(key(2)), true)]);
    let quiet = office.changes(Some(&beginning.cursor)).await.unwrap();
    assert_eq!(quiet.seen, []);

    let noon = span("2026-12-03T17:00Z/2026-12-03T18:00Z");
    office.server.move_event(&one.id, noon.from, noon.to);
    office.server.delete_event(&two.id);
    let news = office.changes(Some(&quiet.cursor)).await.unwrap();
    let seen: Vec<_> = news.seen.iter().map(|seen| (seen.placed.id.as_str(), seen.key, seen.when)).collect();
    assert_eq!(seen, [(one.id.as_str(), Some(key(1)), Some(noon)), (two.id.as_str(), None, None)]);
    // The etag that a listing brings is good for the next writing.
    let event = appointment(key(1), "2026-12-03T20:00Z/2026-12-03T21:00Z");
    office.diary.revise(&office.access, &office.calendar, &news.seen[0].placed, &event, Words::ALL).await.unwrap();
    assert_eq!(office.changes(Some(&news.cursor)).await.unwrap().seen.len(), 1);
}

#[tokio::test]
async fn a_listing_comes_over_many_pages_with_series_and_whole_days() {
    let office = office().await;
    let first = span("2026-12-01T14:00Z/2026-12-01T15:00Z");
    let weekly =
        NewEvent { repeats: Some(Repeats { days: 7, times: 12 }), ..NewEvent::new("Team", first.from, first.to) };
    let id = office.server.add_event(office.calendar.as_str(), weekly.clone());
    let closed = NewEvent { all_day: true, repeats: None, ..weekly };
    office.server.add_event(office.calendar.as_str(), closed);
    office.place(&appointment(key(1), TEN)).await.unwrap();
    office.server.page_size(4);
    office.server.kit().forget_asked();
    let beginning = office.changes(None).await.unwrap();
    // The series, its twelve times, the whole day and ours.
    assert_eq!((beginning.seen.len(), office.server.kit().count("GET", "delta()")), (15, 4));
    assert_eq!(beginning.seen.iter().filter(|seen| seen.key.is_some()).count(), 1);
    office.server.delete_event(&format!("{id}.3"));
    let news = office.changes(Some(&beginning.cursor)).await.unwrap();
    assert!(news.seen.iter().any(|seen| seen.placed.id == format!("{id}.3") && seen.when.is_none()));
}

#[tokio::test]
async fn g11_a_listing_that_is_too_long_is_asked_for_in_smaller_pages() {
    let office = office().await;
    office.place(&appointment(key(1), TEN)).await.unwrap();
    let kit = office.server.kit();
    kit.once("GET", "delta()", Misdeed::TooLong);
    kit.forget_asked();
    let beginning = office.changes(None).await.unwrap();
    assert_eq!(beginning.seen.len(), 1);
    let asked = kit.asked();
    let sizes = asked.iter().map(|asked| asked.header("prefer").unwrap_or_default().rsplit('=').next().unwrap());
    assert_eq!(sizes.collect::<Vec<_>>(), ["200", "50"]);
    // Where that is too long, too, there is no answer.
    kit.trap(Trap { method: "GET", path: "delta()".into(), times: 2, misdeed: Misdeed::TooLong });
    assert!(matches!(office.changes(Some(&beginning.cursor)).await, Err(Trouble::Unavailable(_))));
}

#[tokio::test]
async fn g8_a_cursor_that_is_too_old_begins_anew() {
    let office = office().await;
    let cursor = office.changes(None).await.unwrap().cursor;
    office.server.expire_delta();
    assert!(matches!(office.changes(Some(&cursor)).await, Err(Trouble::Stale)));
    for code in ["SyncStateNotFound", "resyncRequired", "syncStateInvalid"] {
        for status in [400, 410] {
            let body = format!(r#"{{"error":{{"code":"{code}","message":"x"}}}}"#);
            office.server.kit().once("GET", "delta()", Misdeed::status(status, body));
            assert!(matches!(office.changes(Some(&cursor)).await, Err(Trouble::Stale)), "{status} {code}");
        }
    }
    // Its view ends some day, and would not show what is booked beyond.
    let cursor = office.changes(None).await.unwrap().cursor;
    let later = |days: i64| at(NOW) + jiff::SignedDuration::from_hours(24 * days);
    let ask = |from| office.diary.changes(&office.access, &office.calendar, Some(&cursor), from);
    assert!(ask(later(30)).await.is_ok());
    assert!(matches!(ask(later(31)).await, Err(Trouble::Stale)));
}

#[tokio::test]
async fn g20_a_cursor_leads_nowhere_but_to_graph() {
    let office = office().await;
    for cursor in [
        "",
        "1",
        "x /v1.0/me/events",
        "1790000000 https://evil.example/v1.0/me/events?$deltatoken=1",
        "1790000000 //evil.example/v1.0/me",
        "1790000000 /beta/me",
        "1790000000 /v1.0/../beta/me",
        "99999999999999 /v1.0/me",
    ] {
        assert!(matches!(office.changes(Some(cursor)).await, Err(Trouble::Stale)), "{cursor}");
    }
    assert_eq!(office.server.kit().count("", ""), 0);
    assert!(!office.changes(None).await.unwrap().cursor.contains("http"));
}

#[tokio::test]
async fn a_calendar_that_is_gone_is_said_to_be_gone() {
    let office = office().await;
    let cursor = office.changes(None).await.unwrap().cursor;
    office.server.delete_calendar(office.calendar.as_str());
    for cursor in [None, Some(cursor.as_str())] {
        assert!(matches!(office.changes(cursor).await, Err(Trouble::Reconnect(Why::CalendarGone))));
    }
}
