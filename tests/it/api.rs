//! The JSON API, as an owner's program meets it: the real router, the real desk, a real database.

use axum::{
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use deskbell::{
    ports::clock::Clock as _,
    testing::salon,
    web::{self, api, state::AppState},
};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;
use uuid::Uuid;

use crate::support::server::{API_TOKEN, TestServer};

const SALON: &str = "/api/v1/businesses/00000000-0000-7000-8000-00000000d35c";
const HAIRCUT: &str = "00000000-0000-7000-8000-0000000005e1";
const COLOR: &str = "00000000-0000-7000-8000-0000000005e2";
const MARIA: &str = "00000000-0000-7000-8000-00000000a001";
const JAMES: &str = "00000000-0000-7000-8000-00000000a002";
/// The Wednesday after the Tuesday on which the tests' clock stands.
const WEDNESDAY_TEN: &str = "2026-11-25T10:00:00-05:00";
const WEDNESDAY_TWO: &str = "2026-11-25T14:00:00-05:00";

/// Makes a good body a bad one.
type Spoil = fn(&mut Value);

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    #[track_caller]
    fn expect(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        if status >= 400 {
            assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json");
        }
        if self.text.is_empty() { Value::Null } else { serde_json::from_str(&self.text).unwrap() }
    }

    fn etag(&self) -> String {
        self.headers[header::ETAG].to_str().unwrap().to_owned()
    }
}

/// An owner's program.
struct Client<'a> {
    state: &'a AppState,
    headers: Vec<(&'static str, String)>,
}

impl<'a> Client<'a> {
    fn of(server: &'a TestServer) -> Self {
        Self { state: &server.state, headers: vec![("authorization", format!("Bearer {API_TOKEN}"))] }
    }

    fn with(&self, name: &'static str, value: &str) -> Self {
        let mut headers = self.headers.clone();
        headers.retain(|(other, _)| *other != name);
        headers.push((name, value.to_owned()));
        Self { state: self.state, headers }
    }

    async fn send(&self, method: &str, path: &str, body: impl Into<Body>) -> Answer {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        let response = web::router(self.state.clone()).oneshot(request.body(body.into()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8(bytes.into()).unwrap() }
    }

    async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, Body::empty()).await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        self.with("content-type", "application/json").send("POST", path, body.to_string()).await
    }

    async fn put(&self, path: &str, body: &Value) -> Answer {
        self.with("content-type", "application/json").send("PUT", path, body.to_string()).await
    }

    async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, Body::empty()).await
    }
}

fn haircut_with_maria(starts: &str) -> Value {
    json!({"service": HAIRCUT, "staff": MARIA, "starts": starts, "name": "Anna Kovacs", "phone": "+14155552671"})
}

#[tokio::test]
async fn an_appointment_is_found_booked_moved_and_cancelled() {
    let server = TestServer::start().await;
    let client = Client::of(&server);
    let free = client.get(&format!("{SALON}/slots?service={HAIRCUT}&from={WEDNESDAY_TEN}&limit=3")).await.expect(200);
    assert_eq!(free["items"][0]["starts"], WEDNESDAY_TEN);
    assert_eq!(free["items"][0]["zone"], "America/New_York");
    assert_eq!(free["items"].as_array().unwrap().len(), 3);

    let booked = client.post(&format!("{SALON}/bookings"), &haircut_with_maria(WEDNESDAY_TEN)).await.expect(201);
    assert_eq!(booked["status"], "confirmed");
    assert_eq!(booked["starts"], WEDNESDAY_TEN);
    assert_eq!(booked["ends"], "2026-11-25T10:45:00-05:00");
    assert_eq!(booked["staff"], json!({"id": MARIA, "name": "Maria"}));
    let place = format!("{SALON}/bookings/{}", booked["id"].as_str().unwrap());
    assert_eq!(client.get(&place).await.expect(200), booked);

    let moved = client.post(&format!("{place}/move"), &json!({"starts": WEDNESDAY_TWO})).await.expect(200);
    assert_eq!(moved["starts"], WEDNESDAY_TWO);
    let old = client.get(&place).await.expect(200);
    assert_eq!((&old["status"], &old["moved_to"]), (&json!("moved"), &moved["id"]));

    let place = format!("{SALON}/bookings/{}", moved["id"].as_str().unwrap());
    let cancelled = client.post(&format!("{place}/cancel"), &Value::Null).await.expect(200);
    assert_eq!(cancelled["status"], "cancelled");
    assert_eq!(client.post(&format!("{place}/cancel"), &Value::Null).await.expect(200)["status"], "cancelled");
    let confirmed = client.get(&format!("{SALON}/bookings?status=confirmed")).await.expect(200);
    assert_eq!(confirmed["items"], json!([]));
    server.stop().await;
}

#[tokio::test]
async fn a_taken_time_is_refused_with_others_near_it() {
    let server = TestServer::start().await;
    let client = Client::of(&server);
    let path = format!("{SALON}/bookings");
    client.post(&path, &haircut_with_maria(WEDNESDAY_TEN)).await.expect(201);
    let refused = client.post(&path, &haircut_with_maria(WEDNESDAY_TEN)).await.expect(409);
    assert_eq!(refused["type"], "/docs#problem-taken");
    let others = refused["alternatives"].as_array().unwrap();
    assert!(!others.is_empty() && others.iter().all(|slot| slot["staff"]["id"] == MARIA), "{others:?}");
    // Whoever does not mind gets whoever is free.
    let anybody = json!({"service": HAIRCUT, "starts": WEDNESDAY_TEN, "name": "Bo"});
    assert_eq!(client.post(&path, &anybody).await.expect(201)["staff"]["name"], "James");
    client.post(&path, &anybody).await.expect(409);
    // Lunch is on nobody's list.
    let lunch = haircut_with_maria("2026-11-25T12:30:00-05:00");
    assert_eq!(client.post(&path, &lunch).await.expect(422)["type"], "/docs#problem-not-offered");
    server.stop().await;
}

#[tokio::test]
async fn k3_a_request_sent_twice_acts_once() {
    let server = TestServer::start().await;
    let client = Client::of(&server).with("idempotency-key", "order-1");
    let path = format!("{SALON}/bookings");
    let first = client.post(&path, &haircut_with_maria(WEDNESDAY_TEN)).await;
    assert!(!first.headers.contains_key("idempotency-replayed"));
    let first = first.expect(201);
    let again = client.post(&path, &haircut_with_maria(WEDNESDAY_TEN)).await;
    assert_eq!(again.headers["idempotency-replayed"], "true");
    assert_eq!(again.expect(201), first);
    let other = client.post(&path, &haircut_with_maria(WEDNESDAY_TWO)).await.expect(422);
    assert_eq!(other["type"], "/docs#problem-key-reused");
    let all = client.get(&path).await.expect(200);
    assert_eq!(all["items"].as_array().unwrap().len(), 1);

    // In flight: the same request was begun, and has not come to its end.
    let body = haircut_with_maria(WEDNESDAY_TWO);
    let hash = hash_of("POST", &path, &body.to_string());
    server.state.store.begin_request("order-2", &hash, server.clock.now()).await.unwrap();
    let second = client.with("idempotency-key", "order-2").post(&path, &body).await;
    assert_eq!(second.headers[header::RETRY_AFTER], "1");
    assert_eq!(second.expect(409)["type"], "/docs#problem-key-in-flight");
    server.stop().await;
}

/// As the server tells whether two requests are the same; it looks at the path below the API's root.
fn hash_of(method: &str, path: &str, body: &str) -> String {
    let mut hash = Sha256::new();
    let path = path.strip_prefix(api::ROOT).unwrap();
    for part in [method, path, body] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

#[tokio::test]
async fn k3_two_at_once_under_one_key_act_once() {
    let server = TestServer::start().await;
    let client = Client::of(&server).with("idempotency-key", "double-click");
    let (path, body) = (format!("{SALON}/bookings"), haircut_with_maria(WEDNESDAY_TEN));
    let (one, two) = tokio::join!(client.post(&path, &body), client.post(&path, &body));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert!(matches!(statuses, [201, 201 | 409]), "{statuses:?}");
    assert_eq!(client.get(&path).await.expect(200)["items"].as_array().unwrap().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn k3_a_refused_request_may_be_corrected_under_its_key() {
    let server = TestServer::start().await;
    let client = Client::of(&server).with("idempotency-key", "order-3");
    let path = format!("{SALON}/bookings");
    client.post(&path, &json!({"service": HAIRCUT})).await.expect(400);
    client.post(&path, &haircut_with_maria(WEDNESDAY_TEN)).await.expect(201);
    client.with("idempotency-key", &"k".repeat(256)).post(&path, &Value::Null).await.expect(400);
    server.stop().await;
}

#[tokio::test]
async fn without_the_token_nothing_is_told() {
    let server = TestServer::start().await;
    let client = Client::of(&server);
    for token in ["Bearer wrong", "Bearer ", "", "Basic dXNlcjpwYXNz", API_TOKEN, &format!("Bearer {API_TOKEN}x")] {
        let answer = client.with("authorization", token).get(SALON).await;
        assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer realm=\"deskbell\"");
        answer.expect(401);
    }
    client.with("authorization", &format!("bearer {API_TOKEN}")).get(SALON).await.expect(200);
    // The document and its page are no secret.
    let anybody = Client { headers: Vec::new(), ..Client::of(&server) };
    assert_eq!(anybody.get("/api/v1/openapi.json").await.expect(200)["openapi"], "3.1.0");
    server.stop().await;
}

#[tokio::test]
async fn without_a_token_in_the_settings_the_api_says_that_it_is_off() {
    let server = TestServer::start_set(|config| config.api_token = None).await;
    let client = Client::of(&server);
    assert_eq!(client.get(SALON).await.expect(503)["title"], "API is off: set DESKBELL_API_TOKEN");
    server.stop().await;
}

#[tokio::test]
async fn k1_foreign_and_broken_ids_are_not_found() {
    let server = TestServer::start().await;
    let client = Client::of(&server);
    let mut other = salon();
    other.id.0 = Uuid::from_u128(9);
    other.numbers.clear();
    client.post("/api/v1/businesses", &json!(other)).await.expect(201);
    let mine = client.post(&format!("{SALON}/bookings"), &haircut_with_maria(WEDNESDAY_TEN)).await.expect(201);
    let foreign = format!("/api/v1/businesses/{}", other.id);
    let booking = mine["id"].as_str().unwrap();
    client.get(&format!("{foreign}/bookings/{booking}")).await.expect(404);
    client.post(&format!("{foreign}/bookings/{booking}/cancel"), &Value::Null).await.expect(404);
    client.post(&format!("{foreign}/bookings/{booking}/move"), &json!({"starts": WEDNESDAY_TWO})).await.expect(404);

    let ids = [Uuid::from_u128(404).to_string(), "x".to_owned(), "%2e%2e%2f".to_owned(), Uuid::nil().to_string()];
    for (method, path) in api::routes().into_iter().filter(|(_, path)| path.contains('{')) {
        for id in &ids {
            let path: Vec<&str> =
                path.split('/').map(|step| if step.starts_with('{') { id.as_str() } else { step }).collect();
            let path = format!("/api/v1{}?service={HAIRCUT}", path.join("/"));
            let path = if path.contains("/slots") { path } else { path.replace(&format!("?service={HAIRCUT}"), "") };
            let body = match method.as_str() {
                "POST" if path.ends_with("/move") => json!({"starts": WEDNESDAY_TWO}),
                "POST" if path.ends_with("/bookings") => haircut_with_maria(WEDNESDAY_TEN),
                "POST" | "PUT" if path.contains("/services") => json!({"name": "X", "minutes": 5, "staff": []}),
                "POST" | "PUT" if path.contains("/staff") => json!({"name": "X"}),
                "POST" | "PUT" if path.contains("/exceptions") => json!({"from": "2026-12-01", "to": "2026-12-01"}),
                "PUT" if path.ends_with("/hours") => json!({}),
                _ => Value::Null,
            };
            let client = client.with("content-type", "application/json").with("if-match", "\"1\"");
            client.send(method.as_str(), &path, body.to_string()).await.expect(404);
        }
    }
    assert_eq!(client.get(&format!("{SALON}/bookings/{booking}")).await.expect(200), mine);
    server.stop().await;
}

#[tokio::test]
async fn k2_what_is_wrong_with_a_body_is_named_by_its_path() {
    let server = TestServer::start().await;
    let client = Client::of(&server);
    let cases: [(Spoil, &str); 6] = [
        (|body| body["colour"] = json!("red"), "colour"),
        (|body| body["starts"] = json!("three"), "starts"),
        (|body| body["starts"] = Value::Null, "starts"),
        (|body| body["phone"] = json!("12"), "phone"),
        (|body| body["service"] = json!(7), "service"),
        (|body| drop(body.as_object_mut().unwrap().remove("name")), "name"),
    ];
    for (spoil, at) in cases {
        let mut body = haircut_with_maria(WEDNESDAY_TEN);
        spoil(&mut body);
        let refused = client.post(&format!("{SALON}/bookings"), &body).await.expect(400);
        assert_eq!(refused["errors"][0]["at"], at, "{refused}");
    }
    let mut unknown = haircut_with_maria(WEDNESDAY_TEN);
    unknown["service"] = json!(Uuid::from_u128(5));
    let refused = client.post(&format!("{SALON}/bookings"), &unknown).await.expect(400);
    assert_eq!(refused["errors"][0]["at"], "service");
    let deep = "[".repeat(60_000);
    client.with("content-type", "application/json").send("POST", &format!("{SALON}/bookings"), deep).await.expect(400);
    let long = " ".repeat(64 * 1024 + 1);
    client.with("content-type", "application/json").send("POST", &format!("{SALON}/bookings"), long).await.expect(413);
    client.with("content-type", "text/plain").send("POST", &format!("{SALON}/bookings"), "{}").await.expect(415);
    client
        .with("content-type", "application/json")
        .send("POST", &format!("{SALON}/bookings"), vec![0xff])
        .await
        .expect(400);
    server.stop().await;
}

#[tokio::test]
async fn k2_unknown_routes_methods_and_parameters_are_problems_too() {
    let server = TestServer::start().await;
    let client = Client::of(&server);
    client.get("/api/v1/nothing").await.expect(404);
    client.delete(SALON).await.expect(405);
    client.send("PATCH", &format!("{SALON}/bookings"), Body::empty()).await.expect(405);
    for query in ["color=red", "status=lost", "limit=many", "from=noon", "phone=12"] {
        client.get(&format!("{SALON}/bookings?{query}")).await.expect(400);
    }
    for query in ["", "service=x", &format!("service={COLOR}&staff={JAMES}")] {
        client.get(&format!("{SALON}/slots?{query}")).await.expect(400);
    }
    let backwards = format!("service={HAIRCUT}&from={WEDNESDAY_TWO}&to={WEDNESDAY_TEN}");
    client.get(&format!("{SALON}/slots?{backwards}")).await.expect(400);
    server.stop().await;
}

#[tokio::test]
async fn k4_of_two_who_edit_at_once_the_second_is_told_the_differences() {
    let server = TestServer::start().await;
    let client = Client::of(&server);
    let read = client.get(SALON).await;
    let tag = read.etag();
    let mut document = read.expect(200);
    client.put(SALON, &document).await.expect(428);
    document["name"] = json!("Willow");
    let saved = client.with("if-match", &tag).put(SALON, &document).await;
    assert_ne!(saved.etag(), tag);
    saved.expect(200);
    document["name"] = json!("Sage");
    document["services"][1]["minutes"] = json!(80);
    let refused = client.with("if-match", &tag).put(SALON, &document).await.expect(412);
    assert_eq!(refused["version"], 2);
    assert_eq!(refused["differences"], json!(["name", "services[1].minutes"]));
    assert_eq!(client.get(SALON).await.expect(200)["name"], "Willow");
    server.stop().await;
}

#[tokio::test]
async fn k4_parts_edited_at_once_are_all_kept() {
    let server = TestServer::start().await;
    let client = Client::of(&server);
    let names = ["Massage", "Manicure", "Pedicure", "Wash"];
    let bodies = names.map(|name| json!({"name": name, "minutes": 30, "staff": [MARIA]}));
    let path = format!("{SALON}/services");
    let (a, b, c, d) = tokio::join!(
        client.post(&path, &bodies[0]),
        client.post(&path, &bodies[1]),
        client.post(&path, &bodies[2]),
        client.post(&path, &bodies[3]),
    );
    for answer in [a, b, c, d] {
        answer.expect(201);
    }
    let services = client.get(&path).await.expect(200);
    assert_eq!(services.as_array().unwrap().len(), 7);
    server.stop().await;
}

#[tokio::test]
async fn k5_a_setup_that_cannot_be_is_refused_with_every_mistake() {
    let server = TestServer::start().await;
    let client = Client::of(&server);
    let mut document = json!(salon());
    document["id"] = json!(Uuid::from_u128(3));
    document["services"][0]["minutes"] = json!(0);
    document["hours"]["monday"] =
        json!([{"from": "09:00:00", "to": "13:00:00"}, {"from": "12:00:00", "to": "17:00:00"}]);
    let refused = client.post("/api/v1/businesses", &document).await.expect(400);
    let at: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|error| error["at"].clone()).collect();
    assert_eq!(at, ["hours.monday[1]", "services[0].minutes"]);
    for price in ["-1", "1e308", "NaN", "\"45\""] {
        let text = json!(salon()).to_string().replacen("4500", price, 1);
        client.with("content-type", "application/json").send("POST", "/api/v1/businesses", text).await.expect(400);
    }
    let service = json!({"name": "", "minutes": 30, "staff": []});
    let refused = client.post(&format!("{SALON}/services"), &service).await.expect(400);
    assert_eq!(refused["errors"][0]["at"], "services[3].name");
    let mut other = json!(salon());
    other["id"] = json!(Uuid::from_u128(3));
    let refused = client.post("/api/v1/businesses", &other).await.expect(409);
    assert_eq!(refused["errors"][0]["at"], "numbers[0]");
    server.stop().await;
}

#[tokio::test]
async fn k13_pages_follow_one_another_and_forged_cursors_are_refused() {
    let server = TestServer::start().await;
    let client = Client::of(&server);
    let path = format!("{SALON}/bookings");
    for hour in [9, 10, 11, 14, 15] {
        let booking = haircut_with_maria(&format!("2026-11-25T{hour:02}:00:00-05:00"));
        client.post(&path, &booking).await.expect(201);
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.get(&format!("{path}?limit=2{cursor}")).await.expect(200);
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["starts"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen.len(), 5);
    assert!(seen.is_sorted(), "{seen:?}");
    for forged in ["x", "AAAA", "%00", "Ag"] {
        let refused = client.get(&format!("{path}?cursor={forged}")).await.expect(400);
        assert_eq!(refused["errors"][0]["at"], "cursor");
    }
    for limit in ["-1", "1000000000"] {
        client.get(&format!("{path}?limit={limit}")).await.expect(200);
    }
    server.stop().await;
}

#[tokio::test]
async fn services_staff_hours_and_exceptions_are_edited_one_by_one() {
    let server = TestServer::start().await;
    let client = Client::of(&server);
    let staff = client.post(&format!("{SALON}/staff"), &json!({"name": "Ivy"})).await.expect(201);
    let ivy = staff["id"].as_str().unwrap();
    let service = json!({"name": "Massage", "minutes": 60, "staff": [ivy]});
    let service = client.post(&format!("{SALON}/services"), &service).await.expect(201);
    let massage = format!("{SALON}/services/{}", service["id"].as_str().unwrap());
    let longer = json!({"name": "Massage", "minutes": 75, "staff": [ivy]});
    assert_eq!(client.put(&massage, &longer).await.expect(200)["minutes"], 75);
    client.delete(&format!("{SALON}/staff/{ivy}")).await.expect(204);
    let services = client.get(&format!("{SALON}/services")).await.expect(200);
    assert_eq!(services[3]["staff"], json!([]), "whoever left offers nothing");
    client.delete(&massage).await.expect(204);
    client.delete(&massage).await.expect(404);

    let hours = json!({"monday": [{"from": "10:00:00", "to": "16:00:00"}]});
    client.put(&format!("{SALON}/hours"), &hours).await.expect(200);
    assert_eq!(client.get(&format!("{SALON}/hours")).await.expect(200)["tuesday"], json!([]));

    let path = format!("{SALON}/exceptions");
    let holiday = json!({"from": "2026-12-31", "to": "2026-12-31", "reason": "New Year's Eve"});
    let named = client.post(&path, &holiday).await.expect(201);
    let place = format!("{path}/{}", named["id"].as_str().unwrap());
    let longer = json!({"from": "2026-12-30", "to": "2026-12-31"});
    client.put(&place, &longer).await.expect(200);
    client.delete(&place).await.expect(404);
    assert_eq!(client.get(&path).await.expect(200).as_array().unwrap().len(), 3);
    server.stop().await;
}

#[tokio::test]
async fn what_has_appointments_is_not_removed() {
    let server = TestServer::start().await;
    let client = Client::of(&server);
    let booked = client.post(&format!("{SALON}/bookings"), &haircut_with_maria(WEDNESDAY_TEN)).await.expect(201);
    for path in [format!("{SALON}/services/{HAIRCUT}"), format!("{SALON}/staff/{MARIA}")] {
        assert_eq!(client.delete(&path).await.expect(409)["appointments"], 1);
    }
    let place = format!("{SALON}/bookings/{}/cancel", booked["id"].as_str().unwrap());
    client.post(&place, &Value::Null).await.expect(200);
    client.delete(&format!("{SALON}/services/{HAIRCUT}")).await.expect(204);
    server.stop().await;
}

#[tokio::test]
async fn a_business_is_created_with_an_id_of_its_own() {
    let server = TestServer::start().await;
    let client = Client::of(&server);
    let mut document = json!(salon());
    document["numbers"] = json!([]);
    document.as_object_mut().unwrap().remove("id");
    let created = client.post("/api/v1/businesses", &document).await;
    let place = created.headers[header::LOCATION].to_str().unwrap().to_owned();
    let created = created.expect(201);
    assert_eq!(client.get(&place).await.expect(200), created);
    let all = client.get("/api/v1/businesses").await.expect(200);
    assert_eq!(all["items"].as_array().unwrap().len(), 2);
    server.stop().await;
}

#[test]
fn every_route_is_in_the_document_and_nothing_else_is() {
    let document = serde_json::to_value(api::document()).unwrap();
    let mut described: Vec<String> = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            described.push(format!("{} {path}", method.to_uppercase()));
            assert!(operation["summary"].is_string(), "{method} {path} has no title");
            assert!(operation["tags"][0].is_string(), "{method} {path} is in no group");
        }
    }
    let mut routed: Vec<String> = api::routes().iter().map(|(method, path)| format!("{method} {path}")).collect();
    described.sort();
    routed.sort();
    assert_eq!(routed, described);
}

#[test]
fn every_reference_in_the_document_leads_somewhere() {
    fn references<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
        match value {
            Value::Object(fields) => {
                found.extend(fields.get("$ref").and_then(Value::as_str));
                fields.values().for_each(|value| references(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| references(value, found)),
            _ => {}
        }
    }
    let document = serde_json::to_value(api::document()).unwrap();
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 20);
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}
