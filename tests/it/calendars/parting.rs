//! What becomes of an account at its vendor when its business is erased or it is disconnected here: the vendor stops
//! reporting and access is given back, as well as it goes, and nothing here waits for that.

use std::sync::Arc;

use deskbell::{
    adapters::calendar::google::Places as GooglePlaces,
    app::vendors::{Clients, Places, made_of},
    calendars::opener::{Opened, With},
    config::Client,
    domain::{
        account::Role,
        connection::{Account, Connection},
        ids::{BusinessId, DeedId, ErasureId, UserId},
        secret::Secret,
    },
    ports::{clock::Clock, consent::Tokens},
    store::{
        audit::Deed,
        connections::{Chosen, Kept},
    },
    testing::{
        calendar::{
            Misdeed, Trap,
            google::{ANN, ANNS, BO, BOS, CLIENT, FakeGoogle, SECRET},
        },
        clock::FixedClock,
        salon,
    },
};
use jiff::SignedDuration;

use super::{
    accounts::deed,
    rig::{both, uses},
};
use crate::support::server::{TestServer, eventually};

struct Played {
    server: TestServer,
    google: FakeGoogle,
}

impl Played {
    async fn start() -> Self {
        let clock = FixedClock::at("2026-11-24T15:00:00Z");
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let google = FakeGoogle::start(Arc::clone(&shared)).await;
        let client = Client { id: CLIENT.to_owned(), secret: Secret::new(SECRET) };
        let clients = Clients { google: Some(client), ..Clients::default() };
        let places = Places { google: GooglePlaces::at(google.address()), ..Places::default() };
        let mut business = salon();
        uses(&mut business, &["google_calendar"]);
        let vendors = made_of(&clients, &places, &shared).unwrap();
        Self { server: TestServer::start_beside(business, clock, vendors).await, google }
    }

    /// Somebody connects their calendar, and Google reports what changes there.
    async fn connect(&self, business: BusinessId, (subject, label): (&str, &str)) -> Connection {
        let (state, before) = (&self.server.state, self.google.channels().len());
        let (access, refresh) = self.google.consent().let_in(subject);
        let tokens = Tokens {
            access: Secret::new(access),
            good_for: SignedDuration::from_secs(3_599),
            refresh: Some(Secret::new(refresh)),
        };
        let deed = |word: &str| self.deed(business, word);
        let opened = Opened {
            business,
            provider: "google_calendar".into(),
            staff: None,
            account: Account { subject: subject.into(), label: label.into(), home: None },
            with: With::Tokens(tokens),
            renews: None,
        };
        let Some(Kept::New(kept)) = state.opener.keep(opened, &deed("calendar.connected")).await.unwrap() else {
            panic!("it is new")
        };
        let at = (business, kept.id, kept.version);
        let chosen = state.store.choose(at, &both(label), None, &deed("calendar.chosen")).await.unwrap();
        let Chosen::Saved(connection) = chosen else { panic!("{chosen:?}") };
        state.following.wake();
        eventually("it is watched", async || self.google.channels().len() > before).await;
        connection
    }

    fn deed(&self, business: BusinessId, word: &str) -> Deed {
        let clock = &self.server.clock;
        Deed { id: DeedId(clock.new_id()), at: clock.now(), ..deed(business, word) }
    }

    async fn erase_the_salon(&self) {
        let owner = self.server.signed_in(&[(salon().id, Role::Owner)]).await;
        let page = format!("/b/{}/data/business", salon().id);
        let begun = owner.post(&page, &[("name", &salon().name)]).await;
        assert_eq!(begun.status, 303, "{}", begun.text);
        let place = begun.location().to_owned();
        eventually("the erasure ends", async || owner.get(&place).await.text.contains("It is erased")).await;
    }

    fn revocations(&self) -> usize {
        self.google.consent().counters().revocations
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_business_gives_back_what_opened_its_accounts_and_nobody_elses() {
    let played = Played::start().await;
    let other = played.server.another_business().await;
    played.connect(salon().id, (ANN, ANNS)).await;
    let bos = played.connect(other, (BO, BOS)).await;
    played.erase_the_salon().await;
    eventually("it is given back", async || played.revocations() == 1).await;
    assert_eq!(played.google.channels().len(), 1, "Google reports Bo's changes alone");
    assert_eq!(played.google.consent().refresh_tokens().len(), 1);
    let store = &played.server.state.store;
    assert!(store.connections(salon().id).await.unwrap().is_empty());
    let dump = played.server.dump_all().await;
    let keys = dump.split("data_keys\n").nth(1).unwrap().lines().take_while(|line| line.contains('|')).count();
    assert_eq!(keys, 1, "the salon's key is gone, the other one's is not: {dump}");
    // Bo's calendar goes on being asked.
    played.server.clock.advance(SignedDuration::from_hours(2));
    played.server.state.opener.keep_open(&bos, true).await.unwrap();
    played.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_another_business_uses_too_is_not_closed_for_it() {
    let played = Played::start().await;
    let other = played.server.another_business().await;
    played.connect(salon().id, (ANN, ANNS)).await;
    let theirs = played.connect(other, (ANN, ANNS)).await;
    played.erase_the_salon().await;
    eventually("one report is enough", async || played.google.channels().len() == 1).await;
    assert_eq!(played.revocations(), 0);
    played.server.clock.advance(SignedDuration::from_hours(2));
    played.server.state.opener.keep_open(&theirs, true).await.unwrap();
    played.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_does_not_answer_keeps_nobody_from_erasing() {
    let played = Played::start().await;
    played.connect(salon().id, (ANN, ANNS)).await;
    played.google.kit().once("POST", "channels/stop", Misdeed::Unanswered);
    played.google.kit().once("POST", "revoke", Misdeed::Unanswered);
    played.erase_the_salon().await;
    let dump = played.server.dump_all().await;
    assert!(dump.split("data_keys\n").nth(1).is_some_and(|rest| rest.starts_with('\n')), "{dump}");
    played.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disconnected_account_is_watched_no_more() {
    let played = Played::start().await;
    let connection = played.connect(salon().id, (ANN, ANNS)).await;
    let owner = played.server.signed_in(&[(salon().id, Role::Owner)]).await;
    let path = format!("/b/{}/settings/connections/{}/disconnect", salon().id, connection.id);
    assert_eq!(owner.post(&path, &[]).await.status, 303);
    assert_eq!((played.google.channels().len(), played.revocations()), (0, 1));
    played.server.stop().await;
}

fn unavailable() -> Misdeed {
    Misdeed::Status { status: 503, body: String::new(), retry_after: None }
}

/// How many accounts are still to be given back.
async fn left_to_give_back(played: &Played) -> usize {
    let dump = played.server.dump_all().await;
    dump.split("partings\n").nth(1).unwrap().lines().take_while(|line| line.contains('|')).count()
}

async fn disconnect(played: &Played, connection: &Connection) {
    let owner = played.server.signed_in(&[(salon().id, Role::Owner)]).await;
    let path = format!("/b/{}/settings/connections/{}/disconnect", salon().id, connection.id);
    assert_eq!(owner.post(&path, &[]).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_dies_right_after_erasing_leaves_nothing_open() {
    let played = Played::start().await;
    let connection = played.connect(salon().id, (ANN, ANNS)).await;
    let (store, id) = (&played.server.state.store, ErasureId(played.server.clock.new_id()));
    let begun = Deed { business: None, ..played.deed(salon().id, "data.business_erased") };
    assert!(store.begin_erasure(salon().id, (id, UserId(played.server.clock.new_id())), &begun).await.unwrap());
    assert_eq!((played.google.channels().len(), played.revocations(), left_to_give_back(&played).await), (1, 0, 1));
    // Another process comes by some hours later, with nothing in its memory.
    played.server.clock.advance(SignedDuration::from_hours(5));
    played.server.state.opener.part(None).await;
    assert_eq!((played.google.channels().len(), played.revocations(), left_to_give_back(&played).await), (0, 1, 0));
    assert!(store.connection(salon().id, connection.id).await.unwrap().is_none());
    played.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_does_not_take_it_back_is_asked_again_and_after_a_day_no_more() {
    let played = Played::start().await;
    let first = played.connect(salon().id, (ANN, ANNS)).await;
    let second = played.connect(salon().id, (BO, BOS)).await;
    played.google.kit().once("POST", "revoke", unavailable());
    disconnect(&played, &first).await;
    assert_eq!((played.revocations(), left_to_give_back(&played).await), (0, 1));
    played.server.clock.advance(SignedDuration::from_mins(3));
    played.server.state.opener.part(None).await;
    assert_eq!((played.revocations(), left_to_give_back(&played).await), (1, 0));

    let always = Trap { method: "POST", path: "revoke".into(), times: u32::MAX, misdeed: unavailable() };
    played.google.kit().trap(always);
    disconnect(&played, &second).await;
    for _ in 0..23 {
        played.server.clock.advance(SignedDuration::from_hours(1));
        played.server.state.opener.part(None).await;
        assert_eq!(left_to_give_back(&played).await, 1);
    }
    played.server.clock.advance(SignedDuration::from_hours(1));
    played.server.state.opener.part(None).await;
    assert_eq!((played.revocations(), left_to_give_back(&played).await), (1, 0), "what opens it is gone in any case");
    played.server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_is_connected_again_meanwhile_is_not_closed_for_its_owner() {
    let played = Played::start().await;
    let first = played.connect(salon().id, (ANN, ANNS)).await;
    played.google.kit().once("POST", "revoke", unavailable());
    disconnect(&played, &first).await;
    played.server.clock.advance(SignedDuration::from_mins(2));
    let again = played.connect(salon().id, (ANN, ANNS)).await;
    assert_eq!(again.id, first.id);
    played.server.state.opener.part(None).await;
    assert_eq!((played.revocations(), left_to_give_back(&played).await), (0, 0));
    played.server.clock.advance(SignedDuration::from_hours(2));
    played.server.state.opener.keep_open(&again, true).await.unwrap();
    played.server.stop().await;
}
