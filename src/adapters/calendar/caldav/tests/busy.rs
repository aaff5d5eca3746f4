//! Busy times by a server's answers.

use super::{at, both, caldav, days, hour};
use crate::{
    ports::calendar::{Diary as _, Interval, Trouble},
    testing::calendar::{
        Misdeed,
        caldav::{Dialect, FakeCalDav, MAIN, OTHER},
    },
};

fn event(lines: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:a\nDTSTAMP:20261101T000000Z\n{lines}\nEND:VEVENT\nEND:VCALENDAR\n"
    )
}

async fn december(fake: &FakeCalDav) -> Result<Vec<Interval>, Trouble> {
    caldav().busy(&fake.access(), &[fake.calendar(MAIN), fake.calendar(OTHER)], days("2026-12-01T00:00Z", 31)).await
}

#[tokio::test]
async fn calendars_are_busy_together_merged_and_cut() {
    for fake in both().await {
        fake.add_event(MAIN, "a", hour("2026-12-03T17:00Z"));
        fake.add_event(MAIN, "b", hour("2026-12-03T17:30Z"));
        fake.add_event(OTHER, "c", hour("2026-12-03T18:30Z"));
        fake.add_event(OTHER, "d", hour("2026-11-30T23:30Z"));
        fake.add_event(OTHER, "e", hour("2027-02-03T18:30Z"));
        assert_eq!(
            december(&fake).await.unwrap(),
            [
                Interval { from: at("2026-12-01T00:00Z"), to: at("2026-12-01T00:30Z") },
                Interval { from: at("2026-12-03T17:00Z"), to: at("2026-12-03T19:30Z") },
            ]
        );
    }
}

#[tokio::test]
async fn a_long_time_that_is_too_much_at_once_is_asked_for_in_parts() {
    for fake in both().await {
        for day in 10..30 {
            fake.add_event(MAIN, "x", hour(&format!("2026-12-{day}T17:00Z")));
        }
        fake.kit().once("REPORT", MAIN, Misdeed::TooLong);
        assert_eq!(december(&fake).await.unwrap().len(), 20);
        assert_eq!(fake.kit().count("REPORT", MAIN), 1 + 4);
        fake.kit().once("REPORT", MAIN, Misdeed::TooLong);
        fake.kit().once("REPORT", MAIN, Misdeed::TooLong);
        assert!(matches!(december(&fake).await, Err(Trouble::Unavailable(_))));
    }
}

#[tokio::test]
async fn recurrences_are_unfolded_here_in_their_own_zone() {
    for fake in both().await {
        fake.add_ics(
            MAIN,
            &event(
                "DTSTART;TZID=America/Vancouver:20260108T100000\nDTEND;TZID=America/Vancouver:20260108T110000\n\
             RRULE:FREQ=WEEKLY\nEXDATE;TZID=America/Vancouver:20261210T100000",
            ),
        );
        let weeks = ["2026-12-03T17:00Z", "2026-12-17T17:00Z", "2026-12-24T17:00Z", "2026-12-31T17:00Z"];
        assert_eq!(december(&fake).await.unwrap(), weeks.map(hour));
        assert!(!fake.kit().asked().iter().any(|asked| asked.text().contains("expand")));
    }
}

#[tokio::test]
async fn what_we_do_not_understand_the_server_unfolds_or_nobody() {
    for fake in both().await {
        fake.add_ics(
            MAIN,
            &event(
                "DTSTART;TZID=Europe/Berlin:20251201T090000\nDURATION:PT1H\nRRULE:FREQ=YEARLY;BYWEEKNO=50;BYDAY=MO,TU",
            ),
        );
        fake.add_event(MAIN, "b", hour("2026-12-03T17:00Z"));
        let busy = ["2026-12-03T17:00Z", "2026-12-07T08:00Z", "2026-12-08T08:00Z"].map(hour);
        assert_eq!(december(&fake).await.unwrap(), busy);
        fake.expands(false);
        assert!(matches!(december(&fake).await, Err(Trouble::Unavailable(_))));
    }
}

#[tokio::test]
async fn a_long_answer_is_read_like_a_short_one() {
    let fake = FakeCalDav::start(Dialect::Nextcloud).await;
    let note = format!("DTSTART:20261203T170000Z\nDURATION:PT1H\nDESCRIPTION:{}", "words\n ".repeat(40_000));
    fake.add_ics(MAIN, &event(&note));
    assert_eq!(december(&fake).await.unwrap(), [hour("2026-12-03T17:00Z")]);
    fake.add_ics(OTHER, &event(&note.replace("20261203T170000Z", "soon")));
    fake.kit().once("REPORT", OTHER, Misdeed::HalfABody);
    assert!(matches!(december(&fake).await, Err(Trouble::Unavailable(_))));
}

#[tokio::test]
async fn whole_days_are_days_where_the_calendar_is() {
    let fake = FakeCalDav::start(Dialect::Nextcloud).await;
    fake.add_ics(MAIN, &event("DTSTART;VALUE=DATE:20261203"));
    // It does not say where: anywhere.
    let anywhere = Interval { from: at("2026-12-02T10:00Z"), to: at("2026-12-04T12:00Z") };
    assert_eq!(december(&fake).await.unwrap(), [anywhere]);
    fake.zone(MAIN, Some("Europe/Berlin"));
    let berlin = Interval { from: at("2026-12-02T23:00Z"), to: at("2026-12-03T23:00Z") };
    assert_eq!(december(&fake).await.unwrap(), [berlin]);
}

#[tokio::test]
async fn a_declined_invitation_is_free_by_any_address_of_the_owners() {
    for fake in both().await {
        let declined = "DTSTART:20261203T170000Z\nDURATION:PT1H\nORGANIZER:mailto:bob@example.com\n\
                        ATTENDEE;PARTSTAT=DECLINED:mailto:ann@example.com\nATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@example.com";
        fake.add_ics(MAIN, &event(declined));
        assert_eq!(december(&fake).await.unwrap(), []);
        fake.add_ics(MAIN, &event(&declined.replace("mailto:ann@example.com", "mailto:somebody@example.com")));
        assert_eq!(december(&fake).await.unwrap(), [hour("2026-12-03T17:00Z")]);
    }
}

#[tokio::test]
async fn g13_an_unknown_zone_is_never_free() {
    for fake in both().await {
        fake.add_ics(MAIN, &event("DTSTART;TZID=Mittelerde:20261203T170000\nDURATION:PT1H"));
        assert!(matches!(december(&fake).await, Err(Trouble::Unavailable(_))));
    }
}

#[tokio::test]
async fn what_is_known_of_a_calendar_is_asked_once() {
    let fake = FakeCalDav::start(Dialect::ICloud).await;
    let (caldav, access) = (caldav(), fake.access());
    for _ in 0..3 {
        caldav.busy(&access, &[fake.calendar(MAIN)], days("2026-12-01T00:00Z", 7)).await.unwrap();
    }
    assert_eq!((fake.kit().count("REPORT", ""), fake.kit().count("PROPFIND", "")), (3, 1));
    assert_eq!(fake.door().count("PROPFIND", ""), 1);
}
