//! Google's channels: a post without a body, believed by the token in its header.

use std::sync::Arc;

use deskbell::{
    adapters::calendar::google::Places as Google,
    app::vendors::Places,
    domain::connection::{Account, Connection},
    testing::calendar::google::{ANN, ANNS, FakeGoogle, Planned},
};
use jiff::{SignedDuration, Timestamp};

use super::{Stage, clock, posts, tokens, tomorrow};
use crate::{calendars::rig::both, support::server::eventually};

struct Shop {
    stage: Stage,
    google: FakeGoogle,
    connection: Connection,
}

async fn connect(stage: &Stage, google: &FakeGoogle) -> Connection {
    let account = Account { subject: ANN.into(), label: ANNS.into(), home: None };
    stage.connect(account, tokens(google.consent().let_in(ANN)), &both(ANNS)).await
}

impl Shop {
    async fn open() -> Self {
        let clock = clock();
        let google = FakeGoogle::start(Arc::new(clock.clone())).await;
        let places = Places { google: Google::at(google.address()), ..Places::default() };
        let stage = Stage::open("google_calendar", &places, clock).await;
        let connection = connect(&stage, &google).await;
        // The first message of a channel says that there is one, and nothing else.
        assert_eq!(google.deliver().await, [202]);
        Self { stage, google, connection }
    }

    /// Ids and beginnings of what stands there of ours.
    fn ours(&self) -> Vec<(String, Timestamp)> {
        let events = self.google.events(ANNS).into_iter().filter(|event| event.booking.is_some());
        events.map(|event| (event.id, event.from)).collect()
    }

    fn drag(&self, time: &str) {
        let from = tomorrow(time);
        self.google.move_event(ANNS, &self.ours()[0].0, from, from + SignedDuration::from_mins(45));
    }
}

#[tokio::test]
async fn a_move_that_is_reported_is_followed_at_once_and_once() {
    let shop = Shop::open().await;
    let stage = &shop.stage;
    let booking = stage.book().await;
    eventually("it stands there", async || shop.ours().len() == 1).await;
    // What we do ourselves is reported, too.
    assert!(shop.google.deliver().await.iter().all(|status| *status == 202));
    stage.nothing_comes_of_it(&booking).await;
    assert!(stage.wishes().await.is_empty());

    shop.drag("15:00");
    let address = stage.address(&shop.connection).await;
    for token in ["", "guessed"] {
        let headers = [("x-goog-channel-token", token), ("x-goog-resource-state", "exists")];
        assert_eq!(posts(&address, &headers, "").await, 403);
    }
    assert!(stage.wishes().await.is_empty(), "nobody looks before it is due, nor because of a forged report");

    let secret = {
        let hook = stage.reports(&shop.connection).await.remove(0);
        stage.server.state.hooks.hooked(shop.connection.id, &hook.id).await.unwrap().unwrap().secret
    };
    assert_eq!(shop.google.deliver().await, [202]);
    stage.is_seen_at_once(1).await;
    // The same again, by whoever has overheard it.
    let headers = [("x-goog-channel-token", secret.expose()), ("x-goog-resource-state", "exists")];
    for _ in 0..3 {
        assert_eq!(posts(&address, &headers, "").await, 202);
    }
    stage.has_moved(&booking, tomorrow("15:00")).await;
    for _ in 0..3 {
        assert_eq!(posts(&address, &headers, "").await, 202);
        shop.google.deliver().await;
    }
    stage.was_told_once(&booking, "moved").await;
    assert_eq!(shop.ours().iter().map(|(_, from)| *from).collect::<Vec<_>>(), [tomorrow("15:00")]);
    shop.stage.server.stop().await;
}

#[tokio::test]
async fn what_is_deleted_while_a_cursor_grows_too_old_is_found_by_a_full_listing() {
    let shop = Shop::open().await;
    let stage = &shop.stage;
    let booking = stage.book().await;
    eventually("it stands there", async || shop.ours().len() == 1).await;
    shop.google.deliver().await;
    stage.nothing_comes_of_it(&booking).await;
    shop.google.delete_event(ANNS, &shop.ours()[0].0);
    shop.google.add_event(ANNS, Planned::timed("Dentist", tomorrow("16:00"), tomorrow("17:00")));
    shop.google.expire_sync_tokens();
    assert!(!shop.google.deliver().await.is_empty());
    stage.is_seen_at_once(1).await;
    stage.is_off(&booking).await;
    stage.was_told_once(&booking, "cancelled").await;
    shop.stage.server.stop().await;
}

#[tokio::test]
async fn what_its_owner_adds_is_not_offered_any_more_at_once_when_reported_and_in_a_minute_when_not() {
    let shop = Shop::open().await;
    let stage = &shop.stage;
    let offered = stage.offered().await;
    assert!(offered.contains(&tomorrow("14:00")) && offered.contains(&tomorrow("16:00")), "{offered:?}");
    shop.google.add_event(ANNS, Planned::timed("Dentist", tomorrow("14:00"), tomorrow("15:00")));
    assert!(stage.offered().await.contains(&tomorrow("14:00")), "it was read ahead, and nobody knows better");
    assert_eq!(shop.google.deliver().await, [202]);
    eventually("it is not offered", async || !stage.offered().await.contains(&tomorrow("14:00"))).await;
    shop.google.add_event(ANNS, Planned::timed("Bank", tomorrow("16:00"), tomorrow("17:00")));
    stage.server.clock.advance(SignedDuration::from_secs(61));
    eventually("nor that", async || !stage.offered().await.contains(&tomorrow("16:00"))).await;
    assert!(stage.offered().await.contains(&tomorrow("15:00")));
    assert!(stage.wishes().await.is_empty());
    shop.stage.server.stop().await;
}

#[tokio::test]
async fn a_channel_is_opened_anew_before_it_ends_and_closed_when_nobody_listens_any_more() {
    let shop = Shop::open().await;
    let stage = &shop.stage;
    let first = shop.google.channels().remove(0);
    stage.server.clock.advance(SignedDuration::from_hours(6 * 24 + 1));
    eventually("there is another", async || {
        let channels = shop.google.channels();
        channels.len() == 1 && channels[0].id != first.id
    })
    .await;
    shop.google.add_event(ANNS, Planned::timed("Dentist", tomorrow("14:00"), tomorrow("15:00")));
    assert!(shop.google.deliver().await.iter().all(|status| *status == 202));
    stage.is_reported_once(&shop.connection).await;
    // The old address is nobody's.
    assert_eq!(posts(&first.address, &[("x-goog-channel-token", "x")], "").await, 404);
    shop.stage.server.stop().await;
}

#[tokio::test]
async fn what_is_disconnected_and_connected_again_is_followed_again() {
    let shop = Shop::open().await;
    let stage = &shop.stage;
    stage.disconnect(&shop.connection).await;
    assert!(shop.google.channels().is_empty(), "nobody is told any more");
    stage.server.clock.advance(SignedDuration::from_secs(1));
    let again = connect(stage, &shop.google).await;
    let booking = stage.book().await;
    eventually("it stands there", async || shop.ours().len() == 1).await;
    shop.google.deliver().await;
    stage.nothing_comes_of_it(&booking).await;
    shop.drag("15:00");
    shop.google.deliver().await;
    stage.is_seen_at_once(1).await;
    stage.is_done().await;
    assert_eq!(stage.now_at(&booking).await.unwrap().slot.starts, tomorrow("15:00"));
    stage.is_reported_once(&again).await;
    shop.stage.server.stop().await;
}
