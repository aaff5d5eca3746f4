//! What the owner does is seen.

use super::{at, both, caldav, days, hour, key, visit};
use crate::{
    ports::calendar::{Changes, Diary as _, EventKey, Interval, Trouble},
    testing::calendar::{
        Misdeed,
        caldav::{Dialect, FakeCalDav, MAIN},
    },
};

async fn since(fake: &FakeCalDav, cursor: Option<&str>) -> Result<Changes, Trouble> {
    caldav().changes(&fake.access(), &fake.calendar(MAIN), cursor, at("2026-11-26T00:00Z")).await
}

/// Whose, and when.
fn told(changes: &Changes) -> Vec<(Option<EventKey>, Option<Interval>)> {
    let mut told: Vec<_> = changes.seen.iter().map(|seen| (seen.key, seen.when)).collect();
    told.sort_by_key(|(key, when)| (key.map(|key| key.booking), *when));
    told
}

#[tokio::test]
async fn g15_what_is_added_moved_and_deleted_is_told_once() {
    for fake in both().await {
        for accounts in [true, false] {
            fake.accounts(accounts);
            let (caldav, access, calendar) = (caldav(), fake.access(), fake.calendar(MAIN));
            for old in fake.events(MAIN) {
                fake.delete_event(MAIN, &old.name);
            }
            fake.add_event(MAIN, "over", hour("2026-01-03T17:00Z"));
            fake.add_event(MAIN, "theirs", hour("2026-12-01T17:00Z"));
            let one = caldav.place(&access, &calendar, &visit(1, hour("2026-12-03T17:00Z"))).await.unwrap();
            let two = caldav.place(&access, &calendar, &visit(2, hour("2026-12-04T17:00Z"))).await.unwrap();
            let begun = since(&fake, None).await.unwrap();
            assert_eq!(
                told(&begun),
                [
                    (None, Some(hour("2026-12-01T17:00Z"))),
                    (Some(key(1)), Some(hour("2026-12-03T17:00Z"))),
                    (Some(key(2)), Some(hour("2026-12-04T17:00Z"))),
                ]
            );
            assert_eq!(begun.seen.iter().filter(|seen| seen.placed == one || seen.placed == two).count(), 2);
            let quiet = since(&fake, Some(&begun.cursor)).await.unwrap();
            assert_eq!(quiet.seen, []);

            let name = |id: &str| id.rsplit_once('/').unwrap().1.to_owned();
            fake.move_event(MAIN, &name(&one.id), hour("2026-12-10T09:00Z"));
            fake.delete_event(MAIN, &name(&two.id));
            fake.add_event(MAIN, "new", hour("2026-12-05T17:00Z"));
            let news = since(&fake, Some(&quiet.cursor)).await.unwrap();
            assert_eq!(
                told(&news),
                [
                    (None, Some(hour("2026-12-05T17:00Z"))),
                    (Some(key(1)), Some(hour("2026-12-10T09:00Z"))),
                    (Some(key(2)), None),
                ]
            );
            let gone = news.seen.iter().find(|seen| seen.when.is_none()).unwrap();
            assert_eq!(gone.placed.id, two.id);
            assert_eq!(since(&fake, Some(&news.cursor)).await.unwrap().seen, []);
            // Into the past, where nobody looks: it is not taken for deleted.
            fake.move_event(MAIN, &name(&one.id), hour("2026-02-10T09:00Z"));
            let news = since(&fake, Some(&news.cursor)).await.unwrap();
            assert_eq!(told(&news), [(Some(key(1)), Some(hour("2026-02-10T09:00Z")))]);
            // Cancelled, not deleted.
            fake.edit(MAIN, &name(&one.id), |ics| ics.replace("STATUS:CONFIRMED", "STATUS:CANCELLED"));
            let news = since(&fake, Some(&news.cursor)).await.unwrap();
            if accounts {
                assert_eq!(told(&news), [(Some(key(1)), None)]);
            }
        }
    }
}

#[tokio::test]
async fn many_changes_come_in_pages_and_a_server_that_turns_in_circles_is_left() {
    for fake in both().await {
        let begun = since(&fake, None).await.unwrap();
        for day in 1..8 {
            fake.add_event(MAIN, "x", hour(&format!("2026-12-0{day}T17:00Z")));
        }
        fake.page(3);
        let news = since(&fake, Some(&begun.cursor)).await.unwrap();
        assert_eq!(news.seen.len(), 7);
        assert_eq!(fake.kit().count("REPORT", ""), 1 + 3 + 1);
        fake.page(0);
        fake.kit().forget_asked();
        assert!(matches!(since(&fake, Some(&begun.cursor)).await, Err(Trouble::Unavailable(_))));
        assert_eq!(fake.kit().count("REPORT", ""), 1);
    }
}

#[tokio::test]
async fn g8_a_cursor_that_is_too_old_is_stale() {
    for fake in both().await {
        let begun = since(&fake, None).await.unwrap();
        fake.expire_sync();
        assert!(matches!(since(&fake, Some(&begun.cursor)).await, Err(Trouble::Stale)));
        let begun = since(&fake, None).await.unwrap();
        assert!(since(&fake, Some(&begun.cursor)).await.is_ok());
        for odd in ["", "{}", "null", "{\"token\":1}", "sync:1", "{\"versions\":{\"from\":9e99,\"known\":{}}}"] {
            assert!(matches!(since(&fake, Some(odd)).await, Err(Trouble::Stale)), "{odd}");
        }
        assert!(matches!(since(&fake, Some("{\"token\":\"someone's\"}")).await, Err(Trouble::Stale)));
    }
}

#[tokio::test]
async fn a_status_that_says_nothing_is_looked_into() {
    let fake = FakeCalDav::start(Dialect::Nextcloud).await;
    let (caldav, access, calendar) = (caldav(), fake.access(), fake.calendar(MAIN));
    let placed = caldav.place(&access, &calendar, &visit(1, hour("2026-12-03T17:00Z"))).await.unwrap();
    let begun = since(&fake, None).await.unwrap();
    caldav.withdraw(&access, &calendar, &placed).await.unwrap();
    let path = placed.id.strip_prefix(fake.kit().address()).unwrap();
    let teapot = format!(
        "<d:multistatus xmlns:d='DAV:'><d:response><d:href>{path}</d:href><d:propstat><d:prop/><d:status>HTTP/1.1 418 I'm a \
         teapot</d:status></d:propstat></d:response><d:sync-token>http://sabre.io/ns/sync/home/9</d:sync-token></d:multistatus>"
    );
    fake.kit().once("REPORT", MAIN, Misdeed::status(207, teapot));
    let news = since(&fake, Some(&begun.cursor)).await.unwrap();
    assert_eq!(told(&news), [(Some(key(1)), None)]);
    // A server that has ceased to give an account of changes, or has another idea of them.
    for status in [400, 403, 409, 410, 501] {
        fake.kit().once("REPORT", MAIN, Misdeed::status(status, ""));
        assert!(matches!(since(&fake, Some(&begun.cursor)).await, Err(Trouble::Stale)), "{status}");
    }
}

#[tokio::test]
async fn one_odd_event_of_theirs_hides_nothing_and_one_of_ours_is_not_guessed() {
    let fake = FakeCalDav::start(Dialect::ICloud).await;
    let (caldav, access, calendar) = (caldav(), fake.access(), fake.calendar(MAIN));
    let begun = since(&fake, None).await.unwrap();
    let odd = |ics: &str| ics.replace("DTSTART:", "DTSTART;TZID=Mittelerde:").replace("0000Z", "0000");
    let theirs = fake.add_event(MAIN, "x", hour("2026-12-01T17:00Z"));
    fake.edit(MAIN, &theirs, odd);
    let placed = caldav.place(&access, &calendar, &visit(1, hour("2026-12-03T17:00Z"))).await.unwrap();
    let news = since(&fake, Some(&begun.cursor)).await.unwrap();
    assert_eq!(told(&news), [(None, None), (Some(key(1)), Some(hour("2026-12-03T17:00Z")))]);
    fake.edit(MAIN, placed.id.rsplit_once('/').unwrap().1, odd);
    assert!(matches!(since(&fake, Some(&begun.cursor)).await, Err(Trouble::Unavailable(_))));
}

#[tokio::test]
async fn a_listing_that_breaks_off_is_no_news() {
    for fake in both().await {
        let begun = since(&fake, None).await.unwrap();
        fake.add_event(MAIN, "x", hour("2026-12-01T17:00Z"));
        for misdeed in [Misdeed::HalfABody, Misdeed::CutOff, Misdeed::Html, Misdeed::TooLong, Misdeed::status(500, "")]
        {
            fake.kit().once("REPORT", "", misdeed.clone());
            let asked = since(&fake, Some(&begun.cursor)).await;
            assert!(matches!(asked, Err(Trouble::Unavailable(_))), "{misdeed:?}");
        }
        assert_eq!(since(&fake, Some(&begun.cursor)).await.unwrap().seen.len(), 1);
        assert!(caldav().busy(&fake.access(), &[fake.calendar(MAIN)], days("2026-12-01T00:00Z", 2)).await.is_ok());
    }
}
