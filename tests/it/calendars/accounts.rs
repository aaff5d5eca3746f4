//! An account at a vendor that is played, connected to a business: what the tests of tokens and of the vault begin with.

use std::sync::Arc;

use anyhow::anyhow;
use async_trait::async_trait;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::get,
};
use deskbell::{
    adapters::{
        calendar::{
            microsoft::Microsoft,
            oauth::{OAuth, Presents, Registration, exactly},
        },
        http,
    },
    calendars::opener::{Opened, Opener, With},
    domain::{
        business::Business,
        connection::{Account, Connection},
        ids::{BusinessId, DeedId},
        secret::{KeyBytes, Secret},
    },
    ports::{
        calendar::{Access, Trouble},
        clock::Clock as _,
        consent::{Consent, ConsentError, Grant, Tokens, Way},
        vendors::{Door, Kind, Vendor, Vendors},
    },
    secrets::Keyring,
    store::{
        Store,
        audit::Deed,
        connections::{Kept, Vault},
    },
    testing::{
        calendar::{
            Kit,
            consent::{ConsentServer, Person, Refresh, Rules, Scope, nothing_more},
        },
        clock::FixedClock,
        salon,
    },
};
use jiff::{SignedDuration, Timestamp};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use tokio_util::task::TaskTracker;

use crate::{
    store::samples::{fresh, now},
    support::database::Database,
};

pub(super) const PROVIDER: &str = "played";
pub(super) const SUBJECT: &str = "ann-1";

/// The vendor: a consent page, tokens, and one thing to ask.
#[derive(Clone)]
pub(super) struct Played {
    pub(super) kit: Kit,
    pub(super) consent: ConsentServer,
    pub(super) clock: FixedClock,
}

struct PlayedConsent(OAuth);

#[async_trait]
impl Consent for PlayedConsent {
    fn issuer(&self) -> Option<&str> {
        None
    }

    fn address(&self, way: &Way, state: &str) -> String {
        self.0.address(way, state)
    }

    async fn redeem(&self, _: &str, _: &Way) -> Result<Grant, ConsentError> {
        Err(ConsentError::Unusable("nobody comes by this door"))
    }

    async fn refresh(&self, refresh: &Secret) -> Result<Tokens, ConsentError> {
        self.0.refresh(refresh).await.map(|granted| granted.tokens)
    }

    async fn revoke(&self, refresh: &Secret) -> Result<(), ConsentError> {
        self.0.revoke(refresh).await
    }
}

async fn me(State(consent): State<ConsentServer>, headers: HeaderMap) -> StatusCode {
    let bearer = headers.get("authorization").and_then(|value| value.to_str().ok());
    if consent.bearer(bearer).is_ok() { StatusCode::OK } else { StatusCode::UNAUTHORIZED }
}

impl Played {
    pub(super) async fn start(refresh: Refresh) -> Self {
        let clock = FixedClock::at("2026-12-03T13:00:00Z");
        let rules = Rules {
            vendor: "Played",
            authorize: "/authorize",
            token: "/token",
            revoke: Some("/revoke"),
            client_id: "client-id".to_owned(),
            client_secret: "client-secret".to_owned(),
            scopes: vec![Scope { name: "calendar", granted_as: "calendar", words: "" }],
            granular: false,
            refresh,
            offline: None,
            first_only: false,
            life: SignedDuration::from_hours(1),
            tells_scopes: true,
            per_minute: None,
            issuer: None,
            extra: nothing_more,
        };
        let mut consent = None;
        let kit = Kit::serve(|base| {
            let people = vec![Person::new(SUBJECT, "ann@example.com", "Ann")];
            let server = ConsentServer::new(base, rules, people, Arc::new(clock.clone()));
            consent = Some(server.clone());
            Router::new().route("/me", get(me)).with_state(server.clone()).merge(server.routes())
        })
        .await;
        Self { kit, consent: consent.expect("it was made"), clock }
    }

    pub(super) fn vendors(&self) -> Vendors {
        let base = self.kit.address();
        let registration = Registration {
            authorize: format!("{base}/authorize"),
            token: format!("{base}/token"),
            revoke: Some(format!("{base}/revoke")),
            client_id: "client-id".to_owned(),
            client_secret: Secret::new("client-secret"),
            presents: Presents::Basic,
            scopes: vec!["calendar".to_owned()],
            needed: vec!["calendar".to_owned()],
            covers: exactly,
            extra: Vec::new(),
            issuer: None,
            life: SignedDuration::from_hours(1),
        };
        let consent = PlayedConsent(OAuth::new(registration).unwrap());
        Vendors::new(vec![Vendor {
            name: PROVIDER,
            label: "Played Calendar",
            // Nobody asks it anything here.
            kind: Kind::Diary(Arc::new(Microsoft::new(base, Arc::new(self.clock.clone())).unwrap())),
            door: Door::Consent(Arc::new(consent)),
        }])
    }

    /// A node: a process of its own, as far as tokens go.
    pub(super) fn node(&self, store: &Store) -> Opener {
        self.node_with(store, Keyring::new(&master(1), &[]))
    }

    pub(super) fn node_with(&self, store: &Store, keyring: Keyring) -> Opener {
        let vault = Vault::new(store.clone(), Some(Arc::new(keyring)));
        Opener::new(vault, self.vendors(), Arc::new(self.clock.clone()), TaskTracker::new())
    }

    /// The same for these vendors.
    pub(super) fn node_for(&self, store: &Store, vendors: Vendors) -> Opener {
        let vault = Vault::new(store.clone(), Some(Arc::new(Keyring::new(&master(1), &[]))));
        Opener::new(vault, vendors, Arc::new(self.clock.clone()), TaskTracker::new())
    }

    /// Ann's account, connected to a business and chosen.
    pub(super) async fn connected(&self, store: &Store, opener: &Opener, business: BusinessId) -> Connection {
        self.connected_at((PROVIDER, SUBJECT), store, opener, business).await
    }

    /// The same, under the name that this vendor has there, with another account.
    pub(super) async fn connected_at(
        &self,
        (provider, subject): (&str, &str),
        store: &Store,
        opener: &Opener,
        business: BusinessId,
    ) -> Connection {
        let (access, refresh) = self.consent.let_in(subject);
        let opened = Opened {
            business,
            provider: provider.to_owned(),
            staff: None,
            account: Account { subject: subject.to_owned(), label: "ann@example.com".to_owned(), home: None },
            with: With::Tokens(Tokens {
                access: Secret::new(access),
                good_for: SignedDuration::from_hours(1),
                refresh: Some(Secret::new(refresh)),
            }),
            renews: None,
        };
        let kept = opener.keep(opened, &deed(business, "calendar.connected")).await.unwrap().unwrap();
        let (Kept::New(connection) | Kept::Renewed(connection)) = kept else { panic!("it is kept: {kept:?}") };
        let at = (business, connection.id, connection.version);
        store.choose(at, &connection.choice, None, &deed(business, "calendar.chosen")).await.unwrap();
        store.connection(business, connection.id).await.unwrap().expect("it is there")
    }

    /// The one question there is.
    pub(super) async fn ask(&self, access: Access) -> Result<(), Trouble> {
        let client = http::builder().build().unwrap();
        let request = client.get(format!("{}/me", self.kit.address())).bearer_auth(access.secret.expose());
        match request.send().await {
            Ok(response) if response.status() == 200 => Ok(()),
            Ok(response) if response.status() == 401 => Err(Trouble::Unauthorized),
            Ok(response) => Err(Trouble::Unavailable(anyhow!("{}", response.status()))),
            Err(error) => Err(Trouble::Unavailable(error.into())),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new token for a refresh token, past everything of ours.
    pub(super) async fn refresh(&self, refresh: &Secret) -> Result<Tokens, ConsentError> {
        let vendors = self.vendors();
        let Some(Door::Consent(consent)) = vendors.named(PROVIDER).map(|vendor| &vendor.door) else { unreachable!() };
        consent.refresh(refresh).await
    }

    /// How many new tokens were asked for, and how many of those requests came to nothing.
    pub(super) fn asked_for_tokens(&self) -> (usize, usize) {
        let counters = self.consent.counters();
        (counters.refreshes, counters.refused)
    }
}

/// A master key.
pub(super) fn master(n: u8) -> KeyBytes {
    let mut next = n.wrapping_mul(31);
    KeyBytes::new([0; 32].map(|_: u8| {
        next = next.wrapping_add(1);
        next
    }))
}

pub(super) fn deed(business: BusinessId, what: &str) -> Deed {
    Deed {
        id: DeedId(fresh()),
        business: Some(business),
        user: None,
        actor: "Ann".to_owned(),
        deed: what.to_owned(),
        subject: String::new(),
        detail: String::new(),
        at: now(),
    }
}

pub(super) fn ring(current: u8, others: &[u8]) -> Keyring {
    Keyring::new(&master(current), &others.iter().map(|n| master(*n)).collect::<Vec<_>>())
}

pub(super) fn vault(store: &Store, keyring: Keyring) -> Vault {
    Vault::new(store.clone(), Some(Arc::new(keyring)))
}

/// So many businesses, each with an account of its own.
pub(super) async fn connected(store: &Store, played: &Played, node: &Opener, businesses: usize) -> Vec<Connection> {
    let mut made = Vec::new();
    for n in 0..businesses {
        let subject = format!("{SUBJECT}-{n}");
        played.consent.add_person(Person::new(&subject, "ann@example.com", "Ann"));
        let business = Business { id: BusinessId(fresh()), numbers: Vec::new(), ..salon() };
        store.create_business(&business, now()).await.unwrap();
        made.push(played.connected_at((PROVIDER, &subject), store, node, business.id).await);
    }
    made
}

/// Somebody who can write to the database.
pub(super) async fn execute(database: &Database, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    if database.engine == "postgres" {
        let mut connection = PgConnection::connect(&database.url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    } else {
        let mut connection = SqliteConnection::connect(&database.url).await.unwrap();
        sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
    }
}
