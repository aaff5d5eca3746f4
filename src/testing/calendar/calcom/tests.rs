//! That the double refuses what Cal.com refuses, and answers in the shape of the version that was asked for.

use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use super::*;
use crate::{adapters::http, testing::clock::FixedClock};

const FRIDAY: &str = "2026-11-27T14:00:00Z";

struct Caller {
    fake: FakeCalcom,
    clock: FixedClock,
    client: reqwest::Client,
    key: String,
    kind: i64,
}

impl Caller {
    async fn new() -> Self {
        let clock = FixedClock::at("2026-11-26T12:00:00Z");
        let fake = FakeCalcom::serve(Arc::new(clock.clone())).await;
        let (key, kind) = (fake.key(), fake.add_kind(Kind::new("Haircut", 30)).parse().unwrap());
        Self { fake, clock, client: http::builder().build().unwrap(), key, kind }
    }

    async fn ask(&self, method: &str, path: &str, version: &str, body: Option<&Value>) -> (u16, Value) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = self.client.request(method, format!("{}{path}", self.fake.address())).bearer_auth(&self.key);
        if !version.is_empty() {
            request = request.header("cal-api-version", version);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    async fn book(&self, wish: &Value) -> (u16, Value) {
        self.ask("POST", "/v2/bookings", "2024-08-13", Some(wish)).await
    }

    fn wish(&self) -> Value {
        json!({"eventTypeId": self.kind, "start": FRIDAY,
               "attendee": {"name": "Bea", "email": "bea@example.com", "timeZone": "America/New_York"}})
    }
}

#[tokio::test]
async fn without_a_version_an_older_shape_is_answered() {
    let caller = Caller::new().await;
    let kinds = caller.ask("GET", "/v2/event-types", "", None).await.1;
    assert!(kinds["data"]["eventTypeGroups"].is_array());
    assert!(caller.ask("GET", "/v2/event-types", "2024-06-14", None).await.1["data"].is_array());
    let slots = format!("/v2/slots?eventTypeId={}&start={FRIDAY}&end=2026-11-28T00:00:00Z", caller.kind);
    assert_eq!(caller.ask("GET", &slots, "", None).await.0, 404);
    assert_eq!(caller.ask("GET", &slots, "2024-09-04", None).await.0, 200);
    assert!(caller.ask("GET", "/v2/bookings", "", None).await.1["data"]["bookings"].is_array());
    assert!(caller.ask("GET", "/v2/bookings", "2024-08-13", None).await.1["data"].is_array());
    assert_eq!(caller.ask("POST", "/v2/bookings", "", Some(&caller.wish())).await.0, 400);
    assert!(caller.fake.guests().is_empty());
}

#[tokio::test]
async fn it_takes_no_incomplete_attendee() {
    let caller = Caller::new().await;
    let id = caller.kind.to_string();
    caller.fake.change_kind(&id, |kind| {
        kind.fields = vec![Field::new("text", "what-for", true)];
        kind.places = vec![Place::AttendeePhone, Place::Integration("google-meet")];
    });
    let mut good = caller.wish();
    good["bookingFieldsResponses"] = json!({"what-for": "Cut"});
    good["location"] = json!({"type": "attendeePhone", "phone": "+12125550123"});
    let spoil = |change: &dyn Fn(&mut Value)| {
        let mut wish = good.clone();
        change(&mut wish);
        wish
    };
    let many: Map<_, _> = (0..51).map(|number| (format!("k{number}"), json!("v"))).collect();
    let spoiled = [
        ("no e-mail", spoil(&|wish| drop(wish["attendee"].as_object_mut().unwrap().remove("email")))),
        ("no zone", spoil(&|wish| wish["attendee"]["timeZone"] = json!("EST5"))),
        ("no answer", spoil(&|wish| wish["bookingFieldsResponses"] = json!({}))),
        ("a blank answer", spoil(&|wish| wish["bookingFieldsResponses"] = json!({"what-for": ""}))),
        ("no place", spoil(&|wish| wish["location"] = Value::Null)),
        ("half a place", spoil(&|wish| wish["location"] = json!({"type": "attendeePhone"}))),
        ("another place", spoil(&|wish| wish["location"] = json!({"type": "address"}))),
        ("a length of its own", spoil(&|wish| wish["lengthInMinutes"] = json!(45))),
        ("too much metadata", spoil(&|wish| wish["metadata"] = json!(many))),
        ("a long key", spoil(&|wish| wish["metadata"] = json!({"k".repeat(41): "v"}))),
        ("a long text", spoil(&|wish| wish["metadata"] = json!({"k": "v".repeat(501)}))),
    ];
    for (what, wish) in spoiled {
        let (status, body) = caller.book(&wish).await;
        assert_eq!((status, &body["status"]), (400, &json!("error")), "{what}");
        assert!(body["error"]["code"].is_string() && body["error"]["message"].is_string(), "{what}");
    }
    assert!(caller.fake.guests().is_empty());
    assert_eq!(caller.book(&good).await.0, 201);
    let (status, body) = caller.book(&good).await;
    assert_eq!(status, 400);
    assert!(body["error"]["message"].as_str().unwrap().contains("not available"));
}

#[tokio::test]
async fn a_reservation_holds_until_it_is_given_back_or_over() {
    let caller = Caller::new().await;
    let (start, id) = (FRIDAY.parse().unwrap(), caller.kind.to_string());
    let wish = json!({"eventTypeId": caller.kind, "slotStart": FRIDAY, "reservationDuration": 2});
    let reserve = async || caller.ask("POST", "/v2/slots/reservations", "2024-09-04", Some(&wish)).await;
    let (status, body) = reserve().await;
    assert_eq!(status, 201);
    assert_eq!(reserve().await.0, 422);
    assert!(!caller.fake.reserve_as_outsider(&id, start));
    assert!(caller.fake.book_as_outsider(&id, start, "Carl", "carl@example.com").is_none());
    let uid = body["data"]["reservationUid"].as_str().unwrap();
    let gone = caller.ask("DELETE", &format!("/v2/slots/reservations/{uid}"), "2024-09-04", None).await;
    assert_eq!(gone.0, 200);
    assert_eq!(reserve().await.0, 201);
    caller.clock.advance(SignedDuration::from_mins(2));
    assert!(caller.fake.book_as_outsider(&id, start, "Carl", "carl@example.com").is_some());
    assert_eq!(reserve().await.0, 422, "it is booked");
}

#[tokio::test]
async fn an_unknown_key_and_the_121st_request_are_refused() {
    let mut caller = Caller::new().await;
    for _ in 0..120 {
        assert_eq!(caller.ask("GET", "/v2/me", "", None).await.0, 200);
    }
    assert_eq!(caller.ask("GET", "/v2/me", "", None).await.0, 429);
    caller.key = "cal_live_nobody".to_owned();
    let (status, body) = caller.ask("GET", "/v2/me", "", None).await;
    assert_eq!((status, &body["error"]["code"]), (401, &json!("UnauthorizedException")));
}
