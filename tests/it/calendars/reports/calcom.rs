//! Cal.com's webhooks: signed without a time, so one that is played again proves nothing new.

use std::sync::Arc;

use deskbell::{
    app::vendors::Places,
    calendars::opener::With,
    domain::{
        connection::{Account, Connection},
        secret::Secret,
    },
    testing::calendar::calcom::{FakeCalcom, Guest, Kind},
};
use jiff::{SignedDuration, tz::TimeZone};

use super::{Stage, clock, posts, tomorrow};
use crate::support::server::eventually;

struct Shop {
    stage: Stage,
    calcom: FakeCalcom,
    connection: Connection,
}

impl Shop {
    async fn open() -> Self {
        let clock = clock();
        let calcom = FakeCalcom::serve(Arc::new(clock.clone())).await;
        calcom.change_hours(|agenda| {
            agenda.zone = TimeZone::get("America/New_York").unwrap();
            (agenda.opens, agenda.closes) = (9, 19);
        });
        let places = Places { calcom: calcom.address().to_owned(), ..Places::default() };
        let stage = Stage::open("calcom", &places, clock).await;
        let kind = calcom.add_kind(Kind::new("Haircut", 45));
        let account = Account { subject: calcom.subject(), label: "ann@example.com".into(), home: None };
        let with = With::Key(Secret::new(calcom.key()));
        let connection = stage.connect(account, with, &stage.kind(&kind)).await;
        assert_eq!(calcom.webhooks().len(), 1);
        Self { stage, calcom, connection }
    }

    fn standing(&self) -> Vec<Guest> {
        self.calcom.guests().into_iter().filter(|guest| guest.stands).collect()
    }

    /// Requests that make, move or cancel something there.
    fn writings(&self) -> usize {
        let asked = self.calcom.kit().asked();
        asked.iter().filter(|asked| asked.method == "POST" && asked.path.starts_with("/v2/bookings")).count()
    }
}

#[tokio::test]
async fn a_visit_that_is_moved_there_is_followed_at_once_and_stands_once() {
    let shop = Shop::open().await;
    let stage = &shop.stage;
    let booking = stage.book().await;
    eventually("it stands there", async || shop.standing().len() == 1).await;
    shop.calcom.settle().await;
    stage.nothing_comes_of_it(&booking).await;
    let (before, address) = (shop.writings(), stage.address(&shop.connection).await);

    let body = r#"{"triggerEvent":"BOOKING_CANCELLED","payload":{"uid":"x"}}"#;
    assert_eq!(posts(&address, &[], body).await, 403);
    assert_eq!(posts(&address, &[("x-cal-signature-256", &"0".repeat(64))], body).await, 403);
    stage.nothing_comes_of_it(&booking).await;
    assert!(stage.wishes().await.is_empty());

    let old = shop.standing().remove(0);
    let new = shop.calcom.move_elsewhere(&old.id, tomorrow("15:00")).unwrap();
    shop.calcom.settle().await;
    stage.is_seen_at_once(1).await;
    stage.has_moved(&booking, tomorrow("15:00")).await;
    stage.was_told_once(&booking, "moved").await;
    assert_eq!(shop.writings(), before, "nothing was made, moved or cancelled there because of it");
    let standing = shop.standing();
    assert_eq!((standing.len(), standing[0].id.as_str()), (1, new.as_str()));

    shop.calcom.cancel_as_owner(&new);
    shop.calcom.settle().await;
    stage.is_seen_at_once(2).await;
    stage.is_off(&booking).await;
    shop.stage.server.stop().await;
}

#[tokio::test]
async fn a_webhook_that_its_owner_has_switched_off_is_made_anew() {
    let shop = Shop::open().await;
    let stage = &shop.stage;
    let first = shop.calcom.webhooks().remove(0);
    shop.calcom.disable_webhooks();
    stage.server.clock.advance(SignedDuration::from_hours(24));
    eventually("there is another", async || {
        let hooks = shop.calcom.webhooks();
        hooks.len() == 1 && hooks[0].active && hooks[0].id != first.id
    })
    .await;
    stage.is_reported_once(&shop.connection).await;
    stage.disconnect(&shop.connection).await;
    assert!(shop.calcom.webhooks().is_empty(), "nobody is told any more");
    shop.stage.server.stop().await;
}
