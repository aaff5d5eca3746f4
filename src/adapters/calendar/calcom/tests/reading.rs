//! Kinds, free times, visits.

use super::*;
use crate::{
    adapters::calendar::exchange::MOST_PAGES,
    testing::calendar::{Misdeed, Trap, calcom::Field},
};

#[tokio::test]
async fn the_kinds_say_whether_we_can_book_them() {
    let World { fake, calcom, access, .. } = world().await;
    fake.add_kind(Kind { hidden: true, lengths: vec![30, 60], ..Kind::new("Colour", 60) });
    fake.add_kind(Kind { confirms: true, ..Kind::new("Asks first", 30) });
    fake.add_kind(Kind { seats: Some(5), ..Kind::new("Class", 30) });
    fake.add_kind(Kind { repeats: Some(4), ..Kind::new("Course", 30) });
    fake.add_kind(Kind { fields: vec![Field::new("boolean", "terms", true)], ..Kind::new("Terms", 30) });
    let kinds = calcom.kinds(&access).await.unwrap();
    let told: Vec<_> = kinds.iter().map(|kind| (kind.name.as_str(), kind.minutes, kind.writable)).collect();
    assert_eq!(
        told,
        [
            ("Haircut", Some(30), true),
            ("Colour", Some(60), true),
            ("Asks first", Some(30), false),
            ("Class", Some(30), false),
            ("Course", Some(30), false),
            ("Terms", Some(30), false),
        ]
    );
    assert_eq!(kinds[0].page.as_deref(), Some("https://cal.com/ann/haircut"));
}

#[tokio::test]
async fn free_times_are_cal_coms_own() {
    let World { fake, calcom, access, kind, .. } = world().await;
    fake.add_busy(range("2026-11-27T15:00:00Z", "2026-11-27T16:00:00Z"));
    let month = range("2026-11-27T00:00:00Z", "2026-12-28T00:00:00Z");
    let free = calcom.free(&access, &kind, month).await.unwrap();
    assert_eq!(free, fake.free(kind.as_str(), month));
    assert!(free.len() > 100 && !free.contains(&at("2026-11-27T15:30:00Z")));
    assert!(fake.reserve_as_outsider(kind.as_str(), at("2026-11-27T17:00:00Z")));
    let free = calcom.free(&access, &kind, month).await.unwrap();
    assert!(!free.contains(&at("2026-11-27T17:00:00Z")), "somebody fills in the form for it");
    let half = calcom.free(&access, &kind, range("2026-11-27T14:00:00Z", "2026-11-27T14:30:00Z")).await.unwrap();
    assert_eq!(half, [at("2026-11-27T14:00:00Z")], "its end is not in it");
    fake.remove_kind(kind.as_str());
    assert!(matches!(calcom.free(&access, &kind, month).await, Err(Trouble::Gone)));
}

#[tokio::test]
async fn every_request_says_which_version_it_is_written_for() {
    let World { fake, calcom, access, kind, .. } = world().await;
    let booked = calcom.book(&access, &kind, &visit(1, "2026-11-27T14:00:00Z")).await.unwrap();
    let day = range("2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z");
    calcom.free(&access, &kind, day).await.unwrap();
    calcom.kinds(&access).await.unwrap();
    calcom.visits(&access, day).await.unwrap();
    let moved = calcom.move_to(&access, &booked, at("2026-11-27T15:00:00Z")).await.unwrap();
    calcom.cancel(&access, &moved).await.unwrap();
    for asked in fake.kit().asked() {
        let expected = match asked.path.as_str() {
            path if path.starts_with("/v2/event-types") => "2024-06-14",
            path if path.starts_with("/v2/slots") => "2024-09-04",
            _ => "2024-08-13",
        };
        assert_eq!(asked.header("cal-api-version"), Some(expected), "{} {}", asked.method, asked.path);
    }
}

#[tokio::test]
async fn visits_are_ours_and_everybody_elses_over_pages() {
    let World { fake, calcom, access, kind, .. } = world().await;
    let free = fake.free(kind.as_str(), range("2026-11-27T00:00:00Z", "2026-12-25T00:00:00Z"));
    let ours = calcom.book(&access, &kind, &Visit { starts: free[0], ..visit(1, NOW) }).await.unwrap();
    for (number, starts) in free.iter().enumerate().skip(1).take(229) {
        fake.book_as_outsider(kind.as_str(), *starts, "Carl", &format!("c{number}@example.com")).unwrap();
    }
    let gone = fake.guests().last().unwrap().clone();
    fake.cancel_as_owner(&gone.id);
    let month = range("2026-11-27T00:00:00Z", "2026-12-25T00:00:00Z");
    let seen = calcom.visits(&access, month).await.unwrap();
    assert_eq!(seen.len(), 230);
    assert_eq!((seen[0].booked.id.as_str(), seen[0].key), (ours.id.as_str(), Some(visit(1, NOW).key)));
    assert_eq!(seen.iter().filter(|visit| visit.when.is_none()).count(), 1);
    assert_eq!(fake.kit().count("GET", "/v2/bookings"), 3);
    let one = calcom.visits(&access, Interval { from: free[1], to: free[2] }).await.unwrap();
    assert_eq!(one.len(), 1, "from is in it, to is not");
}

#[tokio::test]
async fn g19_a_listing_that_never_ends_is_left() {
    let World { fake, calcom, access, .. } = world().await;
    let day = range("2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z");
    let trap = |body: &str| {
        fake.kit().clear_traps();
        fake.kit().forget_asked();
        let misdeed = Misdeed::status(200, body);
        fake.kit().trap(Trap { method: "GET", path: "/v2/bookings".into(), times: 500, misdeed });
    };
    trap(r#"{"status": "success", "data": [], "pagination": {"hasNextPage": true}}"#);
    assert!(matches!(calcom.visits(&access, day).await, Err(Trouble::Unavailable(_))));
    assert_eq!(fake.kit().count("GET", ""), 2, "an empty page that is not the last");
    trap(
        r#"{"status": "success", "data": [{"uid": "a", "status": "accepted", "start": "2026-11-27T14:00:00Z",
            "end": "2026-11-27T14:30:00Z"}], "pagination": {"hasNextPage": true}}"#,
    );
    assert!(matches!(calcom.visits(&access, day).await, Err(Trouble::Unavailable(_))));
    assert_eq!(fake.kit().count("GET", ""), MOST_PAGES);
    trap(r#"{"status": "success", "data": []}"#);
    assert!(matches!(calcom.visits(&access, day).await, Err(Trouble::Unavailable(_))), "does it go on?");
}

#[tokio::test]
async fn a_failure_that_says_that_it_is_well_is_a_failure() {
    let World { fake, calcom, access, kind, .. } = world().await;
    let day = range("2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z");
    fake.kit().once("GET", "/v2/slots", Misdeed::status(200, r#"{"status": "error", "data": {}}"#));
    assert!(matches!(calcom.free(&access, &kind, day).await, Err(Trouble::Unavailable(_))));
}

#[tokio::test]
async fn an_id_that_is_none_is_never_asked_for() {
    let World { fake, calcom, access, .. } = world().await;
    let day = range("2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z");
    for odd in ["1/../../me", "https://evil.example/1", "haircut", "1?x=1", "1 "] {
        let odd = CalendarId::new(odd).unwrap();
        assert!(matches!(calcom.free(&access, &odd, day).await, Err(Trouble::Refused(_))));
        assert!(matches!(calcom.book(&access, &odd, &visit(1, NOW)).await, Err(Trouble::Refused(_))));
    }
    for odd in ["../me", "a/b", "", "a?b", "https://evil.example"] {
        let odd = Booked { id: odd.into(), cancel_link: None, change_link: None };
        assert!(matches!(calcom.cancel(&access, &odd).await, Err(Trouble::Refused(_))));
        assert!(matches!(calcom.move_to(&access, &odd, at(NOW)).await, Err(Trouble::Refused(_))));
        let watch = Watch { id: odd.id, resource: None, until: None };
        assert!(matches!(calcom.unwatch(&access, &watch).await, Err(Trouble::Refused(_))));
    }
    assert_eq!(fake.kit().count("", ""), 0);
}
