//! Our events.

use super::*;
use crate::{
    domain::connection::Why,
    testing::calendar::google::{BO, BOS, Role},
};

#[tokio::test]
async fn an_appointment_is_written_moved_and_taken_away() {
    let desk = Desk::open().await;
    let ann = calendar(ANNS);
    let placed = desk.google.place(&desk.access, &ann, &haircut(0)).await.unwrap();
    assert!(placed.etag.is_some() && placed.link.is_some() && placed.meeting.is_none());
    let stands = desk.fake.events(ANNS);
    assert_eq!((stands[0].title.as_str(), stands[0].from), ("Haircut: Jo", at("2026-12-03T17:00:00Z")));
    assert_eq!(stands[0].booking, Some(key(0).booking.to_string()));
    assert_eq!(desk.busy("2026-12-03T00:00:00Z", "2026-12-04T00:00:00Z").await.unwrap().len(), 1);

    let later = Event { when: between("2026-12-03T20:00:00Z", "2026-12-03T20:30:00Z"), ..haircut(0) };
    let moved = desk.google.revise(&desk.access, &ann, &placed, &later, Words::ALL).await.unwrap();
    assert!(moved.id == placed.id && moved.etag != placed.etag);
    assert_eq!(desk.fake.events(ANNS)[0].from, later.when.from);

    desk.google.withdraw(&desk.access, &ann, &placed).await.unwrap();
    desk.google.withdraw(&desk.access, &ann, &placed).await.unwrap();
    assert!(desk.fake.events(ANNS).is_empty());
    let asked = desk.fake.kit().asked();
    let writes = asked.iter().filter(|asked| ["POST", "PATCH", "DELETE"].contains(&asked.method.as_str()));
    assert!(
        writes.filter(|asked| asked.path.contains("/events")).all(|asked| asked.query.contains("sendUpdates=none"))
    );
    assert!(!asked.iter().any(|asked| asked.text().contains("attendees")));
}

/// G7.
#[tokio::test]
async fn g7_writing_it_twice_makes_one_event() {
    let desk = Desk::open().await;
    let ann = calendar(ANNS);
    let first = desk.google.place(&desk.access, &ann, &haircut(0)).await.unwrap();
    let again = desk.google.place(&desk.access, &ann, &haircut(0)).await.unwrap();
    assert!(first == again);
    assert_eq!(desk.fake.events(ANNS).len(), 1);
}

#[tokio::test]
async fn an_id_that_was_used_up_asks_for_the_next_generation() {
    let desk = Desk::open().await;
    let ann = calendar(ANNS);
    let placed = desk.google.place(&desk.access, &ann, &haircut(0)).await.unwrap();
    desk.fake.delete_event(ANNS, &placed.id);
    let used_up = desk.google.place(&desk.access, &ann, &haircut(0)).await;
    assert!(matches!(used_up, Err(Trouble::Conflict)));
    assert!(desk.google.find(&desk.access, &ann, key(0)).await.unwrap().is_none());
    desk.google.place(&desk.access, &ann, &haircut(1)).await.unwrap();
    assert_eq!(desk.fake.events(ANNS).len(), 1);
    // Taken by an event that says it is another booking's.
    let marked = r#"{"id":"x","status":"confirmed","extendedProperties":{"private":{"deskbell_booking":
        "01930000-0000-7000-8000-0000000000ff","deskbell_generation":"1"}}}"#;
    desk.once("GET", "/events/", Misdeed::status(200, marked));
    let others = desk.google.place(&desk.access, &ann, &haircut(1)).await;
    assert!(matches!(others, Err(Trouble::Conflict)));
}

/// G9.
#[tokio::test]
async fn g9_what_the_owner_has_changed_is_not_overwritten() {
    let desk = Desk::open().await;
    let ann = calendar(ANNS);
    let placed = desk.google.place(&desk.access, &ann, &haircut(0)).await.unwrap();
    desk.fake.retitle(ANNS, &placed.id, "Jo, bring the dog");
    let changed = desk.google.revise(&desk.access, &ann, &placed, &haircut(0), Words::ALL).await;
    assert!(matches!(changed, Err(Trouble::Conflict)));
    assert_eq!(desk.fake.events(ANNS)[0].title, "Jo, bring the dog");
    desk.google.withdraw(&desk.access, &ann, &placed).await.unwrap();

    // Without an etag to compare: Google calls it forbidden, and it is only gone.
    let blind = Placed { etag: None, ..placed.clone() };
    assert!(matches!(
        desk.google.revise(&desk.access, &ann, &blind, &haircut(0), Words::ALL).await,
        Err(Trouble::Gone)
    ));
    let nowhere = Placed { id: "nowhere".to_owned(), ..blind };
    assert!(matches!(
        desk.google.revise(&desk.access, &ann, &nowhere, &haircut(0), Words::ALL).await,
        Err(Trouble::Gone)
    ));
    desk.google.withdraw(&desk.access, &ann, &nowhere).await.unwrap();
}

/// G15.
#[tokio::test]
async fn g15_a_move_changes_when_it_is_and_keeps_what_its_owner_has_made_of_it() {
    let desk = Desk::open().await;
    let ann = calendar(ANNS);
    let placed = desk.google.place(&desk.access, &ann, &haircut(0)).await.unwrap();
    let theirs = serde_json::json!({
        "summary": "Jo, bring the dog",
        "description": "Is always late!",
        "location": "the back room",
        "colorId": "11",
        "transparency": "transparent",
        "reminders": {"useDefault": false, "overrides": [{"method": "popup", "minutes": 5}]},
        "attendees": [{"email": "partner@example.com"}],
    });
    desk.fake.write_into(ANNS, &placed.id, theirs.clone());
    let seen = desk.google.find(&desk.access, &ann, key(0)).await.unwrap().unwrap();
    let later = Event { when: between("2026-12-03T20:00:00Z", "2026-12-03T20:30:00Z"), ..haircut(0) };
    let moved = desk.google.revise(&desk.access, &ann, &seen.placed, &later, Words::default()).await.unwrap();
    assert_eq!(desk.fake.events(ANNS)[0].from, later.when.from);
    let kept = desk.fake.document(ANNS, &placed.id);
    for (name, value) in theirs.as_object().unwrap() {
        assert_eq!(&kept[name], value, "{name}");
    }
    assert_eq!(desk.fake.events(ANNS)[0].booking, Some(key(0).booking.to_string()), "and it is still known as ours");
    // A word that has changed is written, and no other.
    let other = Event { title: "Colour: Jo".to_owned(), ..later };
    let title = Words { title: true, ..Words::default() };
    desk.google.revise(&desk.access, &ann, &moved, &other, title).await.unwrap();
    let kept = desk.fake.document(ANNS, &placed.id);
    assert_eq!((&kept["summary"], &kept["description"]), (&"Colour: Jo".into(), &theirs["description"]));
}

#[tokio::test]
async fn an_event_that_was_made_a_whole_day_is_found_and_put_right_again() {
    let desk = Desk::open().await;
    let ann = calendar(ANNS);
    let placed = desk.google.place(&desk.access, &ann, &haircut(0)).await.unwrap();
    let (first, end) = ("2026-12-04".parse().unwrap(), "2026-12-05".parse().unwrap());
    desk.fake.make_all_day(ANNS, &placed.id, first, end);
    let seen = desk.google.find(&desk.access, &ann, key(0)).await.unwrap().unwrap();
    assert_eq!(seen.when, Some(between("2026-12-04T07:00:00Z", "2026-12-05T07:00:00Z")));
    let put = desk.google.revise(&desk.access, &ann, &seen.placed, &haircut(0), Words::ALL).await.unwrap();
    assert_eq!(put.id, placed.id);
    let stands = &desk.fake.events(ANNS)[0];
    assert_eq!((stands.all_day, stands.from), (false, at("2026-12-03T17:00:00Z")));
}

#[tokio::test]
async fn a_meeting_is_made_once_and_its_address_may_come_later() {
    let desk = Desk::open().await;
    let ann = calendar(ANNS);
    let meeting = |generation| Event { meeting: true, ..haircut(generation) };
    let placed = desk.google.place(&desk.access, &ann, &meeting(0)).await.unwrap();
    let link = placed.meeting.clone().unwrap();
    assert!(link.starts_with("https://meet.google.com/"), "{link}");
    let again = desk.google.revise(&desk.access, &ann, &placed, &meeting(0), Words::ALL).await.unwrap();
    assert_eq!(again.meeting, Some(link));

    desk.fake.meetings_later(true);
    let placed = desk.google.place(&desk.access, &ann, &meeting(1)).await.unwrap();
    assert_eq!(placed.meeting, None);
    let seen = desk.google.find(&desk.access, &ann, key(1)).await.unwrap().unwrap();
    assert!(seen.placed.meeting.is_some());
}

/// G10, G11: whether it was done is not known, and looking tells.
#[tokio::test]
async fn a_writing_whose_answer_is_lost_is_unknown_and_can_be_found() {
    for (generation, misdeed) in (0..).zip(spoilt()) {
        let desk = Desk::open().await;
        let ann = calendar(ANNS);
        let not_done = matches!(misdeed, Misdeed::Status { .. });
        desk.once("POST", "/events", misdeed.clone());
        let lost = desk.google.place(&desk.access, &ann, &haircut(generation)).await;
        assert!(matches!(lost, Err(Trouble::Unknown(_))), "{misdeed:?}: {lost:?}");
        let found = desk.google.find(&desk.access, &ann, key(generation)).await.unwrap();
        assert_eq!(found.is_none(), not_done, "{misdeed:?}");
        let placed = desk.google.place(&desk.access, &ann, &haircut(generation)).await.unwrap();
        assert_eq!(desk.fake.events(ANNS).len(), 1);

        desk.once("PATCH", "/events/", misdeed.clone());
        let lost = desk.google.revise(&desk.access, &ann, &placed, &haircut(generation), Words::ALL).await;
        assert!(matches!(lost, Err(Trouble::Unknown(_))), "{misdeed:?}: {lost:?}");
        // Nothing stands in the answer to a deletion that could be spoilt, but these.
        if matches!(misdeed, Misdeed::Html | Misdeed::DoneUnanswered | Misdeed::Status { .. }) {
            desk.once("DELETE", "/events/", misdeed.clone());
            let lost = desk.google.withdraw(&desk.access, &ann, &placed).await;
            assert!(matches!(lost, Err(Trouble::Unknown(_))), "{misdeed:?}: {lost:?}");
        }
        desk.google.withdraw(&desk.access, &ann, &placed).await.unwrap();
        assert!(desk.fake.events(ANNS).is_empty());
    }
}

/// G20.
#[tokio::test]
async fn g20_a_redirect_is_refused() {
    let desk = Desk::open().await;
    let ann = calendar(ANNS);
    let to = format!("{}/calendar/v3/calendars/{ANNS}/events", desk.fake.address());
    desk.once("POST", "/events", Misdeed::Redirect { to });
    assert!(matches!(desk.google.place(&desk.access, &ann, &haircut(0)).await, Err(Trouble::Refused(_))));
    assert_eq!(desk.fake.kit().count("", "/events"), 1);
}

/// G4, G6.
#[tokio::test]
async fn a_calendar_that_is_gone_or_not_ours_to_write_asks_the_owner() {
    let desk = Desk::open().await;
    let bo = calendar(BOS);
    let place = async || desk.google.place(&desk.access, &bo, &haircut(0)).await;
    assert!(matches!(place().await, Err(Trouble::Reconnect(Why::CalendarGone))));
    desk.fake.share(BOS, ANN, Some(Role::Writer));
    assert!(matches!(place().await, Err(Trouble::Reconnect(Why::NotAllowed))), "the scope is for one's own");
    desk.fake.share(BOS, ANN, Some(Role::Owner));
    place().await.unwrap();
    desk.fake.share(BOS, BO, None);
    desk.fake.delete_calendar(BOS);
    assert!(matches!(place().await, Err(Trouble::Reconnect(Why::CalendarGone))));
    desk.fake.revoke(ANN);
    assert!(matches!(place().await, Err(Trouble::Unauthorized)));
}

#[tokio::test]
async fn a_title_of_any_kind_arrives_as_it_was() {
    let desk = Desk::open().await;
    let title = "Jo \"the\" Ünal\r\nATTENDEE:mailto:evil@example.com <script> \u{202e}";
    let odd = Event {
        title: title.to_owned(),
        location: Some("1 Main St".to_owned()),
        description: format!("<a href=//evil.example>{}", "é".repeat(9_000)),
        ..haircut(0)
    };
    desk.google.place(&desk.access, &calendar(ANNS), &odd).await.unwrap();
    let stands = &desk.fake.events(ANNS)[0];
    assert_eq!((stands.title.as_str(), stands.location.as_str()), (title, "1 Main St"));
    assert!(stands.description.starts_with("&lt;a "), "Google would show it as HTML");
    assert_eq!(stands.description.chars().count(), 8_192);
}
