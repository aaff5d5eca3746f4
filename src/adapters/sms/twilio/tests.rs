//! Against a server that behaves like Twilio's, and then does not.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{RawQuery, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::json;
use tokio::task::JoinSet;

use super::*;

const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";

/// What the server does with the next request.
enum Turn {
    /// Takes the message and answers with this.
    TakesThen(u16, &'static str),
    Answers(u16, String),
    NeverAnswers,
    CutsOff,
}

#[derive(Default)]
struct Fake {
    turns: VecDeque<Turn>,
    messages: Vec<serde_json::Value>,
    forms: Vec<Vec<(String, String)>>,
}

type Shared = Arc<Mutex<Fake>>;

struct Rig {
    fake: Shared,
    sms: TwilioSms,
    _server: JoinSet<()>,
}

fn settings(sender: TwilioSender) -> Twilio {
    Twilio { account_sid: ACCOUNT.into(), auth_token: Secret::new("token"), sender: Some(sender) }
}

async fn twilio(turns: impl IntoIterator<Item = Turn>) -> Rig {
    let fake: Shared = Arc::new(Mutex::new(Fake { turns: turns.into_iter().collect(), ..Fake::default() }));
    let app = Router::new()
        .route(&format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json"), post(create).get(list))
        .with_state(Arc::clone(&fake));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let mut server = JoinSet::new();
    server.spawn(async move { axum::serve(listener, app).await.unwrap() });
    let sender = TwilioSender::From("+12125550100".parse().unwrap());
    let callback = Some("https://voice.example.com/sms/status".to_owned());
    let sms = TwilioSms::with_timeout(&settings(sender), callback, &base, Duration::from_millis(500)).unwrap();
    Rig { fake, sms, _server: server }
}

fn allowed(headers: &HeaderMap) -> bool {
    let expected = format!("Basic {}", BASE64_STANDARD.encode(format!("{ACCOUNT}:token")));
    headers.get(header::AUTHORIZATION).is_some_and(|value| value == &expected)
}

async fn create(State(fake): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    assert!(allowed(&headers));
    let turn = {
        let mut fake = fake.lock().unwrap();
        let form: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
        fake.forms.push(form.clone());
        let turn = fake.turns.pop_front();
        if matches!(turn, None | Some(Turn::TakesThen(..) | Turn::NeverAnswers | Turn::CutsOff)) {
            let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
            let sid = format!("SM{:032x}", fake.messages.len() + 1);
            fake.messages.push(json!({
                "sid": sid, "to": field("To"), "body": field("Body"), "direction": "outbound-api", "status": "queued",
                "date_created": "Tue, 24 Nov 2026 15:00:10 +0000", "date_sent": null,
            }));
        }
        turn
    };
    match turn {
        None => {
            let message = fake.lock().unwrap().messages.last().unwrap().to_string();
            (StatusCode::CREATED, message).into_response()
        }
        Some(Turn::TakesThen(status, body)) => (StatusCode::from_u16(status).unwrap(), body).into_response(),
        Some(Turn::Answers(status, body)) => {
            let headers = [(header::RETRY_AFTER, "60"), (header::LOCATION, "http://127.0.0.1:1/")];
            (StatusCode::from_u16(status).unwrap(), headers, body).into_response()
        }
        Some(Turn::NeverAnswers) => std::future::pending().await,
        Some(Turn::CutsOff) => {
            let half = [Ok(Bytes::from_static(b"{\"sid\": \"SM0123")), Err(std::io::Error::other("cut"))];
            (StatusCode::CREATED, Body::from_stream(futures_util::stream::iter(half))).into_response()
        }
    }
}

async fn list(State(fake): State<Shared>, headers: HeaderMap, RawQuery(query): RawQuery) -> Response {
    assert!(allowed(&headers));
    let query = query.unwrap_or_default();
    let to = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "To").unwrap().1.into_owned();
    let mut fake = fake.lock().unwrap();
    if let Some(Turn::Answers(status, body)) = fake.turns.pop_front() {
        return (StatusCode::from_u16(status).unwrap(), body).into_response();
    }
    let messages: Vec<_> = fake.messages.iter().rev().filter(|message| message["to"] == *to).cloned().collect();
    json!({"messages": messages, "next_page_uri": null}).to_string().into_response()
}

fn anna() -> PhoneNumber {
    "+12125550123".parse().unwrap()
}

fn three_pm() -> Timestamp {
    "2026-11-24T15:00:00Z".parse().unwrap()
}

async fn after(turn: Turn) -> SmsError {
    twilio([turn]).await.sms.send(&anna(), "Hello", "key").await.unwrap_err()
}

#[tokio::test]
async fn a_message_goes_out_with_its_sender_and_callback_and_is_found_again() {
    let twilio = twilio([]).await;
    let id = twilio.sms.send(&anna(), "Hello & goodbye +1", "key").await.unwrap();
    assert_eq!(id.0, format!("SM{:032x}", 1));
    let form = twilio.fake.lock().unwrap().forms[0].clone();
    let pairs: Vec<(&str, &str)> = form.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(
        pairs,
        [
            ("To", "+12125550123"),
            ("Body", "Hello & goodbye +1"),
            ("From", "+12125550100"),
            ("StatusCallback", "https://voice.example.com/sms/status")
        ]
    );
    let to = anna();
    let find = |body: &'static str, since| twilio.sms.find(&to, body, since);
    assert_eq!(find("Hello & goodbye +1", three_pm()).await.unwrap(), Some(id));
    assert_eq!(find("Hello", three_pm()).await.unwrap(), None);
    let next_day = three_pm() + SignedDuration::from_hours(24);
    assert_eq!(find("Hello & goodbye +1", next_day).await.unwrap(), None, "an old one with the same words");
}

#[tokio::test]
async fn l4_a_message_whose_answer_is_lost_is_unknown_and_then_found() {
    for turn in [Turn::NeverAnswers, Turn::CutsOff, Turn::TakesThen(201, "<html>"), Turn::TakesThen(200, "{}")] {
        let twilio = twilio([turn]).await;
        let lost = twilio.sms.send(&anna(), "Hello", "key").await.unwrap_err();
        assert!(matches!(lost, SmsError::Unknown(_)), "{lost:?}");
        assert!(twilio.sms.find(&anna(), "Hello", three_pm()).await.unwrap().is_some());
    }
    for status in [408, 500, 502, 504] {
        assert!(matches!(after(Turn::TakesThen(status, "")).await, SmsError::Unknown(_)), "{status}");
    }
}

#[tokio::test]
async fn l5_what_will_never_be_delivered_is_refused() {
    for (code, why) in [
        (21211, "the number does not exist"),
        (21610, "the customer has unsubscribed"),
        (21614, "the number cannot get text messages"),
        (99999, "the message was refused by the provider"),
    ] {
        let body = json!({"code": code, "message": "…", "status": 400}).to_string();
        let refused = after(Turn::Answers(400, body)).await;
        assert!(matches!(refused, SmsError::Refused(said) if said == why), "{refused:?}");
    }
    assert!(matches!(after(Turn::Answers(400, "garbage".into())).await, SmsError::Refused(_)));
}

#[tokio::test]
async fn what_was_certainly_not_taken_may_be_tried_again() {
    for status in [301, 307, 401, 403, 404, 429, 503] {
        let error = after(Turn::Answers(status, String::new())).await;
        assert!(matches!(error, SmsError::NotTaken(_)), "{status}: {error:?}");
    }
    let busy = json!({"code": 21611}).to_string();
    assert!(matches!(after(Turn::Answers(400, busy)).await, SmsError::NotTaken(_)), "our queue is full");
}

#[tokio::test]
async fn nobody_there_means_not_taken() {
    let sender = TwilioSender::From("+12125550100".parse().unwrap());
    let sms = TwilioSms::new(&settings(sender), None, "http://127.0.0.1:1").unwrap();
    let error = sms.send(&anna(), "Hello", "key").await.unwrap_err();
    assert!(matches!(error, SmsError::NotTaken(_)), "{error:?}");
    assert!(!format!("{error:?}").contains(ACCOUNT), "an error names no account");
}

#[tokio::test]
async fn a_search_that_fails_says_so_instead_of_nothing_found() {
    for (status, body) in [(503, ""), (200, "garbage"), (200, "{}"), (302, "")] {
        let twilio = twilio([Turn::Answers(status, body.to_owned())]).await;
        assert!(twilio.sms.find(&anna(), "Hello", three_pm()).await.is_err(), "{status} {body}");
    }
}

#[tokio::test]
async fn a_list_too_long_to_read_is_not_read() {
    let twilio = twilio([Turn::Answers(200, " ".repeat(LIST_LIMIT + 1))]).await;
    assert!(twilio.sms.find(&anna(), "Hello", three_pm()).await.is_err());
}

#[test]
fn settings_that_would_end_up_in_a_path_are_checked() {
    let sender = TwilioSender::MessagingService("MG/../Calls".into());
    assert!(TwilioSms::new(&settings(sender), None, API).is_err());
    for sid in ["AC", "../..", "ACzz23456789abcdef0123456789abcdef", "SM0123456789abcdef0123456789abcdef"] {
        let mut settings = settings(TwilioSender::MessagingService(format!("MG{:032x}", 7)));
        settings.account_sid = sid.to_owned();
        assert!(TwilioSms::new(&settings, None, API).is_err(), "{sid}");
    }
}

#[test]
fn a_trial_accounts_prefix_does_not_hide_our_message() {
    let message: Message = serde_json::from_value(json!({
        "sid": "SM0123456789abcdef0123456789abcdef", "direction": "outbound-api",
        "body": "Sent from your Twilio trial account - Hello", "date_created": "Tue, 24 Nov 2026 15:00:10 +0000",
    }))
    .unwrap();
    assert!(message.is_ours("Hello", three_pm()));
    let inbound: Message = serde_json::from_value(json!({"body": "Hello", "direction": "inbound"})).unwrap();
    assert!(!inbound.is_ours("Hello", three_pm()));
}
