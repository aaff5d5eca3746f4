//! Requests that are no proper requests, and connections that are no proper connections.

use deskbell::testing::salon;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{Instant, timeout},
};

use crate::support::{
    caller::{Answer, Call, Webhook, call_sid, get, incoming, send_bytes},
    server::{BUDGET, TestServer},
    socket::Handshake,
};

#[tokio::test]
async fn a19_a_wrong_method_type_length_or_encoding_has_its_own_answer() {
    let server = TestServer::start().await;
    let webhook = Webhook::ringing(&call_sid(1));
    for method in ["GET", "PUT", "DELETE", "PATCH"] {
        assert_eq!(webhook.clone().method(method).send(&server).await.status, 405, "{method}");
    }
    for content_type in ["text/plain", "multipart/form-data; boundary=x", "", "form"] {
        assert_eq!(webhook.clone().content_type(content_type).send(&server).await.status, 415, "{content_type:?}");
    }
    for content_type in ["APPLICATION/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=UTF-8"] {
        assert_eq!(webhook.clone().content_type(content_type).send(&server).await.status, 200, "{content_type}");
    }
    let call = format!("CallSid={}&Pad=", call_sid(1));
    let padded = |length: usize| {
        let pad = "x".repeat(length - call.len());
        Webhook::ringing(&call_sid(1)).body(format!("{call}{pad}")).signed_over(
            &format!("https://voice.example.com{}", incoming(salon().id)),
            &[("CallSid", &call_sid(1)), ("Pad", &pad)],
        )
    };
    assert_eq!(padded(64 * 1024).send(&server).await.status, 200);
    assert_eq!(padded(64 * 1024 + 1).send(&server).await.status, 413);
    let not_utf8 = webhook.clone().body([b"CallSid=".as_slice(), &[0xFF, 0xFE]].concat());
    let decoded: &[(&str, &str)] = &[("CallSid", "\u{FFFD}\u{FFFD}")];
    let not_utf8 = not_utf8.signed_over(&format!("https://voice.example.com{}", incoming(salon().id)), decoded);
    assert_eq!(not_utf8.send(&server).await.status, 400);
    server.stop().await;
}

#[tokio::test]
async fn a19_ten_thousand_params_are_refused() {
    let server = TestServer::start().await;
    let mut webhook = Webhook::ringing(&call_sid(1));
    for n in 0..10_000 {
        webhook = webhook.with(&format!("{n:x}"), "");
    }
    // The vendor signs what it sends, and never so much; so nobody looks whether the signature fits.
    let status = webhook.send(&server).await.status;
    assert!(matches!(status, 400 | 403), "{status}");
    server.stop().await;
}

#[tokio::test]
async fn a20_a_head_of_a_megabyte_is_too_large() {
    let server = TestServer::start().await;
    let request = format!("GET /health/live HTTP/1.1\r\nHost: x\r\nX-Pad: {}\r\n\r\n", "x".repeat(1_000_000));
    // Answered before it was all sent: the rest of it may cost the answer its way back, and then it is just closed.
    if let Some(answer) = send_bytes(server.address, request.as_bytes()).await {
        assert_eq!(answer.status, 431);
    }
    let just_too_large = format!("GET /health/live HTTP/1.1\r\nHost: x\r\nX-Pad: {}\r\n\r\n", "x".repeat(100_000));
    assert_eq!(send_bytes(server.address, just_too_large.as_bytes()).await.unwrap().status, 431);
    let large = format!("GET /health/live HTTP/1.1\r\nHost: x\r\nX-Pad: {}\r\n\r\n", "x".repeat(30_000));
    assert_eq!(send_bytes(server.address, large.as_bytes()).await.unwrap().status, 200);
    server.stop().await;
}

/// Sends a byte every 200 ms, until the server has closed; how long that took.
async fn drip(server: &TestServer, bytes: &[u8]) -> f32 {
    let begun = Instant::now();
    let stream = TcpStream::connect(server.address).await.unwrap();
    let (mut read, mut write) = stream.into_split();
    let dripping = async {
        for byte in bytes {
            if write.write_all(&[*byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
        std::future::pending::<()>().await;
    };
    let closed = async { while read.read(&mut [0; 512]).await.is_ok_and(|count| count > 0) {} };
    timeout(BUDGET, async {
        tokio::select! { () = dripping => {}, () = closed => {} }
    })
    .await
    .expect("closed in time");
    begun.elapsed().as_secs_f32()
}

#[tokio::test]
async fn a20_whoever_sends_slowly_or_not_at_all_is_closed_within_five_seconds() {
    let server = TestServer::start().await;
    let head =
        "POST /voice/incoming HTTP/1.1\r\nHost: x\r\nX-Long: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    let (nothing, slow_head) = tokio::join!(drip(&server, b""), drip(&server, head.as_bytes()));
    for took in [nothing, slow_head] {
        assert!((4.0..7.0).contains(&took), "closed after {took} s");
    }
    server.stop().await;
}

#[tokio::test]
async fn a20_a_body_that_never_comes_is_not_waited_for() {
    let server = TestServer::start().await;
    let mut request = Webhook::ringing(&call_sid(1)).bytes();
    request.truncate(request.len() - 10);
    let begun = Instant::now();
    let answer = send_bytes(server.address, &request).await.unwrap();
    assert_eq!(answer.status, 408);
    assert!((4.0..7.0).contains(&begun.elapsed().as_secs_f32()));
    server.stop().await;
}

#[tokio::test]
async fn a20_a_proxy_may_keep_its_connection_and_use_it_again() {
    let server = TestServer::start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    for number in 1..4 {
        stream.write_all(&Webhook::ringing(&call_sid(number)).bytes()).await.unwrap();
        assert_eq!(Answer::read(&mut stream).await.unwrap().status, 200);
    }
    server.stop().await;
}

#[tokio::test]
async fn a22_a_request_with_two_ends_is_refused_and_nothing_behind_it_is_answered() {
    let server = TestServer::start().await;
    let smuggled = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";
    let head = "POST /voice/incoming HTTP/1.1\r\nHost: x\r\n";
    for request in [
        format!("{head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{smuggled}"),
        format!("{head}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n{smuggled}"),
        format!("{head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{smuggled}"),
        format!("{head}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde{smuggled}"),
        format!("{head}Content-Length: +4\r\n\r\nabcd{smuggled}"),
        format!("{head}X-Fold: a\r\n b\r\nContent-Length: 0\r\n\r\n{smuggled}"),
        format!("{head}Content-Length : 4\r\n\r\nabcd{smuggled}"),
    ] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let answer = Answer::read(&mut stream).await.unwrap();
        assert_eq!(answer.status, 400, "{request}");
        assert_eq!(Answer::read(&mut stream).await, None, "the connection is closed after {request}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a24_a_call_id_that_is_none_is_refused_before_any_use() {
    let server = TestServer::start().await;
    let long = "CA".to_owned() + &"0".repeat(10_000);
    for id in [
        "../../etc/passwd",
        long.as_str(),
        "CA😀",
        "",
        "CA",
        &call_sid(0xABC).to_uppercase(),
        &format!("{}'", call_sid(1)),
    ] {
        let form: &[(&str, &str)] = &[("CallSid", id), ("To", "+12125550142")];
        for target in [incoming(salon().id), "/voice/incoming".into(), format!("/voice/status/{}", salon().id)] {
            assert_eq!(Webhook::new(&target, form).send(&server).await.status, 400, "{id} at {target}");
        }
    }
    // In a socket's path, too.
    let call = Call::ring(&server, 1).await;
    for id in ["..%2F..%2Fetc", "CA%F0%9F%98%80", "CA%FF", &long] {
        let target = call.socket.replace(&call.sid, id);
        assert_eq!(Handshake::to(&target).refused(&server).await, 400, "{id}");
    }
    assert!(server.state.store.calls(salon().id, None, 10).await.unwrap().len() == 1);
    server.stop().await;
}

#[tokio::test]
async fn health_says_whether_calls_should_be_sent_here() {
    let server = TestServer::start().await;
    assert_eq!(get(&server, "/health/live").await.status, 200);
    let ready = get(&server, "/health/ready").await;
    assert_eq!(ready.status, 200);
    let said: serde_json::Value = serde_json::from_str(&ready.body).unwrap();
    let expected = serde_json::json!(
        {"ready": true, "database": true, "migrated": true, "draining": false, "live_calls": 0}
    );
    assert_eq!(said, expected);
    let last_call = server.state.switchboard.admit("twilio/the last one/0").unwrap();
    server.state.lifecycle.draining.cancel();
    assert_eq!(get(&server, "/health/ready").await.status, 503);
    assert_eq!(get(&server, "/health/live").await.status, 200);
    drop(last_call);
    server.stop().await;
}

#[tokio::test]
async fn an_unready_server_says_what_is_wrong_without_making_anybody_wait() {
    let server = TestServer::start().await;
    server.state.store.close().await;
    let begun = Instant::now();
    let ready = get(&server, "/health/ready").await;
    assert_eq!(ready.status, 503);
    assert!(ready.body.contains(r#""database":false"#), "{}", ready.body);
    assert!(begun.elapsed().as_millis() < 1_000);
    server.stop().await;
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_make_browsers_careful() {
    let server = TestServer::start().await;
    for target in ["/health/live", "/no/such/page"] {
        let answer = get(&server, target).await;
        assert!(answer.head.contains("x-content-type-options: nosniff"), "{}", answer.head);
        assert!(answer.head.contains("strict-transport-security: max-age="), "{}", answer.head);
    }
    assert_eq!(get(&server, "/no/such/page").await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn a21_http_2_is_not_spoken_so_its_floods_end_at_the_first_line() {
    let server = TestServer::start().await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
    let mut answer = Vec::new();
    timeout(BUDGET, stream.read_to_end(&mut answer)).await.expect("the connection is closed").ok();
    assert!(!answer.starts_with(b"HTTP/1.1 2"), "{}", String::from_utf8_lossy(&answer));
    assert_eq!(get(&server, "/health/live").await.status, 200);
    server.stop().await;
}
