//! When an owner is busy, of every kind that a calendar has.

use super::*;
use crate::testing::calendar::{
    Misdeed,
    microsoft::{BEN, Repeats},
};

#[tokio::test]
async fn what_is_shown_as_free_is_free_and_everything_else_is_busy() {
    let office = office().await;
    office.owner_adds("2026-12-03T14:00Z/2026-12-03T15:00Z", "busy");
    office.owner_adds("2026-12-03T14:30Z/2026-12-03T15:30Z", "tentative");
    office.owner_adds("2026-12-03T16:00Z/2026-12-03T17:00Z", "free");
    office.owner_adds("2026-12-03T18:00Z/2026-12-03T19:00Z", "workingElsewhere");
    office.owner_adds("2026-12-03T20:00Z/2026-12-03T21:00Z", "oof");
    office.owner_adds("2026-12-03T22:00Z/2026-12-03T23:00Z", "unknown");
    let off = office.owner_adds("2026-12-03T12:00Z/2026-12-03T13:00Z", "busy");
    office.server.cancel_event(&off);
    let secret = span("2026-12-03T23:30Z/2026-12-04T01:00Z");
    let private = NewEvent { private: true, ..NewEvent::new("Doctor", secret.from, secret.to) };
    office.server.add_event(office.calendar.as_str(), private);
    assert_eq!(
        office.busy("2026-12-03T00:00Z/2026-12-04T00:00Z").await.unwrap(),
        [
            span("2026-12-03T14:00Z/2026-12-03T15:30Z"),
            span("2026-12-03T20:00Z/2026-12-03T21:00Z"),
            span("2026-12-03T22:00Z/2026-12-03T23:00Z"),
            span("2026-12-03T23:30Z/2026-12-04T00:00Z"),
        ]
    );
}

#[tokio::test]
async fn g14_a_series_is_busy_when_it_takes_place_with_its_exceptions() {
    let office = office().await;
    let first = span("2026-12-01T14:00Z/2026-12-01T15:00Z");
    let weekly =
        NewEvent { repeats: Some(Repeats { days: 7, times: 4 }), ..NewEvent::new("Team", first.from, first.to) };
    let id = office.server.add_event(office.calendar.as_str(), weekly);
    office.server.delete_event(&format!("{id}.1"));
    let moved = span("2026-12-16T20:00Z/2026-12-16T21:00Z");
    office.server.move_event(&format!("{id}.2"), moved.from, moved.to);
    assert_eq!(
        office.busy("2026-12-01T00:00Z/2026-12-31T00:00Z").await.unwrap(),
        [first, moved, span("2026-12-22T14:00Z/2026-12-22T15:00Z")]
    );
}

#[tokio::test]
async fn a_whole_day_is_one_of_the_mailbox_and_not_of_utc() {
    let office = office().await;
    let noon = span("2026-12-03T17:00Z/2026-12-04T17:00Z");
    let closed = NewEvent { all_day: true, ..NewEvent::new("Closed", noon.from, noon.to) };
    office.server.add_event(office.calendar.as_str(), closed.clone());
    office.server.add_event(
        office.calendar.as_str(),
        NewEvent { from: at("2026-12-10T17:00:00Z"), to: at("2026-12-10T18:00:00Z"), ..closed }.shown_as("free"),
    );
    // Two days in New York, at UTC-5; a holiday that is shown as free is none.
    assert_eq!(
        office.busy("2026-12-01T00:00Z/2026-12-31T00:00Z").await.unwrap(),
        [span("2026-12-03T05:00Z/2026-12-05T05:00Z")]
    );
    // It is found by its end, too, though it is written down as a day of UTC.
    assert_eq!(
        office.busy("2026-12-05T03:00Z/2026-12-05T09:00Z").await.unwrap(),
        [span("2026-12-05T03:00Z/2026-12-05T05:00Z")]
    );
}

#[tokio::test]
async fn a_personal_account_is_read_in_the_same_way() {
    let office = of(BEN).await;
    let day = span("2026-12-03T11:00Z/2026-12-03T12:00Z");
    let whole = NewEvent { all_day: true, ..NewEvent::new("Urlaub", day.from, day.to) };
    office.server.add_event(office.calendar.as_str(), whole);
    assert_eq!(
        office.busy("2026-12-01T00:00Z/2026-12-31T00:00Z").await.unwrap(),
        [span("2026-12-02T23:00Z/2026-12-03T23:00Z")]
    );
}

#[tokio::test]
async fn busy_times_come_over_many_pages_and_of_many_calendars_and_all_or_none() {
    let office = office().await;
    office.server.page_size(3);
    let family = office.server.calendars(ANN)[1].id.clone();
    for hour in 0..20 {
        let from = at("2026-12-03T00:00:00Z") + jiff::SignedDuration::from_hours(hour);
        let to = from + jiff::SignedDuration::from_mins(30);
        let calendar = if hour % 2 == 0 { office.calendar.as_str() } else { &family };
        office.server.add_event(calendar, NewEvent::new("x", from, to));
    }
    let both = [office.calendar.clone(), CalendarId::new(family.clone()).unwrap()];
    let day = span("2026-12-03T00:00Z/2026-12-04T00:00Z");
    assert_eq!(office.diary.busy(&office.access, &both, day).await.unwrap().len(), 20);
    assert_eq!(office.server.kit().count("GET", "calendarView"), 8);

    // One that cannot be read is never free.
    office.server.kit().once("GET", &family.replace('=', "%3D"), Misdeed::status(503, "{}"));
    office.server.kit().once("GET", &family, Misdeed::status(503, "{}"));
    assert!(matches!(office.diary.busy(&office.access, &both, day).await, Err(Trouble::Unavailable(_))));
    office.server.kit().clear_traps();
    office.server.delete_calendar(&family);
    assert!(matches!(office.diary.busy(&office.access, &both, day).await, Err(Trouble::Reconnect(Why::CalendarGone))));
    assert_eq!(office.diary.busy(&office.access, &[], day).await.unwrap(), []);
}

#[tokio::test]
async fn at_most_two_months_are_asked_for_at_once() {
    let office = office().await;
    assert!(office.busy("2026-12-01T00:00Z/2027-02-01T00:00Z").await.is_ok());
    assert!(matches!(office.busy("2026-12-01T00:00Z/2027-02-01T01:00Z").await, Err(Trouble::Refused(_))));
    assert_eq!(office.server.kit().count("", ""), 1);
}

#[tokio::test]
async fn g5_no_more_than_four_requests_are_made_of_a_mailbox_at_once() {
    let office = office().await;
    office.server.takes(Duration::from_millis(30));
    let mut calendars = vec![office.calendar.clone()];
    for number in 0..11 {
        calendars.push(office.server.add_calendar(ANN, &number.to_string(), true));
    }
    let day = span("2026-12-03T00:00Z/2026-12-04T00:00Z");
    office.diary.busy(&office.access, &calendars, day).await.unwrap();
    assert_eq!(office.server.most_at_once(), 4);
}

#[tokio::test]
async fn g5_a_mailbox_that_others_keep_busy_says_how_long_to_wait() {
    let office = office().await;
    office.server.takes(Duration::from_millis(100));
    // As another node of ours would.
    let other = Graph::within(&office.server.address(), Duration::from_secs(2)).unwrap();
    let url = |graph: &Graph| graph.url(&["me"]).unwrap();
    let mut asked = tokio::task::JoinSet::new();
    let other = Arc::new(other);
    for _ in 0..4 {
        let (other, access) = (Arc::clone(&other), office.access.clone());
        asked.spawn(async move {
            let me = url(&other);
            other.read::<wire::Me>(&access, me, About::Account, PLAIN).await.map(|_| ())
        });
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    let answer = office.busy("2026-12-03T00:00Z/2026-12-04T00:00Z").await;
    assert!(matches!(answer, Err(Trouble::Limited { after: Some(after) }) if after == Duration::from_secs(3)));
    assert!(asked.join_all().await.iter().all(Result::is_ok));
}
