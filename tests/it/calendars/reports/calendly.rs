//! Calendly's webhooks: signed, and switched off by Calendly without a word when they fail for a day.

use std::sync::Arc;

use deskbell::{
    app::vendors::Places,
    domain::connection::{Account, Connection},
    testing::calendar::calendly::{FakeCalendly, Guest, Kind},
};
use jiff::{SignedDuration, tz::TimeZone};

use super::{Stage, clock, posts, tokens, tomorrow};
use crate::support::server::eventually;

struct Shop {
    stage: Stage,
    calendly: FakeCalendly,
    connection: Connection,
}

impl Shop {
    async fn open() -> Self {
        let clock = clock();
        let calendly = FakeCalendly::serve(Arc::new(clock.clone())).await;
        calendly.change_hours(|agenda| {
            agenda.zone = TimeZone::get("America/New_York").unwrap();
            (agenda.opens, agenda.closes) = (9, 19);
        });
        let address = calendly.address().to_owned();
        let places = Places { calendly_auth: address.clone(), calendly_api: address, ..Places::default() };
        let stage = Stage::open("calendly", &places, clock).await;
        let kind = calendly.add_kind(Kind::new("Haircut", 45));
        let subject = calendly.subject();
        let with = tokens(calendly.consent().let_in(&subject));
        let account = Account { subject, label: "ann@example.com".into(), home: None };
        let connection = stage.connect(account, with, &stage.kind(&kind)).await;
        assert_eq!(calendly.webhooks().len(), 1);
        Self { stage, calendly, connection }
    }

    fn standing(&self) -> Vec<Guest> {
        self.calendly.guests().into_iter().filter(|guest| guest.stands).collect()
    }

    /// Requests that make or cancel something there.
    fn writings(&self) -> (usize, usize) {
        let kit = self.calendly.kit();
        (kit.count("POST", "/invitees"), kit.count("POST", "/cancellation"))
    }
}

#[tokio::test]
async fn a_visit_that_is_moved_there_is_followed_at_once_and_stands_once() {
    let shop = Shop::open().await;
    let stage = &shop.stage;
    let booking = stage.book().await;
    eventually("it stands there", async || shop.standing().len() == 1).await;
    shop.calendly.settle().await;
    stage.nothing_comes_of_it(&booking).await;
    let (before, address) = (shop.writings(), stage.address(&shop.connection).await);
    assert_eq!(before.0, 1);

    let body = r#"{"event":"invitee.canceled","payload":{}}"#;
    assert_eq!(posts(&address, &[], body).await, 403);
    let signed = format!("t={},v1={}", 1_796_050_800, "0".repeat(64));
    assert_eq!(posts(&address, &[("calendly-webhook-signature", &signed)], body).await, 403);
    assert!(stage.wishes().await.is_empty());

    let old = shop.standing().remove(0);
    let new = shop.calendly.move_elsewhere(&old.id, tomorrow("15:00")).unwrap();
    shop.calendly.settle().await;
    stage.is_seen_at_once(1).await;
    let moved = stage.has_moved(&booking, tomorrow("15:00")).await;
    stage.was_told_once(&booking, "moved").await;
    assert_eq!(shop.writings(), before, "nothing was made or cancelled there because of it");
    let standing = shop.standing();
    assert_eq!((standing.len(), standing[0].id.as_str()), (1, new.as_str()));
    let rows = stage.server.state.store.placements_of(moved.id).await.unwrap();
    assert_eq!((rows.len(), rows[0].placed.as_ref().map(|placed| placed.id.as_str())), (1, Some(new.as_str())));

    // And called off there.
    shop.calendly.cancel_as_owner(&new);
    shop.calendly.settle().await;
    stage.is_seen_at_once(2).await;
    stage.is_off(&booking).await;
    shop.stage.server.stop().await;
}

#[tokio::test]
async fn a_webhook_that_was_switched_off_is_found_within_a_day_and_made_anew() {
    let shop = Shop::open().await;
    let stage = &shop.stage;
    let first = shop.calendly.webhooks().remove(0);
    shop.calendly.disable_webhooks();
    stage.server.clock.advance(SignedDuration::from_hours(24));
    eventually("there is another", async || {
        let hooks = shop.calendly.webhooks();
        hooks.len() == 1 && hooks[0].active && hooks[0].id != first.id
    })
    .await;
    let booking = stage.book_at("2026-11-30T10:00-05").await;
    eventually("it stands there", async || shop.standing().len() == 1).await;
    shop.calendly.settle().await;
    shop.calendly.cancel_as_owner(&shop.standing()[0].id);
    shop.calendly.settle().await;
    stage.is_seen_at_once(1).await;
    stage.is_done().await;
    assert!(stage.now_at(&booking).await.is_none());
    stage.disconnect(&shop.connection).await;
    assert!(shop.calendly.webhooks().is_empty(), "nobody is told any more");
    shop.stage.server.stop().await;
}
