//! A live call told as it happens.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
    response::Response,
};
use deskbell::{
    domain::{account::Role, call::Speaker},
    testing::salon,
};
use http_body_util::BodyExt as _;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};
use tower::ServiceExt as _;

use super::{PAYLOADS, Written, is_clean};
use crate::support::{
    owner::Browser,
    server::{BUDGET, TestServer, eventually},
};

struct Watching(Response);

impl Watching {
    async fn open(server: &TestServer, browser: &Browser<'_>, page: &str, back: Option<&str>) -> Self {
        let mut request = Request::get(page).header(header::COOKIE, format!("__Host-deskbell={}", browser.secret));
        if let Some(id) = back {
            request = request.header("last-event-id", id);
        }
        Self(server.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap())
    }

    /// The next event of this kind; nothing when the stream has ended.
    async fn next(&mut self, kind: &str) -> Option<String> {
        loop {
            let frame = timeout(BUDGET, self.0.body_mut().frame()).await.expect("an event in time")?;
            let text = String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap();
            assert!(text.ends_with("\n\n") && text.len() < 32_768, "{text}");
            if text.starts_with(&format!("event: {kind}\n")) {
                return Some(text);
            }
        }
    }
}

#[tokio::test]
async fn what_is_said_appears_as_it_is_said_and_the_stream_ends_with_the_call() {
    let server = TestServer::start().await;
    let business = salon().id;
    let owner = server.signed_in(&[(business, Role::Staff)]).await;
    let mut call = Written::begin(&server, business, Some("+12125550187")).await;
    call.says(&server, &[(Speaker::Agent, "Hello!")]).await;
    let events = format!("{}/events", call.page());
    let mut watching = Watching::open(&server, &owner, &events, None).await;
    assert_eq!(
        (watching.0.status(), &watching.0.headers()["content-type"]),
        (StatusCode::OK, &"text/event-stream".parse().unwrap())
    );
    assert!(watching.next("line").await.unwrap().contains("Hello!"));
    assert!(watching.next("card").await.unwrap().contains("Anna &#60;b&#62;"));
    assert!(watching.next("status").await.unwrap().contains("On the line"));
    call.says(&server, &[(Speaker::Caller, "a haircut please")]).await;
    let line = watching.next("line").await.unwrap();
    assert!(line.contains("a haircut please") && line.contains("\nid: 1\n"), "{line}");

    let mut back = Watching::open(&server, &owner, &events, Some("1")).await;
    assert!(back.next("line").await.is_some(), "the last ones again: they may have changed");
    assert_eq!(server.state.watchers.count(), 2);
    call.ends(&server, None).await;
    assert!(watching.next("over").await.is_some() && watching.next("line").await.is_none());
    drop((watching, back));
    assert_eq!(server.state.watchers.count(), 0);
    let mut late = Watching::open(&server, &owner, &events, None).await;
    assert!(late.next("over").await.is_some(), "a call that is over ends at once");
    server.stop().await;
}

#[tokio::test]
async fn i3_what_is_said_becomes_neither_markup_nor_an_event() {
    let server = TestServer::start().await;
    let business = salon().id;
    let owner = server.signed_in(&[(business, Role::Owner)]).await;
    let mut call = Written::begin(&server, business, None).await;
    let said: Vec<_> = PAYLOADS.iter().map(|text| (Speaker::Caller, *text)).collect();
    call.says(&server, &said).await;
    let mut watching = Watching::open(&server, &owner, &format!("{}/events", call.page()), None).await;
    for _ in PAYLOADS {
        let line = watching.next("line").await.unwrap();
        assert!(is_clean(&line) && !line.contains("\nevent: over"), "{line}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_thousand_opens_of_one_person_hold_no_more_than_a_few() {
    let server = TestServer::start().await;
    let business = salon().id;
    let owner = server.signed_in(&[(business, Role::Owner)]).await;
    let call = Written::begin(&server, business, None).await;
    let events = format!("{}/events", call.page());
    let mut open = Vec::new();
    let mut refused = 0;
    for _ in 0..1_000 {
        let watching = Watching::open(&server, &owner, &events, None).await;
        match watching.0.status() {
            StatusCode::OK => open.push(watching),
            status => {
                assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
                refused += 1;
            }
        }
    }
    assert_eq!((open.len(), refused, server.state.watchers.count()), (6, 994, 6));
    drop(open);
    assert_eq!(Watching::open(&server, &owner, &events, None).await.0.status(), StatusCode::OK);
    server.stop().await;
}

#[tokio::test]
async fn whoever_does_not_read_keeps_neither_the_call_nor_the_server() {
    let server = TestServer::start().await;
    let business = salon().id;
    let owner = server.signed_in(&[(business, Role::Owner)]).await;
    let mut call = Written::begin(&server, business, None).await;
    let mut slow = TcpStream::connect(server.address).await.unwrap();
    let request =
        format!("GET {}/events HTTP/1.1\r\nHost: x\r\nCookie: __Host-deskbell={}\r\n\r\n", call.page(), owner.secret);
    slow.write_all(request.as_bytes()).await.unwrap();
    let mut first = [0; 12];
    slow.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200");
    let words = "x".repeat(3_900);
    for _ in 0..40 {
        call.says(&server, &[(Speaker::Caller, words.as_str()); 10]).await;
    }
    eventually("it is hung up on", async || server.state.watchers.count() == 0).await;
    let stopping = tokio::time::Instant::now();
    server.stop().await;
    assert!(stopping.elapsed() < Duration::from_secs(10), "{:?}", stopping.elapsed());
    drop(slow);
}

#[tokio::test]
async fn a_server_that_stops_ends_the_streams_at_once() {
    let server = TestServer::start().await;
    let business = salon().id;
    let owner = server.signed_in(&[(business, Role::Owner)]).await;
    let call = Written::begin(&server, business, None).await;
    let mut watching = Watching::open(&server, &owner, &format!("{}/events", call.page()), None).await;
    watching.next("status").await.unwrap();
    server.state.lifecycle.stopping.cancel();
    assert!(watching.next("line").await.is_none());
    server.stop().await;
}
