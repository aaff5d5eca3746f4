//! What takes time, in time that passes at once.

use tokio::time::advance;
use tokio_tungstenite::tungstenite::protocol::Role;

use super::*;
use crate::{domain::call::Caller, ports::line::Handoff, web::upgrade::limits};

/// Every frame is a caller who has answered, and every command a sentence of 1,000 bytes.
struct Simple;

impl LineCodec for Simple {
    fn decode(&mut self, _: &str) -> LineEvent {
        LineEvent::Answered(Caller::default())
    }

    fn encode(&mut self, _: &LineCommand) -> Option<String> {
        Some("x".repeat(1_000))
    }

    fn session(&self) -> Option<&str> {
        None
    }
}

type Memory = tokio::io::DuplexStream;

/// A line and its other end, with 4 KiB of network between them.
async fn line() -> (WsLine<Memory>, WebSocketStream<Memory>) {
    let (ours, theirs) = tokio::io::duplex(4_096);
    let stream = WebSocketStream::from_raw_socket(ours, Role::Server, Some(limits())).await;
    let peer = WebSocketStream::from_raw_socket(theirs, Role::Client, None).await;
    (WsLine::new(stream, Box::new(Simple)), peer)
}

async fn answered() -> (WsLine<Memory>, WebSocketStream<Memory>) {
    let (mut line, mut peer) = line().await;
    peer.send(Message::text("setup")).await.unwrap();
    line.answered().await.unwrap();
    assert!(matches!(line.recv().await, LineEvent::Answered(_)), "whoever waited for it did not take it away");
    (line, peer)
}

#[tokio::test(start_paused = true)]
async fn b13_a_peer_that_answers_no_ping_is_dead_after_twenty_five_seconds() {
    let (mut line, mut peer) = answered().await;
    let begun = Instant::now();
    assert_eq!(line.recv().await, LineEvent::Gone(Gone::Broken));
    assert_eq!(begun.elapsed().as_secs(), 25);
    assert_eq!(line.recv().await, LineEvent::Gone(Gone::Broken), "and stays so");
    assert!(matches!(peer.next().await, Some(Ok(Message::Ping(_)))), "it was asked");
}

#[tokio::test(start_paused = true)]
async fn b13_a_peer_that_answers_pings_is_alive_however_long_it_says_nothing() {
    let (mut line, mut peer) = answered().await;
    let begun = Instant::now();
    let answering = async { while peer.next().await.is_some() {} };
    let silence = timeout(Duration::from_mins(10), line.recv());
    tokio::select! {
        silence = silence => assert!(silence.is_err(), "nothing happens"),
        () = answering => panic!("the line was closed"),
    }
    assert_eq!(begun.elapsed().as_secs(), 600);
}

#[tokio::test(start_paused = true)]
async fn b15_a_peer_that_never_reads_is_given_up_and_little_is_kept_for_it() {
    let (mut line, _peer) = answered().await;
    let goodbye = || LineCommand::End { handoff: Handoff::default() };
    let mut sent = 0;
    let begun = loop {
        let begun = Instant::now();
        if line.send(goodbye()).await.is_err() {
            break begun;
        }
        sent += 1;
        assert!(sent < 20, "20 KB into 4 and nobody minds");
    };
    assert_eq!(begun.elapsed().as_secs(), 5);
    assert_eq!(line.recv().await, LineEvent::Gone(Gone::Broken));
}

#[tokio::test(start_paused = true)]
async fn b17_a_connection_that_does_not_say_who_it_is_is_refused_after_five_seconds() {
    let (mut line, mut peer) = line().await;
    let begun = Instant::now();
    // Pings are no answer to who it is.
    peer.send(Message::Ping(Bytes::new())).await.unwrap();
    assert_eq!(line.answered().await, Err(Gone::Refused(1008)));
    assert_eq!(begun.elapsed().as_secs(), 5);
    let closed = loop {
        match peer.next().await {
            Some(Ok(Message::Close(frame))) => break frame,
            Some(Ok(_)) => {}
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(closed.map(|frame| u16::from(frame.code)), Some(1008));
}

#[tokio::test(start_paused = true)]
async fn waiting_for_an_event_may_be_given_up_without_losing_one() {
    let (mut line, mut peer) = answered().await;
    let receiving = async {
        let mut given_up = 0;
        loop {
            tokio::select! {
                biased;
                event = line.recv() => break (event, given_up),
                () = tokio::task::yield_now() => given_up += 1,
            }
        }
    };
    // Much longer than what is between the two, so that it comes in pieces; a lost piece would break the framing.
    let sending = async {
        for _ in 0..5 {
            peer.send(Message::text("y".repeat(50_000))).await.unwrap();
        }
        peer.close(None).await.unwrap();
    };
    let ((event, given_up), ()) = tokio::join!(receiving, sending);
    assert_eq!(event, LineEvent::Gone(Gone::Closed));
    assert!(given_up > 50, "{given_up}");
}

#[tokio::test(start_paused = true)]
async fn fifty_pings_a_second_are_allowed_and_no_more() {
    let mut pings = Pings { since: Instant::now(), count: 0 };
    for _ in 0..3 {
        assert!((0..50).all(|_| !pings.too_many(Instant::now())));
        advance(Duration::from_secs(1)).await;
    }
    assert!((0..50).all(|_| !pings.too_many(Instant::now())));
    assert!(pings.too_many(Instant::now()));
}
