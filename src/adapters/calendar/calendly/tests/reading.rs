//! Kinds, free times, visits.

use super::*;
use crate::{
    adapters::calendar::exchange::MOST_PAGES,
    testing::calendar::{Misdeed, Trap, calendly::Question},
};

#[tokio::test]
async fn the_kinds_that_can_be_chosen_are_listed_over_pages() {
    let World { fake, calendly, access, .. } = world().await;
    for number in 0..230 {
        fake.add_kind(Kind::new(&format!("Kind {number:03}"), 45));
    }
    fake.add_kind(Kind { active: false, ..Kind::new("Off", 30) });
    fake.add_kind(Kind { poll: true, ..Kind::new("Poll", 30) });
    let consent = Question::new("Do you accept our terms?", "single_select", true);
    fake.add_kind(Kind { questions: vec![consent], ..Kind::new("Terms", 30) });
    let kinds = calendly.kinds(&access).await.unwrap();
    assert_eq!(kinds.len(), 233, "what is switched off is not there");
    assert_eq!(fake.kit().count("GET", "/event_types"), 3);
    let haircut = kinds.iter().find(|kind| kind.name == "Haircut").unwrap();
    assert_eq!((haircut.minutes, haircut.writable, haircut.primary), (Some(30), true, false));
    assert!(haircut.page.as_deref().unwrap().starts_with("https://calendly.com/"));
    let hindered = |name: &str| kinds.iter().any(|kind| kind.name == name && !kind.writable);
    assert!(hindered("Poll") && hindered("Terms"));
}

#[tokio::test]
async fn free_times_are_calendlys_own() {
    let World { fake, calendly, access, kind, .. } = world().await;
    fake.add_busy(range("2026-11-27T15:00:00Z", "2026-11-27T16:00:00Z"));
    let month = range("2026-11-27T00:00:00Z", "2026-12-28T00:00:00Z");
    let free = calendly.free(&access, &kind, month).await.unwrap();
    assert_eq!(free, fake.free(kind.as_str(), month));
    assert!(!free.contains(&at("2026-11-27T15:30:00Z")) && free.contains(&at("2026-11-27T16:00:00Z")));
    assert_eq!(fake.kit().count("GET", "/event_type_available_times"), 1, "31 days are one window");
    let half = calendly.free(&access, &kind, range("2026-11-27T14:00:00Z", "2026-11-27T14:30:00Z")).await.unwrap();
    assert_eq!(half, [at("2026-11-27T14:00:00Z")], "its end is not in it");
}

#[tokio::test]
async fn a_longer_range_is_asked_for_in_windows_that_touch() {
    let World { fake, calendly, access, kind, .. } = world().await;
    let long = range("2026-11-27T00:00:00Z", "2027-01-20T00:00:00Z");
    let free = calendly.free(&access, &kind, long).await.unwrap();
    assert_eq!(free, fake.free(kind.as_str(), long));
    assert!(free.is_sorted_by(|one, next| one < next));
    assert_eq!(fake.kit().count("GET", "/event_type_available_times"), 2);
}

#[tokio::test]
async fn nothing_is_asked_about_what_is_past() {
    let World { fake, calendly, access, kind, clock } = world().await;
    let past = calendly.free(&access, &kind, range("2026-11-20T00:00:00Z", "2026-11-25T00:00:00Z")).await.unwrap();
    assert!(past.is_empty());
    assert_eq!(fake.kit().count("GET", "/event_type_available_times"), 0);
    clock.set(at("2026-11-27T16:10:00Z"));
    let today = range("2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z");
    let access = Access { secret: Secret::new(fake.token()), ..access };
    let free = calendly.free(&access, &kind, today).await.unwrap();
    assert_eq!(free.first(), Some(&at("2026-11-27T20:30:00Z")), "four hours' notice, by Calendly's rules");
}

#[tokio::test]
async fn g18_a_kind_that_is_switched_off_or_gone_has_no_times() {
    let World { fake, calendly, access, kind, .. } = world().await;
    let day = range("2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z");
    fake.change_kind(kind.as_str(), |kind| kind.active = false);
    assert!(calendly.free(&access, &kind, day).await.unwrap().is_empty());
    fake.remove_kind(kind.as_str());
    assert!(matches!(calendly.free(&access, &kind, day).await, Err(Trouble::Gone)));
}

#[tokio::test]
async fn visits_are_ours_and_everybody_elses() {
    let World { fake, calendly, access, kind, .. } = world().await;
    let ours = calendly.book(&access, &kind, &visit(1, "2026-11-27T14:00:00Z")).await.unwrap();
    fake.book_as_outsider(kind.as_str(), at("2026-11-27T15:00:00Z"), "Carl", "carl@example.com").unwrap();
    let gone = fake.book_as_outsider(kind.as_str(), at("2026-11-27T16:00:00Z"), "Dora", "dora@example.com").unwrap();
    fake.cancel_as_owner(&gone);
    fake.book_as_outsider(kind.as_str(), at("2026-11-30T16:00:00Z"), "Eve", "eve@example.com").unwrap();
    let seen = calendly.visits(&access, range("2026-11-27T14:00:00Z", "2026-11-30T16:00:00Z")).await.unwrap();
    let told: Vec<_> = seen.iter().map(|visit| (visit.key.is_some(), visit.when)).collect();
    assert_eq!(
        told,
        [
            (true, Some(range("2026-11-27T14:00:00Z", "2026-11-27T14:30:00Z"))),
            (false, Some(range("2026-11-27T15:00:00Z", "2026-11-27T15:30:00Z"))),
            (false, None),
        ]
    );
    assert_eq!((seen[0].booked.id.as_str(), seen[2].booked.id.as_str()), (ours.id.as_str(), gone.as_str()));
}

#[tokio::test]
async fn many_visits_come_over_pages() {
    let World { fake, calendly, access, kind, .. } = world().await;
    let free = fake.free(kind.as_str(), range("2026-11-27T00:00:00Z", "2026-12-25T00:00:00Z"));
    for (number, starts) in free.iter().take(130).enumerate() {
        fake.book_as_outsider(kind.as_str(), *starts, "Carl", &format!("c{number}@example.com")).unwrap();
    }
    let seen = calendly.visits(&access, range("2026-11-27T00:00:00Z", "2026-12-25T00:00:00Z")).await.unwrap();
    assert_eq!(seen.len(), 130);
    assert!(seen.iter().all(|visit| visit.when.is_some()));
    assert!(seen.is_sorted_by_key(|visit| visit.when.map(|when| when.from)));
}

#[tokio::test]
async fn g19_a_listing_that_goes_in_a_circle_is_left() {
    let World { fake, calendly, access, .. } = world().await;
    let round = r#"{"collection": [], "pagination": {"next_page_token": "again"}}"#;
    fake.kit().trap(Trap {
        method: "GET",
        path: "/event_types".into(),
        times: 500,
        misdeed: Misdeed::status(200, round),
    });
    assert!(matches!(calendly.kinds(&access).await, Err(Trouble::Unavailable(_))));
    assert_eq!(fake.kit().count("GET", "/event_types"), 2);
    fake.kit().clear_traps();
    for number in 0..MOST_PAGES + 5 {
        let page = format!(r#"{{"collection": [], "pagination": {{"next_page_token": "page-{number}"}}}}"#);
        fake.kit().once("GET", "/event_types", Misdeed::status(200, page));
    }
    fake.kit().forget_asked();
    assert!(matches!(calendly.kinds(&access).await, Err(Trouble::Unavailable(_))));
    assert_eq!(fake.kit().count("GET", "/event_types"), MOST_PAGES);
}

#[tokio::test]
async fn g12_an_event_that_ends_before_it_begins_is_no_answer() {
    let World { fake, calendly, access, kind, .. } = world().await;
    calendly.book(&access, &kind, &visit(1, "2026-11-27T14:00:00Z")).await.unwrap();
    let base = fake.address();
    let odd = format!(
        r#"{{"collection": [{{"uri": "{base}/scheduled_events/A", "status": "active", "start_time": "2026-11-27T14:00:00Z",
            "end_time": "2026-11-27T13:00:00Z", "invitees_counter": {{"active": 1, "limit": 1, "total": 1}}}}],
            "pagination": {{"next_page_token": null}}}}"#
    );
    fake.kit().once("GET", "/scheduled_events", Misdeed::status(200, odd));
    let invitee = format!(
        r#"{{"collection": [{{"uri": "{base}/scheduled_events/A/invitees/B", "status": "active"}}],
            "pagination": {{"next_page_token": null}}}}"#
    );
    fake.kit().once("GET", "/invitees", Misdeed::status(200, invitee));
    let day = range("2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z");
    assert!(matches!(calendly.visits(&access, day).await, Err(Trouble::Unavailable(_))));
}

#[tokio::test]
async fn an_id_that_is_no_address_at_calendly_is_never_asked_for() {
    let World { fake, calendly, access, .. } = world().await;
    let day = range("2026-11-27T00:00:00Z", "2026-11-28T00:00:00Z");
    for odd in ["https://evil.example/event_types/A", "event_types/A", "../users/me", "4711"] {
        let odd = CalendarId::new(odd).unwrap();
        assert!(matches!(calendly.free(&access, &odd, day).await, Err(Trouble::Refused(_))));
        assert!(matches!(
            calendly.book(&access, &odd, &visit(1, "2026-11-27T14:00:00Z")).await,
            Err(Trouble::Refused(_))
        ));
    }
    let odd = Booked { id: "https://evil.example/x".into(), cancel_link: None, change_link: None };
    assert!(matches!(calendly.cancel(&access, &odd).await, Err(Trouble::Refused(_))));
    assert_eq!(fake.kit().count("", ""), 0);
}
