//! The composition root: the one place that knows everybody. It chooses the adapters, starts things in the order in
//! which they need one another, and stops them in the opposite one.

pub mod accounts;
mod calendars;
pub mod keyring;
pub mod vendors;

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use anyhow::{Context, ensure};
use jiff::SignedDuration;
use tokio::{
    net::TcpListener,
    time::{Instant, sleep, timeout},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tracing::{info, warn};

use crate::{
    adapters::{
        clock::SystemClock,
        email::{nobody::NoEmail, smtp::SmtpEmail},
        identity::google::Google,
        llm::{
            self,
            anthropic::Anthropic,
            openai::{self, OpenAi},
        },
        sms::{self, log::LogSms, twilio::TwilioSms},
        telephony::{relay::RelayCodec, twilio::Twilio},
    },
    config::{
        Config, DatabaseUrl,
        models::{self, Model, WireFormat},
    },
    desk::{FrontDesk, Links},
    domain::{phone::PhoneNumber, report::Micros},
    jobs::{
        catching_up::CatchingUp,
        following::VendorHooks,
        journal::BatchingJournal,
        orders::OrderCarrier,
        outbox::OutboxWorker,
        purse::{Limits as SpendingLimits, SharedPurse},
        reports::BatchingReports,
        retention::RetentionKeeper,
        tidy::tidy,
    },
    lifecycle::{self, AtOnce, Lifecycle},
    ports::{
        clock::Clock,
        desk::Desk,
        email::Email,
        identity::Identity,
        language_model::LanguageModel,
        line::LineCodec,
        live::{LiveCalls, Told},
        sms::Sms,
        telephony::Telephony,
        vendors::Vendors,
    },
    session::{
        receptionist::{Endpoint, Settings},
        switchboard::Switchboard,
    },
    store::{Store, StoreError},
    web::{
        self,
        accept::Limits,
        businesses::Businesses,
        metrics::Metrics,
        paces::Paces,
        pages::{Doorkeeper, Watchers},
        receptionists::{Receptionists, Shared},
        sightings::Sightings,
        state::{AppState, Parts},
        tokens::CallTokens,
    },
};

use accounts::Accounts;
use calendars::Calendars;

/// How long calls have for their goodbye, and requests for their answer, once the server stops. A goodbye is heard to its
/// end, which takes the session up to twelve seconds.
const LAST_WORDS: Duration = Duration::from_secs(15);
/// How long the journal has to write down what the last calls handed it.
const LAST_ENTRIES: Duration = Duration::from_secs(5);

/// How long a database that is started together with the server may take to come up.
const DATABASE_PATIENCE: Duration = Duration::from_secs(30);
/// How far this machine's clock and the database server's may differ at the start.
const CLOCKS_APART: SignedDuration = SignedDuration::from_mins(2);
const TRY_AGAIN: Duration = Duration::from_millis(250);

/// A server that is ready to run.
pub struct App {
    /// What every handler reaches; the demo and the tests look into it too.
    pub state: AppState,
    listener: TcpListener,
    background: Background,
}

/// What tests and the demo put in the place of the world.
pub struct Outside {
    pub clock: Arc<dyn Clock>,
    pub sms: Arc<dyn Sms>,
    pub email: Arc<dyn Email>,
    /// Calendars and booking systems; nothing: those of the settings.
    pub vendors: Option<Vendors>,
}

impl Outside {
    /// The machine's clock, and Twilio's messages when there is somebody to send them from; else they are printed. E-mail
    /// leaves by the mail server of the settings, or not at all.
    ///
    /// # Errors
    /// When no HTTP client or no mail client can be made.
    pub fn real(config: &Config) -> anyhow::Result<Self> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let sms: Arc<dyn Sms> = match config.twilio.as_ref().filter(|twilio| twilio.sender.is_some()) {
            Some(twilio) => Arc::new(TwilioSms::new(twilio, Some(message_status(config)), sms::twilio::API)?),
            None => Arc::new(LogSms::new(clock.clone())),
        };
        let email: Arc<dyn Email> = match &config.email {
            Some(smtp) => Arc::new(SmtpEmail::new(smtp).context("no e-mail can be sent (DESKBELL_SMTP_URL)")?),
            None => Arc::new(NoEmail),
        };
        Ok(Self { clock, sms, email, vendors: None })
    }
}

/// How a server's run came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Everything that was begun has been finished.
    Clean,
    /// Something would not finish in time.
    CutShort,
    /// Somebody sent a third signal.
    AtOnce,
}

/// What works behind the calls, and is stopped after the last of them, whose words it still has to write down.
struct Background {
    tasks: TaskTracker,
    stop: CancellationToken,
    store: Store,
}

/// Listens on an address.
///
/// # Errors
/// When the address is taken, or is not this machine's.
pub async fn listen(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("cannot listen on {address}"))
}

/// Opens the database; an embedded one is made, with its folder, when it is not there.
///
/// # Errors
/// When the database does not answer.
pub async fn open_store(url: &DatabaseUrl) -> anyhow::Result<Store> {
    if let Some(folder) = url.file().and_then(Path::parent) {
        std::fs::create_dir_all(folder).with_context(|| format!("the folder {} cannot be made", folder.display()))?;
    }
    Store::open(&url.0).await.context("the database cannot be opened (DATABASE_URL)")
}

/// The keys that all nodes share.
struct Keys {
    tokens: [u8; 32],
    /// Makes of callers' numbers what stands in the accounts.
    numbers: [u8; 32],
    /// Counts guesses at passwords, and knows browsers again.
    doors: [u8; 32],
    /// Makes the addresses of customers' appointments.
    links: [u8; 32],
    /// Makes what vendors' reports are believed by.
    hooks: [u8; 32],
}

/// Brings the schema up to date and reads the nodes' keys, as soon as the database answers.
async fn prepare(store: &Store) -> anyhow::Result<Keys> {
    let give_up = Instant::now() + DATABASE_PATIENCE;
    loop {
        let prepared = async {
            store.migrate().await?;
            Ok(Keys {
                tokens: store.secret("call tokens").await?,
                numbers: store.secret("callers' numbers").await?,
                doors: store.secret("guesses").await?,
                links: store.secret("customers' links").await?,
                hooks: store.secret("calendars' hooks").await?,
            })
        };
        match prepared.await {
            Err(StoreError::Unavailable(error)) if Instant::now() < give_up => {
                warn!(%error, "the database does not answer yet; trying again");
                sleep(TRY_AGAIN).await;
            }
            done => return done.context("the database cannot be used (DATABASE_URL)"),
        }
    }
}

/// A clock that is off offers times that are over and lets holds run out at once.
async fn compare_clocks(store: &Store, clock: &dyn Clock) -> anyhow::Result<()> {
    if let Some(theirs) = store.server_time().await? {
        let apart = clock.now().duration_since(theirs).abs();
        ensure!(apart <= CLOCKS_APART, "this machine's clock and the database's are {apart:#} apart: set both by NTP");
    }
    Ok(())
}

impl App {
    /// Opens and migrates the database and puts everything together; nothing is answered before [`run`](Self::run), but
    /// callers who dial already are queued by the listener.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn build(config: Config, listener: TcpListener, outside: Outside) -> anyhow::Result<Self> {
        let store = open_store(&config.database).await?;
        let keys = prepare(&store).await?;
        compare_clocks(&store, outside.clock.as_ref()).await?;
        let vault = keyring::vault(&config, &store).await?;
        PhoneNumber::warm_up();
        let config = Arc::new(config);
        let Outside { clock, sms, email, vendors } = outside;
        let background = Background { tasks: TaskTracker::new(), stop: CancellationToken::new(), store: store.clone() };
        let calendars = Calendars::new(&config, vault, vendors, &clock, &background.tasks)?;
        let registry = calendars.registry.clone();
        let live = LiveCalls::default();
        let journal = BatchingJournal::start(store.clone(), &background.tasks, background.stop.clone());
        let journal = Arc::new(Told::new(journal, live.clone()));
        let links = Links::new(config.origin.http()).with_key(&keys.links);
        let desk = FrontDesk::new(store.clone(), registry.clone(), clock.clone(), links.clone());
        let outbox = desk.nudge();
        let desk: Arc<dyn Desk> = Arc::new(desk);
        let worker = OutboxWorker::new(store.clone(), sms, registry.clone(), clock.clone(), outbox.clone());
        background.tasks.spawn(worker.run(background.stop.clone()));
        let catching_up = CatchingUp::new(store.clone(), clock.clone(), outbox.clone());
        background.tasks.spawn(catching_up.run(background.stop.clone()));
        background.tasks.spawn(tidy(store.clone(), clock.clone(), web::pages::IDLE, background.stop.clone()));
        let carrier = OrderCarrier::new(store.clone(), live.clone(), clock.clone());
        background.tasks.spawn(carrier.run(background.stop.clone()));
        let keeper = RetentionKeeper::new(store.clone(), clock.clone());
        background.tasks.spawn(keeper.run(background.stop.clone()));
        let running = (&background.tasks, &background.stop);
        let follower = calendars.look_after(&config, &desk, &email, keys.hooks, running);
        let following = follower.nudge.clone();
        let lifecycle = Lifecycle::default();
        let metrics = Arc::new(Metrics::default());
        let purse = purse(&store, &clock, &config.models, keys.numbers);
        background.tasks.spawn(purse.clone().run(background.stop.clone()));
        let receptionists = Arc::new(Receptionists::new(Shared {
            endpoints: endpoints(&config.models)?,
            purse: Arc::new(purse),
            reports: BatchingReports::start(store.clone(), &background.tasks, background.stop.clone()),
            observer: metrics.clone(),
            settings: Settings { early_start: config.models.early_start, sentiment: config.models.sentiment },
            tasks: lifecycle.tasks.clone(),
        }));
        let state = AppState::new(Parts {
            businesses: Businesses::new(store.clone()),
            tokens: CallTokens::new(&keys.tokens),
            desk,
            links,
            journal,
            clock,
            email,
            identity: identity(&config)?,
            telephony: telephony(&config),
            web_codec: |expected| -> Box<dyn LineCodec> { Box::new(RelayCodec::with_extras(expected)) },
            receptionists,
            providers: registry,
            vendors: calendars.vendors,
            opener: calendars.opener,
            hooks: Arc::new(VendorHooks::new(follower)),
            following,
            paces: Paces::default(),
            sightings: Sightings::default(),
            metrics,
            switchboard: Switchboard::new(config.max_calls),
            live,
            watchers: Watchers::default(),
            outbox,
            lifecycle,
            doorkeeper: Doorkeeper::new(keys.doors),
            store,
            config,
        });
        Ok(Self { state, listener, background })
    }

    /// A fresh address that makes the first owner, for whoever started the server; nothing when somebody has an account.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn setup_address(&self) -> anyhow::Result<Option<String>> {
        let (store, clock) = (&self.state.store, self.state.clock.as_ref());
        Accounts { store, clock, origin: &self.state.config.origin }.setup_address().await
    }

    /// Serves until the signals, or whoever cancels the state's lifecycle, say stop.
    ///
    /// # Errors
    /// When signals cannot be listened for.
    pub async fn run(self) -> anyhow::Result<Ending> {
        let Self { state, listener, background } = self;
        let signals = lifecycle::signals().context("signals cannot be listened for")?;
        let address = listener.local_addr()?;
        let lifecycle = state.lifecycle.clone();
        let switchboard = state.switchboard.clone();
        let drain = state.config.drain;
        let limits = Limits::for_calls(state.config.max_calls);
        let router = web::router(state);
        lifecycle.tasks.spawn(web::accept::serve(listener, router, lifecycle.clone(), limits));
        info!(%address, "listening on {address}");
        tokio::select! {
            ending = finish(&lifecycle, background) => Ok(ending),
            AtOnce = lifecycle::listen_for_signals(lifecycle.clone(), signals, drain, || switchboard.count()) => {
                warn!("third signal: ending at once");
                Ok(Ending::AtOnce)
            }
        }
    }
}

/// Waits for the second step of stopping, then for whatever is not finished: calls first, then what works behind them.
async fn finish(lifecycle: &Lifecycle, background: Background) -> Ending {
    lifecycle.stopping.cancelled().await;
    lifecycle.tasks.close();
    let calls = timeout(LAST_WORDS, lifecycle.tasks.wait()).await;
    background.stop.cancel();
    background.tasks.close();
    let written = timeout(LAST_ENTRIES, background.tasks.wait()).await;
    let _ = timeout(LAST_ENTRIES, background.store.close()).await;
    if calls.is_ok() && written.is_ok() {
        info!("stopped; everything has been finished");
        return Ending::Clean;
    }
    warn!(tasks.left = lifecycle.tasks.len() + background.tasks.len(), "stopped; some tasks would not finish");
    Ending::CutShort
}

/// Every model of the settings, in their order. Each is made once, so that all calls know how well it answers.
///
/// # Errors
/// When one cannot be what the settings say; names it, without a secret.
pub fn endpoints(models: &models::Models) -> anyhow::Result<Vec<Endpoint>> {
    if models.order.is_empty() {
        return Ok(Vec::new());
    }
    let client = llm::client().context("no client for language models can be made")?;
    let endpoint = |model: &Model| {
        let made = adapter(model, client.clone());
        let made = made.with_context(|| format!("the model {} cannot be used", model.name))?;
        Ok(Endpoint::new(model.name.as_str(), made, model.price))
    };
    models.order.iter().map(endpoint).collect()
}

fn adapter(model: &Model, client: reqwest::Client) -> anyhow::Result<Arc<dyn LanguageModel>> {
    let place = llm::Endpoint {
        key: model.key.clone(),
        headers: model.headers.clone(),
        extra: model.extra.clone(),
        ..llm::Endpoint::new(&model.url, &model.model)
    };
    Ok(match model.format {
        WireFormat::OpenAi => {
            let dialect = match model.dialect {
                None => openai::Dialect::at(&model.url),
                Some(models::Dialect::OpenAi) => openai::Dialect::OpenAi,
                Some(models::Dialect::Compatible) => openai::Dialect::Compatible,
                Some(models::Dialect::Gemini) => openai::Dialect::Gemini,
            };
            Arc::new(OpenAi::new(client, &place, dialect)?)
        }
        WireFormat::Anthropic => Arc::new(Anthropic::new(client, &place)?),
    })
}

/// Tokens of a usual request, until some have been paid for: the instructions, the tools, half a conversation.
const USUAL_INPUT: u32 = 4_000;
const USUAL_OUTPUT: u32 = 80;

fn purse(store: &Store, clock: &Arc<dyn Clock>, models: &models::Models, key: [u8; 32]) -> SharedPurse {
    let caps = models.caps;
    let limits = SpendingLimits { call: caps.call, business: caps.business, number: caps.number };
    let usual = models.order.first().map_or(Micros(0), |model| model.price.of(USUAL_INPUT, 0, USUAL_OUTPUT));
    SharedPurse::new(store.clone(), clock.clone(), limits, usual, key)
}

/// # Errors
/// When no HTTP client can be made.
fn identity(config: &Config) -> anyhow::Result<Option<Arc<dyn Identity>>> {
    let Some(settings) = &config.google else { return Ok(None) };
    Ok(Some(Arc::new(Google::new(settings).context("sign-in with Google cannot be set up")?)))
}

fn telephony(config: &Config) -> Option<Arc<dyn Telephony>> {
    let twilio = config.twilio.as_ref()?;
    Some(Arc::new(Twilio::new(twilio.account_sid.clone(), twilio.auth_token.clone())))
}

/// Where Twilio says what became of a text message. Nothing it could reach when the server is on this machine alone.
fn message_status(config: &Config) -> String {
    format!("{}/sms/status", config.origin.http())
}
