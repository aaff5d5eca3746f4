//! The phone against a small server that checks every signature and reads the frames with the server's own codec.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::{State, WebSocketUpgrade, ws},
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tokio::{net::TcpListener, task::JoinSet};

use super::{script::play, *};
use crate::{
    adapters::telephony::twilio::Twilio,
    ports::{
        line::{LineCommand, LineEvent},
        telephony::{Answer, Expected, Request, Telephony},
    },
    testing::salon,
};

const ACCOUNT: &str = "AC00000000000000000000000000000001";
const ORIGIN: &str = "https://voice.example.com";

/// The dropped line costs one whole budget, since nobody answers on it.
const BUDGET: Duration = Duration::from_secs(1);

struct Server {
    twilio: Twilio,
    /// How many more times the socket is dropped after the first utterance.
    drops: AtomicU32,
    completed: AtomicU32,
    played: AtomicU32,
}

impl Server {
    fn genuine(&self, origin: &str, target: &str, headers: &HeaderMap, content_type: &str, body: &[u8]) -> bool {
        let signature = headers.get("x-twilio-signature").and_then(|value| value.to_str().ok());
        self.twilio.verify(&Request { origin, target, content_type, signature, body }).is_ok()
    }

    fn connect(&self, call: &str, greeting: Option<&str>) -> Response {
        let answer = Answer::Connect {
            business: &salon(),
            socket: format!("wss://voice.example.com/socket/{call}"),
            action: format!("{ORIGIN}/voice/action"),
            greeting: greeting.map(str::to_owned),
        };
        self.twilio.answer(&answer).body.into_response()
    }
}

async fn webhook(State(server): State<Arc<Server>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    if !server.genuine(ORIGIN, uri.path(), &headers, "application/x-www-form-urlencoded", &body) {
        return StatusCode::FORBIDDEN.into_response();
    }
    match uri.path() {
        "/voice/action" => {
            let over = server.twilio.connection_over(&body).unwrap();
            let answer = if over.broken {
                return server.connect(&over.call, None);
            } else {
                server.twilio.answer(&Answer::HangUp)
            };
            answer.body.into_response()
        }
        "/voice/status/salon" => {
            assert!(server.twilio.call_status(&body).unwrap().over);
            server.completed.fetch_add(1, Ordering::Relaxed);
            StatusCode::NO_CONTENT.into_response()
        }
        "/voice/incoming/salon" => {
            let ringing = server.twilio.ringing(&body).unwrap();
            server.connect(&ringing.call, Some("Thanks for calling."))
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn socket(
    State(server): State<Arc<Server>>,
    uri: Uri,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !server.genuine("wss://voice.example.com", uri.path(), &headers, "", b"") {
        return StatusCode::FORBIDDEN.into_response();
    }
    let call = uri.path().trim_start_matches("/socket/").to_owned();
    upgrade.on_upgrade(move |socket| echo(server, socket, call))
}

/// Repeats what it hears; "book" ends the call with a booking.
async fn echo(server: Arc<Server>, mut socket: ws::WebSocket, call: String) {
    let expected = Expected { call, account: Some(ACCOUNT.into()), country: "US".into() };
    let mut codec = server.twilio.codec(expected);
    while let Some(Ok(ws::Message::Text(frame))) = socket.recv().await {
        let reply = match codec.decode(&frame) {
            LineEvent::Answered(_) | LineEvent::Nothing => continue,
            LineEvent::Played => {
                server.played.fetch_add(1, Ordering::Relaxed);
                continue;
            }
            LineEvent::Heard { text, last: true, .. } if text == "book" => {
                let handoff = Handoff { reason: "goodbye".into(), outcome: "booked".into(), booking: None, to: None };
                let frame = codec.encode(&LineCommand::End { handoff }).unwrap();
                let _ = socket.send(ws::Message::text(frame)).await;
                return;
            }
            LineEvent::Heard { text, .. } => format!("You said {text}"),
            LineEvent::TalkedOver { heard } => format!("You heard {heard}"),
            LineEvent::Key(key) => format!("You pressed {key}"),
            event => panic!("{event:?}"),
        };
        if server.drops.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
            return;
        }
        for (text, last) in [(reply, false), (String::new(), true)] {
            let say = LineCommand::Say { text, last, interruptible: true };
            let _ = socket.send(ws::Message::text(codec.encode(&say).unwrap())).await;
        }
    }
}

/// A server on a port of its own, for as long as the set lives.
async fn server(drops: u32) -> (Arc<Server>, String, JoinSet<()>) {
    let twilio = Twilio::new(ACCOUNT.into(), Secret::new("token"));
    let server = Arc::new(Server {
        twilio,
        drops: AtomicU32::new(drops),
        completed: AtomicU32::new(0),
        played: AtomicU32::new(0),
    });
    let router =
        Router::new().route("/socket/{call}", get(socket)).fallback(post(webhook)).with_state(Arc::clone(&server));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let mut tasks = JoinSet::new();
    tasks.spawn(async move { axum::serve(listener, router).await.unwrap() });
    (server, url, tasks)
}

fn phone(url: &str, business: &str, token: &str) -> Phone {
    let mut options = PhoneOptions::new(url, business, ACCOUNT, Secret::new(token));
    options.origin = Some(ORIGIN.into());
    Phone::new(options).unwrap()
}

async fn heard(phone: &Phone, script: &str) -> (Result<script::Played, PhoneError>, String) {
    let mut out = Vec::new();
    let played = play(phone, &script.parse().unwrap(), BUDGET, &mut out).await;
    (played, String::from_utf8(out).unwrap())
}

#[tokio::test]
async fn a_scripted_call_rings_talks_and_books() {
    let (server, url, _running) = server(0).await;
    let (played, transcript) = heard(&phone(&url, "salon", "token"), "a haircut\n/key 1\nbook\n").await;
    let played = played.unwrap();
    assert!(played.summary.booked());
    assert_eq!((played.unanswered, played.summary.drops), (0, 0));
    assert_eq!(
        transcript,
        "Agent: Thanks for calling.\nCaller: a haircut\nAgent: You said a haircut\nCaller: (presses 1)\n\
         Agent: You pressed 1\nCaller: book\n* The agent hangs up.\n* The call is over.\n"
    );
    assert_eq!(server.completed.load(Ordering::Relaxed), 1, "the status callback followed");
    assert_eq!(server.played.load(Ordering::Relaxed), 3, "the greeting and two answers were played");
}

#[tokio::test]
async fn a_dropped_line_is_taken_up_again() {
    let (_, url, _running) = server(1).await;
    let (played, transcript) = heard(&phone(&url, "salon", "token"), "hello\nstill there\nbook").await;
    let played = played.unwrap();
    assert_eq!(played.summary.drops, 1);
    assert!(played.summary.booked());
    assert!(transcript.contains("Agent: You said still there\n"), "{transcript}");
}

#[tokio::test]
async fn a_server_that_drops_every_line_is_given_up() {
    let (_, url, _running) = server(u32::MAX).await;
    let mut call = phone(&url, "salon", "token").dial().await.unwrap();
    let mut last = None;
    while let Some(event) = call.next().await {
        if matches!(event, PhoneEvent::Connected) {
            call.say("hello").await.unwrap();
        }
        last = Some(event);
    }
    assert!(matches!(last, Some(PhoneEvent::Trouble(PhoneError::DroppedTooOften))), "{last:?}");
}

#[tokio::test]
async fn talking_over_the_agent_tells_what_was_heard() {
    let (_, url, _running) = server(0).await;
    let (_, transcript) = heard(&phone(&url, "salon", "token"), "one two three\n/interrupt\nfour").await;
    assert!(transcript.contains("Agent: You heard You said one\n"), "{transcript}");
}

#[tokio::test]
async fn a_refusal_is_said_clearly() {
    let (_, url, _running) = server(0).await;
    let error = phone(&url, "salon", "wrong").dial().await.unwrap_err();
    assert!(error.to_string().contains("TWILIO_AUTH_TOKEN"), "{error}");
    let error = phone(&url, "nobody", "token").dial().await.unwrap_err();
    assert!(error.to_string().contains("no such business"), "{error}");
    let error = phone("http://127.0.0.1:1", "salon", "token").dial().await.unwrap_err();
    assert_eq!(error.to_string(), "nobody answers at http://127.0.0.1:1: is the server running there?");
}
