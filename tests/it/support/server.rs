//! The whole server on a port of its own, with everything real but the telephone company, the time of day and the text
//! messages' way out.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use deskbell::{
    app::{App, Ending, Outside},
    config::{Calendars, Config, DatabaseUrl, Logging, Models, Origin, Secret, Twilio},
    domain::business::Business,
    ports::{clock::Clock, vendors::Vendors},
    testing::{clock::FixedClock, email::RememberingEmail, salon, sms::RememberingSms},
    web::{self, state::AppState},
};
use tokio::{net::TcpListener, task::JoinSet, time::timeout};

use super::database::Database;

/// Where the world believes the server to be; it listens elsewhere, as behind a proxy.
pub(crate) const ORIGIN: &str = "https://voice.example.com";
pub(crate) const API_TOKEN: &str = "an-api-token-of-the-tests";
pub(crate) const AUTH_TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const ACCOUNT: &str = "AC00000000000000000000000000000001";

/// How long anything that ought to happen may take before a test gives up on it.
pub(crate) const BUDGET: Duration = Duration::from_secs(10);

pub(crate) struct TestServer {
    pub(crate) address: SocketAddr,
    pub(crate) state: AppState,
    /// Made once, as by the program: that takes milliseconds, which fifty who come at once would wait for.
    router: Router,
    /// Stands still until turned. A Tuesday, ten in the morning in New York.
    pub(crate) clock: FixedClock,
    /// The letters that were sent.
    pub(crate) email: Arc<RememberingEmail>,
    database: Database,
    running: JoinSet<Ending>,
}

impl TestServer {
    /// Answers for the salon.
    pub(crate) async fn start() -> Self {
        Self::start_for(salon(), 100).await
    }

    pub(crate) async fn start_for(business: Business, max_calls: usize) -> Self {
        Self::start_by(business, max_calls, |clock| Arc::new(clock)).await
    }

    /// Answers for the salon, with other settings.
    pub(crate) async fn start_set(set: impl FnOnce(&mut Config)) -> Self {
        Self::start_as(salon(), set, |clock| Arc::new(clock)).await
    }

    /// Answers for a business beside vendors that go by the same clock.
    pub(crate) async fn start_beside(business: Business, clock: FixedClock, vendors: Vendors) -> Self {
        Self::build(business, clock, Some(vendors), |_| (), |clock| Arc::new(clock)).await
    }

    /// The same, where the vendors reach it, too: they are on this machine.
    pub(crate) async fn start_reachable(business: Business, clock: FixedClock, vendors: Vendors) -> Self {
        let set = |config: &mut Config| {
            config.origin = Origin::loopback(config.bind.port());
            config.calendars.alias_domain = Some("guests.example.com".into());
        };
        Self::build(business, clock, Some(vendors), set, |clock| Arc::new(clock)).await
    }

    /// Freshly installed: nobody's, and without a business.
    pub(crate) async fn start_empty() -> Self {
        Self::start_as(None, |_| (), |clock| Arc::new(clock)).await
    }

    /// Answers with these models.
    pub(crate) async fn start_with(business: Business, models: Models) -> Self {
        Self::start_as(business, |config| config.models = models, |clock| Arc::new(clock)).await
    }

    /// `tell_time` makes the server's clock out of the test's.
    pub(crate) async fn start_by(
        business: Business,
        max_calls: usize,
        tell_time: impl FnOnce(FixedClock) -> Arc<dyn Clock>,
    ) -> Self {
        Self::start_as(business, |config| config.max_calls = max_calls, tell_time).await
    }

    /// Answers for the salon, which can connect accounts at these vendors.
    pub(crate) async fn start_with_vendors(vendors: Vendors) -> Self {
        let clock = FixedClock::at("2026-11-24T15:00:00Z");
        Self::build(salon(), clock, Some(vendors), |_| (), |clock| Arc::new(clock)).await
    }

    async fn start_as(
        business: impl Into<Option<Business>>,
        set: impl FnOnce(&mut Config),
        tell_time: impl FnOnce(FixedClock) -> Arc<dyn Clock>,
    ) -> Self {
        Self::build(business, FixedClock::at("2026-11-24T15:00:00Z"), None, set, tell_time).await
    }

    async fn build(
        business: impl Into<Option<Business>>,
        clock: FixedClock,
        vendors: Option<Vendors>,
        set: impl FnOnce(&mut Config),
        tell_time: impl FnOnce(FixedClock) -> Arc<dyn Clock>,
    ) -> Self {
        let database = Database::sqlite();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let email = Arc::new(RememberingEmail::new());
        let sms = Arc::new(RememberingSms::new());
        let outside = Outside { clock: tell_time(clock.clone()), sms, email: email.clone(), vendors };
        let mut config = config(&database.url);
        config.bind = address;
        set(&mut config);
        let app = App::build(config, listener, outside).await.expect("a server");
        let state = app.state.clone();
        if let Some(business) = business.into() {
            state.store.create_business(&business, clock.now()).await.expect("a fresh database takes a business");
        }
        let mut running = JoinSet::new();
        running.spawn(async { app.run().await.expect("it runs") });
        let router = web::router(state.clone());
        Self { address, state, router, clock, email, database, running }
    }

    /// Its pages, without a socket in between.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// Every row of the embedded database as text, but for when sessions were last used and what the outbox's worker and
    /// whoever follows connected calendars do meanwhile.
    pub(crate) async fn dump(&self) -> String {
        self.database
            .dump(&["sessions", "outbox", "catching_up", "followings", "hooks", "probe", "_sqlx_migrations"])
            .await
    }

    /// Every row of every table.
    pub(crate) async fn dump_all(&self) -> String {
        self.database.dump(&[]).await
    }

    /// Stops as signals would make it, and fails if anything is left running.
    pub(crate) async fn stop(mut self) {
        self.state.lifecycle.draining.cancel();
        self.state.lifecycle.stopping.cancel();
        let ended = timeout(BUDGET * 3, self.running.join_next()).await.expect("the server stops");
        assert_eq!(ended.expect("it ran").expect("it did not panic"), Ending::Clean);
        self.database.close().await;
    }
}

/// The settings of a server of the tests.
pub(crate) fn config(database: &str) -> Config {
    Config {
        database: DatabaseUrl(database.to_owned()),
        bind: SocketAddr::from(([127, 0, 0, 1], 0)),
        origin: Origin::parse(ORIGIN).expect("an origin"),
        api_token: Some(Secret::new(API_TOKEN)),
        twilio: Some(Twilio { account_sid: ACCOUNT.to_owned(), auth_token: Secret::new(AUTH_TOKEN), sender: None }),
        email: None,
        google: None,
        calendars: Calendars::default(),
        max_calls: 100,
        drain: Duration::from_secs(5),
        web_calls: true,
        models: Models::default(),
        logging: Logging::default(),
    }
}

/// Waits until something is so.
pub(crate) async fn eventually(what: &str, so: impl AsyncFn() -> bool) {
    let waiting = async {
        while !so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    // It costs nothing to be patient with a busy machine: only what never comes is waited for so long.
    timeout(BUDGET * 3, waiting).await.unwrap_or_else(|_| panic!("in vain: {what}"));
}
