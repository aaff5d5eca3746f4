//! What vendors report, through the whole server and over real HTTP: the vendor is asked to report, makes sure of the address,
//! reports, and what its owner did there is seen at once and done here once. The clock stands still, so nothing that is seen was
//! found by looking every minute.

mod calcom;
mod calendly;
mod google;
mod microsoft;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use deskbell::{
    adapters::http,
    app::vendors::{Clients, Places, made_of},
    calendars::opener::{Opened, With},
    config::Client,
    domain::{
        booking::{Booking, Slot},
        business::Business,
        connection::{Account, CalendarId, Choice, Connection},
        ids::DeedId,
        secret::Secret,
        slots::offer::Wish,
    },
    jobs::following::{Follower, Lanes},
    ports::{
        clock::Clock as _,
        consent::Tokens,
        desk::{Actor, Confirm, Find, Hold},
        nudge::Nudge,
    },
    store::{
        audit::Deed,
        connections::{Chosen, Kept},
        following::{Hooking, StoredWish, WishState},
    },
    testing::{calendar, clock::FixedClock, salon},
};
use jiff::{SignedDuration, Timestamp};

use super::rig::uses;
use crate::{
    desk::rig::anna,
    support::server::{TestServer, eventually},
};

/// In New York, the day after the one on which the server's clock stands.
fn tomorrow(time: &str) -> Timestamp {
    format!("2026-11-25T{time}-05").parse().unwrap()
}

/// A salon, its server, and one vendor on this machine.
struct Stage {
    server: TestServer,
    business: Arc<Business>,
}

fn client(id: &str, secret: &str) -> Client {
    Client { id: id.to_owned(), secret: Secret::new(secret) }
}

/// What this server is known by at every double.
fn clients() -> Clients {
    Clients {
        google: Some(client(calendar::google::CLIENT, calendar::google::SECRET)),
        microsoft: Some(client(calendar::microsoft::CLIENT_ID, calendar::microsoft::CLIENT_SECRET)),
        calendly: Some(client(calendar::calendly::CLIENT_ID, calendar::calendly::CLIENT_SECRET)),
        ..Clients::default()
    }
}

fn clock() -> FixedClock {
    FixedClock::at("2026-11-24T15:00:00Z")
}

fn tokens((access, refresh): (String, String)) -> With {
    let good_for = SignedDuration::from_mins(55);
    With::Tokens(Tokens { access: Secret::new(access), good_for, refresh: Some(Secret::new(refresh)) })
}

impl Stage {
    /// `provider` decides.
    async fn open(provider: &str, places: &Places, clock: FixedClock) -> Self {
        let mut business = salon();
        uses(&mut business, &[provider]);
        let shared: Arc<dyn deskbell::ports::clock::Clock> = Arc::new(clock.clone());
        let vendors = made_of(&clients(), places, &shared).unwrap();
        let server = TestServer::start_reachable(business.clone(), clock, vendors).await;
        Self { server, business: Arc::new(business) }
    }

    fn deed(&self) -> Deed {
        Deed {
            id: DeedId(self.server.clock.new_id()),
            business: Some(self.business.id),
            user: None,
            actor: "Ann".into(),
            deed: "calendar.connected".into(),
            subject: String::new(),
            detail: String::new(),
            at: self.server.clock.now(),
        }
    }

    /// The owner connects an account and chooses; the vendor reports from then on.
    async fn connect(&self, account: Account, with: With, choice: &Choice) -> Connection {
        let provider = self.business.ai_config.integrations.provider.clone();
        let opened = Opened { business: self.business.id, provider, staff: None, account, with, renews: None };
        let kept = self.server.state.opener.keep(opened, &self.deed()).await.unwrap();
        let Some(Kept::New(kept)) = kept else { panic!("it is new") };
        let at = (kept.business, kept.id, kept.version);
        let chosen = self.server.state.store.choose(at, choice, None, &self.deed()).await.unwrap();
        let Chosen::Saved(connection) = chosen else { panic!("{chosen:?}") };
        self.server.state.following.wake();
        self.is_reported_once(&connection).await;
        connection
    }

    /// Its vendor reports, and what it reported by before is gone here, too: that goes a moment later than at the vendor's.
    async fn is_reported_once(&self, connection: &Connection) {
        eventually("its vendor reports", async || self.reports(connection).await.len() == 1).await;
    }

    /// The owner disconnects it.
    async fn disconnect(&self, connection: &Connection) {
        assert!(self.server.state.opener.disconnect(connection, &self.deed()).await.unwrap());
        assert!(self.server.state.store.hooks_of(connection.id).await.unwrap().is_empty());
    }

    /// What its vendor has promised to report.
    async fn reports(&self, connection: &Connection) -> Vec<Hooking> {
        let hooks = self.server.state.store.hooks_of(connection.id).await.unwrap();
        let promised = |hook: &Hooking| hook.watch.as_ref().is_some_and(|watch| !watch.id.is_empty());
        hooks.into_iter().filter(promised).collect()
    }

    /// Where that is.
    async fn address(&self, connection: &Connection) -> String {
        let hook = self.reports(connection).await.remove(0);
        format!("http://{}/hooks/calendar/{}/{}", self.server.address, connection.id, hook.id)
    }

    /// A haircut with Maria tomorrow at ten, as somebody at the desk would book it.
    async fn book(&self) -> Booking {
        self.book_at("2026-11-25T10:00-05").await
    }

    async fn book_at(&self, time: &str) -> Booking {
        let desk = &self.server.state.desk;
        let slot = Slot::at(&self.business.services[0], self.business.staff[0].id, time.parse().unwrap());
        let hold = Hold {
            business: Arc::clone(&self.business),
            slot,
            customer: anna(),
            call: None,
            by: Actor::Business,
            anyway: false,
            key: self.server.clock.new_id().to_string(),
            replacing: None,
        };
        let held = desk.hold(hold).await.unwrap();
        let business = Arc::clone(&self.business);
        let (by, tell) = (Actor::Business, true);
        let confirm = Confirm { business, hold: held.id, customer: anna(), by, tell, language: None };
        desk.confirm(confirm).await.unwrap()
    }

    /// Times that callers are offered tomorrow.
    async fn offered(&self) -> Vec<Timestamp> {
        let find = Find {
            business: Arc::clone(&self.business),
            service: self.business.services[0].id,
            staff: Some(self.business.staff[0].id),
            from: tomorrow("00:00"),
            to: tomorrow("23:59"),
            within: Vec::new(),
            wish: Wish::Soonest,
            count: 500,
            replacing: None,
        };
        self.server.state.desk.find(find).await.unwrap().iter().map(|slot| slot.starts).collect()
    }

    async fn wishes(&self) -> Vec<StoredWish> {
        self.server.state.store.wishes(self.business.id, 50).await.unwrap()
    }

    /// Something that an owner did is seen, and no minute has gone by.
    async fn is_seen_at_once(&self, count: usize) {
        let now = self.server.clock.now();
        eventually("it is seen", async || self.wishes().await.len() == count).await;
        assert_eq!(self.server.clock.now(), now);
        assert_eq!(self.wishes().await[0].state, WishState::Waiting);
    }

    /// The time to take it back goes by.
    async fn is_done(&self) {
        self.server.clock.advance(deskbell::jobs::following::UNDO);
        eventually("it is done", async || self.wishes().await[0].state == WishState::Done).await;
    }

    /// What was seen is done, and its customer told: it stands here at this time.
    async fn has_moved(&self, booking: &Booking, to: Timestamp) -> Booking {
        self.is_done().await;
        let moved = self.now_at(booking).await.unwrap();
        assert_eq!((moved.slot.starts, self.told(booking, "moved").await), (to, 1));
        moved
    }

    /// Later, when whatever is due was done.
    async fn was_told_once(&self, booking: &Booking, what: &str) {
        self.server.clock.advance(SignedDuration::from_mins(15));
        self.server.state.outbox.wake();
        self.nothing_comes_of_it(booking).await;
        assert_eq!((self.wishes().await.len(), self.told(booking, what).await), (1, 1));
    }

    /// What was seen is done, and its customer told: it is off.
    async fn is_off(&self, booking: &Booking) {
        self.is_done().await;
        assert!(self.now_at(booking).await.is_none());
        assert_eq!(self.told(booking, "cancelled").await, 1);
    }

    async fn now_at(&self, booking: &Booking) -> Option<Booking> {
        let lineage = self.server.state.store.lineage(self.business.id, booking.id).await.unwrap().unwrap();
        lineage.standing().cloned()
    }

    /// How often the customer was told so, all bookings of the appointment taken together.
    async fn told(&self, booking: &Booking, what: &str) -> usize {
        let store = &self.server.state.store;
        let lineage = store.lineage(self.business.id, booking.id).await.unwrap().unwrap();
        let mut count = 0;
        for one in &lineage.bookings {
            let letters = store.outbox_of_booking(one.id).await.unwrap();
            count += letters.iter().filter(|letter| letter.template == what).count();
        }
        count
    }

    /// Whatever has been reported: another process reads it all, and finds nothing to do.
    async fn nothing_comes_of_it(&self, booking: &Booking) {
        let before = (self.wishes().await, self.now_at(booking).await, self.told(booking, "moved").await);
        let state = &self.server.state;
        let another = Follower {
            store: state.store.clone(),
            opener: state.opener.clone(),
            desk: Arc::clone(&state.desk),
            clock: Arc::clone(&state.clock),
            forget: Arc::new(|_| ()),
            nudge: Nudge::default(),
            lanes: Lanes::default(),
            origin: Some(state.config.origin.http().to_owned()),
            key: state.store.secret("calendars' hooks").await.unwrap(),
        };
        for connection in state.store.connections(self.business.id).await.unwrap() {
            state.store.want_following(connection.id, state.clock.now()).await.unwrap();
        }
        another.work_off().await.unwrap();
        assert_eq!((self.wishes().await, self.now_at(booking).await, self.told(booking, "moved").await), before);
    }

    /// The first of the salon's services is this kind there.
    fn kind(&self, id: &str) -> Choice {
        let kind = CalendarId::new(id).unwrap();
        Choice { kinds: BTreeMap::from([(self.business.services[0].id, kind)]), ..Choice::default() }
    }
}

/// Posts something to a hook, as anybody could: the status.
async fn posts(address: &str, headers: &[(&str, &str)], body: &str) -> u16 {
    let mut request = http::client(Duration::from_secs(10)).unwrap().post(address).body(body.to_owned());
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.unwrap().status().as_u16()
}
