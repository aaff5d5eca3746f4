//! The page, and calls from the browser.

use axum::{
    body::Body,
    http::{HeaderMap, Request, StatusCode, header},
};
use futures_util::{SinkExt as _, StreamExt as _};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error, Message, client::IntoClientRequest as _};
use tower::ServiceExt as _;

use crate::support::server::{BUDGET, ORIGIN, TestServer};

const SALON: &str = "/talk/00000000-0000-7000-8000-00000000d35c";

type Socket = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

async fn send(
    server: &TestServer,
    request: axum::http::request::Builder,
    body: &str,
) -> (StatusCode, HeaderMap, String) {
    let request = request.body(Body::from(body.to_owned())).unwrap();
    let response = server.router().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let text = String::from_utf8(body.collect().await.unwrap().to_bytes().into()).unwrap();
    (parts.status, parts.headers, text)
}

async fn get(server: &TestServer, path: &str) -> (StatusCode, HeaderMap, String) {
    send(server, Request::get(path), "").await
}

fn from_the_page(path: &str) -> axum::http::request::Builder {
    Request::post(path)
        .header(header::ORIGIN, ORIGIN)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/json")
}

async fn ring(server: &TestServer) -> Value {
    let (status, _, text) = send(server, from_the_page(SALON), r#"{"from": "+1 415 555 2671"}"#).await;
    assert_eq!(status, 200, "{text}");
    serde_json::from_str(&text).unwrap()
}

async fn open(server: &TestServer, path: &str, origin: Option<&str>) -> Result<Socket, Error> {
    let mut request = format!("ws://{}{path}", server.address).into_client_request()?;
    if let Some(origin) = origin {
        request.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
    }
    Ok(timeout(BUDGET, tokio_tungstenite::connect_async(request)).await.expect("an answer")?.0)
}

async fn tell(socket: &mut Socket, message: Value) {
    socket.send(Message::text(message.to_string())).await.unwrap();
}

/// What is said until the utterance ends, and the cards shown meanwhile.
async fn hear(socket: &mut Socket) -> String {
    let mut said = String::new();
    loop {
        let frame = timeout(BUDGET, socket.next()).await.expect("words in time").expect("an open line").unwrap();
        let Message::Text(text) = frame else { continue };
        let message: Value = serde_json::from_str(&text).unwrap();
        if message["type"] == "text" {
            said.push_str(message["token"].as_str().unwrap());
            if message["last"] == true {
                return said;
            }
        }
    }
}

#[tokio::test]
async fn t33_the_page_lets_nothing_foreign_in() {
    let server = TestServer::start().await;
    let (status, headers, html) = get(&server, "/").await;
    assert_eq!(status, 200);
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    for rule in [
        "default-src 'none'",
        "script-src 'self';",
        "style-src 'self';",
        "connect-src 'self' wss://voice.example.com;",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ] {
        assert!(policy.contains(rule), "{rule} is not in {policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert!(headers[header::STRICT_TRANSPORT_SECURITY].to_str().unwrap().starts_with("max-age=63072000"));
    assert_eq!(headers["cross-origin-opener-policy"], "same-origin");
    assert!(headers["permissions-policy"].to_str().unwrap().contains("microphone=(self)"));
    assert!(!html.contains("{{"), "every place is filled");
    server.stop().await;
}

#[tokio::test]
async fn the_files_of_the_page_are_kept_for_ever_and_the_page_is_asked_for_again() {
    let server = TestServer::start().await;
    let (_, headers, html) = get(&server, "/").await;
    let tag = headers[header::ETAG].to_str().unwrap().to_owned();
    assert_eq!(headers[header::CACHE_CONTROL], "no-cache");
    let (status, _, body) = send(&server, Request::get("/").header(header::IF_NONE_MATCH, tag), "").await;
    assert_eq!((status, body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let files: Vec<&str> = html.split('"').filter(|text| text.starts_with("/assets/")).collect();
    assert!(files.len() >= 8, "{files:?}");
    for file in &files {
        let (status, headers, _) = get(&server, file).await;
        assert_eq!(status, 200, "{file}");
        assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=31536000, immutable");
        assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
    let old = files[0].replace(files[0].split('/').nth(2).unwrap(), "0000000000000000");
    assert_eq!(get(&server, &old).await.0, 404);
    server.stop().await;
}

#[tokio::test]
async fn the_documentation_is_a_page_of_its_own() {
    let server = TestServer::start().await;
    let (status, headers, html) = get(&server, "/docs").await;
    assert_eq!(status, 200);
    assert!(headers.contains_key(header::CONTENT_SECURITY_POLICY));
    for text in ["Book an appointment", "curl -X POST", "problem-taken", "Idempotency-Key"] {
        assert!(html.contains(text), "{text}");
    }
    assert!(!html.contains("<script") && !html.contains("style="));
    server.stop().await;
}

#[tokio::test]
async fn the_page_is_told_about_the_business_in_words() {
    let server = TestServer::start().await;
    let (status, _, text) = get(&server, "/talk/business").await;
    assert_eq!(status, 200);
    let profile: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(profile["closed"], Value::Null);
    let business = &profile["business"];
    assert_eq!(business["name"], "Willow and Sage Salon");
    assert_eq!(business["open"], json!({"now": true, "text": "Open now, until 12:30 PM"}));
    assert_eq!(business["services"][0]["price"], "$45");
    assert_eq!(business["services"][0]["staff"], json!(["Maria", "James"]));
    assert_eq!(business["hours"][6]["hours"], json!(["Closed"]));
    for secret in ["numbers", "ai_config", "rules", "transfer_to"] {
        assert!(business.get(secret).is_none(), "{secret}");
    }
    server.stop().await;
}

#[tokio::test]
async fn b4_a_foreign_page_can_neither_ring_nor_listen() {
    let server = TestServer::start().await;
    let foreign = [
        None,
        Some("null"),
        Some("https://evil.example"),
        Some("https://voice.example.com.evil.example"),
        Some("http://voice.example.com"),
        Some("https://voice.example.com:444"),
    ];
    for origin in foreign {
        let mut request = Request::post(SALON).header(header::CONTENT_TYPE, "application/json");
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        assert_eq!(send(&server, request, "{}").await.0, 403, "{origin:?}");
    }
    let cross = Request::post(SALON).header(header::ORIGIN, ORIGIN).header("sec-fetch-site", "cross-site");
    assert_eq!(send(&server, cross, "").await.0, 403);

    let call = ring(&server).await;
    let path = call["socket"].as_str().unwrap();
    for origin in foreign {
        match open(&server, path, origin).await {
            Err(Error::Http(refusal)) => assert_eq!(refusal.status(), 403, "{origin:?}"),
            other => panic!("{origin:?}: {other:?}"),
        }
    }
    // None of them used the token up.
    open(&server, path, Some(ORIGIN)).await.unwrap().close(None).await.unwrap();
    match open(&server, path, Some(ORIGIN)).await {
        Err(Error::Http(refusal)) => assert_eq!(refusal.status(), 403, "a token serves once"),
        other => panic!("{other:?}"),
    }
    server.stop().await;
}

#[tokio::test]
async fn what_came_of_a_call_is_for_whoever_holds_its_token() {
    let server = TestServer::start().await;
    let (one, two) = (ring(&server).await, ring(&server).await);
    let after = one["after"].as_str().unwrap();
    assert_eq!(get(&server, after).await.0, 200);
    let stolen = after.replace(one["token"].as_str().unwrap(), two["token"].as_str().unwrap());
    assert_eq!(get(&server, &stolen).await.0, 404);
    assert_eq!(get(&server, &after.replace("WB", "WC")).await.0, 404);
    let cross = Request::get(after).header("sec-fetch-site", "cross-site");
    assert_eq!(send(&server, cross, "").await.0, 403);
    let again = |token: &Value| json!({"token": token}).to_string();
    let path = one["again"].as_str().unwrap();
    assert_eq!(send(&server, from_the_page(path), &again(&two["token"])).await.0, 404);
    assert_eq!(send(&server, from_the_page(path), &again(&one["token"])).await.0, 200);
    server.stop().await;
}

#[tokio::test]
async fn odd_numbers_and_bodies_are_refused_kindly() {
    let server = TestServer::start().await;
    for (body, status) in [
        (r#"{"from": "12"}"#, 400),
        (r#"{"from": "+19005551234"}"#, 400),
        (r#"{"from": 7}"#, 400),
        (r#"{"to": "x"}"#, 400),
        ("[", 400),
        (r#"{"from": ""}"#, 200),
        ("", 200),
    ] {
        let (got, _, text) = send(&server, from_the_page(SALON), body).await;
        assert_eq!(got, status, "{body}: {text}");
    }
    let unknown = "/talk/00000000-0000-7000-8000-000000000001";
    assert_eq!(send(&server, from_the_page(unknown), "").await.0, 404);
    server.stop().await;
}

#[tokio::test]
async fn a_caller_in_the_browser_books_and_sees_the_ticket() {
    let server = TestServer::start().await;
    let call = ring(&server).await;
    assert_eq!(call["greeting"], "Thanks for calling Willow and Sage Salon. How can I help you?");
    let mut socket = open(&server, call["socket"].as_str().unwrap(), Some(ORIGIN)).await.unwrap();
    tell(&mut socket, json!({"type": "setup", "sessionId": "VX1", "callSid": call["call"], "from": call["from"]}))
        .await;
    let wish = "A haircut with Maria tomorrow at three, I'm Anna Kovacs";
    tell(&mut socket, json!({"type": "prompt", "voicePrompt": wish, "last": true})).await;
    let read_back = hear(&mut socket).await;
    assert!(read_back.contains("Wednesday, November 25th at 3 p.m."), "{read_back}");
    tell(&mut socket, json!({"type": "prompt", "voicePrompt": "yes please", "last": true})).await;
    let booked = hear(&mut socket).await;
    assert!(booked.contains("booked"), "{booked}");
    socket.close(None).await.unwrap();

    let (status, _, text) = get(&server, call["after"].as_str().unwrap()).await;
    assert_eq!(status, 200);
    let after: Value = serde_json::from_str(&text).unwrap();
    let ticket = &after["bookings"][0];
    assert_eq!(ticket["status"], "confirmed");
    assert_eq!((ticket["day"].as_str(), ticket["time"].as_str()), (Some("Wednesday, November 25"), Some("3 PM")));
    assert_eq!((ticket["what"].as_str(), ticket["name"].as_str()), (Some("Haircut with Maria"), Some("Anna Kovacs")));
    assert!(after["messages"][0]["body"].as_str().unwrap().contains("Haircut with Maria"));
    server.stop().await;
}

#[tokio::test]
async fn a_browser_that_lost_its_connection_goes_on_where_it_stopped() {
    let server = TestServer::start().await;
    let call = ring(&server).await;
    let mut socket = open(&server, call["socket"].as_str().unwrap(), Some(ORIGIN)).await.unwrap();
    tell(&mut socket, json!({"type": "setup", "sessionId": "VX1", "callSid": call["call"], "from": call["from"]}))
        .await;
    let wish = "A haircut with Maria tomorrow at three, I'm Anna Kovacs";
    tell(&mut socket, json!({"type": "prompt", "voicePrompt": wish, "last": true})).await;
    hear(&mut socket).await;
    drop(socket);
    let body = json!({"token": call["token"], "session": "VX1"}).to_string();
    let (status, _, text) = send(&server, from_the_page(call["again"].as_str().unwrap()), &body).await;
    assert_eq!(status, 200, "{text}");
    let call: Value = serde_json::from_str(&text).unwrap();
    let mut socket = open(&server, call["socket"].as_str().unwrap(), Some(ORIGIN)).await.unwrap();
    tell(&mut socket, json!({"type": "setup", "sessionId": "VX2", "callSid": call["call"], "from": call["from"]}))
        .await;
    let resumed = hear(&mut socket).await;
    tell(&mut socket, json!({"type": "prompt", "voicePrompt": "yes please", "last": true})).await;
    let booked = hear(&mut socket).await;
    assert!(booked.contains("booked"), "{resumed} / {booked}");
    server.stop().await;
}
