//! That the double refuses what Calendly refuses, in Calendly's words.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::{adapters::http, ports::calendar::Interval, testing::clock::FixedClock};

const NOW: &str = "2026-11-26T12:00:00Z";
const FRIDAY: &str = "2026-11-27T14:00:00.000000Z";

struct Caller {
    fake: FakeCalendly,
    clock: FixedClock,
    client: reqwest::Client,
    token: String,
    kind: String,
}

impl Caller {
    async fn new() -> Self {
        let clock = FixedClock::at(NOW);
        let fake = FakeCalendly::serve(Arc::new(clock.clone())).await;
        let (token, kind) = (fake.token(), fake.add_kind(Kind::new("Haircut", 30)));
        Self { fake, clock, client: http::builder().build().unwrap(), token, kind }
    }

    async fn get(&self, path: &str, query: &[(&str, &str)]) -> (u16, Value) {
        let request = self.client.get(format!("{}{path}", self.fake.address())).query(query);
        let answer = request.bearer_auth(&self.token).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        let request = self.client.post(format!("{}{path}", self.fake.address())).json(body);
        let answer = request.bearer_auth(&self.token).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or_default())
    }

    fn wish(&self) -> Value {
        json!({"event_type": self.kind, "start_time": FRIDAY,
               "invitee": {"name": "Bea", "email": "bea@example.com", "timezone": "America/New_York"}})
    }
}

#[tokio::test]
async fn it_wants_a_token_that_is_good() {
    let mut caller = Caller::new().await;
    assert_eq!(caller.get("/users/me", &[]).await.0, 200);
    caller.clock.advance(SignedDuration::from_hours(2));
    let (status, body) = caller.get("/users/me", &[]).await;
    assert_eq!(
        (status, &body["title"], &body["message"]),
        (401, &json!("Unauthenticated"), &json!("The access token expired"))
    );
    caller.token = "nothing".to_owned();
    assert_eq!(caller.get("/users/me", &[]).await.1["message"], "The access token is invalid");
    caller.token = caller.fake.token();
    caller.fake.revoke();
    assert_eq!(caller.get("/users/me", &[]).await.1["message"], "The access token was revoked");
}

#[tokio::test]
async fn it_wants_windows_of_31_days_that_begin_from_now_on() {
    let caller = Caller::new().await;
    let kind = caller.kind.clone();
    let ask = async |from: &str, to: &str| {
        let query = [("event_type", kind.as_str()), ("start_time", from), ("end_time", to)];
        caller.get("/event_type_available_times", &query).await
    };
    assert_eq!(ask(NOW, "2026-12-27T12:00:00Z").await.0, 200);
    for (from, to) in [
        (NOW, "2026-12-27T12:00:01Z"),
        ("2026-11-26T11:59:59Z", "2026-11-27T12:00:00Z"),
        (NOW, NOW),
        ("soon", "2026-11-27T12:00:00Z"),
    ] {
        let (status, body) = ask(from, to).await;
        assert_eq!((status, &body["title"]), (400, &json!("Invalid Argument")), "{from} {to}");
        assert!(body["details"][0]["parameter"].is_string());
    }
}

#[tokio::test]
async fn it_takes_no_incomplete_guest() {
    let caller = Caller::new().await;
    caller.fake.change_kind(&caller.kind, |kind| {
        kind.places = vec![Place::new("outbound_call", None), Place::new("zoom_conference", None)];
        kind.questions = vec![Question::new("What for?", "string", true)];
    });
    let mut good = caller.wish();
    good["location"] = json!({"kind": "outbound_call", "location": "+12125550123"});
    good["questions_and_answers"] = json!([{"question": "What for?", "answer": "Cut", "position": 0}]);
    let spoil = |change: &dyn Fn(&mut Value)| {
        let mut wish = good.clone();
        change(&mut wish);
        wish
    };
    let spoiled = [
        ("no e-mail", spoil(&|wish| drop(wish["invitee"].as_object_mut().unwrap().remove("email")))),
        ("an odd e-mail", spoil(&|wish| wish["invitee"]["email"] = json!("bea@"))),
        ("no zone", spoil(&|wish| wish["invitee"]["timezone"] = json!("Eastern Standard Time"))),
        ("no name", spoil(&|wish| wish["invitee"]["name"] = json!(" "))),
        ("no place", spoil(&|wish| wish["location"] = Value::Null)),
        ("a place without words", spoil(&|wish| wish["location"] = json!({"kind": "outbound_call"}))),
        ("another place", spoil(&|wish| wish["location"] = json!({"kind": "physical", "location": "x"}))),
        ("a blank answer", spoil(&|wish| wish["questions_and_answers"][0]["answer"] = json!(""))),
        ("other words", spoil(&|wish| wish["questions_and_answers"][0]["question"] = json!("what for?"))),
        ("no answer", spoil(&|wish| wish["questions_and_answers"] = json!([]))),
        ("half of the tracking", spoil(&|wish| wish["tracking"] = json!({"utm_content": "x"}))),
        ("no time of its", spoil(&|wish| wish["start_time"] = json!("2026-11-27T14:10:00Z"))),
    ];
    for (what, wish) in spoiled {
        let (status, body) = caller.post("/invitees", &wish).await;
        assert_eq!((status, &body["title"]), (400, &json!("Invalid Argument")), "{what}");
        caller.clock.advance(SignedDuration::from_secs(7));
    }
    assert!(caller.fake.guests().is_empty());
    let (status, body) = caller.post("/invitees", &good).await;
    assert_eq!((status, &body["resource"]["status"]), (201, &json!("active")));
    let (status, body) = caller.post("/invitees", &good).await;
    assert_eq!((status, &body["details"][0]["code"]), (400, &json!("already_filled")));
}

#[tokio::test]
async fn it_has_plans_and_scopes() {
    let caller = Caller::new().await;
    caller.fake.plan(Plan::Free);
    let (status, body) = caller.post("/invitees", &caller.wish()).await;
    assert_eq!((status, &body["title"]), (403, &json!("Permission Denied")));
    caller.fake.plan(Plan::Trial);
    for _ in 0..5 {
        assert_ne!(caller.post("/invitees", &json!({})).await.0, 429);
    }
    let (status, _) = caller.post("/invitees", &caller.wish()).await;
    assert_eq!(status, 429, "a trial has five a day");
    caller.fake.without_scope("event_types:read");
    assert_eq!(caller.get("/event_types", &[("user", &caller.fake.subject())]).await.0, 403);
}

#[tokio::test]
async fn its_own_bookings_are_in_the_way_of_others() {
    let caller = Caller::new().await;
    let long = caller.fake.add_kind(Kind::new("Colour", 90));
    let day = Interval { from: NOW.parse().unwrap(), to: "2026-11-28T12:00:00Z".parse().unwrap() };
    let ten: Timestamp = "2026-11-27T15:00:00Z".parse().unwrap();
    assert!(caller.fake.book_as_outsider(&long, ten, "Carl", "carl@example.com").is_some());
    let free = caller.fake.free(&caller.kind, day);
    assert!(!free.contains(&ten) && free.contains(&(ten + SignedDuration::from_mins(90))));
    assert!(caller.fake.book_as_outsider(&caller.kind, ten, "Dora", "dora@example.com").is_none());
    caller.fake.change_kind(&caller.kind, |kind| kind.seats = 2);
    let two: Timestamp = "2026-11-27T19:00:00Z".parse().unwrap();
    assert!(caller.fake.book_as_outsider(&caller.kind, two, "Dora", "dora@example.com").is_some());
    assert!(caller.fake.book_as_outsider(&caller.kind, two, "Eve", "eve@example.com").is_some());
    assert!(caller.fake.book_as_outsider(&caller.kind, two, "Finn", "finn@example.com").is_none(), "full");
}
