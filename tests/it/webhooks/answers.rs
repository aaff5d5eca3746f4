//! What a genuine webhook is answered with: somebody is holding a telephone.

use deskbell::{
    domain::{business::Business, ids::BusinessId},
    session::switchboard::Place,
    testing::salon,
};
use jiff::SignedDuration;
use sqlx::{Connection, SqliteConnection};
use tokio::time::{Duration, Instant};

use crate::support::{
    caller::{Call, Webhook, attribute, call_sid, incoming},
    server::TestServer,
};

#[tokio::test]
async fn a_ringing_call_is_connected_and_greeted() {
    let server = TestServer::start().await;
    let call = Call::ring(&server, 1).await;
    assert!(call.socket.starts_with(&format!("/voice/incoming/{}/{}/", salon().id, call.sid)));
    assert_eq!(call.action, format!("/voice/action/{}/{}", salon().id, call.sid));
    assert_eq!(attribute(&call.twiml, "welcomeGreeting"), Some(salon().greeting()));
    server.stop().await;
}

#[tokio::test]
async fn a_call_finds_its_business_by_the_number_that_was_dialled() {
    let server = TestServer::start().await;
    let form: &[(&str, &str)] = &[("CallSid", &call_sid(1)), ("From", "+14155550100"), ("To", "+12125550142")];
    let answer = Webhook::new("/voice/incoming", form).send(&server).await;
    assert!(answer.body.contains(&salon().id.to_string()));
    server.stop().await;
}

#[tokio::test]
async fn a15_a_webhook_that_comes_again_is_answered_the_same_and_does_nothing() {
    let server = TestServer::start().await;
    let webhook = Webhook::ringing(&call_sid(1));
    let (one, two) = tokio::join!(webhook.send(&server), webhook.send(&server));
    assert_eq!(one.status, 200);
    assert_eq!(one.body, two.body);
    server.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(webhook.send(&server).await.body, one.body);
    let calls = server.state.store.calls(salon().id, None, 10).await.unwrap();
    assert_eq!(calls.len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn a15_nor_does_it_disturb_the_call_that_goes_on() {
    let server = TestServer::start().await;
    let call = Call::ring(&server, 1).await;
    let mut socket = call.answer(&server).await;
    assert!(socket.is_alive().await);
    assert_eq!(Webhook::ringing(&call.sid).send(&server).await.body, call.twiml);
    assert!(socket.is_alive().await);
    drop(socket);
    server.stop().await;
}

#[tokio::test]
async fn a16_a_status_that_comes_late_changes_nothing() {
    let server = TestServer::start().await;
    let call = Call::ring(&server, 1).await;
    let status = async |status: &str| {
        let form: &[(&str, &str)] = &[("CallSid", &call.sid), ("CallStatus", status)];
        let answer = Webhook::new(format!("/voice/status/{}", salon().id), form).send(&server).await;
        assert_eq!(answer.status, 204, "{status}");
    };
    let ended = async || {
        let call = server.state.store.call_by_vendor(salon().id, &call.sid).await.unwrap().unwrap();
        call.ended
    };
    status("in-progress").await;
    assert_eq!(ended().await, None);
    status("completed").await;
    let first = ended().await;
    assert!(first.is_some());
    server.clock.advance(SignedDuration::from_secs(5));
    for late in ["ringing", "in-progress", "completed", "no-answer"] {
        status(late).await;
        assert_eq!(ended().await, first, "{late}");
    }
    let rings_again = Call::ring(&server, 1).await;
    assert_eq!(ended().await, first);
    assert_eq!(crate::support::socket::Handshake::to(&rings_again.socket).refused(&server).await, 403);
    let broken = call.broken("VX1").send(&server).await;
    assert!(broken.body.contains("<Hangup/>") && !broken.body.contains("Connect"), "{}", broken.body);
    server.stop().await;
}

#[tokio::test]
async fn a17_a_number_that_no_business_has_is_not_in_service() {
    let server = TestServer::start().await;
    let nobody = BusinessId(uuid::Uuid::from_u128(1));
    let form: &[(&str, &str)] = &[("CallSid", &call_sid(1)), ("To", "+12125550999")];
    for target in [incoming(nobody), "/voice/incoming/not-an-id".into(), "/voice/incoming".into()] {
        let answer = Webhook::new(&target, form).send(&server).await;
        assert_eq!(answer.status, 200, "{target}");
        assert!(answer.body.contains("not in service") && answer.body.contains("<Hangup/>"), "{target}");
    }
    assert!(server.state.store.calls(nobody, None, 10).await.unwrap().is_empty());
    server.stop().await;
}

#[tokio::test]
async fn a18_a_suspended_business_is_polite_or_puts_through() {
    let business = Business { suspended: true, transfer_to: None, ..salon() };
    let server = TestServer::start_for(business, 10).await;
    let answer = Webhook::ringing(&call_sid(1)).send(&server).await;
    assert!(answer.body.contains("<Say") && answer.body.contains("<Hangup/>"), "{}", answer.body);
    assert!(server.state.store.calls(salon().id, None, 10).await.unwrap().is_empty(), "and costs nothing");
    server.stop().await;

    let owner = "+12125550143".parse().ok();
    let server = TestServer::start_for(Business { suspended: true, transfer_to: owner, ..salon() }, 10).await;
    let answer = Webhook::ringing(&call_sid(1)).send(&server).await;
    assert!(answer.body.contains("<Dial") && answer.body.contains("+12125550143"), "{}", answer.body);
    server.stop().await;
}

#[tokio::test]
async fn a23_a_caller_without_a_number_is_answered_like_any_other() {
    let server = TestServer::start().await;
    for (number, from) in ["anonymous", "+266696687", "client:bob", "sip:x@y", ""].into_iter().enumerate() {
        let call = call_sid(number as u128);
        let form: &[(&str, &str)] = &[("CallSid", &call), ("From", from), ("To", "+12125550142")];
        let answer = Webhook::new(incoming(salon().id), form).send(&server).await;
        assert!(answer.body.contains("<ConversationRelay"), "{from}");
        let stored = server.state.store.call_by_vendor(salon().id, &call).await.unwrap().unwrap();
        assert_eq!(stored.from, None, "{from}");
    }
    server.stop().await;
}

#[tokio::test]
async fn when_every_line_is_busy_a_caller_is_told_so() {
    let business = Business { transfer_to: None, ..salon() };
    let server = TestServer::start_for(business, 1).await;
    let _place: Place = server.state.switchboard.admit("twilio/other/0").unwrap();
    let answer = Webhook::ringing(&call_sid(1)).send(&server).await;
    assert!(answer.body.contains("call again in a few minutes"), "{}", answer.body);
    server.stop().await;
}

#[tokio::test]
async fn while_the_server_stops_a_new_caller_is_told_so_and_a_live_one_is_not() {
    let business = Business { transfer_to: None, ..salon() };
    let server = TestServer::start_for(business, 10).await;
    let call = Call::ring(&server, 1).await;
    let mut socket = call.answer(&server).await;
    assert!(socket.is_alive().await);
    server.state.lifecycle.draining.cancel();
    let answer = Webhook::ringing(&call_sid(2)).send(&server).await;
    assert!(answer.body.contains("call again in a few minutes"), "{}", answer.body);
    assert!(socket.is_alive().await, "the live call goes on");
    drop(socket);
    server.stop().await;
}

#[tokio::test]
async fn without_the_ledger_a_caller_still_hears_something() {
    let business = Business { transfer_to: None, ..salon() };
    let server = TestServer::start_for(business, 10).await;
    server.state.store.close().await;
    for _ in 0..2 {
        let answer = Webhook::ringing(&call_sid(1)).send(&server).await;
        assert_eq!(answer.status, 200);
        assert!(answer.body.contains("call again in a few minutes"), "{}", answer.body);
    }
    server.stop().await;
}

#[tokio::test]
async fn m2_when_the_only_writer_is_taken_a_caller_does_not_wait_for_it() {
    let server = TestServer::start_for(Business { transfer_to: None, ..salon() }, 10).await;
    let mut operator = SqliteConnection::connect(&server.state.config.database.0).await.unwrap();
    sqlx::raw_sql("begin immediate").execute(&mut operator).await.unwrap();
    let begun = Instant::now();
    let answer = Webhook::ringing(&call_sid(1)).send(&server).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.contains("<Say") && answer.body.contains("again"), "{}", answer.body);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    sqlx::raw_sql("rollback").execute(&mut operator).await.unwrap();
    let answer = Webhook::ringing(&call_sid(1)).send(&server).await;
    assert!(answer.body.contains("<ConversationRelay"), "{}", answer.body);
    server.stop().await;
}

#[tokio::test]
async fn a_caller_who_asked_for_a_person_is_put_through() {
    let server = TestServer::start_for(Business { transfer_to: "+12125550143".parse().ok(), ..salon() }, 10).await;
    let call = Call::ring(&server, 1).await;
    let over = |handoff: &str| {
        let form: &[(&str, &str)] = &[
            ("CallSid", &call.sid),
            ("CallStatus", "in-progress"),
            ("SessionStatus", "ended"),
            ("HandoffData", handoff),
        ];
        Webhook::new(&call.action, form)
    };
    let transfer = over(r#"{"reason":"transfer","outcome":"transferred"}"#).send(&server).await;
    assert!(transfer.body.contains("<Dial") && transfer.body.contains("+12125550143"), "{}", transfer.body);
    for other in [r#"{"reason":"goodbye","outcome":"booked"}"#, "not JSON", "{}", r#"{"reason":"+19005550100"}"#] {
        let answer = over(other).send(&server).await;
        assert!(answer.body.contains("<Hangup/>") && !answer.body.contains("<Dial"), "{}", answer.body);
    }
    server.stop().await;
}

#[tokio::test]
async fn an_action_for_a_call_other_than_its_path_says_is_refused() {
    let server = TestServer::start().await;
    let call = Call::ring(&server, 1).await;
    let form: &[(&str, &str)] = &[("CallSid", &call_sid(2)), ("SessionStatus", "failed")];
    assert_eq!(Webhook::new(&call.action, form).send(&server).await.status, 400);
    server.stop().await;
}

#[tokio::test]
async fn a_text_message_s_fate_is_noted_and_one_of_nobody_is_no_error() {
    let server = TestServer::start().await;
    let form: &[(&str, &str)] = &[("MessageSid", &format!("SM{:032x}", 7)), ("MessageStatus", "delivered")];
    assert_eq!(Webhook::new("/sms/status", form).send(&server).await.status, 204);
    server.stop().await;
}
