//! What callers may book beside a connected calendar, and what comes to stand in it: the plan by which a person would try it
//! out, with the whole server, real calls, and Google's double behind real HTTP.

use std::{sync::Arc, time::Duration};

use deskbell::{
    calendars::opener::{Opened, With},
    cli::phone::{Phone, PhoneOptions, script},
    domain::{
        booking::{Booking, BookingState},
        connection::{Account, Connection, ConnectionState},
        ids::DeedId,
        secret::Secret,
    },
    ports::{clock::Clock as _, consent::Tokens, vendors::Vendors},
    store::{
        audit::Deed,
        bookings::Filter,
        connections::{Chosen, Kept},
    },
    testing::{
        calendar::{
            Misdeed, Trap,
            google::{ANN, ANNS, FakeGoogle, Planned},
        },
        clock::FixedClock,
        salon,
    },
};
use jiff::{SignedDuration, Timestamp};

use super::rig::{self, both, uses};
use crate::support::server::{ACCOUNT, AUTH_TOKEN, ORIGIN, TestServer, eventually};

/// The day after the one on which the tests' clock stands, in New York.
fn tomorrow(time: &str) -> Timestamp {
    format!("2026-11-25T{time}-05").parse().unwrap()
}

/// A salon with a telephone, and its owner's calendar.
struct Shop {
    server: TestServer,
    google: FakeGoogle,
    connection: Connection,
}

impl Shop {
    async fn open() -> Self {
        let clock = FixedClock::at("2026-11-24T15:00:00Z");
        let google = FakeGoogle::start(Arc::new(clock.clone())).await;
        let vendors = Vendors::new(vec![rig::google(&google)]);
        let mut business = salon();
        uses(&mut business, &["google_calendar"]);
        let server = TestServer::start_beside(business, clock, vendors).await;
        let connection = connect(&server, &google).await;
        Self { server, google, connection }
    }

    /// The outbox's worker waits by the clock, and so does everybody else.
    fn minutes_later(&self, minutes: i64) {
        self.server.clock.advance(SignedDuration::from_mins(minutes));
        self.server.state.outbox.wake();
    }

    /// What a caller who says this hears, and whether they were told that they are booked.
    async fn call(&self, from: &str, lines: &[&str]) -> (String, bool) {
        let business = salon().id.to_string();
        let url = format!("http://{}", self.server.address);
        let mut options = PhoneOptions::new(&url, &business, ACCOUNT, Secret::new(AUTH_TOKEN));
        options.origin = Some(ORIGIN.to_owned());
        from.clone_into(&mut options.from);
        let mut out = Vec::new();
        let script = lines.join("\n").parse().unwrap();
        let phone = Phone::new(options).unwrap();
        let played = script::play(&phone, &script, Duration::from_secs(20), &mut out).await.unwrap();
        (String::from_utf8(out).unwrap(), played.summary.booked())
    }

    /// A caller who wants a haircut with Maria tomorrow at a time, and takes nothing else.
    async fn asks_for(&self, name: &str, number: &str, time: &str) -> (String, bool) {
        let wish = format!("Hi, this is {name}, I'd like a haircut with Maria tomorrow at {time}");
        self.call(number, &[&wish, "yes please", "never mind, goodbye"]).await
    }

    /// Starts of what stands there of ours.
    fn ours(&self) -> Vec<Timestamp> {
        let events = self.google.events(ANNS);
        events.iter().filter(|event| event.booking.is_some()).map(|event| event.from).collect()
    }

    async fn unverified(&self) -> Vec<bool> {
        let rows = self.server.state.store.bookings(salon().id, &Filter::default(), None, 50).await.unwrap();
        let confirmed = |booking: &&Booking| matches!(booking.state, BookingState::Confirmed { .. });
        rows.iter().filter(confirmed).map(|booking| booking.unverified).collect()
    }

    async fn stop(self) {
        self.server.stop().await;
    }
}

fn deed(server: &TestServer) -> Deed {
    Deed {
        id: DeedId(server.clock.new_id()),
        business: Some(salon().id),
        user: None,
        actor: "Ann".into(),
        deed: "calendar.connected".into(),
        subject: String::new(),
        detail: String::new(),
        at: server.clock.now(),
    }
}

async fn connect(server: &TestServer, google: &FakeGoogle) -> Connection {
    let (access, refresh) = google.consent().let_in(ANN);
    let tokens = Tokens {
        access: Secret::new(access),
        good_for: SignedDuration::from_secs(3_599),
        refresh: Some(Secret::new(refresh)),
    };
    let account = Account { subject: ANN.into(), label: ANNS.into(), home: None };
    let provider = "google_calendar".to_owned();
    let with = With::Tokens(tokens);
    let opened = Opened { business: salon().id, provider, staff: None, account, with, renews: None };
    let kept = server.state.opener.keep(opened, &deed(server)).await.unwrap();
    let Some(Kept::New(kept)) = kept else { panic!("it is new") };
    let at = (kept.business, kept.id, kept.version);
    match server.state.store.choose(at, &both(ANNS), None, &deed(server)).await.unwrap() {
        Chosen::Saved(connection) => connection,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_plan_by_which_a_person_would_try_it_out() {
    let shop = Shop::open().await;
    shop.google.add_event(ANNS, Planned::timed("Dentist", tomorrow("14:00"), tomorrow("14:45")));

    let (heard, booked) = shop.asks_for("Anna Kovacs", "+12125550161", "two in the afternoon").await;
    assert!(!booked, "{heard}");
    assert!(heard.contains("booked") || heard.contains("taken") || heard.contains("isn't free"), "{heard}");

    let (heard, booked) = shop.asks_for("Anna Kovacs", "+12125550162", "three in the afternoon").await;
    assert!(booked, "{heard}");
    eventually("the event appears", async || shop.ours() == [tomorrow("15:00")]).await;

    let (heard, booked) = shop.asks_for("Ben Okafor", "+12125550163", "three in the afternoon").await;
    assert!(!booked, "{heard}");

    let opener = &shop.server.state.opener;
    assert!(opener.disconnect(&shop.connection, &deed(&shop.server)).await.unwrap());
    let (heard, booked) = shop.asks_for("Lena Fischer", "+12125550164", "two in the afternoon").await;
    assert!(booked, "{heard}");
    assert_eq!(shop.unverified().await, [false, false]);
    assert_eq!(shop.ours(), [tomorrow("15:00")], "nobody writes there any more");
    shop.stop().await;
}

#[tokio::test]
async fn first_trouble_the_calendar_is_not_connected() {
    let shop = Shop::open().await;
    shop.google.revoke(ANN);
    let (heard, booked) = shop.asks_for("Anna Kovacs", "+12125550161", "three in the afternoon").await;
    assert!(booked, "{heard}");
    assert_eq!(shop.unverified().await, [false], "as if there were no calendar");
    let store = &shop.server.state.store;
    let now = store.connection(shop.connection.business, shop.connection.id).await.unwrap().unwrap();
    assert!(matches!(now.state, ConnectionState::Reconnect { .. }), "{now:?}");
    shop.stop().await;
}

#[tokio::test]
async fn second_trouble_the_calendar_cannot_be_read() {
    let shop = Shop::open().await;
    let trap = Trap { method: "POST", path: "freeBusy".into(), times: 100, misdeed: Misdeed::status(503, "{}") };
    shop.google.kit().trap(trap);
    let (heard, booked) = shop.asks_for("Anna Kovacs", "+12125550161", "three in the afternoon").await;
    assert!(booked, "{heard}");
    assert_eq!(shop.unverified().await, [true]);
    shop.google.kit().clear_traps();
    eventually("the event appears", async || {
        shop.minutes_later(1);
        tokio::time::sleep(Duration::from_millis(100)).await;
        shop.ours() == [tomorrow("15:00")]
    })
    .await;
    let store = &shop.server.state.store;
    let booking = store.unverified(salon().id, shop.server.clock.now(), 10).await.unwrap().remove(0);
    shop.minutes_later(2);
    shop.server
        .state
        .desk
        .look_again(&Arc::new(store.business(salon().id).await.unwrap().unwrap().business), booking.id)
        .await
        .unwrap();
    assert_eq!(shop.unverified().await, [false]);
    shop.stop().await;
}

#[tokio::test]
async fn third_trouble_the_event_cannot_be_made() {
    let shop = Shop::open().await;
    let broken = Trap { method: "POST", path: "/events".into(), times: 2, misdeed: Misdeed::status(500, "{}") };
    shop.google.kit().trap(broken);
    let (heard, booked) = shop.asks_for("Anna Kovacs", "+12125550161", "three in the afternoon").await;
    assert!(booked, "{heard}");
    eventually("it is tried", async || shop.google.kit().count("POST", "/events") >= 1).await;
    assert!(shop.ours().is_empty());
    eventually("it stands at last", async || {
        shop.minutes_later(1);
        tokio::time::sleep(Duration::from_millis(100)).await;
        shop.ours() == [tomorrow("15:00")]
    })
    .await;
    shop.stop().await;
}

#[tokio::test]
async fn fourth_trouble_the_access_token_has_run_out() {
    let shop = Shop::open().await;
    shop.google.consent().expire_access_tokens();
    let before = shop.google.kit().count("POST", "/token");
    let (heard, booked) = shop.asks_for("Anna Kovacs", "+12125550161", "three in the afternoon").await;
    assert!(booked, "{heard}");
    eventually("the event appears", async || shop.ours() == [tomorrow("15:00")]).await;
    assert_eq!(shop.unverified().await, [false]);
    assert_eq!(shop.google.kit().count("POST", "/token") - before, 1, "one new token for everybody");
    shop.stop().await;
}

#[tokio::test]
async fn the_kill_switch_works_at_once() {
    let shop = Shop::open().await;
    shop.google.add_event(ANNS, Planned::timed("Dentist", tomorrow("14:00"), tomorrow("14:45")));
    let store = &shop.server.state.store;
    let found = store.business(salon().id).await.unwrap().unwrap();
    let mut business = found.business;
    business.ai_config.integrations.provider = "native".into();
    store.save_business(&business, found.version, shop.server.clock.now()).await.unwrap();
    shop.server.state.businesses.forget(business.id);
    let asked = shop.google.kit().asked().len();
    let (heard, booked) = shop.asks_for("Anna Kovacs", "+12125550161", "two in the afternoon").await;
    assert!(booked, "{heard}");
    assert_eq!(shop.google.kit().asked().len(), asked, "Google is not asked anything");
    shop.stop().await;
}
