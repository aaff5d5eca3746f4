//! ConversationRelay on the socket: who speaks first, and frames that mean nothing.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use deskbell::{
    domain::call::Speaker,
    ports::clock::Clock,
    testing::{clock::FixedClock, salon},
};

use crate::support::{
    caller::{Call, call_sid, prompt, setup},
    server::{ACCOUNT, TestServer, eventually},
    socket::RawSocket,
};

#[tokio::test]
async fn c1_whoever_speaks_before_saying_who_they_are_is_closed_with_1002() {
    let server = TestServer::start().await;
    let frames = [
        prompt("hello"),
        r#"{"type":"dtmf","digit":"1"}"#.to_owned(),
        r#"{"type":"interrupt","utteranceUntilInterrupt":"x"}"#.to_owned(),
    ];
    for (number, frame) in frames.into_iter().enumerate() {
        let mut socket = Call::ring(&server, number as u128).await.connect(&server).await;
        socket.text(&frame).await;
        assert_eq!(socket.close_code().await, Some(1002), "{frame}");
    }
    server.stop().await;
}

#[tokio::test]
async fn c2_a_second_setup_is_ignored_and_one_of_another_call_is_closed_with_1008() {
    let server = TestServer::start().await;
    let call = Call::ring(&server, 1).await;
    let mut socket = call.answer(&server).await;
    socket.text(&call.setup("VX2")).await;
    assert!(socket.is_alive().await);
    socket.text(&setup(&call_sid(2), ACCOUNT, "VX3")).await;
    assert_eq!(socket.close_code().await, Some(1008));
    server.stop().await;
}

#[tokio::test]
async fn c3_a_setup_of_another_call_or_account_is_closed_with_1008() {
    let server = TestServer::start().await;
    let other_account = "AC00000000000000000000000000000002";
    for (number, (call, account)) in
        [(call_sid(99), ACCOUNT), (call_sid(1), other_account), (String::new(), ACCOUNT)].into_iter().enumerate()
    {
        let mut socket = Call::ring(&server, number as u128).await.connect(&server).await;
        socket.text(&setup(&call, account, "VX1")).await;
        assert_eq!(socket.close_code().await, Some(1008), "{call} {account}");
    }
    let mut socket = Call::ring(&server, 9).await.connect(&server).await;
    socket.text(r#"{"type":"setup"}"#).await;
    assert_eq!(socket.close_code().await, Some(1008), "a setup that says nothing");
    server.stop().await;
}

#[tokio::test]
async fn c4_a_setup_with_odd_fields_is_taken_for_what_it_is() {
    let server = TestServer::start().await;
    for (number, fields) in [
        r#""from":null,"to":null"#,
        r#""from":7,"to":[],"customParameters":"none""#,
        r#""from":"anonymous","customParameters":[1,{"a":2}],"direction":false"#,
        r#""sessionId":null"#,
        r#""sessionId":{"a":1},"forwardedFrom":null,"new":{"deep":[[]]}"#,
    ]
    .into_iter()
    .enumerate()
    {
        let call = Call::ring(&server, number as u128).await;
        let mut socket = call.connect(&server).await;
        let setup = format!(r#"{{"type":"setup","callSid":"{}","accountSid":"{ACCOUNT}",{fields}}}"#, call.sid);
        socket.text(&setup).await;
        socket.text(&prompt("what are your opening hours")).await;
        assert!(!socket.hears().await.is_empty(), "{fields}");
    }
    server.stop().await;
}

/// Frames that nobody can act on.
fn junk() -> Vec<String> {
    let deep = format!("{}{}", r#"{"type":"prompt","a":"#.repeat(10_000), "}".repeat(10_000));
    let deep = if deep.len() > 60_000 { format!("{{\"a\":{}", "[".repeat(10_000)) } else { deep };
    let mut frames: Vec<String> = [
        r#"{"type":"surprise"}"#,
        r#"{"voicePrompt":"hello"}"#,
        r#"{"type":7}"#,
        "[]",
        "null",
        "",
        "{}",
        r#"{"type":"prompt","voicePrompt":"hel"#,
        r#"{"type":"prompt","voicePrompt":7}"#,
        r#"{"type":"prompt","voicePrompt":"\ud800"}"#,
        r#"{"type":"setup","n":1e999"#,
        "nonsense",
    ]
    .map(str::to_owned)
    .to_vec();
    frames.push(deep);
    frames
}

async fn answers(socket: &mut RawSocket) -> bool {
    socket.text(&prompt("what are your opening hours")).await;
    !socket.hears().await.is_empty()
}

#[tokio::test]
async fn c5_c6_frames_that_mean_nothing_are_ignored() {
    let server = TestServer::start().await;
    let mut socket = Call::ring(&server, 1).await.answer(&server).await;
    for frame in junk() {
        socket.text(&frame).await;
        assert!(socket.is_alive().await, "{}", &frame[..frame.len().min(80)]);
    }
    assert!(answers(&mut socket).await);
    drop(socket);
    server.stop().await;
}

#[tokio::test]
async fn c5_twenty_of_them_are_closed_with_1008() {
    let server = TestServer::start().await;
    let mut socket = Call::ring(&server, 1).await.answer(&server).await;
    for _ in 0..19 {
        socket.text("{}").await;
    }
    assert!(socket.is_alive().await);
    socket.text("{}").await;
    assert_eq!(socket.close_code().await, Some(1008));
    server.stop().await;
}

#[tokio::test]
async fn c6_duplicate_keys_do_not_confuse_anybody() {
    let server = TestServer::start().await;
    let mut socket = Call::ring(&server, 1).await.answer(&server).await;
    socket.text(r#"{"type":"prompt","type":"dtmf","voicePrompt":"a","voicePrompt":"b","last":true}"#).await;
    assert!(answers(&mut socket).await);
    drop(socket);
    server.stop().await;
}

#[tokio::test]
async fn c11_words_over_the_agent_s_own_are_one_turn() {
    let server = TestServer::start().await;
    let call = Call::ring(&server, 1).await;
    let mut socket = call.answer(&server).await;
    // No "interrupt" comes in between, though the agent has only begun to answer.
    socket.text(&prompt("what are your opening hours")).await;
    socket.text(&prompt("and where are you")).await;
    let (one, two) = (socket.hears().await, socket.hears().await);
    assert!(!one.is_empty() && !two.is_empty());
    let stored = server.state.store.call_by_vendor(salon().id, &call.sid).await.unwrap().unwrap();
    eventually("both turns are written down", async || {
        let lines = server.state.store.transcript(stored.id).await.unwrap();
        lines.iter().filter(|line| line.speaker == Speaker::Caller).count() == 2
    })
    .await;
    assert!(socket.is_alive().await);
    drop(socket);
    server.stop().await;
}

/// A clock that fails once when it is told to.
struct Faulty {
    clock: FixedClock,
    broken: Arc<AtomicBool>,
}

impl Clock for Faulty {
    fn now(&self) -> jiff::Timestamp {
        assert!(!self.broken.swap(false, Ordering::SeqCst), "the clock is broken");
        self.clock.now()
    }
}

#[tokio::test]
async fn a_panic_in_a_call_ends_no_other_and_the_call_can_come_back() {
    let broken = Arc::new(AtomicBool::new(false));
    let faulty = Arc::clone(&broken);
    let server = TestServer::start_by(salon(), 10, |clock| Arc::new(Faulty { clock, broken: faulty })).await;
    let mut other = Call::ring(&server, 1).await.answer(&server).await;
    let call = Call::ring(&server, 2).await;
    let mut socket = call.answer(&server).await;
    assert!(socket.is_alive().await && other.is_alive().await);
    broken.store(true, Ordering::SeqCst);
    socket.text(&prompt("I'd like a haircut")).await;
    assert_eq!(socket.close_code().await, Some(1011));
    assert!(answers(&mut other).await);
    let again =
        Call::told(call.sid.clone(), call.broken("VX00000000000000000000000000000001").send(&server).await.body);
    let mut socket = again.connect(&server).await;
    socket.text(&again.setup("VX00000000000000000000000000000002")).await;
    assert!(answers(&mut socket).await);
    drop((socket, other));
    server.stop().await;
}
