//! Taking a live call over, and ending it, from a page.

use deskbell::{domain::account::Role, testing::salon};

use super::Written;
use crate::support::{
    caller::{Call, Webhook, prompt},
    server::{TestServer, eventually},
};

/// Everything that was said has been heard.
const PLAYED: &str = r#"{"type":"info","name":"agentSpeaking","value":"off"}"#;

async fn id_of(server: &TestServer, call: &Call) -> String {
    let found = server.state.store.call_by_vendor(salon().id, &call.sid).await.unwrap().unwrap();
    found.id.to_string()
}

#[tokio::test]
async fn an_owner_takes_a_call_over_and_it_rings_at_their_number() {
    let server = TestServer::start().await;
    let business = salon().id;
    let owner = server.signed_in(&[(business, Role::Owner)]).await;
    let call = Call::ring(&server, 1).await;
    let mut socket = call.answer(&server).await;
    socket.text(&prompt("what are your opening hours?")).await;
    socket.hears().await;
    socket.text(PLAYED).await;
    assert!(socket.is_alive().await);
    let page = format!("/b/{business}/calls/{}", id_of(&server, &call).await);

    let wrong = owner.post(&format!("{page}/take-over"), &[("number", "911")]).await;
    assert!(
        wrong.status == 422
            && wrong.text.contains("no number that can be dialled")
            && wrong.text.contains("value=\"911\"")
    );
    let taken = owner.post(&format!("{page}/take-over"), &[("number", "(212) 555-0142")]).await;
    assert_eq!((taken.status.as_u16(), taken.location()), (303, format!("{page}/live").as_str()));
    assert!(socket.hears().await.contains("put you through"));
    let end = loop {
        let frame = socket.read().await.expect("the line is ended with a message");
        let json: serde_json::Value = serde_json::from_slice(&frame.payload).unwrap_or_default();
        if json["type"] == "end" {
            break json;
        }
    };
    let handoff = end["handoffData"].as_str().unwrap();
    assert!(handoff.contains("+12125550142"), "{handoff}");
    let action = Webhook::new(
        &call.action,
        &[
            ("CallSid", &call.sid),
            ("CallStatus", "in-progress"),
            ("SessionId", "VX00000000000000000000000000000001"),
            ("SessionStatus", "ended"),
            ("HandoffData", handoff),
        ],
    );
    let twiml = action.send(&server).await.body;
    assert!(twiml.contains("<Dial") && twiml.contains("+12125550142"), "{twiml}");
    let deeds = server.state.store.deeds(business, None, 10).await.unwrap();
    let deeds: Vec<_> = deeds.iter().map(|deed| (deed.deed.as_str(), deed.detail.as_str())).collect();
    assert_eq!(deeds, [("call.taken_over", "")], "once, without a number");
    server.stop().await;
}

#[tokio::test]
async fn a_call_is_ended_with_a_goodbye_and_by_the_first_who_says_so() {
    let server = TestServer::start().await;
    let business = salon().id;
    let staff = server.signed_in(&[(business, Role::Staff)]).await;
    let call = Call::ring(&server, 1).await;
    let mut socket = call.answer(&server).await;
    socket.text(&prompt("what are your opening hours?")).await;
    socket.hears().await;
    socket.text(PLAYED).await;
    assert!(socket.is_alive().await);
    let id = id_of(&server, &call).await;
    let page = format!("/b/{business}/calls/{id}");
    assert_eq!(staff.post(&format!("{page}/end"), &[]).await.status, 303);
    let second = staff.post(&format!("{page}/take-over"), &[("number", "+12125550142")]).await;
    assert_eq!(second.status, 303);
    assert!(socket.hears().await.contains("Goodbye"));
    eventually("the call is over", async || {
        let call = server.state.store.call_by_vendor(business, &call.sid).await.unwrap().unwrap();
        call.ended.is_some()
    })
    .await;
    let over = staff.post(&format!("{page}/end"), &[]).await;
    assert_eq!((over.status.as_u16(), over.location()), (303, page.as_str()), "nothing was changed");
    let deeds = server.state.store.deeds(business, None, 10).await.unwrap();
    assert_eq!(deeds.iter().map(|deed| deed.deed.as_str()).collect::<Vec<_>>(), ["call.ended"]);
    server.stop().await;
}

#[tokio::test]
async fn k5_a_call_of_another_business_cannot_be_stepped_into() {
    let server = TestServer::start().await;
    let business = salon().id;
    let theirs = server.another_business().await;
    let call = Written::begin(&server, business, None).await;
    let stranger = server.signed_in(&[(theirs, Role::Owner)]).await;
    for door in ["take-over", "end"] {
        let fields = [("number", "+12125550142")];
        assert_eq!(stranger.post(&format!("{}/{door}", call.page()), &fields).await.status, 404);
        assert_eq!(stranger.post(&format!("/b/{theirs}/calls/{}/{door}", call.id), &fields).await.status, 404);
        assert_eq!(stranger.post(&format!("/b/{theirs}/calls/x/{door}"), &fields).await.status, 404);
    }
    assert!(server.state.store.command_of(call.id).await.unwrap().is_none());
    server.stop().await;
}
