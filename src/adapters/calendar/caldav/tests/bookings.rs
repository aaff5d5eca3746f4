//! Our events: written once, changed with care, taken away.

use super::{at, both, caldav, days, hour, key, visit};
use crate::{
    domain::connection::{CalendarId, Why},
    ports::calendar::{Diary as _, EventKey, Interval, Placed, Trouble, Words},
    testing::calendar::{
        Misdeed,
        caldav::{Dialect, FakeCalDav, MAIN, OTHER, READ_ONLY},
    },
};

#[tokio::test]
async fn an_event_is_placed_once_found_revised_and_withdrawn() {
    for fake in both().await {
        let (caldav, access, calendar) = (caldav(), fake.access(), fake.calendar(OTHER));
        let first = visit(1, hour("2026-12-03T17:00Z"));
        assert_eq!(caldav.find(&access, &calendar, key(1)).await.unwrap(), None);
        let placed = caldav.place(&access, &calendar, &first).await.unwrap();
        assert!(placed.etag.is_some() && placed.id.starts_with(calendar.as_str()));
        assert_eq!(caldav.place(&access, &calendar, &first).await.unwrap(), placed);
        let kept = fake.events(OTHER);
        assert_eq!((kept.len(), kept[0].when), (1, Some(first.when)));
        assert_eq!(kept[0].title, "Haircut – Ann, \"the\" one; and only");
        let seen = caldav.find(&access, &calendar, key(1)).await.unwrap().unwrap();
        assert_eq!((&seen.placed, seen.key, seen.when), (&placed, Some(key(1)), Some(first.when)));

        let moved = visit(1, hour("2026-12-04T17:00Z"));
        let again = caldav.revise(&access, &calendar, &placed, &moved, Words::ALL).await.unwrap();
        assert_ne!(again.etag, placed.etag);
        assert_eq!(fake.events(OTHER)[0].when, Some(moved.when));
        assert_eq!(
            caldav.busy(&access, std::slice::from_ref(&calendar), days("2026-12-01T00:00Z", 31)).await.unwrap(),
            [moved.when]
        );
        // Repeated, it writes nothing.
        let puts = fake.kit().count("PUT", "");
        assert_eq!(caldav.revise(&access, &calendar, &again, &moved, Words::ALL).await.unwrap(), again);
        assert_eq!(fake.kit().count("PUT", ""), puts);

        caldav.withdraw(&access, &calendar, &again).await.unwrap();
        caldav.withdraw(&access, &calendar, &again).await.unwrap();
        assert!(fake.events(OTHER).is_empty());
        assert!(matches!(caldav.revise(&access, &calendar, &again, &moved, Words::ALL).await, Err(Trouble::Gone)));
        assert!(fake.kit().asked().iter().all(|asked| asked.query.is_empty()));
    }
}

#[tokio::test]
async fn g7_what_stands_under_our_name_is_ours_or_a_conflict() {
    for fake in both().await {
        let (caldav, access, calendar) = (caldav(), fake.access(), fake.calendar(MAIN));
        let event = visit(1, hour("2026-12-03T17:00Z"));
        let placed = caldav.place(&access, &calendar, &event).await.unwrap();
        let name = placed.id.rsplit_once('/').unwrap().1.to_owned();
        // Somebody else has put their own there.
        fake.edit(MAIN, &name, |ics| ics.replace("X-DESKBELL-KEY", "X-OTHER"));
        assert!(matches!(caldav.place(&access, &calendar, &event).await, Err(Trouble::Conflict)));
        assert_eq!(caldav.find(&access, &calendar, key(1)).await.unwrap(), None);
        // Its UID is at another name, or in the bin.
        fake.delete_event(MAIN, &name);
        fake.keeps_deleted(true);
        assert!(matches!(caldav.place(&access, &calendar, &event).await, Err(Trouble::Conflict)));
        let next = EventKey { generation: 1, ..event.key };
        let placed = caldav.place(&access, &calendar, &super::Event { key: next, ..event.clone() }).await.unwrap();
        assert!(placed.id.ends_with(".1.ics"));
    }
}

#[tokio::test]
async fn g9_what_the_owner_changed_is_not_written_over() {
    for fake in both().await {
        let (caldav, access, calendar) = (caldav(), fake.access(), fake.calendar(MAIN));
        let event = visit(1, hour("2026-12-03T17:00Z"));
        let placed = caldav.place(&access, &calendar, &event).await.unwrap();
        let name = placed.id.rsplit_once('/').unwrap().1.to_owned();
        fake.move_event(MAIN, &name, hour("2026-12-05T09:00Z"));
        let moved = visit(1, hour("2026-12-04T17:00Z"));
        assert!(matches!(caldav.revise(&access, &calendar, &placed, &moved, Words::ALL).await, Err(Trouble::Conflict)));
        assert_eq!(fake.events(MAIN)[0].when, Some(hour("2026-12-05T09:00Z")));
        // Having read it again, we may. Their alarm stays.
        let alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:!\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT";
        fake.edit(MAIN, &name, |ics| ics.replace("END:VEVENT", alarm));
        let seen = caldav.find(&access, &calendar, key(1)).await.unwrap().unwrap();
        assert_eq!(seen.when, Some(hour("2026-12-05T09:00Z")));
        caldav.revise(&access, &calendar, &seen.placed, &moved, Words::ALL).await.unwrap();
        let kept = &fake.events(MAIN)[0];
        assert!(kept.when == Some(moved.when) && kept.ics.contains(alarm) && kept.ics.contains("SEQUENCE:1"));
        // Changed between our look and our writing: the server notices.
        let seen = caldav.find(&access, &calendar, key(1)).await.unwrap().unwrap();
        fake.kit().once("PUT", "", Misdeed::status(412, ""));
        assert!(matches!(
            caldav.revise(&access, &calendar, &seen.placed, &event, Words::ALL).await,
            Err(Trouble::Conflict)
        ));
    }
}

#[tokio::test]
async fn a_bin_that_is_full_is_no_question_of_rights() {
    let fake = FakeCalDav::start(Dialect::Nextcloud).await;
    let (caldav, access, calendar) = (caldav(), fake.access(), fake.calendar(MAIN));
    let placed = caldav.place(&access, &calendar, &visit(1, hour("2026-12-03T17:00Z"))).await.unwrap();
    let words = "A calendar object with URI x-deleted.ics already exists, therefore this object can't be moved into the trashbin";
    fake.kit().once("DELETE", "", Misdeed::status(403, words));
    assert!(matches!(caldav.withdraw(&access, &calendar, &placed).await, Err(Trouble::Refused(_))));
}

#[tokio::test]
async fn a_server_that_names_no_version_is_looked_at() {
    for fake in both().await {
        fake.tells_versions(false);
        let (caldav, access, calendar) = (caldav(), fake.access(), fake.calendar(MAIN));
        let placed = caldav.place(&access, &calendar, &visit(1, hour("2026-12-03T17:00Z"))).await.unwrap();
        assert!(placed.etag.is_some());
        let placed =
            caldav.revise(&access, &calendar, &placed, &visit(1, hour("2026-12-04T17:00Z")), Words::ALL).await.unwrap();
        assert!(placed.etag.is_some());
        // It was written, whatever comes of the look.
        fake.kit().once("GET", "", Misdeed::status(500, ""));
        let placed = caldav.place(&access, &calendar, &visit(2, hour("2026-12-03T17:00Z"))).await.unwrap();
        assert_eq!(placed.etag, None);
        let weak = Placed { etag: Some("W/\"v1\"".to_owned()), ..placed };
        assert!(matches!(
            caldav.revise(&access, &calendar, &weak, &visit(2, hour("2026-12-05T17:00Z")), Words::ALL).await,
            Err(Trouble::Conflict)
        ));
    }
}

#[tokio::test]
async fn a_calendar_that_is_away_or_read_only_has_to_be_chosen_again() {
    for fake in both().await {
        let (caldav, access) = (caldav(), fake.access());
        let event = visit(1, hour("2026-12-03T17:00Z"));
        let place = async |name: &str| caldav.place(&access, &fake.calendar(name), &event).await;
        assert!(matches!(place(READ_ONLY).await, Err(Trouble::Reconnect(Why::NotAllowed))));
        fake.delete_calendar(MAIN);
        assert!(matches!(place(MAIN).await, Err(Trouble::Reconnect(Why::CalendarGone))));
        // Some say so within a 207.
        let gone = "<a:multistatus xmlns:a='DAV:'><a:response><a:href>/x/</a:href><a:status>HTTP/1.1 404 Not Found</a:status>\
                    </a:response></a:multistatus>";
        fake.kit().once("PUT", "", Misdeed::status(409, ""));
        fake.kit().once("PROPFIND", "", Misdeed::status(207, gone));
        assert!(matches!(place(OTHER).await, Err(Trouble::Reconnect(Why::CalendarGone))));
        // And when it stands, the name is used up.
        fake.kit().once("PUT", "", Misdeed::status(409, ""));
        assert!(matches!(place(OTHER).await, Err(Trouble::Conflict)));
        let range = days("2026-12-01T00:00Z", 7);
        let both = [fake.calendar(OTHER), fake.calendar(MAIN)];
        assert!(matches!(caldav.busy(&access, &both, range).await, Err(Trouble::Reconnect(Why::CalendarGone))));
        fake.revoke();
        assert!(matches!(place(OTHER).await, Err(Trouble::Reconnect(Why::Revoked))));
        assert!(matches!(caldav.calendars(&access).await, Err(Trouble::Reconnect(Why::Revoked))));
    }
}

#[tokio::test]
async fn what_is_asked_for_stays_with_the_account() {
    let fake = FakeCalDav::start(Dialect::Nextcloud).await;
    let (caldav, access) = (caldav(), fake.access());
    let range = days("2026-12-01T00:00Z", 7);
    for elsewhere in ["http://127.0.0.9:80/x/", "https://evil.example/x/", "file:///etc/", "home"] {
        let calendar = CalendarId::new(elsewhere).unwrap();
        assert!(matches!(caldav.busy(&access, &[calendar], range).await, Err(Trouble::Refused(_))), "{elsewhere}");
    }
    let calendar = fake.calendar(MAIN);
    for id in [
        fake.calendar(OTHER).as_str().to_owned() + "a.ics",
        calendar.as_str().to_owned() + "../work/a.ics",
        calendar.as_str().to_owned(),
    ] {
        let placed = Placed { id, etag: None, link: None, meeting: None };
        assert!(matches!(caldav.withdraw(&access, &calendar, &placed).await, Err(Trouble::Refused(_))));
    }
    assert!(fake.kit().asked().is_empty());
    let long = Interval { from: at("2026-01-01T00:00Z"), to: at("2026-04-01T00:00Z") };
    assert!(matches!(caldav.busy(&access, &[calendar], long).await, Err(Trouble::Refused(_))));
}
