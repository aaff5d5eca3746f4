//! A server without the desk's details: a ledger, businesses with an account each, and a calendar in memory that takes its
//! time.

use std::{
    collections::BTreeMap,
    future::pending,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context as _, bail};
use async_trait::async_trait;
use deskbell::{
    calendars::opener::{Opened, Opener, With},
    domain::{
        business::{Business, ProviderSettings},
        connection::{Account, CalendarId, Choice, Connection},
        ids::{BusinessId, DeedId},
        secret::{KeyBytes, Secret},
    },
    ports::{
        calendar::{
            Access, Changes, Diary, Event, EventKey, Heard, Hook, Interval, Listed, Placed, Report, Seen, Trouble,
            Watch, Words,
        },
        clock::Clock,
        consent::{KeyDoor, KeyError, KeyForm, Typed},
        vendors::{Door, Kind, Vendor, Vendors},
    },
    secrets::Keyring,
    store::{
        Store,
        audit::Deed,
        connections::{Chosen, Kept, Vault},
    },
    testing::salon,
};
use jiff::Timestamp;
use tokio::time::{Instant, sleep};
use tokio_util::task::TaskTracker;
use uuid::Uuid;

/// A ledger that is there for as long as it is measured.
pub(crate) struct Ledger {
    pub(crate) store: Store,
    folder: Option<PathBuf>,
}

impl Ledger {
    pub(crate) async fn open(database: Option<&str>) -> anyhow::Result<Self> {
        let (url, folder) = if let Some(url) = database {
            (url.to_owned(), None)
        } else {
            let folder = std::env::temp_dir().join(format!("deskbell-calendars-{}", std::process::id()));
            std::fs::create_dir_all(&folder)?;
            (format!("sqlite://{}/ledger.sqlite", folder.display()), Some(folder))
        };
        let store = Store::open(&url).await?;
        store.migrate().await?;
        Ok(Self { store, folder })
    }

    pub(crate) async fn close(self) -> anyhow::Result<()> {
        self.store.close().await;
        if let Some(folder) = self.folder {
            std::fs::remove_dir_all(folder)?;
        }
        Ok(())
    }
}

pub(crate) fn opener(store: &Store, vendors: Vec<Vendor>, clock: Arc<dyn Clock>) -> Opener {
    let keyring = Arc::new(Keyring::new(&KeyBytes::new([7; 32]), &[]));
    Opener::new(Vault::new(store.clone(), Some(keyring)), Vendors::new(vendors), clock, TaskTracker::new())
}

pub(crate) fn vendor(name: &'static str, diary: Arc<Plain>) -> Vendor {
    Vendor { name, label: name, kind: Kind::Diary(diary), door: Door::Key(Arc::new(Open)) }
}

/// One that uses these calendars.
pub(crate) fn business(providers: &[&str]) -> Business {
    let mut business = Business { id: BusinessId(Uuid::now_v7()), numbers: Vec::new(), ..salon() };
    let integrations = &mut business.ai_config.integrations;
    providers[0].clone_into(&mut integrations.provider);
    integrations.also = providers[1..].iter().map(|name| (*name).to_owned()).collect();
    let on = ProviderSettings { enabled: true, ..ProviderSettings::default() };
    integrations.providers = providers.iter().map(|name| ((*name).to_owned(), on.clone())).collect::<BTreeMap<_, _>>();
    business
}

pub(crate) fn deed(business: BusinessId, clock: &dyn Clock) -> Deed {
    Deed {
        id: DeedId(clock.new_id()),
        business: Some(business),
        user: None,
        actor: "an example".into(),
        deed: "calendar.connected".into(),
        subject: String::new(),
        detail: String::new(),
        at: clock.now(),
    }
}

/// An account of its own.
pub(crate) async fn connect(
    opener: &Opener,
    business: BusinessId,
    provider: &str,
    clock: &dyn Clock,
) -> anyhow::Result<Connection> {
    let opened = Opened {
        business,
        provider: provider.into(),
        staff: None,
        account: Account { subject: Uuid::now_v7().to_string(), label: "maria@example.com".into(), home: None },
        with: With::Key(Secret::new("key")),
        renews: None,
    };
    match opener.keep(opened, &deed(business, clock)).await? {
        Some(Kept::New(connection)) => Ok(connection),
        _ => bail!("it could not be connected"),
    }
}

/// Appointments go into its calendar `name` from now on.
pub(crate) async fn choose(
    store: &Store,
    connection: &Connection,
    name: &str,
    clock: &dyn Clock,
) -> anyhow::Result<Connection> {
    let calendar = CalendarId::new(name).context("a calendar's id")?;
    let choice = Choice { blocks: vec![calendar.clone()], receives: Some(calendar), ..Choice::default() };
    let at = (connection.business, connection.id, connection.version);
    match store.choose(at, &choice, None, &deed(connection.business, clock)).await? {
        Chosen::Saved(connection) => Ok(connection),
        _ => bail!("it could not be chosen"),
    }
}

/// A vendor that has nothing to tell.
pub(crate) struct Plain {
    takes: Duration,
    hangs: bool,
    /// When each calendar was read.
    read: Mutex<BTreeMap<String, Vec<Instant>>>,
}

impl Plain {
    pub(crate) fn taking(takes: Duration) -> Arc<Self> {
        Arc::new(Self { takes, hangs: false, read: Mutex::default() })
    }

    /// It takes questions, and never answers.
    pub(crate) fn hanging() -> Arc<Self> {
        Arc::new(Self { takes: Duration::ZERO, hangs: true, read: Mutex::default() })
    }

    pub(crate) fn readings(&self) -> BTreeMap<String, Vec<Instant>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn take_time(&self) {
        if self.hangs {
            pending::<()>().await;
        }
        sleep(self.takes).await;
    }
}

#[async_trait]
impl Diary for Plain {
    async fn calendars(&self, _: &Access) -> Result<Vec<Listed>, Trouble> {
        Ok(Vec::new())
    }

    async fn busy(&self, _: &Access, _: &[CalendarId], _: Interval) -> Result<Vec<Interval>, Trouble> {
        self.take_time().await;
        Ok(Vec::new())
    }

    async fn place(&self, _: &Access, _: &CalendarId, event: &Event) -> Result<Placed, Trouble> {
        self.take_time().await;
        Ok(Placed { id: format!("{:?}", event.key), etag: None, link: None, meeting: None })
    }

    async fn revise(
        &self,
        _: &Access,
        _: &CalendarId,
        placed: &Placed,
        _: &Event,
        _: Words,
    ) -> Result<Placed, Trouble> {
        self.take_time().await;
        Ok(placed.clone())
    }

    async fn withdraw(&self, _: &Access, _: &CalendarId, _: &Placed) -> Result<(), Trouble> {
        self.take_time().await;
        Ok(())
    }

    async fn find(&self, _: &Access, _: &CalendarId, _: EventKey) -> Result<Option<Seen>, Trouble> {
        self.take_time().await;
        Ok(None)
    }

    async fn changes(
        &self,
        access: &Access,
        _: &CalendarId,
        _: Option<&str>,
        _: Timestamp,
    ) -> Result<Changes, Trouble> {
        let subject = access.account.subject.clone();
        self.read.lock().unwrap_or_else(PoisonError::into_inner).entry(subject).or_default().push(Instant::now());
        self.take_time().await;
        Ok(Changes { seen: Vec::new(), cursor: "next".to_owned() })
    }

    async fn watch(&self, _: &Access, _: &CalendarId, _: &Hook) -> Result<Option<Watch>, Trouble> {
        self.take_time().await;
        Ok(None)
    }

    async fn unwatch(&self, _: &Access, _: &Watch) -> Result<(), Trouble> {
        Ok(())
    }

    fn heard(&self, _: Report<'_>, _: &Secret) -> Heard {
        Heard::Nothing
    }
}

struct Open;

#[async_trait]
impl KeyDoor for Open {
    fn form(&self) -> KeyForm {
        KeyForm { server: false, user: true, key: "key", help: "Under the mat." }
    }

    async fn enter(&self, typed: &Typed) -> Result<Account, KeyError> {
        Ok(Account { subject: typed.user.clone(), label: typed.user.clone(), home: None })
    }
}
