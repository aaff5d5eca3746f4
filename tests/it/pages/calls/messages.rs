//! Messages received and sent.

use std::sync::Arc;

use deskbell::{
    domain::{account::Role, booking::Booking, ids::OutboxId},
    ports::desk::{Actor, Cancel, Note},
    store::outbox::{Outbox, OutboxState},
    testing::salon,
};

use super::{PAYLOADS, is_clean};
use crate::support::server::TestServer;

async fn booked(server: &TestServer) -> (Booking, Outbox) {
    let business = server.state.store.business(salon().id).await.unwrap().unwrap().business;
    let booking = server.booked(&business, "Ben Okafor", "+14155552671", None).await;
    let row = server.state.store.outbox_of_booking(booking.id).await.unwrap().remove(0);
    (booking, row)
}

/// The message is in the vendor's hands, and the network says this of it.
async fn came_to(server: &TestServer, id: OutboxId, delivery: &str) -> Outbox {
    let business = salon().id;
    crate::support::server::eventually("the text is sent", async || {
        server.state.outbox.wake();
        let row = server.state.store.message(business, id).await.unwrap().unwrap();
        row.state == OutboxState::Sent
    })
    .await;
    let row = server.state.store.message(business, id).await.unwrap().unwrap();
    assert!(server.state.store.outbox_delivery(row.vendor_id.as_deref().unwrap(), delivery).await.unwrap());
    row
}

#[tokio::test]
async fn a_message_waits_until_somebody_has_seen_to_it() {
    let server = TestServer::start().await;
    let business = salon().id;
    let owner = server.signed_in(&[(business, Role::Staff)]).await;
    let page = format!("/b/{business}/messages");
    assert!(owner.get(&page).await.text.contains("Nothing to see to"));
    let salon = Arc::new(salon());
    let note = |text: &str, name: &str| Note {
        business: Arc::clone(&salon),
        call: None,
        from: "+14155552671".parse().ok(),
        name: Some(name.to_owned()),
        text: text.to_owned(),
    };
    let id = server.state.desk.take_note(note("Please call me back", "Anna")).await.unwrap();
    for payload in PAYLOADS {
        server.state.desk.take_note(note(payload, payload)).await.unwrap();
    }
    let open = owner.get(&page).await.text;
    assert!(
        open.contains("Please call me back") && open.contains("21 messages to see to") && is_clean(&open),
        "{open}"
    );
    assert!(owner.get(&format!("{page}?q=BACK")).await.text.contains("Please call me back"));
    let done = owner.post(&format!("{page}/notes/{id}/done"), &[]).await;
    assert_eq!((done.status.as_u16(), done.location()), (303, page.as_str()));
    assert!(!owner.get(&page).await.text.contains("Please call me back"));
    assert!(owner.get(&format!("{page}?show=done")).await.text.contains("Please call me back"));
    owner.post(&format!("{page}/notes/{id}/done"), &[]).await;
    owner.post(&format!("{page}/notes/{id}/open"), &[]).await;
    assert!(owner.get(&page).await.text.contains("Please call me back"));
    let deeds: Vec<_> =
        server.state.store.deeds(business, None, 10).await.unwrap().into_iter().map(|d| d.deed).collect();
    assert_eq!(deeds, ["note.undone", "note.done"], "what changed nothing is no deed");
    let theirs = server.another_business().await;
    let stranger = server.signed_in(&[(theirs, Role::Owner)]).await;
    assert_eq!(stranger.post(&format!("/b/{theirs}/messages/notes/{id}/done"), &[]).await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn a_text_that_did_not_arrive_is_sent_again_three_times_at_most() {
    let server = TestServer::start().await;
    let business = salon().id;
    let owner = server.signed_in(&[(business, Role::Owner)]).await;
    let (_, row) = booked(&server).await;
    let page = format!("/b/{business}/messages/sent");
    let again = format!("/b/{business}/messages/{}/again", row.id);
    owner.post(&again, &[]).await;
    let texts = async || server.state.store.outbox_of_booking(row.booking.unwrap()).await.unwrap();
    assert_eq!(texts().await.len(), 1, "it is on its way");
    came_to(&server, row.id, "undelivered").await;
    let shown = owner.get(&page).await.text;
    assert!(shown.contains("Did not arrive") && shown.contains("Ben Okafor") && shown.contains(&again), "{shown}");
    for n in 1..=5 {
        assert_eq!(owner.post(&again, &[]).await.status, 303);
        assert_eq!(texts().await.len(), 1 + n.min(3), "{n}");
    }
    let theirs = server.another_business().await;
    let stranger = server.signed_in(&[(theirs, Role::Owner)]).await;
    assert_eq!(stranger.post(&format!("/b/{theirs}/messages/{}/again", row.id), &[]).await.status, 404);
    server.stop().await;
}

#[tokio::test]
async fn what_is_not_true_any_more_is_not_sent_again() {
    let server = TestServer::start().await;
    let business = salon().id;
    let owner = server.signed_in(&[(business, Role::Owner)]).await;
    let (booking, row) = booked(&server).await;
    came_to(&server, row.id, "failed").await;
    let salon = Arc::new(server.state.store.business(business).await.unwrap().unwrap().business);
    let cancel =
        Cancel { business: salon, booking: booking.id, by: Actor::Business, language: None, reason: None, tell: false };
    server.state.desk.cancel(cancel).await.unwrap();
    owner.post(&format!("/b/{business}/messages/{}/again", row.id), &[]).await;
    let bodies = server.state.store.outbox_of_booking(booking.id).await.unwrap();
    assert!(bodies.iter().all(|text| !text.dedupe_key.contains("/again/")), "{}", bodies.len());
    server.stop().await;
}
