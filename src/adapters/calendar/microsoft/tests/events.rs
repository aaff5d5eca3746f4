//! Appointments that are written, changed and taken away.

use super::*;
use crate::testing::calendar::{Misdeed, microsoft::BEN};

const TEN: &str = "2026-12-03T15:00Z/2026-12-03T16:00Z";
const NOON: &str = "2026-12-03T17:00Z/2026-12-03T18:00Z";

#[tokio::test]
async fn an_appointment_is_written_once_however_often_it_is_sent() {
    let office = office().await;
    let event = appointment(key(1), TEN);
    let first = office.place(&event).await.unwrap();
    let second = office.place(&event).await.unwrap();
    assert_eq!(first, second);
    let stands = office.server.events(office.calendar.as_str());
    assert_eq!(stands.len(), 1);
    let one = &stands[0];
    assert_eq!((one.title.as_str(), one.body.as_str()), ("Haircut: Jo", "Jo, +1 212 555 0134"));
    assert_eq!((one.from, one.to, one.location.as_str()), (event.when.from, event.when.to, "12 Main St"));
    assert!(first.link.is_some() && first.etag.is_some() && first.meeting.is_none());
    assert_eq!(office.busy("2026-12-03T00:00Z/2026-12-04T00:00Z").await.unwrap(), [event.when]);
    let found = office.find(key(1)).await.unwrap().unwrap();
    assert_eq!((found.key, found.when, &found.placed.id), (Some(key(1)), Some(event.when), &first.id));
    assert_eq!(office.find(key(2)).await.unwrap(), None);
}

#[tokio::test]
async fn g10_a_writing_with_a_lost_answer_is_found_and_not_repeated() {
    for misdeed in [Misdeed::DoneUnanswered, Misdeed::CutOff, Misdeed::Html, Misdeed::HalfABody] {
        let office = office().await;
        let event = appointment(key(1), TEN);
        office.server.kit().once("POST", "/events", misdeed.clone());
        assert!(matches!(office.place(&event).await, Err(Trouble::Unknown(_))), "{misdeed:?}");
        let found = office.find(key(1)).await.unwrap().unwrap();
        assert_eq!(found.when, Some(event.when));
        assert_eq!(office.place(&event).await.unwrap(), found.placed);
        assert_eq!(office.server.events(office.calendar.as_str()).len(), 1);
    }
    let office = office().await;
    office.server.kit().once("POST", "/events", Misdeed::Unanswered);
    assert!(matches!(office.place(&appointment(key(1), TEN)).await, Err(Trouble::Unknown(_))));
    assert_eq!(office.find(key(1)).await.unwrap(), None);
    // It was written, and whether it stands could not be seen.
    office.server.kit().once("GET", "/me/events/", Misdeed::status(503, ""));
    assert!(matches!(office.place(&appointment(key(1), TEN)).await, Err(Trouble::Unknown(_))));
    office.place(&appointment(key(1), TEN)).await.unwrap();
    assert_eq!(office.server.events(office.calendar.as_str()).len(), 1);
}

#[tokio::test]
async fn g7_the_key_of_an_event_that_was_deleted_is_used_up() {
    let office = office().await;
    let event = appointment(key(1), TEN);
    let placed = office.place(&event).await.unwrap();
    office.server.delete_event(&placed.id);
    assert!(matches!(office.place(&event).await, Err(Trouble::Conflict)));
    assert_eq!(office.find(key(1)).await.unwrap(), None);
    let next = Event { key: EventKey { generation: 1, ..key(1) }, ..event };
    let again = office.place(&next).await.unwrap();
    assert_ne!(again.id, placed.id);
    assert_eq!(office.server.events(office.calendar.as_str()).len(), 1);
}

#[tokio::test]
async fn an_appointment_is_moved_and_taken_away() {
    let office = office().await;
    let placed = office.place(&appointment(key(1), TEN)).await.unwrap();
    let mut event = appointment(key(1), NOON);
    event.title = "Colour: Jo".into();
    event.location = None;
    let moved = office.diary.revise(&office.access, &office.calendar, &placed, &event, Words::ALL).await.unwrap();
    assert!(moved.id == placed.id && moved.etag != placed.etag);
    let stands = office.server.events(office.calendar.as_str());
    assert_eq!(
        (stands[0].title.as_str(), stands[0].from, stands[0].location.as_str()),
        ("Colour: Jo", event.when.from, "")
    );
    // The newest version is not known to whoever takes it away, and need not be.
    office.diary.withdraw(&office.access, &office.calendar, &placed).await.unwrap();
    office.diary.withdraw(&office.access, &office.calendar, &placed).await.unwrap();
    assert!(office.server.events(office.calendar.as_str()).is_empty());
    let gone = office.diary.revise(&office.access, &office.calendar, &moved, &event, Words::ALL).await;
    assert!(matches!(gone, Err(Trouble::Gone)));
}

#[tokio::test]
async fn g9_what_the_owner_has_changed_meanwhile_is_not_written_over() {
    let office = office().await;
    let placed = office.place(&appointment(key(1), TEN)).await.unwrap();
    let noon = span(NOON);
    office.server.move_event(&placed.id, noon.from, noon.to);
    let event = appointment(key(1), "2026-12-03T20:00Z/2026-12-03T21:00Z");
    let answer = office.diary.revise(&office.access, &office.calendar, &placed, &event, Words::ALL).await;
    assert!(matches!(answer, Err(Trouble::Conflict)));
    let found = office.find(key(1)).await.unwrap().unwrap();
    assert_eq!(found.when, Some(noon));
    office.diary.revise(&office.access, &office.calendar, &found.placed, &event, Words::ALL).await.unwrap();
}

#[tokio::test]
async fn g15_a_move_changes_when_it_is_and_keeps_what_its_owner_has_made_of_it() {
    let office = office().await;
    let placed = office.place(&appointment(key(1), TEN)).await.unwrap();
    office.server.edit_event(&placed.id, |entry| {
        entry.title = "Jo, bring the dog".into();
        entry.body = "Is always late!".into();
        entry.location = "the back room".into();
        entry.show_as = "tentative".into();
        entry.private = true;
    });
    let before = office.server.events(office.calendar.as_str()).remove(0);
    let seen = office.find(key(1)).await.unwrap().unwrap();
    let later = appointment(key(1), NOON);
    let none = Words::default();
    let moved = office.diary.revise(&office.access, &office.calendar, &seen.placed, &later, none).await.unwrap();
    let after = office.server.events(office.calendar.as_str()).remove(0);
    assert_eq!(after.from, later.when.from);
    let theirs = |entry: &Entry| {
        let words = [&entry.title, &entry.body, &entry.location, &entry.show_as].map(Clone::clone);
        (words, entry.private, entry.properties.clone(), entry.transaction.clone())
    };
    assert_eq!(theirs(&after), theirs(&before));
    // A word that has changed is written, and no other.
    let other = Event { title: "Colour: Jo".into(), ..later };
    let title = Words { title: true, ..none };
    office.diary.revise(&office.access, &office.calendar, &moved, &other, title).await.unwrap();
    let after = office.server.events(office.calendar.as_str()).remove(0);
    assert_eq!((after.title.as_str(), after.body.as_str()), ("Colour: Jo", "Is always late!"));
}

#[tokio::test]
async fn a_copy_that_the_owner_made_is_not_taken_for_the_appointment() {
    let office = office().await;
    let placed = office.place(&appointment(key(1), TEN)).await.unwrap();
    let noon = span(NOON);
    office.server.copy_event(&placed.id, noon.from, noon.to).unwrap();
    assert_eq!(office.find(key(1)).await.unwrap().unwrap().placed.id, placed.id);
}

#[tokio::test]
async fn a_meeting_that_was_called_off_stands_no_more() {
    let office = office().await;
    let placed = office.place(&appointment(key(1), TEN)).await.unwrap();
    office.server.cancel_event(&placed.id);
    assert_eq!(office.find(key(1)).await.unwrap().unwrap().when, None);
    assert!(matches!(office.place(&appointment(key(1), TEN)).await, Err(Trouble::Conflict)));
}

#[tokio::test]
async fn a_video_meeting_outlives_a_change_and_a_personal_account_has_none() {
    let office = office().await;
    let meeting = Event { meeting: true, ..appointment(key(1), TEN) };
    let placed = office.place(&meeting).await.unwrap();
    assert!(placed.meeting.as_ref().unwrap().contains("meetup-join"));
    let moved = Event { when: span(NOON), ..meeting.clone() };
    let moved = office.diary.revise(&office.access, &office.calendar, &placed, &moved, Words::ALL).await.unwrap();
    assert_eq!(moved.meeting, placed.meeting);
    let personal = of(BEN).await;
    assert_eq!(personal.place(&meeting).await.unwrap().meeting, None);
}

#[tokio::test]
async fn a_calendar_that_is_gone_or_only_lent_cannot_be_written_to() {
    let office = office().await;
    let lent = office.server.add_calendar(ANN, "The salon's", false);
    let event = appointment(key(1), TEN);
    let answer = office.diary.place(&office.access, &lent, &event).await;
    assert!(matches!(answer, Err(Trouble::Reconnect(Why::NotAllowed))));
    office.server.delete_calendar(office.calendar.as_str());
    assert!(matches!(office.place(&event).await, Err(Trouble::Reconnect(Why::CalendarGone))));
    assert!(matches!(office.find(key(1)).await, Err(Trouble::Reconnect(Why::CalendarGone))));
}

#[tokio::test]
async fn a_title_that_is_too_long_is_cut() {
    let office = office().await;
    office.place(&Event { title: "ä".repeat(300), ..appointment(key(1), TEN) }).await.unwrap();
    assert_eq!(office.server.events(office.calendar.as_str())[0].title.chars().count(), 255);
}
