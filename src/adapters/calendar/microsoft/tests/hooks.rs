//! Watches, and reports that are believed or not.

use axum::{
    Router,
    body::Bytes,
    extract::{RawQuery, State},
    routing::any,
};
use std::sync::Mutex;
use tokio::sync::Notify;

use super::{super::hooks as ours, *};
use crate::testing::calendar::{Kit, microsoft::BEN};

const SECRET: &str = "a-secret-of-this-watch";

/// Our own server, as far as it hears reports.
#[derive(Clone, Default)]
struct Ears {
    heard: Arc<Mutex<Vec<Heard>>>,
    news: Arc<Notify>,
}

async fn hear(State(ears): State<Ears>, RawQuery(query): RawQuery, body: Bytes) -> String {
    let query: Vec<_> = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    let report = Report { headers: &[], query: &query, body: &body, now: at(NOW) };
    let heard = ours::heard(report, &Secret::new(SECRET));
    let echo = if let Heard::Echo(text) = &heard { text.clone() } else { String::new() };
    ears.heard.lock().unwrap().push(heard);
    ears.news.notify_one();
    echo
}

impl Ears {
    async fn next(&self) -> Heard {
        loop {
            if let Some(heard) = self.heard.lock().unwrap().pop() {
                return heard;
            }
            self.news.notified().await;
        }
    }
}

fn hook(address: String) -> Hook {
    Hook { address, secret: Secret::new(SECRET), id: "hook-1".into() }
}

#[tokio::test]
async fn a_watch_asks_our_address_back_and_then_reports_what_changes() {
    let office = office().await;
    let ears = Ears::default();
    let ours = Kit::serve(|_| Router::new().route("/hooks/1", any(hear)).with_state(ears.clone())).await;
    let hook = hook(format!("{}/hooks/1", ours.address()));
    let watch = office.diary.watch(&office.access, &office.calendar, &hook).await.unwrap().unwrap();
    let kept = at(NOW).duration_until(watch.until.unwrap());
    assert!(kept > jiff::SignedDuration::from_hours(48) && kept <= jiff::SignedDuration::from_mins(4_230));
    let heard = std::mem::take(&mut *ears.heard.lock().unwrap());
    assert!(heard.len() == 2 && heard.iter().all(|heard| matches!(heard, Heard::Echo(_))), "{heard:?}");
    assert_eq!(office.server.subscriptions().len(), 1);

    office.owner_adds("2026-12-03T15:00Z/2026-12-03T16:00Z", "busy");
    assert_eq!(ears.next().await, Heard::Changed);
    office.server.lifecycle("missed");
    assert_eq!(ears.next().await, Heard::Changed);
    office.server.lifecycle("reauthorizationRequired");
    assert_eq!(ears.next().await, Heard::Lost);
    office.server.lifecycle("subscriptionRemoved");
    assert_eq!(ears.next().await, Heard::Lost);
    assert!(!office.diary.watches(&office.access, &watch).await.unwrap());
    office.diary.unwatch(&office.access, &watch).await.unwrap();

    let again = office.diary.watch(&office.access, &office.calendar, &hook).await.unwrap().unwrap();
    assert!(office.diary.watches(&office.access, &again).await.unwrap());
    office.diary.unwatch(&office.access, &again).await.unwrap();
    assert!(office.server.subscriptions().is_empty());
    // Another's is not ended by its id.
    let other = office.diary.watch(&office.access, &office.calendar, &hook).await.unwrap().unwrap();
    office.diary.unwatch(&office.server.access(BEN), &other).await.unwrap();
    assert_eq!(office.server.subscriptions().len(), 1);
}

#[tokio::test]
async fn a_watch_that_cannot_be_is_refused_or_done_without() {
    let office = office().await;
    let silent = Kit::serve(|_| Router::new()).await;
    let ask = async |calendar: &CalendarId, hook: &Hook| office.diary.watch(&office.access, calendar, hook).await;
    let answer = ask(&office.calendar, &hook(silent.address().to_owned())).await;
    assert!(matches!(answer, Err(Trouble::Refused(_))));
    let plain = ask(&office.calendar, &hook("http://desk.example/hooks".into())).await;
    assert!(matches!(plain, Err(Trouble::Refused(_))));
    let long = Hook { secret: Secret::new("x".repeat(129)), ..hook(silent.address().to_owned()) };
    assert!(matches!(ask(&office.calendar, &long).await, Err(Trouble::Refused(_))));
    // Somebody else's calendar is looked at again and again instead.
    let lent = office.server.add_calendar(ANN, "The salon's", false);
    assert_eq!(ask(&lent, &hook(silent.address().to_owned())).await.unwrap(), None);
}

fn heard(query: &[(&str, &str)], body: &str) -> Heard {
    let query: Vec<_> = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    ours::heard(Report { headers: &[], query: &query, body: body.as_bytes(), now: at(NOW) }, &Secret::new(SECRET))
}

#[test]
fn g22_a_report_is_believed_by_its_secret() {
    let of = |state: &str, more: &str| format!(r#"{{"value":[{{"clientState":"{state}"{more}}}]}}"#);
    assert_eq!(heard(&[], &of(SECRET, "")), Heard::Changed);
    assert_eq!(heard(&[], &of(SECRET, r#","lifecycleEvent":"somethingNew""#)), Heard::Changed);
    for forged in [
        of("", ""),
        of("guess", ""),
        of(&SECRET[1..], ""),
        r#"{"value":[{}]}"#.into(),
        "{}".into(),
        String::new(),
        "<html>".into(),
    ] {
        assert_eq!(heard(&[], &forged), Heard::Forged, "{forged}");
    }
    assert_eq!(heard(&[], r#"{"value":[]}"#), Heard::Nothing);
    // One of an older watch comes along with ours.
    let mixed = format!(r#"{{"value":[{{"clientState":"old"}},{{"clientState":"{SECRET}"}}]}}"#);
    assert_eq!(heard(&[], &mixed), Heard::Changed);
    // Nobody who has not set a secret is believed by leaving it out.
    let none = ours::heard(
        Report { headers: &[], query: &[], body: br#"{"value":[{"clientState":""}]}"#, now: at(NOW) },
        &Secret::new(""),
    );
    assert_eq!(none, Heard::Forged);
}

#[test]
fn what_is_sent_back_is_a_short_line_of_text() {
    assert_eq!(heard(&[("validationToken", "Validation: a b")], ""), Heard::Echo("Validation: a b".into()));
    for bad in ["", "a\r\nb", "\u{0}", &"x".repeat(2_049)] {
        assert_eq!(heard(&[("validationToken", bad)], ""), Heard::Nothing);
    }
}
