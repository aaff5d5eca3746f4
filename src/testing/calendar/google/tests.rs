//! What Google refuses, asked for without our adapter, which would not.

use serde_json::{Value, json};

use super::*;
use crate::{adapters::http::builder, testing::clock::FixedClock};

struct Asker {
    fake: FakeGoogle,
    token: String,
}

impl Asker {
    async fn new() -> Self {
        let fake = FakeGoogle::start(Arc::new(FixedClock::at("2026-11-24T15:00:00Z"))).await;
        let token = fake.consent().let_in(ANN).0;
        Self { fake, token }
    }

    /// The status and the reason.
    async fn ask(&self, method: &str, path: &str, body: Option<Value>) -> (u16, String) {
        let method = method.parse().unwrap();
        let address = format!("{}/calendar/v3/{path}", self.fake.address());
        let mut request = builder().build().unwrap().request(method, address).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        let status = answer.status().as_u16();
        let body: Value = answer.json().await.unwrap_or_default();
        (status, body["error"]["errors"][0]["reason"].as_str().unwrap_or_default().to_owned())
    }

    async fn insert(&self, change: impl FnOnce(&mut Value)) -> (u16, String) {
        let mut event = json!({
            "start": {"dateTime": "2026-12-03T17:00:00Z"}, "end": {"dateTime": "2026-12-03T18:00:00Z"},
        });
        change(&mut event);
        self.ask("POST", "calendars/primary/events", Some(event)).await
    }
}

fn told(status: u16, reason: &str) -> (u16, String) {
    (status, reason.to_owned())
}

#[tokio::test]
async fn events_that_are_none_are_refused() {
    let asker = Asker::new().await;
    assert_eq!(asker.insert(|_| {}).await, told(200, ""));
    for id in ["abcd", "abcdw", "ABCDE", "ab-de"] {
        assert_eq!(asker.insert(|event| event["id"] = id.into()).await, told(400, "invalid"), "{id}");
    }
    let both = |event: &mut Value| (event["id"], event["iCalUID"]) = ("abcde".into(), "x@y".into());
    assert_eq!(asker.insert(both).await, told(400, "invalid"));
    let backwards = |event: &mut Value| event["end"]["dateTime"] = "2026-12-03T16:00:00Z".into();
    assert_eq!(asker.insert(backwards).await, told(400, "timeRangeEmpty"));
    let two = |event: &mut Value| event["start"]["date"] = "2026-12-03".into();
    assert_eq!(asker.insert(two).await, told(400, "invalid"));
    let nowhere = |event: &mut Value| event["start"]["timeZone"] = "Mars/Olympus".into();
    assert_eq!(asker.insert(nowhere).await, told(400, "invalid"));
    let again = |event: &mut Value| event["recurrence"] = json!(["RRULE:FREQ=DAILY"]);
    assert_eq!(asker.insert(again).await, told(400, "invalid"), "in which zone?");
    let long = |event: &mut Value| event["extendedProperties"]["private"]["deskbell"] = "x".repeat(1_025).into();
    assert_eq!(asker.insert(long).await, told(400, "invalid"));
}

#[tokio::test]
async fn an_id_is_used_once_and_a_deleted_event_is_not_changed() {
    let asker = Asker::new().await;
    let insert = async || asker.insert(|event| event["id"] = "abcde".into()).await;
    assert_eq!(insert().await, told(200, ""));
    assert_eq!(insert().await, told(409, "duplicate"));
    let event = "calendars/primary/events/abcde";
    assert_eq!(asker.ask("DELETE", event, None).await, told(204, ""));
    assert_eq!(asker.ask("DELETE", event, None).await, told(410, "deleted"));
    assert_eq!(insert().await, told(409, "duplicate"));
    assert_eq!(asker.ask("PATCH", event, Some(json!({"summary": "x"}))).await, told(403, "forbidden"));
    assert_eq!(asker.ask("GET", event, None).await, told(200, ""));
    assert_eq!(asker.ask("GET", "calendars/primary/events/none0", None).await, told(404, "notFound"));
}

#[tokio::test]
async fn what_is_too_much_or_not_allowed_is_refused() {
    let mut asker = Asker::new().await;
    let ask = async |asker: &Asker, to: &str, many: usize| {
        let items: Vec<Value> = (0..many).map(|n| json!({"id": format!("c{n}")})).collect();
        let body = json!({"timeMin": "2026-12-01T00:00:00Z", "timeMax": to, "items": items});
        asker.ask("POST", "freeBusy", Some(body)).await
    };
    assert_eq!(ask(&asker, "2027-03-01T00:00:00Z", 50).await, told(200, ""));
    assert_eq!(ask(&asker, "2027-03-02T00:00:01Z", 1).await, told(400, "timeRangeTooLong"));
    assert_eq!(ask(&asker, "2026-12-02T00:00:00Z", 51).await, told(400, "tooManyCalendarsRequested"));
    assert_eq!(ask(&asker, "2026-12-01T00:00:00Z", 1).await, told(400, "timeRangeEmpty"));
    let both = "calendars/primary/events?syncToken=sync-0&timeMin=2026-12-01T00:00:00Z";
    assert_eq!(asker.ask("GET", both, None).await, told(400, "invalid"));

    asker.token = asker.fake.consent().let_in_for(ANN, &["https://www.googleapis.com/auth/calendar.events"]).0;
    assert_eq!(ask(&asker, "2026-12-02T00:00:00Z", 1).await, told(403, "insufficientPermissions"));
    assert_eq!(asker.ask("GET", "users/me/calendarList", None).await, told(403, "insufficientPermissions"));
    assert_eq!(asker.insert(|_| {}).await, told(200, ""));
    "nobody".clone_into(&mut asker.token);
    assert_eq!(asker.insert(|_| {}).await, told(401, "authError"));
}
