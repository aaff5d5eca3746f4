//! A server with vendors on paper, and owners who connect accounts there.

use axum::http::Method;
use deskbell::{
    domain::{
        account::Role,
        business::Business,
        connection::{Account, Connection},
        ids::{BusinessId, SessionId},
    },
    ports::clock::Clock as _,
    store::{accounts::NewSession, audit::Deed},
    testing::{calendar::paper::account, salon},
};
use jiff::SignedDuration;
use sha2::{Digest as _, Sha256};

use crate::support::{
    database::fresh,
    owner::{Answer, Browser},
    server::{ORIGIN, TestServer},
    vendors::Paper,
};

pub(super) struct Rig {
    pub(super) server: TestServer,
    pub(super) paper: Paper,
}

impl Rig {
    pub(super) async fn start() -> Self {
        let paper = Paper::new();
        Self { server: TestServer::start_with_vendors(paper.vendors()).await, paper }
    }

    pub(super) async fn owner(&self) -> Browser<'_> {
        self.server.signed_in(&[(salon().id, Role::Owner)]).await
    }

    /// The same person in another browser.
    pub(super) async fn elsewhere<'a>(&'a self, browser: &Browser<'a>) -> Browser<'a> {
        let now = self.server.clock.now();
        let secret = fresh();
        let session = NewSession {
            id: SessionId(self.server.clock.new_id()),
            hash: Sha256::digest(&secret).into(),
            user: browser.user,
            device: "Chrome on Windows".to_owned(),
            expires: now + SignedDuration::from_hours(12),
            now,
        };
        self.server.state.store.open_session(&session).await.unwrap();
        let mut other = self.server.stranger();
        other.user = browser.user;
        other.secret = secret;
        other
    }

    /// Every request for tokens that any vendor has got.
    pub(super) fn redeemed(&self) -> usize {
        self.paper.one.redeemed.times() + self.paper.two.redeemed.times()
    }

    pub(super) async fn connections(&self, business: BusinessId) -> Vec<Connection> {
        self.server.state.store.connections(business).await.unwrap()
    }

    pub(super) async fn business(&self) -> Business {
        self.server.state.store.business(salon().id).await.unwrap().unwrap().business
    }

    pub(super) async fn deeds(&self) -> Vec<Deed> {
        self.server.state.store.deeds(salon().id, None, 100).await.unwrap()
    }
}

/// Where something of the salon stands.
pub(super) fn at(path: &str) -> String {
    format!("/b/{}{path}", salon().id)
}

pub(super) fn ann() -> Account {
    account("subject-1", "ann@example.com")
}

/// The path of an address that leads to us.
pub(super) fn path(address: &str) -> String {
    address.strip_prefix(ORIGIN).expect("to us").to_owned()
}

/// Another value in a query.
pub(super) fn with(path: &str, name: &str, value: &str) -> String {
    let (place, query) = path.split_once('?').unwrap();
    let pairs = form_urlencoded::parse(query.as_bytes())
        .map(|(known, old)| (known.to_string(), if known == name { value.to_owned() } else { old.into_owned() }));
    let query: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{place}?{query}")
}

/// The same without a value.
pub(super) fn without(path: &str, name: &str) -> String {
    let (place, query) = path.split_once('?').unwrap();
    let pairs = form_urlencoded::parse(query.as_bytes()).filter(|(known, _)| known != name);
    let query: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{place}?{query}")
}

impl Browser<'_> {
    /// Sets out for a vendor: the address over there.
    pub(super) async fn sets_out(&self, provider: &str) -> String {
        let away = self.get(&at(&format!("/connect/{provider}"))).await;
        assert_eq!(away.status, 303, "{}", away.text);
        away.location().to_owned()
    }

    /// Comes back from elsewhere.
    pub(super) async fn comes_back(&self, path: &str) -> Answer {
        self.send_from(Method::GET, path, "", None, Some("cross-site")).await
    }

    /// Connects an account at the first vendor: the path of its page.
    pub(super) async fn connects(&self, rig: &Rig, account: &Account) -> String {
        let back = path(&rig.paper.one.agrees(&self.sets_out("paper_one").await, account));
        let home = self.comes_back(&back).await;
        assert_eq!(home.status, 303, "{}", home.text);
        home.location().to_owned()
    }
}
