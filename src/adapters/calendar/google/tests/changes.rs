//! What the owner does, and how we hear of it.

use super::*;
use crate::{
    domain::connection::Why,
    testing::calendar::google::{BOS, Planned, Role},
};

impl Desk {
    async fn changes(&self, cursor: Option<&str>) -> Result<Changes, Trouble> {
        self.google.changes(&self.access, &calendar(ANNS), cursor, at("2026-11-24T00:00:00Z")).await
    }
}

#[tokio::test]
async fn what_the_owner_moves_or_deletes_is_listed_once() {
    let desk = Desk::open().await;
    let ann = calendar(ANNS);
    desk.fake.add_event(ANNS, Planned::timed("Past", at("2026-11-01T10:00:00Z"), at("2026-11-01T11:00:00Z")));
    desk.fake.add_event(ANNS, Planned::timed("Private", at("2026-12-01T10:00:00Z"), at("2026-12-01T11:00:00Z")));
    let placed = desk.google.place(&desk.access, &ann, &haircut(0)).await.unwrap();
    let gone = desk.google.place(&desk.access, &ann, &haircut(1)).await.unwrap();
    let first = desk.changes(None).await.unwrap();
    assert_eq!(first.seen.len(), 3, "what is over is not listed");
    let keys: Vec<_> = first.seen.iter().filter_map(|seen| seen.key).collect();
    assert_eq!(keys, [key(0), key(1)]);
    assert!(desk.changes(Some(&first.cursor)).await.unwrap().seen.is_empty());

    desk.fake.move_event(ANNS, &placed.id, at("2026-12-04T17:00:00Z"), at("2026-12-04T17:30:00Z"));
    desk.fake.delete_event(ANNS, &gone.id);
    let copy = desk.fake.copy_event(ANNS, &placed.id).unwrap();
    let next = desk.changes(Some(&first.cursor)).await.unwrap();
    let [moved, deleted, copied] = next.seen.try_into().unwrap();
    assert_eq!(moved.when, Some(between("2026-12-04T17:00:00Z", "2026-12-04T17:30:00Z")));
    assert!(moved.placed.id == placed.id && moved.placed.etag != placed.etag);
    assert_eq!((deleted.placed.id, deleted.key, deleted.when), (gone.id, Some(key(1)), None), "known by its id alone");
    assert_eq!((copied.placed.id, copied.key), (copy, Some(key(0))), "a copy has the mark, and another id");
    assert!(desk.changes(Some(&next.cursor)).await.unwrap().seen.is_empty());
    let bodies = desk.fake.kit().asked();
    assert!(
        bodies.iter().filter(|asked| asked.query.contains("syncToken")).all(|asked| !asked.query.contains("timeMin"))
    );
}

#[tokio::test]
async fn whole_days_have_times_and_what_comes_again_is_one_row() {
    let desk = Desk::open().await;
    desk.fake.add_event(ANNS, Planned::all_day("Away", "2026-12-05", "2026-12-07"));
    let daily = Planned::local("Walk", "America/Vancouver", "2026-12-01T08:00:00", "2026-12-01T09:00:00");
    let walk = desk.fake.add_event(ANNS, daily.again(&["RRULE:FREQ=DAILY"]));
    let listed = desk.changes(None).await.unwrap();
    let times: Vec<_> = listed.seen.iter().map(|seen| seen.when.unwrap().from.to_string()).collect();
    assert_eq!(times, ["2026-12-05T07:00:00Z", "2026-12-01T15:00:00Z"]);
    desk.fake.retitle(ANNS, &walk, "Run");
    assert_eq!(desk.changes(Some(&listed.cursor)).await.unwrap().seen.len(), 1, "that it has changed is seen");
}

/// G8.
#[tokio::test]
async fn g8_a_cursor_that_is_too_old_begins_anew() {
    let desk = Desk::open().await;
    let cursor = desk.changes(None).await.unwrap().cursor;
    desk.fake.expire_sync_tokens();
    assert!(matches!(desk.changes(Some(&cursor)).await, Err(Trouble::Stale)));
    assert!(matches!(desk.changes(Some("nonsense")).await, Err(Trouble::Stale)));
    let cursor = desk.changes(None).await.unwrap().cursor;
    desk.changes(Some(&cursor)).await.unwrap();
}

/// G19.
#[tokio::test]
async fn g19_pages_are_read_to_the_end_and_a_circle_is_left() {
    let desk = Desk::open().await;
    for day in 1..=9 {
        let (from, to) = (format!("2026-12-0{day}T10:00:00Z"), format!("2026-12-0{day}T11:00:00Z"));
        desk.fake.add_event(ANNS, Planned::timed("One of nine", at(&from), at(&to)));
    }
    desk.fake.page_size(Some(2));
    let all = desk.changes(None).await.unwrap();
    assert_eq!((all.seen.len(), desk.fake.kit().count("GET", "/events")), (9, 5));
    for _ in 0..2 {
        desk.once("GET", "/events", Misdeed::status(200, r#"{"items":[],"nextPageToken":"page-0-0"}"#));
    }
    assert!(matches!(desk.changes(None).await, Err(Trouble::Unavailable(_))));
    for number in 0..60 {
        let page = format!(r#"{{"items":[],"nextPageToken":"page-{number}-0"}}"#);
        desk.once("GET", "/events", Misdeed::status(200, page));
    }
    desk.fake.kit().forget_asked();
    assert!(matches!(desk.changes(None).await, Err(Trouble::Unavailable(_))));
    assert_eq!(desk.fake.kit().count("GET", "/events"), 50);
}

#[tokio::test]
async fn a_listing_that_is_cut_or_without_an_end_says_nothing() {
    let desk = Desk::open().await;
    desk.fake.add_event(ANNS, Planned::timed("One", at("2026-12-01T10:00:00Z"), at("2026-12-01T11:00:00Z")));
    for misdeed in spoilt() {
        desk.once("GET", "/events", misdeed.clone());
        let unread = desk.changes(None).await;
        assert!(matches!(unread, Err(Trouble::Unavailable(_))), "{misdeed:?}: {unread:?}");
    }
    // What says no time is not known, and not deleted either.
    let odd = r#"{"items":[{"id":"a","status":"confirmed"},{"id":"b","start":{"dateTime":"2026-12-01T10:00:00Z"},
        "end":{"dateTime":"2026-12-01T09:00:00Z"}},{"id":"c","status":"cancelled"},{"id":"d","start":
        {"dateTime":"2026-12-01T10:00:00","timeZone":"Europe/Berlin"},"end":{"dateTime":"2026-12-01T11:00:00",
        "timeZone":"W. Europe Standard Time"}},{"id":"e","start":{"date":"2026-02-30"},"end":{"date":"x"}}],
        "timeZone":"Europe/Paris","nextSyncToken":"sync-1"}"#;
    desk.once("GET", "/events", Misdeed::status(200, odd));
    let seen = desk.changes(None).await.unwrap().seen;
    let whens: Vec<_> = seen.iter().map(|seen| (seen.placed.id.as_str(), seen.when.is_some())).collect();
    assert_eq!(whens, [("b", true), ("c", false), ("d", true)]);
    assert_eq!(
        seen[2].when,
        Some(between("2026-12-01T09:00:00Z", "2026-12-01T10:00:00Z")),
        "G13: by a zone that is known"
    );
}

#[tokio::test]
async fn the_accounts_calendars_are_listed_page_by_page() {
    let desk = Desk::open().await;
    desk.fake.add_calendar("private#1@group.calendar.example", "Private", "Europe/Berlin", ANN);
    desk.fake.share(BOS, ANN, Some(Role::Reader));
    desk.fake.page_size(Some(1));
    let listed = desk.google.calendars(&desk.access).await.unwrap();
    let told: Vec<_> = listed.iter().map(|one| (one.name.as_str(), one.primary, one.writable)).collect();
    assert_eq!(told, [("Ann Archer", true, true), ("Bo Baker", false, false), ("Private", false, true)]);
    for misdeed in spoilt().into_iter().filter(|misdeed| *misdeed != Misdeed::status(200, "{}")) {
        desk.once("GET", "calendarList", misdeed);
        assert!(matches!(desk.google.calendars(&desk.access).await, Err(Trouble::Unavailable(_))));
    }
}

fn hook(id: &str, address: &str) -> Hook {
    Hook { address: address.to_owned(), secret: Secret::new("a-secret-of-the-hook"), id: id.to_owned() }
}

/// G22.
#[tokio::test]
async fn a_watch_lasts_a_week_and_can_be_ended_twice() {
    let desk = Desk::open().await;
    let (ann, https) = (calendar(ANNS), "https://desk.example/hooks/calendar/1/w1");
    let watch = desk.google.watch(&desk.access, &ann, &hook("w1", https)).await.unwrap().unwrap();
    assert_eq!((watch.id.as_str(), watch.until), ("w1", Some(at("2026-12-01T15:00:00Z"))));
    assert_eq!(desk.fake.channels().len(), 1);
    desk.google.unwatch(&desk.access, &watch).await.unwrap();
    desk.google.unwatch(&desk.access, &watch).await.unwrap();
    assert!(desk.fake.channels().is_empty());
    // Looked at again and again instead.
    let plain = hook("w2", "http://desk.example/hooks/calendar/1/w2");
    assert!(desk.google.watch(&desk.access, &ann, &plain).await.unwrap().is_none());
    desk.fake.share(BOS, ANN, Some(Role::Reader));
    assert!(desk.google.watch(&desk.access, &calendar(BOS), &hook("w3", https)).await.unwrap().is_none());
    let gone = desk.google.watch(&desk.access, &calendar("nobody@x"), &hook("w4", https)).await;
    assert!(matches!(gone, Err(Trouble::Reconnect(Why::CalendarGone))));
    for (number, misdeed) in (0..).zip(spoilt()) {
        desk.once("POST", "/watch", misdeed.clone());
        let lost = desk.google.watch(&desk.access, &ann, &hook(&format!("x{number}"), https)).await;
        assert!(matches!(lost, Err(Trouble::Unknown(_))), "{misdeed:?}: {lost:?}");
    }
    let before = desk.fake.channels().len();
    assert!(before > 0);
    desk.clock.advance(jiff::SignedDuration::from_hours(24 * 7));
    assert!(desk.fake.channels().is_empty(), "nobody renews it");
}

#[test]
fn a_report_is_believed_by_its_token_alone() {
    let secret = Secret::new("a-secret-of-the-hook");
    let heard = |headers: &[(&str, &str)]| {
        let headers: Vec<(String, String)> =
            headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        hooks::heard(Report { headers: &headers, query: &[], body: b"", now: at("2026-12-01T00:00:00Z") }, &secret)
    };
    let token = ("x-goog-channel-token", "a-secret-of-the-hook");
    assert_eq!(heard(&[token, ("x-goog-resource-state", "sync")]), Heard::Nothing);
    assert_eq!(heard(&[token, ("x-goog-resource-state", "exists")]), Heard::Changed);
    assert_eq!(heard(&[token, ("x-goog-resource-state", "not_exists")]), Heard::Changed);
    assert_eq!(heard(&[token]), Heard::Forged);
    assert_eq!(heard(&[token, token, ("x-goog-resource-state", "exists")]), Heard::Forged);
    assert_eq!(heard(&[("x-goog-channel-token", ""), ("x-goog-resource-state", "exists")]), Heard::Forged);
    assert_eq!(heard(&[("x-goog-channel-token", "guess"), ("x-goog-resource-state", "exists")]), Heard::Forged);
    assert_eq!(heard(&[("x-goog-resource-state", "exists")]), Heard::Forged);
}

#[tokio::test]
async fn the_double_posts_what_google_posts() {
    let desk = Desk::open().await;
    let ours = crate::testing::calendar::Kit::serve(|_| {
        axum::Router::new().route("/hook", axum::routing::post(async || "OK"))
    })
    .await;
    let address = format!("{}/hook", ours.address());
    desk.google.watch(&desk.access, &calendar(ANNS), &hook("w1", &address)).await.unwrap().unwrap();
    let id = desk.fake.add_event(ANNS, Planned::timed("New", at("2026-12-01T10:00:00Z"), at("2026-12-01T11:00:00Z")));
    desk.fake.delete_event(ANNS, &id);
    assert_eq!(desk.fake.deliver().await, [200, 200, 200]);
    let heard: Vec<Heard> = ours
        .asked()
        .iter()
        .map(|asked| {
            let report =
                Report { headers: &asked.headers, query: &[], body: &asked.body, now: at("2026-12-01T00:00:00Z") };
            desk.google.heard(report, &Secret::new("a-secret-of-the-hook"))
        })
        .collect();
    assert_eq!(heard, [Heard::Nothing, Heard::Changed, Heard::Changed]);
    assert!(desk.fake.deliver().await.is_empty());
}
