//! Who gets a socket.

use deskbell::testing::salon;
use jiff::SignedDuration;
use tokio::time::Instant;

use crate::support::{
    caller::{Call, prompt},
    server::TestServer,
    socket::{Handshake, RawSocket},
};

#[tokio::test]
async fn b1_without_the_right_token_and_signature_there_is_no_socket() {
    let server = TestServer::start().await;
    let call = Call::ring(&server, 1).await;
    let (path, token) = call.socket.rsplit_once('/').unwrap();
    let changed = format!("{path}/{}A{}", &token[..20], &token[21..]);
    for target in [path.to_owned(), changed, format!("{path}/x"), format!("{path}/{}", "A".repeat(38))] {
        assert_eq!(Handshake::to(&target).refused(&server).await, 403, "{target}");
    }
    assert_eq!(Handshake::to(&call.socket).unsigned().refused(&server).await, 403);
    let elsewhere = format!("wss://voice.example.com{}?x", call.socket);
    assert_eq!(Handshake::to(&call.socket).signed_over(&elsewhere).refused(&server).await, 403);
    assert_eq!(server.state.switchboard.count(), 0);
    let mut socket = call.answer(&server).await;
    assert!(socket.is_alive().await, "and none of this has cost the call its own");
    drop(socket);
    server.stop().await;
}

#[tokio::test]
async fn b2_a_token_serves_once() {
    let server = TestServer::start().await;
    let call = Call::ring(&server, 1).await;
    let mut first = call.answer(&server).await;
    assert!(first.is_alive().await);
    assert_eq!(Handshake::to(&call.socket).refused(&server).await, 403);
    drop(first);
    until_free(&server).await;
    assert_eq!(Handshake::to(&call.socket).refused(&server).await, 403, "nor when the first is gone");
    server.stop().await;
}

#[tokio::test]
async fn b2_of_many_who_come_with_the_same_token_one_is_let_in() {
    let server = TestServer::start().await;
    let call = Call::ring(&server, 1).await;
    let handshake = Handshake::to(&call.socket);
    let all = futures_util::future::join_all((0..20).map(|_| handshake.open(&server))).await;
    let mut open: Vec<RawSocket> = all.into_iter().filter_map(Result::ok).collect();
    assert_eq!(open.len(), 1);
    open[0].text(&call.setup("VX1")).await;
    assert!(open[0].is_alive().await);
    drop(open);
    server.stop().await;
}

#[tokio::test]
async fn b2_a_token_is_too_old_after_a_minute() {
    let server = TestServer::start().await;
    let (in_time, late) = (Call::ring(&server, 1).await, Call::ring(&server, 2).await);
    server.clock.advance(SignedDuration::from_secs(60));
    assert!(in_time.answer(&server).await.is_alive().await);
    server.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(Handshake::to(&late.socket).refused(&server).await, 403);
    server.stop().await;
}

#[tokio::test]
async fn b2_a_token_opens_no_other_call() {
    let server = TestServer::start().await;
    let (one, two) = (Call::ring(&server, 1).await, Call::ring(&server, 2).await);
    let mixed = one.socket.replace(&one.sid, &two.sid);
    assert_eq!(Handshake::to(&mixed).refused(&server).await, 403);
    let elsewhere = one.socket.replace(&salon().id.to_string(), "00000000-0000-7000-8000-000000000001");
    assert_eq!(Handshake::to(&elsewhere).refused(&server).await, 403);
    server.stop().await;
}

#[tokio::test]
async fn b3_a_signature_over_https_is_not_one_over_wss() {
    let server = TestServer::start().await;
    let call = Call::ring(&server, 1).await;
    for scheme in ["https", "http", "ws"] {
        let url = format!("{scheme}://voice.example.com{}", call.socket);
        assert_eq!(Handshake::to(&call.socket).signed_over(&url).refused(&server).await, 403, "{scheme}");
    }
    server.stop().await;
}

#[tokio::test]
async fn b5_a_handshake_that_is_none_is_refused_and_costs_no_token() {
    let server = TestServer::start().await;
    let call = Call::ring(&server, 1).await;
    let large = Handshake::to(&call.socket).header("X-Pad", &"x".repeat(100_000));
    assert_eq!(large.refused(&server).await, 431);
    assert_eq!(Handshake::to(&call.socket).version("8").refused(&server).await, 400);
    assert_eq!(Handshake::to(&call.socket).without_key().refused(&server).await, 400);
    assert!(call.answer(&server).await.is_alive().await);
    server.stop().await;
}

#[tokio::test]
async fn b17_a_hundred_who_open_and_say_nothing_are_closed_after_five_seconds() {
    let server = TestServer::start().await;
    let mut sockets = Vec::new();
    let begun = Instant::now();
    for number in 0..100 {
        sockets.push(Call::ring(&server, number).await.connect(&server).await);
    }
    for socket in &mut sockets {
        assert_eq!(socket.close_code().await, Some(1008));
    }
    let took = begun.elapsed().as_secs_f32();
    assert!((4.5..9.0).contains(&took), "closed after {took} s");
    drop(sockets);
    until_free(&server).await;
    server.stop().await;
}

#[tokio::test]
async fn b18_a_second_socket_for_a_live_call_is_refused_and_the_first_goes_on() {
    let server = TestServer::start().await;
    let call = Call::ring(&server, 1).await;
    let mut first = call.answer(&server).await;
    assert!(first.is_alive().await);
    // Even with a token of its own, which somebody gets who sends us an old report of a broken connection.
    let again =
        Call::told(call.sid.clone(), call.broken("VX00000000000000000000000000000009").send(&server).await.body);
    assert_ne!(again.socket, call.socket);
    assert_eq!(Handshake::to(&again.socket).refused(&server).await, 403);
    first.text(&prompt("what are your opening hours")).await;
    assert!(!first.hears().await.is_empty());
    drop(first);
    server.stop().await;
}

#[tokio::test]
async fn b20_compression_is_offered_in_vain() {
    let server = TestServer::start().await;
    let call = Call::ring(&server, 1).await;
    let offer = "permessage-deflate; client_max_window_bits, x-webkit-deflate-frame";
    let mut socket = Handshake::to(&call.socket).header("Sec-WebSocket-Extensions", offer).open(&server).await.unwrap();
    assert!(!socket.handshake.head.contains("sec-websocket-extensions"));
    assert!(socket.handshake.head.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="), "RFC 6455 §1.3");
    socket.text(&call.setup("VX1")).await;
    assert!(socket.is_alive().await);
    drop(socket);
    server.stop().await;
}

#[tokio::test]
async fn a_call_has_no_socket_where_all_lines_are_busy() {
    let server = TestServer::start_for(salon(), 1).await;
    let (one, two) = (Call::ring(&server, 1).await, Call::ring(&server, 2).await);
    let mut first = one.answer(&server).await;
    assert!(first.is_alive().await);
    assert_eq!(Handshake::to(&two.socket).refused(&server).await, 503);
    drop(first);
    until_free(&server).await;
    assert!(two.answer(&server).await.is_alive().await, "and its token is still good when one is free");
    server.stop().await;
}

/// Waits until no call is live.
pub(super) async fn until_free(server: &TestServer) {
    crate::support::server::eventually("every call has ended", async || server.state.switchboard.count() == 0).await;
}
