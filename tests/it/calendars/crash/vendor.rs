//! The vendors whose doubles live on in the test while the server dies.

use std::{collections::BTreeMap, sync::Arc};

use deskbell::{
    adapters::calendar::google::Places as GooglePlaces,
    app::vendors::{Clients, Places, made_of},
    config::Client,
    domain::{
        connection::{Account, Choice},
        secret::Secret,
    },
    ports::{clock::Clock, vendors::Vendors},
    testing::{
        calendar::{
            Kit,
            calendly::{self, FakeCalendly},
            consent::ConsentServer,
            google::{self, FakeGoogle},
        },
        salon,
    },
};

use crate::calendars::rig::{both, calendar};

pub(in crate::calendars) trait Played: Sized {
    const PROVIDER: &'static str;

    async fn start(clock: Arc<dyn Clock>) -> Self;

    fn kit(&self) -> &Kit;

    fn consent(&self) -> &ConsentServer;

    /// Whose account is connected, and what is used of it.
    fn account(&self) -> (Account, Choice);
}

/// Refresh tokens stay what they are.
impl Played for FakeGoogle {
    const PROVIDER: &'static str = "google_calendar";

    async fn start(clock: Arc<dyn Clock>) -> Self {
        FakeGoogle::start(clock).await
    }

    fn kit(&self) -> &Kit {
        self.kit()
    }

    fn consent(&self) -> &ConsentServer {
        self.consent()
    }

    fn account(&self) -> (Account, Choice) {
        let account = Account { subject: google::ANN.into(), label: google::ANNS.into(), home: None };
        (account, both(google::ANNS))
    }
}

/// A refresh token is good once.
impl Played for FakeCalendly {
    const PROVIDER: &'static str = "calendly";

    async fn start(clock: Arc<dyn Clock>) -> Self {
        let fake = Self::serve(clock).await;
        fake.add_kind(calendly::Kind::new("Haircut", 45));
        fake
    }

    fn kit(&self) -> &Kit {
        self.kit()
    }

    fn consent(&self) -> &ConsentServer {
        self.consent()
    }

    fn account(&self) -> (Account, Choice) {
        let account = Account { subject: self.subject(), label: "ann@example.com".into(), home: None };
        let kinds = BTreeMap::from([(salon().services[0].id, calendar(&self.kinds()[0].0))]);
        (account, Choice { kinds, ..Choice::default() })
    }
}

/// All of them, one at its double's address.
pub(super) fn vendors(provider: &str, address: &str, clock: &Arc<dyn Clock>) -> Vendors {
    let known = |id: &str, secret: &str| Some(Client { id: id.into(), secret: Secret::new(secret) });
    let clients = Clients {
        google: known(google::CLIENT, google::SECRET),
        calendly: known(calendly::CLIENT_ID, calendly::CLIENT_SECRET),
        ..Clients::default()
    };
    let places = match provider {
        FakeGoogle::PROVIDER => Places { google: GooglePlaces::at(address), ..Places::default() },
        FakeCalendly::PROVIDER => {
            Places { calendly_auth: address.into(), calendly_api: address.into(), ..Places::default() }
        }
        other => panic!("{other} has no double here"),
    };
    made_of(&clients, &places, clock).unwrap()
}
