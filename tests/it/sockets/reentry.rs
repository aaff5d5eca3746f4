//! How a call lives through the loss of its connection.

use deskbell::{
    domain::{business::Business, call::Speaker},
    testing::salon,
};
use tokio::time::{Duration, Instant};

use super::handshake::until_free;
use crate::support::{
    caller::{Call, attribute, prompt},
    server::{TestServer, eventually},
    socket::{CLOSE, FIN, RawSocket, TEXT, masked},
};

const SESSION: &str = "VX00000000000000000000000000000001";

/// Breaks a connection in one of the ways in which they break.
async fn break_off(mut socket: RawSocket, how: &str) {
    match how {
        "reset in mid-frame" => {
            let frame = masked(FIN | TEXT, prompt("I would like").as_bytes());
            socket.raw(&frame[..frame.len() / 2]).await;
            socket.stream.set_zero_linger().unwrap();
        }
        "end without a close frame" => {}
        "half-closed" => {
            tokio::io::AsyncWriteExt::shutdown(&mut socket.stream).await.unwrap();
            // Ends when the server has closed its half.
            assert_eq!(socket.close_code().await, None);
        }
        other => panic!("{other} is no way to break a connection"),
    }
}

#[tokio::test]
async fn b14_a_call_whose_connection_breaks_goes_on_with_another() {
    let server = TestServer::start().await;
    for (number, how) in ["reset in mid-frame", "end without a close frame", "half-closed"].into_iter().enumerate() {
        let call = Call::ring(&server, number as u128).await;
        let mut socket = call.answer(&server).await;
        socket.text(&prompt("I'd like a haircut")).await;
        assert!(!socket.hears().await.is_empty());
        let stored = server.state.store.call_by_vendor(salon().id, &call.sid).await.unwrap().unwrap();
        let turns = async || {
            let lines = server.state.store.transcript(stored.id).await.unwrap();
            lines.iter().filter(|line| line.speaker == Speaker::Caller).count()
        };
        eventually("the turn is written down", async || turns().await == 1).await;
        let begun = Instant::now();
        break_off(socket, how).await;
        until_free(&server).await;
        assert!(begun.elapsed() < Duration::from_secs(1), "{how}: noticed after {:?}", begun.elapsed());

        let again = call.broken(SESSION).send(&server).await;
        let again = Call::told(call.sid, again.body);
        assert_eq!(attribute(&again.twiml, "welcomeGreeting"), None, "{how}: greeted once is enough");
        let mut socket = again.connect(&server).await;
        socket.text(&again.setup("VX00000000000000000000000000000002")).await;
        assert!(!socket.hears().await.is_empty(), "{how}: the agent takes the conversation up again");
        socket.text(&prompt("tomorrow at ten")).await;
        assert!(!socket.hears().await.is_empty(), "{how}");
        eventually("the turns after are written down", async || turns().await == 2).await;
        socket.frame(FIN | CLOSE, &[0x03, 0xE8]).await;
        until_free(&server).await;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_call_may_come_back_before_its_old_connection_is_known_to_be_dead() {
    let server = TestServer::start().await;
    let call = Call::ring(&server, 1).await;
    let mut first = call.answer(&server).await;
    first.text(&prompt("I'd like a haircut")).await;
    assert!(!first.hears().await.is_empty());
    // The vendor has lost the connection; we have not heard of it, because `first` is still open here.
    let again = Call::told(call.sid.clone(), call.broken(SESSION).send(&server).await.body);
    let mut second = again.connect(&server).await;
    second.text(&again.setup("VX00000000000000000000000000000002")).await;
    assert!(!second.hears().await.is_empty());
    // What the old connection still says is not written down over what the new one does.
    first.text(&prompt("a massage then")).await;
    assert_eq!(first.close_code().await, Some(1000), "the old one is told that it is over");
    assert!(second.is_alive().await);
    drop(second);
    server.stop().await;
}

#[tokio::test]
async fn a_call_that_broke_before_a_word_was_said_is_greeted_again() {
    let server = TestServer::start().await;
    let call = Call::ring(&server, 1).await;
    drop(call.connect(&server).await);
    until_free(&server).await;
    let again = Call::told(call.sid.clone(), call.broken(SESSION).send(&server).await.body);
    assert_eq!(attribute(&again.twiml, "welcomeGreeting"), Some(salon().greeting()));
    server.stop().await;
}

#[tokio::test]
async fn a_connection_that_never_comes_about_is_not_tried_for_ever() {
    let server = TestServer::start_for(Business { transfer_to: None, ..salon() }, 10).await;
    let mut call = Call::ring(&server, 1).await;
    for _ in 0..5 {
        let answer = call.broken(SESSION).send(&server).await;
        call = Call::told(call.sid, answer.body);
    }
    let last = call.broken(SESSION).send(&server).await.body;
    assert!(last.contains("problem with the line") && last.contains("<Hangup/>"), "{last}");
    server.stop().await;
}

#[tokio::test]
async fn a_caller_who_hung_up_is_not_called_back() {
    let server = TestServer::start().await;
    let call = Call::ring(&server, 1).await;
    let mut socket = call.answer(&server).await;
    socket.frame(FIN | CLOSE, &[0x03, 0xE8]).await;
    assert_eq!(socket.close_code().await, Some(1000));
    until_free(&server).await;
    let form: &[(&str, &str)] =
        &[("CallSid", &call.sid), ("CallStatus", "completed"), ("SessionId", SESSION), ("SessionStatus", "completed")];
    let answer = crate::support::caller::Webhook::new(&call.action, form).send(&server).await;
    assert!(answer.body.contains("<Hangup/>"), "{}", answer.body);
    server.stop().await;
}

#[tokio::test]
async fn a_live_call_says_goodbye_when_the_server_stops() {
    let server = TestServer::start().await;
    let call = Call::ring(&server, 1).await;
    let mut socket = call.answer(&server).await;
    assert!(socket.is_alive().await);
    server.state.lifecycle.stopping.cancel();
    assert!(!socket.hears().await.is_empty(), "a few last words");
    drop(socket);
    server.stop().await;
}
