//! Keys: made and revoked on a page, and what they open in the API.

use axum::{
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use deskbell::{
    domain::{account::Role, ids::BusinessId, scope::Scope},
    testing::salon,
    web::api,
};
use http_body_util::BodyExt as _;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::support::{
    owner::{Answer as Page, Browser},
    server::{API_TOKEN, TestServer},
};

const HAIRCUT: &str = "00000000-0000-7000-8000-0000000005e1";
const MARIA: &str = "00000000-0000-7000-8000-00000000a001";

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    json: Value,
}

async fn send(server: &TestServer, key: &str, method: &Method, path: &str, body: &Value) -> Answer {
    send_keyed(server, key, method, path, body, None).await
}

async fn send_keyed(
    server: &TestServer,
    key: &str,
    method: &Method,
    path: &str,
    body: &Value,
    once: Option<&str>,
) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(format!("{}{path}", api::ROOT))
        .header(header::AUTHORIZATION, format!("Bearer {key}"))
        .header(header::CONTENT_TYPE, "application/json");
    if let Some(once) = once {
        request = request.header("idempotency-key", once);
    }
    let request = request.body(Body::from(body.to_string())).unwrap();
    // Lines of the log are in the order of their ids, which tell milliseconds.
    server.clock.advance(SignedDuration::from_millis(1));
    let response = server.router().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Answer { status: parts.status, headers: parts.headers, json: serde_json::from_slice(&bytes).unwrap_or_default() }
}

/// Makes a key as an owner does; the key.
async fn key(owner: &Browser<'_>, business: BusinessId, scopes: &[Scope]) -> String {
    let mut fields = vec![("name", "Website")];
    fields.extend(scopes.iter().map(|scope| ("scope", scope.as_str())));
    let page = owner.post(&format!("/b/{business}/keys"), &fields).await;
    assert_eq!(page.status, 200, "{}", page.text);
    shown(&page).to_owned()
}

fn shown(page: &Page) -> &str {
    let from = page.text.find("<code id=\"key\">dk_").expect("a key") + "<code id=\"key\">".len();
    page.text[from..].split('<').next().unwrap()
}

/// A path of the API with ids in it.
fn filled(path: &str, business: BusinessId) -> String {
    let path = path.replace("{business}", &business.to_string());
    let steps =
        path.split('/').map(|step| if step.starts_with('{') { "00000000-0000-7000-8000-00000000beef" } else { step });
    let path = steps.collect::<Vec<_>>().join("/");
    if path.ends_with("/slots") { format!("{path}?service={HAIRCUT}") } else { path }
}

#[tokio::test]
async fn a_key_is_shown_once_used_and_revoked() {
    let server = TestServer::start().await;
    let owner = server.signed_in(&[(salon().id, Role::Owner)]).await;
    let page = format!("/b/{}/keys", salon().id);
    let secret = key(&owner, salon().id, &[Scope::SettingsRead]).await;
    assert_eq!(secret.len(), 46);
    let listed = owner.get(&page).await;
    assert!(!listed.text.contains(&secret) && listed.text.contains(&secret[42..]) && listed.text.contains("Never"));
    let path = format!("/businesses/{}", salon().id);
    assert_eq!(send(&server, &secret, &Method::GET, &path, &Value::Null).await.status, 200);
    assert!(!owner.get(&page).await.text.contains("Never"), "when it was last used");

    server.clock.advance(SignedDuration::from_millis(1));
    let made = server.state.store.api_keys(salon().id).await.unwrap();
    assert_eq!(owner.post(&format!("{page}/{}/revoke", made[0].id), &[]).await.status, 303);
    assert_eq!(owner.post(&format!("{page}/{}/revoke", made[0].id), &[]).await.status, 404);
    assert_eq!(send(&server, &secret, &Method::GET, &path, &Value::Null).await.status, 401);
    for typed in [vec![("name", "Till")], vec![("scope", "slots:read")], vec![("name", "x"), ("scope", "everything")]] {
        assert_eq!(owner.post(&page, &typed).await.status, 422, "{typed:?}");
    }
    let words: Vec<_> =
        server.state.store.deeds(salon().id, None, 9).await.unwrap().into_iter().map(|d| d.deed).collect();
    assert_eq!(words, ["key.revoked", "key.made"]);
    server.stop().await;
}

#[tokio::test]
async fn k1_every_route_of_the_api_for_an_own_a_foreign_a_scopeless_and_a_revoked_key() {
    let server = TestServer::start().await;
    let (ours, theirs) = (salon().id, server.another_business().await);
    let owner = server.signed_in(&[(ours, Role::Owner)]).await;
    let all = key(&owner, ours, &Scope::ALL).await;
    let revoked = key(&owner, ours, &Scope::ALL).await;
    let made = server.state.store.api_keys(ours).await.unwrap();
    let gone = made.iter().find(|key| revoked.ends_with(&key.hint)).unwrap();
    owner.post(&format!("/b/{ours}/keys/{}/revoke", gone.id), &[]).await;
    let nobodys = BusinessId(uuid::Uuid::from_u128(0xbeef));
    for (method, path, opens) in api::routes_with_scopes() {
        let api::Opens::With(scope) = opens else {
            let refused = send(&server, &all, &method, path, &json!(salon())).await;
            assert_eq!(refused.status, 403, "{method} {path}: for the server's token alone");
            continue;
        };
        let case = format!("{method} {path}");
        let without = Scope::ALL.into_iter().filter(|other| *other != scope).collect::<Vec<_>>();
        let scopeless = key(&owner, ours, &without).await;
        let own = send(&server, &all, &method, &filled(path, ours), &Value::Null).await;
        assert!(!matches!(own.status.as_u16(), 401 | 403 | 500..), "{case}: {} {}", own.status, own.json);
        let refused = send(&server, &scopeless, &method, &filled(path, ours), &Value::Null).await;
        assert_eq!((refused.status.as_u16(), &refused.json["scope"]), (403, &json!(scope.as_str())), "{case}");
        assert_eq!(refused.json["type"], "/docs#problem-no-scope", "{case}");
        assert!(refused.headers[header::WWW_AUTHENTICATE].to_str().unwrap().contains("insufficient_scope"), "{case}");
        assert_eq!(send(&server, &revoked, &method, &filled(path, ours), &Value::Null).await.status, 401, "{case}");
        if path.contains("{business}") {
            let foreign = send(&server, &all, &method, &filled(path, theirs), &Value::Null).await;
            let missing = send(&server, &all, &method, &filled(path, nobodys), &Value::Null).await;
            assert_eq!((foreign.status.as_u16(), missing.status.as_u16()), (404, 404), "{case}");
            assert_eq!(foreign.json, missing.json, "{case}: a foreign one looks like one that is not");
            let blind = send(&server, &scopeless, &method, &filled(path, theirs), &Value::Null).await;
            assert_eq!(blind.status, 404, "{case}: nor does a scope tell of it");
        }
    }
    let listed = send(&server, &all, &Method::GET, "/businesses", &Value::Null).await;
    let items = listed.json["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["business"]["id"]), (1, &json!(ours)));
    server.stop().await;
}

#[tokio::test]
async fn k3_programs_keep_their_idempotency_keys_apart() {
    let server = TestServer::start().await;
    let ours = salon().id;
    let owner = server.signed_in(&[(ours, Role::Owner)]).await;
    let (one, two) = (key(&owner, ours, &Scope::ALL).await, key(&owner, ours, &Scope::ALL).await);
    let path = format!("/businesses/{ours}/bookings");
    let booking = |hour: u8| json!({"service": HAIRCUT, "staff": MARIA, "name": "Anna", "starts": format!("2026-11-25T{hour}:00:00-05:00")});
    let first = send_keyed(&server, &one, &Method::POST, &path, &booking(10), Some("order-1")).await;
    assert_eq!(first.status, 201, "{}", first.json);
    let again = send_keyed(&server, &one, &Method::POST, &path, &booking(10), Some("order-1")).await;
    assert_eq!((again.status.as_u16(), &again.json), (201, &first.json));
    let other = send_keyed(&server, &two, &Method::POST, &path, &booking(11), Some("order-1")).await;
    assert_eq!(other.status, 201, "{}", other.json);
    let servers = send_keyed(&server, API_TOKEN, &Method::POST, &path, &booking(14), Some("order-1")).await;
    assert_eq!(servers.status, 201, "{}", servers.json);
    server.stop().await;
}

#[tokio::test]
async fn every_change_through_the_api_is_one_line_of_the_log_with_its_program() {
    let server = TestServer::start().await;
    let ours = salon().id;
    let owner = server.signed_in(&[(ours, Role::Owner)]).await;
    let key = key(&owner, ours, &Scope::ALL).await;
    let path = |rest: &str| format!("/businesses/{ours}{rest}");
    let staff = send(&server, &key, &Method::POST, &path("/staff"), &json!({"name": "Ivy"})).await;
    assert_eq!(staff.status, 201);
    let hours = json!({"monday": [{"from": "10:00:00", "to": "16:00:00"}]});
    send(&server, API_TOKEN, &Method::PUT, &path("/hours"), &hours).await;
    let booking = json!({"service": HAIRCUT, "name": "Anna", "starts": "2026-11-30T10:00:00-05:00"});
    let booked = send(&server, &key, &Method::POST, &path("/bookings"), &booking).await;
    assert_eq!(booked.status, 201, "{}", booked.json);
    let cancel = path(&format!("/bookings/{}/cancel", booked.json["id"].as_str().unwrap()));
    send(&server, &key, &Method::POST, &cancel, &Value::Null).await;
    send(&server, &key, &Method::POST, &cancel, &Value::Null).await;
    send(&server, &key, &Method::POST, &path("/staff"), &json!({"name": ""})).await;
    let deeds = server.state.store.deeds(ours, None, 20).await.unwrap();
    let lines: Vec<_> =
        deeds.iter().map(|deed| (deed.actor.as_str(), deed.deed.as_str(), deed.detail.as_str())).collect();
    assert_eq!(
        lines,
        [
            ("API key Website", "booking.cancelled", ""),
            ("API key Website", "booking.made", ""),
            ("the server's token", "settings.hours", lines[2].2),
            ("API key Website", "settings.staff_added", "staff"),
            ("Maria Lopez", "key.made", lines[4].2),
        ]
    );
    assert!(lines[2].2.contains("hours.monday") && !lines[2].2.contains("16:00"), "{}", lines[2].2);
    server.stop().await;
}

#[tokio::test]
async fn the_document_and_its_page_tell_the_scopes() {
    let server = TestServer::start().await;
    let document = serde_json::to_value(api::document()).unwrap();
    for (method, path, opens) in api::routes_with_scopes() {
        let needed = &document["paths"][path][method.as_str().to_lowercase()]["security"][0]["token"][0];
        match opens {
            api::Opens::With(scope) => assert_eq!(needed, scope.as_str(), "{method} {path}"),
            api::Opens::ServerAlone => assert_eq!(needed, "server", "{method} {path}"),
        }
    }
    let page = server.stranger().get("/docs").await;
    assert!(Scope::ALL.iter().all(|scope| page.text.contains(scope.as_str())));
    server.stop().await;
}
