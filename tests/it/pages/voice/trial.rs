//! Calls on trial, over a real socket: on what is saved, and on what is not.

use axum::http::{Method, StatusCode, header};
use deskbell::{domain::account::Role, testing::salon};
use futures_util::{SinkExt as _, StreamExt as _};
use jiff::SignedDuration;
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error, Message, client::IntoClientRequest as _};

use super::{receptionist, value};
use crate::support::{
    owner::Browser,
    server::{BUDGET, ORIGIN, TestServer},
};

type Socket = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

async fn open(server: &TestServer, path: &str, secret: &str) -> Result<Socket, Error> {
    let mut request = format!("ws://{}{path}", server.address).into_client_request()?;
    request.headers_mut().insert(header::ORIGIN, ORIGIN.parse().unwrap());
    request.headers_mut().insert(header::COOKIE, format!("__Host-deskbell={secret}").parse().unwrap());
    Ok(timeout(BUDGET, tokio_tungstenite::connect_async(request)).await.expect("an answer")?.0)
}

async fn tell(socket: &mut Socket, message: Value) {
    socket.send(Message::text(message.to_string())).await.unwrap();
}

async fn says(socket: &mut Socket, words: &str) -> String {
    tell(socket, json!({"type": "prompt", "voicePrompt": words, "last": true})).await;
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

async fn ring(browser: &Browser<'_>, page: &str) -> (StatusCode, Value) {
    let answer = browser.send(Method::POST, &format!("{page}/line"), "").await;
    (answer.status, serde_json::from_str(&answer.text).unwrap_or_default())
}

async fn connect(server: &TestServer, call: &Value, session: &str, secret: &str) -> Socket {
    let mut socket = open(server, call["socket"].as_str().unwrap(), secret).await.unwrap();
    tell(&mut socket, json!({"type": "setup", "sessionId": session, "callSid": call["call"], "from": call["from"]}))
        .await;
    socket
}

/// Types a new answer into the receptionist's form and presses "Try it first".
async fn draft(owner: &Browser<'_>) -> String {
    let path = format!("/b/{}/settings/receptionist", salon().id);
    let base = value(&owner.get(&path).await, "base");
    let changed = [
        ("greeting", "Ahoy from {business}."),
        ("fact_words", "dogs"),
        ("fact_answer", "Dogs are welcome."),
        ("try", "on"),
    ];
    let tried = owner.post(&path, &receptionist(&base, &changed)).await;
    assert_eq!(tried.status, 303, "{}", tried.text);
    tried.location().to_owned()
}

#[tokio::test]
async fn what_is_not_saved_can_be_called_and_books_for_real() {
    // The public may not call here; whoever is signed in may.
    let server = TestServer::start_set(|config| config.web_calls = false).await;
    let id = salon().id;
    let owner = server.signed_in(&[(id, Role::Owner)]).await;
    let page = draft(&owner).await;
    let shown = owner.get(&page).await;
    assert_eq!(shown.status, 200);
    for text in ["call-button", "id=\"transcript\"", "Not saved yet", "books for real", &format!("{page}/line")] {
        assert!(shown.text.contains(text), "{text}");
    }
    let (status, call) = ring(&owner, &page).await;
    assert_eq!(status, 200);
    assert_eq!(call["greeting"], "Ahoy from Willow and Sage Salon.");
    let mut socket = connect(&server, &call, "VX1", &owner.secret).await;
    assert!(says(&mut socket, "Are dogs allowed?").await.contains("Dogs are welcome."));
    let wish = "A haircut with Maria tomorrow at three, I'm Anna Kovacs, 212 555 0187";
    assert!(says(&mut socket, wish).await.contains("Wednesday, November 25th at 3 p.m."));

    // The line breaks; on any node, the same settings answer again.
    drop(socket);
    let again = json!({"token": call["token"], "session": "VX1"}).to_string();
    let answer = owner.send(Method::POST, call["again"].as_str().unwrap(), &again).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let call: Value = serde_json::from_str(&answer.text).unwrap();
    let mut socket = connect(&server, &call, "VX2", &owner.secret).await;
    says(&mut socket, "are dogs allowed?").await;
    let mut last = says(&mut socket, "yes please").await;
    if !last.contains("booked") {
        last = says(&mut socket, "yes").await;
    }
    assert!(last.contains("booked"), "{last}");
    socket.close(None).await.unwrap();

    let after = owner.get(call["after"].as_str().unwrap()).await;
    let after: Value = serde_json::from_str(&after.text).unwrap();
    assert_eq!(after["bookings"][0]["what"], "Haircut with Maria");
    let record = call["record"].as_str().unwrap();
    let row = server.state.store.call_by_vendor(id, call["call"].as_str().unwrap()).await.unwrap().unwrap();
    assert_eq!(record, format!("/b/{id}/calls/{}", row.id));
    assert_eq!(row.vendor, "web");
    // What is saved is as it was, and nothing stands in the audit log.
    let saved = server.state.store.business(id).await.unwrap().unwrap().business;
    assert_eq!(saved, salon());
    assert!(server.state.store.deeds(id, None, 10).await.unwrap().is_empty());
    server.stop().await;
}

#[tokio::test]
async fn a_trial_is_for_the_businesss_own_people_and_for_two_hours() {
    let server = TestServer::start().await;
    let id = salon().id;
    let owner = server.signed_in(&[(id, Role::Owner)]).await;
    let staff = server.signed_in(&[(id, Role::Staff)]).await;
    let other = server.another_business().await;
    let outsider = server.signed_in(&[(other, Role::Owner)]).await;
    let page = draft(&owner).await;
    assert_eq!(ring(&staff, &page).await.0, 200, "staff may try it too");
    assert_eq!(ring(&outsider, &page).await.0, 404);
    assert_eq!(ring(&server.stranger(), &page).await.0, 401);
    let elsewhere = page.replace(&id.to_string(), &other.to_string());
    assert_eq!(ring(&outsider, &elsewhere).await.0, 404, "a draft belongs to one business");
    assert_eq!(outsider.get(&elsewhere).await.status, 404);
    // A token alone opens no line: the session is asked for with the upgrade as well.
    let (_, call) = ring(&owner, &page).await;
    for secret in [outsider.secret.as_str(), "", "x"] {
        match open(&server, call["socket"].as_str().unwrap(), secret).await {
            Err(Error::Http(refusal)) => assert!(matches!(refusal.status().as_u16(), 401 | 404), "{refusal:?}"),
            other => panic!("{other:?}"),
        }
        let after = call["after"].as_str().unwrap();
        assert_ne!(outsider.get(after).await.status, 200);
    }
    let from = owner.send_from(Method::POST, &format!("{page}/line"), "", Some("https://evil.example"), None).await;
    assert_eq!(from.status, 403, "from our own page only");
    for odd in ["saved", "x", "%00", "00000000-0000-0000-0000-000000000000"] {
        let (status, _) = ring(&owner, &format!("/b/{id}/try/{odd}")).await;
        assert_eq!(status == 200, odd == "saved", "{odd}: {status}");
    }
    server.clock.advance(SignedDuration::from_mins(121));
    let later = server.signed_in(&[(id, Role::Owner)]).await;
    assert_eq!(later.get(&page).await.status, 404);
    assert_eq!(ring(&later, &page).await.0, 404);
    server.stop().await;
}

#[tokio::test]
async fn what_cannot_be_saved_cannot_be_tried_either() {
    let server = TestServer::start().await;
    let id = salon().id;
    let owner = server.signed_in(&[(id, Role::Owner)]).await;
    let path = format!("/b/{id}/settings/receptionist");
    let base = value(&owner.get(&path).await, "base");
    let refused = owner.post(&path, &receptionist(&base, &[("longest_call", "soon"), ("try", "on")])).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("a number of minutes") && refused.text.contains("value=\"soon\""));
    server.stop().await;
}
