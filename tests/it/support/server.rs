//! The whole server on a port of its own, with everything real but the telephone company, the time of day and the text
//! messages' way out.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use deskbell::{
    adapters::{
        calendar::native::Native,
        telephony::{relay::RelayCodec, twilio::Twilio},
    },
    config::{Config, DatabaseUrl, Logging, Origin, Secret},
    desk::{FrontDesk, Links},
    domain::business::Business,
    jobs::journal::BatchingJournal,
    lifecycle::Lifecycle,
    ports::{clock::Clock as _, line::LineCodec, registry::Registry, telephony::Telephony},
    session::switchboard::Switchboard,
    store::Store,
    testing::{clock::FixedClock, salon},
    web::{
        self, accept,
        businesses::Businesses,
        state::{AppState, Parts},
        tokens::CallTokens,
    },
};
use tokio::{net::TcpListener, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::database::Database;

/// Where the world believes the server to be; it listens elsewhere, as behind a proxy.
pub(crate) const ORIGIN: &str = "https://voice.example.com";
pub(crate) const AUTH_TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const API_TOKEN: &str = "an-api-token-of-the-tests";
pub(crate) const ACCOUNT: &str = "AC00000000000000000000000000000001";

/// How long anything that ought to happen may take before a test gives up on it.
pub(crate) const BUDGET: Duration = Duration::from_secs(10);

pub(crate) struct TestServer {
    pub(crate) address: SocketAddr,
    pub(crate) state: AppState,
    /// Stands still until turned. A Tuesday, ten in the morning in New York.
    pub(crate) clock: FixedClock,
    database: Database,
    background: TaskTracker,
    stop_background: CancellationToken,
}

impl TestServer {
    /// Answers for the salon.
    pub(crate) async fn start() -> Self {
        Self::start_for(salon(), 100).await
    }

    pub(crate) async fn start_for(business: Business, max_calls: usize) -> Self {
        let database = Database::sqlite();
        let store = database.store().await;
        let clock = FixedClock::at("2026-11-24T15:00:00Z");
        store.create_business(&business, clock.now()).await.expect("a fresh database takes a business");
        let background = TaskTracker::new();
        let stop_background = CancellationToken::new();
        let config = config(&database, max_calls);
        let state = state(config, store, &clock, &background, &stop_background).await;
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let lifecycle = state.lifecycle.clone();
        let limits = accept::Limits::for_calls(max_calls);
        lifecycle.tasks.spawn(accept::serve(listener, web::router(state.clone()), lifecycle.clone(), limits));
        Self { address, state, clock, database, background, stop_background }
    }

    /// Stops as a signal would, and fails if anything is left running.
    pub(crate) async fn stop(self) {
        let lifecycle = &self.state.lifecycle;
        lifecycle.draining.cancel();
        lifecycle.stopping.cancel();
        lifecycle.tasks.close();
        timeout(BUDGET * 2, lifecycle.tasks.wait()).await.expect("every connection and call ends");
        self.stop_background.cancel();
        self.background.close();
        timeout(BUDGET, self.background.wait()).await.expect("the journal is written");
        self.state.store.close().await;
        self.database.close().await;
    }
}

fn config(database: &Database, max_calls: usize) -> Config {
    Config {
        database: DatabaseUrl(database.url.clone()),
        bind: SocketAddr::from(([127, 0, 0, 1], 0)),
        origin: Origin::parse(ORIGIN).expect("an origin"),
        api_token: Some(Secret::new(API_TOKEN)),
        twilio: None,
        max_calls,
        drain: Duration::from_secs(5),
        web_calls: true,
        logging: Logging::default(),
    }
}

async fn state(
    config: Config,
    store: Store,
    clock: &FixedClock,
    background: &TaskTracker,
    stop: &CancellationToken,
) -> AppState {
    let registry = Registry::new(vec![Arc::new(Native)]);
    let secret = store.secret("call-tokens").await.expect("a secret");
    let telephony: Arc<dyn Telephony> = Arc::new(Twilio::new(ACCOUNT.to_owned(), Secret::new(AUTH_TOKEN)));
    let desk = FrontDesk::new(store.clone(), registry, Arc::new(clock.clone()), Links::new(config.origin.http()));
    AppState::new(Parts {
        businesses: Businesses::new(store.clone()),
        tokens: CallTokens::new(&secret),
        desk: Arc::new(desk),
        journal: BatchingJournal::start(store.clone(), background, stop.clone()),
        clock: Arc::new(clock.clone()),
        telephony: Some(telephony),
        web_codec: |expected| -> Box<dyn LineCodec> { Box::new(RelayCodec::with_extras(expected)) },
        switchboard: Switchboard::new(config.max_calls),
        lifecycle: Lifecycle::default(),
        config: Arc::new(config),
        store,
    })
}

/// Waits until something is so.
pub(crate) async fn eventually(what: &str, so: impl AsyncFn() -> bool) {
    let waiting = async {
        while !so().await {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    timeout(BUDGET, waiting).await.unwrap_or_else(|_| panic!("in vain: {what}"));
}
