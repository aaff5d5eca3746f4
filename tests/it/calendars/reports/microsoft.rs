//! Graph's subscriptions: the address is asked for a text before there is one, reports carry the secret in their body, and
//! some say that there will be no more.

use std::sync::Arc;

use deskbell::{
    app::vendors::Places,
    domain::connection::Connection,
    testing::calendar::microsoft::{ANN, Entry, FakeMicrosoft, NewEvent, Subscribed},
};
use jiff::SignedDuration;
use serde_json::json;

use super::{Stage, clock, posts, tokens, tomorrow};
use crate::{calendars::rig::both, support::server::eventually};

struct Shop {
    stage: Stage,
    graph: FakeMicrosoft,
    connection: Connection,
    calendar: String,
}

impl Shop {
    async fn open() -> Self {
        let clock = clock();
        let graph = FakeMicrosoft::start(Arc::new(clock.clone())).await;
        let (microsoft_login, microsoft_graph) = (graph.login(), graph.address());
        let places = Places { microsoft_login, microsoft_graph, ..Places::default() };
        let stage = Stage::open("microsoft365", &places, clock).await;
        let calendar = graph.calendars(ANN)[0].id.clone();
        let account = graph.access(ANN).account;
        // Graph makes sure of both addresses before it says yes.
        let connection = stage.connect(account, tokens(graph.consent().let_in(ANN)), &both(&calendar)).await;
        assert_eq!(graph.subscriptions().len(), 1);
        Self { stage, graph, connection, calendar }
    }

    fn ours(&self) -> Vec<Entry> {
        let ours = |entry: &Entry| !entry.properties.is_empty() && !entry.cancelled;
        self.graph.events(&self.calendar).into_iter().filter(ours).collect()
    }

    /// There is one subscription, and not this one.
    async fn another_stands(&self, old: &Subscribed) -> Subscribed {
        eventually("there is another", async || {
            let all = self.graph.subscriptions();
            all.len() == 1 && all[0].id != old.id
        })
        .await;
        self.graph.subscriptions().remove(0)
    }
}

#[tokio::test]
async fn a_move_that_is_reported_is_followed_at_once_and_once() {
    let shop = Shop::open().await;
    let stage = &shop.stage;
    let booking = stage.book().await;
    eventually("it stands there", async || shop.ours().len() == 1).await;
    stage.nothing_comes_of_it(&booking).await;
    assert!(stage.wishes().await.is_empty(), "what we do ourselves is reported, too");

    let address = stage.address(&shop.connection).await;
    let report = |state: &str| {
        json!({"value": [{"subscriptionId": shop.graph.subscriptions()[0].id, "changeType": "updated",
            "resource": "Users/1/Events/2", "clientState": state, "subscriptionExpirationDateTime": "2026-11-27T00:00:00Z",
            "tenantId": "84bd8158-6d4d-4958-8b9f-9d6445542f95"}]})
        .to_string()
    };
    for body in [report("guessed"), report(""), "{}".to_owned(), "no JSON".to_owned()] {
        assert_eq!(posts(&address, &[], &body).await, 403, "{body}");
    }
    let lifecycle =
        report("guessed").replace("\"changeType\":\"updated\"", "\"lifecycleEvent\":\"subscriptionRemoved\"");
    assert_eq!(posts(&address, &[], &lifecycle).await, 403);

    let to = tomorrow("15:00");
    assert!(shop.graph.move_event(&shop.ours()[0].id, to, to + SignedDuration::from_mins(45)));
    stage.is_seen_at_once(1).await;
    let hook = stage.reports(&shop.connection).await.remove(0);
    let hooked = stage.server.state.hooks.hooked(shop.connection.id, &hook.id).await.unwrap().unwrap();
    for _ in 0..3 {
        assert_eq!(posts(&address, &[], &report(hooked.secret.expose())).await, 202);
    }
    stage.has_moved(&booking, to).await;
    assert_eq!(posts(&address, &[], &report(hooked.secret.expose())).await, 202);
    stage.was_told_once(&booking, "moved").await;
    assert_eq!(shop.ours().iter().map(|entry| entry.from).collect::<Vec<_>>(), [to]);
    shop.stage.server.stop().await;
}

#[tokio::test]
async fn a_subscription_that_is_over_or_is_about_to_be_is_made_anew() {
    let shop = Shop::open().await;
    let stage = &shop.stage;
    let booking = stage.book().await;
    eventually("it stands there", async || shop.ours().len() == 1).await;
    let first = shop.graph.subscriptions().remove(0);
    shop.graph.lifecycle("reauthorizationRequired");
    let second = shop.another_stands(&first).await;
    shop.graph.lifecycle("subscriptionRemoved");
    let third = shop.another_stands(&second).await;
    // What has happened while there was none is found, since it is read at once.
    shop.graph.lifecycle("missed");
    stage.nothing_comes_of_it(&booking).await;
    assert_eq!(shop.graph.subscriptions()[0].id, third.id, "that one was missed ends nothing");
    assert!(stage.wishes().await.is_empty() && stage.now_at(&booking).await.is_some());
    // Before its end, which is in less than three days.
    stage.server.clock.advance(SignedDuration::from_hours(48));
    assert!(third.until > deskbell::ports::clock::Clock::now(&stage.server.clock));
    let fourth = shop.another_stands(&third).await;
    assert!(fourth.until > third.until);
    stage.disconnect(&shop.connection).await;
    assert!(shop.graph.subscriptions().is_empty(), "nobody is told any more");
    shop.stage.server.stop().await;
}

#[tokio::test]
async fn what_was_deleted_while_a_listing_grew_too_old_is_found_and_nothing_else() {
    let shop = Shop::open().await;
    let stage = &shop.stage;
    let booking = stage.book().await;
    eventually("it stands there", async || shop.ours().len() == 1).await;
    stage.nothing_comes_of_it(&booking).await;
    shop.graph.expire_delta();
    shop.graph.add_event(&shop.calendar, NewEvent::new("Dentist", tomorrow("16:00"), tomorrow("17:00")));
    stage.nothing_comes_of_it(&booking).await;
    assert!(stage.wishes().await.is_empty());
    shop.graph.expire_delta();
    assert!(shop.graph.delete_event(&shop.ours()[0].id));
    stage.is_seen_at_once(1).await;
    stage.is_off(&booking).await;
    shop.stage.server.stop().await;
}
