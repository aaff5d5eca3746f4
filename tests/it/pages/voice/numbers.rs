//! Numbers, and whether calls arrive.

use deskbell::{domain::account::Role, testing::salon};
use jiff::SignedDuration;

use super::value;
use crate::support::{
    caller::{Webhook, call_sid, incoming},
    server::{ORIGIN, TestServer, eventually},
};

#[tokio::test]
async fn an_owner_finds_what_to_paste_and_which_numbers_are_theirs() {
    let server = TestServer::start().await;
    let id = salon().id;
    let owner = server.signed_in(&[(id, Role::Owner)]).await;
    let path = format!("/b/{id}/settings/numbers");
    let page = owner.get(&path).await;
    for address in [
        format!("{ORIGIN}/voice/incoming/{id}<"),
        format!("{ORIGIN}/voice/incoming<"),
        format!("{ORIGIN}/voice/status/{id}<"),
    ] {
        assert!(page.text.contains(&address), "{address}");
    }
    let base = value(&page, "base");
    let typed = [("base", base.as_str()), ("number", "(212) 555-0142"), ("number", "911"), ("number", "")];
    let refused = owner.post(&path, &typed).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text.contains("no telephone number") && refused.text.contains("(212) 555-0142"));
    let typed = [("base", base.as_str()), ("number", "(212) 555-0142"), ("number", "+44 20 7946 0958")];
    assert_eq!(owner.post(&path, &typed).await.status, 303);
    let numbers = server.state.store.business(id).await.unwrap().unwrap().business.numbers;
    assert_eq!(numbers.iter().map(ToString::to_string).collect::<Vec<_>>(), ["+12125550142", "+442079460958"]);
    // Nobody takes the number of another business.
    let other = server.another_business().await;
    let thief = server.signed_in(&[(other, Role::Owner)]).await;
    let theirs = format!("/b/{other}/settings/numbers");
    let base = value(&thief.get(&theirs).await, "base");
    let taken = thief.post(&theirs, &[("base", base.as_str()), ("number", "+1 212 555 0142")]).await;
    assert_eq!(taken.status, 422);
    assert!(taken.text.contains("belongs to another business"));
    server.stop().await;
}

#[tokio::test]
async fn whoever_waits_for_their_call_sees_it_arrive() {
    let server = TestServer::start().await;
    let id = salon().id;
    let owner = server.signed_in(&[(id, Role::Owner)]).await;
    let since = server.state.clock.now().as_second();
    let piece = format!("/b/{id}/settings/numbers/arrivals?since={since}");
    let waiting = owner.get(&piece).await;
    assert!(waiting.text.contains("Waiting for your call") && waiting.text.contains("every 3s"), "{}", waiting.text);

    // First with a wrong token, as whoever mixed two accounts up.
    server.clock.advance(SignedDuration::from_secs(30));
    let wrong =
        Webhook::new(incoming(id), &[("CallSid", &call_sid(1))]).signed_with("fedcba9876543210fedcba9876543210");
    assert_eq!(wrong.send(&server).await.status, 403);
    let refused = owner.get(&piece).await;
    assert!(refused.text.contains("did not believe") && refused.text.contains("auth token"), "{}", refused.text);
    assert!(refused.text.contains("every 3s"), "it goes on waiting");

    server.clock.advance(SignedDuration::from_secs(30));
    assert_eq!(Webhook::ringing(&call_sid(2)).send(&server).await.status, 200);
    let arrived = owner.get(&piece).await;
    assert!(arrived.text.contains("A call has just arrived") && arrived.text.contains("(212) 555-0142"));
    assert!(!arrived.text.contains("every 3s"), "and asks no more");
    assert!(owner.get(&format!("/b/{id}/settings/numbers")).await.text.contains("calls arrive"));

    // The other nodes know it from the ledger; nobody else is told.
    eventually("it is written down", async || {
        let seen = server.state.store.sightings(id).await.unwrap();
        seen.iter().any(|sighting| sighting.number == "+12125550142" && sighting.genuine.is_some())
    })
    .await;
    let other = server.another_business().await;
    let stranger = server.signed_in(&[(other, Role::Owner)]).await;
    let theirs = stranger.get(&format!("/b/{other}/settings/numbers/arrivals?since={since}")).await;
    assert!(theirs.text.contains("Waiting") && !theirs.text.contains("0142"));

    server.clock.advance(SignedDuration::from_mins(20));
    let late = format!("/b/{other}/settings/numbers/arrivals?since={since}");
    assert!(stranger.get(&late).await.text.contains("No call came"));
    server.stop().await;
}

#[tokio::test]
async fn a_server_without_a_line_says_how_it_gets_one() {
    let server = TestServer::start_set(|config| config.twilio = None).await;
    let id = salon().id;
    let owner = server.signed_in(&[(id, Role::Owner)]).await;
    let page = owner.get(&format!("/b/{id}/settings/numbers")).await.text;
    assert!(page.contains("connected to no telephone company") && page.contains("TWILIO_AUTH_TOKEN"));
    assert!(!page.contains("every 3s"), "there is nothing to wait for");
    let messages = owner.get(&format!("/b/{id}/settings/messages")).await.text;
    assert!(messages.contains("sends no text messages") && messages.contains("TWILIO_FROM"));
    server.stop().await;
}
