//! What a scenario is played on: the whole server with a database, a clock and a port of its own, and a second look into
//! the database that the server knows nothing of.

use std::{
    io,
    net::Ipv4Addr,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, bail};
use jiff::{SignedDuration, Timestamp, civil::DateTime};
use tokio::{net::TcpListener, task::JoinSet, time::sleep};

use super::{
    clock::StoryClock,
    scenario::{Booked, Scenario},
};
use crate::{
    adapters::{email::nobody::NoEmail, sms::log::LogSms},
    app::{App, Outside},
    cli::{
        call::DEMO_ACCOUNT,
        phone::{Phone, PhoneOptions, sid},
    },
    config::{Calendars, Config, DatabaseUrl, Logging, Models, Origin, Secret, Twilio},
    domain::{
        booking::{Booking, Customer, Slot},
        business::Business,
        ids::BookingId,
        report::Report,
    },
    lifecycle::Lifecycle,
    ports::clock::Clock,
    store::{
        Store, StoreError,
        bookings::{Confirmed, Filter, Held, NewConfirmation, NewHold},
        notes::StoredNote,
    },
};

/// More than any scenario's book holds.
const EVERY_ROW: u32 = 1_000;
/// How often the database is asked when it does not answer.
const TRIES: u32 = 40;
const TRY_AGAIN: Duration = Duration::from_millis(100);
/// Nobody has such an account, so it can stand in the source.
const AUTH_TOKEN: &str = "the-token-of-the-simulated-callers";

pub(super) struct Stage {
    pub(super) ledger: Ledger,
    pub(super) clock: StoryClock,
    origin: Origin,
    lifecycle: Lifecycle,
    running: JoinSet<anyhow::Result<()>>,
    _folder: Folder,
}

/// A look into the database, past the server.
#[derive(Clone)]
pub(super) struct Ledger {
    store: Store,
    pub(super) business: Arc<Business>,
    clock: StoryClock,
}

/// Removed with everything in it when it is dropped.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Stage {
    /// Starts the server and fills its book.
    pub(super) async fn set(scenario: &Scenario, business: Arc<Business>, models: Models) -> anyhow::Result<Self> {
        let folder = Folder(std::env::temp_dir().join(format!("deskbell-simulate-{}", sid(""))));
        let clock = StoryClock::starting_at(moment(&business, scenario.now)?);
        let database = DatabaseUrl::embedded(&folder.0.join("deskbell.sqlite"));
        let (app, origin) = server(&database, &clock, &models).await?;
        patiently(async || app.state.store.create_business(&business, clock.now()).await).await?;
        let lifecycle = app.state.lifecycle.clone();
        let ledger =
            Ledger { store: patiently(async || Store::open(&database.0).await).await?, business, clock: clock.clone() };
        for booked in &scenario.booked {
            ledger.put(booked).await?;
        }
        let mut running = JoinSet::new();
        running.spawn(async move { app.run().await.map(drop) });
        Ok(Self { ledger, clock, origin, lifecycle, running, _folder: folder })
    }

    pub(super) fn phone(&self, from: &str) -> anyhow::Result<Phone> {
        let business = self.ledger.business.id.to_string();
        let token = Secret::new(AUTH_TOKEN);
        let options = PhoneOptions::new(self.origin.http(), &business, DEMO_ACCOUNT, token);
        Ok(Phone::new(PhoneOptions { from: from.to_owned(), ..options })?)
    }

    /// Stops the server and waits until everything it began is finished, so that the book says what came of the call.
    pub(super) async fn strike(&mut self) -> anyhow::Result<()> {
        self.lifecycle.draining.cancel();
        self.lifecycle.stopping.cancel();
        while let Some(ended) = self.running.join_next().await {
            ended.context("the server broke down")??;
        }
        Ok(())
    }
}

/// A server on a free port; tried again when the machine is too busy to open its database in time.
async fn server(database: &DatabaseUrl, clock: &StoryClock, models: &Models) -> anyhow::Result<(App, Origin)> {
    let mut tries = 1;
    loop {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("no port is free")?;
        let origin = Origin::loopback(listener.local_addr()?.port());
        let sms = Arc::new(LogSms::printing_to(Arc::new(clock.clone()), Box::new(io::sink())));
        let outside = Outside { clock: Arc::new(clock.clone()), sms, email: Arc::new(NoEmail), vendors: None };
        let config = Config { models: models.clone(), ..config(database, &origin, &listener)? };
        match App::build(config, listener, outside).await {
            Err(error) if tries < TRIES && is_busy(&error) => tries += 1,
            built => return Ok((built?, origin)),
        }
        sleep(TRY_AGAIN).await;
    }
}

fn is_busy(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| matches!(cause.downcast_ref(), Some(StoreError::Unavailable(_))))
}

fn config(database: &DatabaseUrl, origin: &Origin, listener: &TcpListener) -> anyhow::Result<Config> {
    let auth_token = Secret::new(AUTH_TOKEN);
    Ok(Config {
        database: database.clone(),
        bind: listener.local_addr()?,
        origin: origin.clone(),
        api_token: None,
        twilio: Some(Twilio { account_sid: DEMO_ACCOUNT.to_owned(), auth_token, sender: None }),
        email: None,
        google: None,
        calendars: Calendars::default(),
        max_calls: 10,
        drain: Duration::ZERO,
        web_calls: false,
        models: Models::default(),
        logging: Logging::default(),
    })
}

/// When a wall time is; in the hour that comes twice, the first.
fn moment(business: &Business, wall: DateTime) -> anyhow::Result<Timestamp> {
    Ok(business.zone.tz().to_ambiguous_timestamp(wall).compatible()?)
}

impl Ledger {
    /// Every booking there is or was.
    pub(super) async fn rows(&self) -> anyhow::Result<Vec<Booking>> {
        patiently(async || self.store.bookings(self.business.id, &Filter::default(), None, EVERY_ROW).await).await
    }

    pub(super) async fn messages(&self) -> anyhow::Result<Vec<StoredNote>> {
        patiently(async || self.store.notes(self.business.id, None, EVERY_ROW).await).await
    }

    /// What the call came to, as it is written down.
    pub(super) async fn outcome(&self, vendor_call: &str) -> anyhow::Result<&'static str> {
        let call = patiently(async || self.store.call_by_vendor(self.business.id, vendor_call).await).await?;
        Ok(call.map_or("no such call", |call| call.outcome.as_str()))
    }

    /// What the server reports of the models it asked in a call.
    pub(super) async fn report(&self, vendor_call: &str) -> anyhow::Result<Option<Report>> {
        let call = patiently(async || self.store.call_by_vendor(self.business.id, vendor_call).await).await?;
        let Some(call) = call else { return Ok(None) };
        patiently(async || self.store.report(call.id).await).await
    }

    pub(super) async fn close(&self) {
        self.store.close().await;
    }

    /// Somebody else books, by another way than the telephone.
    ///
    /// # Errors
    /// When the time is taken, or the business does not have what is named.
    pub(super) async fn put(&self, booked: &Booked) -> anyhow::Result<()> {
        let business = &self.business;
        let service = business.services.iter().find(|service| service.name == booked.service);
        let member = business.staff.iter().find(|member| member.name == booked.staff);
        let (Some(service), Some(member)) = (service, member) else { bail!("no such service or member of staff") };
        let (now, starts) = (self.clock.now(), moment(business, booked.start)?);
        let slot = Slot::at(service, member.id, starts);
        let phone = booked.phone.as_deref().map(str::parse).transpose()?;
        let customer = Customer { name: booked.name.clone().into(), phone };
        let id = BookingId(self.clock.new_id());
        let hold = NewHold {
            id,
            business: business.id,
            slot,
            busy: slot.busy(service),
            capacity: service.capacity,
            wall: booked.start,
            zone: business.zone.name().to_owned(),
            customer: customer.clone(),
            call: None,
            key: format!("in the book: {id}"),
            expires: now + SignedDuration::from_mins(3),
            replacing: None,
            now,
        };
        let Held::Held(held) = patiently(async || self.store.hold(&hold).await).await? else {
            bail!("{} with {} is taken already", booked.start, booked.staff);
        };
        let confirmation = NewConfirmation {
            business: business.id,
            hold: held.id,
            customer,
            unverified: false,
            outbox: Vec::new(),
            link: None,
            now,
        };
        match patiently(async || self.store.confirm(&confirmation).await).await? {
            Confirmed::Confirmed { .. } => Ok(()),
            other => bail!("it cannot be booked: {other:?}"),
        }
    }
}

/// Asks again when the database is slow: a machine that plays many calls at once is a busy one, and everything asked here
/// may be asked twice.
async fn patiently<T>(ask: impl AsyncFn() -> Result<T, StoreError>) -> anyhow::Result<T> {
    let mut tries = 1;
    loop {
        match ask().await {
            Err(StoreError::Unavailable(_)) if tries < TRIES => tries += 1,
            done => return Ok(done?),
        }
        sleep(TRY_AGAIN).await;
    }
}

/// The business of a file.
///
/// # Errors
/// What is wrong with it.
pub(super) fn business(text: &str, file: &Path) -> anyhow::Result<Business> {
    let business: Business =
        serde_json::from_str(text).with_context(|| format!("{} is no business", file.display()))?;
    if let Some(mistake) = business.mistakes().first() {
        bail!("{}: {} {}", file.display(), mistake.at, mistake.why);
    }
    Ok(business)
}
