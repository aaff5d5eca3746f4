//! The salon with calendars: the desk, the ledger, the outbox's worker and whatever looks after them, with vendors in memory.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use deskbell::{
    adapters::calendar::google::{Google, Places},
    calendars::{
        opener::{Opened, Opener, With},
        providers::{Providers, Shared},
    },
    domain::{
        business::{Business, ProviderSettings},
        connection::{Account, CalendarId, Choice, Connection, Why},
        ids::{BookingId, DeedId, StaffId},
        secret::{KeyBytes, Secret},
    },
    jobs::{catching_up::CatchingUp, outbox::OutboxWorker, placements::PlacementKeeper, second_look::SecondLook},
    ports::{
        calendar::Interval,
        clock::Clock as _,
        desk::Desk,
        vendors::{Door, Kind, Vendor, Vendors},
    },
    secrets::Keyring,
    store::{
        Store,
        audit::Deed,
        connections::{Chosen, Kept, Vault},
        placements::{Placement, PlacementState},
    },
    testing::{
        calendar::google::{CLIENT, FakeGoogle, SECRET},
        clock::FixedClock,
        salon,
        sms::RememberingSms,
    },
};
use jiff::SignedDuration;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use super::double::{BookingHall, Latchkey, Notebook};
use crate::desk::rig::{self, MONDAY_MORNING};

/// Providers by the names that the doubles have.
pub(crate) const DIARY: &str = "google_calendar";
pub(crate) const SECOND: &str = "caldav";
pub(crate) const HALL: &str = "hall";

pub(crate) struct Rig {
    pub(crate) desk: rig::Rig,
    pub(crate) diary: Arc<Notebook>,
    pub(crate) second: Arc<Notebook>,
    pub(crate) hall: Arc<BookingHall>,
    pub(crate) opener: Opener,
    pub(crate) sms: Arc<RememberingSms>,
    pub(crate) tasks: TaskTracker,
    pub(crate) providers: Providers,
    catching_up: CatchingUp,
    worker: OutboxWorker,
    pub(crate) keeper: PlacementKeeper,
    pub(crate) second_look: SecondLook,
}

/// Google's, at its double.
pub(crate) fn google(double: &FakeGoogle) -> Vendor {
    let adapter = Google::new(Places::at(double.address()), CLIENT.into(), Secret::new(SECRET)).unwrap();
    let adapter = Arc::new(adapter);
    let door = Door::Consent(Arc::<Google>::clone(&adapter));
    Vendor { name: "google_calendar", label: "Google Calendar", kind: Kind::Diary(adapter), door }
}

/// As an owner has it in their settings.
pub(crate) fn uses(business: &mut Business, providers: &[&str]) {
    let integrations = &mut business.ai_config.integrations;
    providers[0].clone_into(&mut integrations.provider);
    integrations.also = providers[1..].iter().map(|name| (*name).to_owned()).collect();
    let on = ProviderSettings { enabled: true, ..ProviderSettings::default() };
    integrations.providers = providers.iter().map(|name| ((*name).to_owned(), on.clone())).collect();
}

pub(crate) fn calendar(name: &str) -> CalendarId {
    CalendarId::new(name).unwrap()
}

/// Blocks by it, and receives in it.
pub(crate) fn both(name: &str) -> Choice {
    Choice { blocks: vec![calendar(name)], receives: Some(calendar(name)), ..Choice::default() }
}

/// On Tuesday in New York: "14:00".
pub(crate) fn tuesday(from: &str, to: &str) -> Interval {
    Interval { from: rig::tuesday(from), to: rig::tuesday(to) }
}

fn vendor(name: &'static str, kind: Kind) -> Vendor {
    Vendor { name, label: name, kind, door: Door::Key(Arc::new(Latchkey)) }
}

impl Rig {
    /// The salon uses the first diary and nothing else, and has connected it.
    pub(crate) async fn open(store: Store) -> (Self, Connection) {
        let rig = Self::with(store, |business| uses(business, &[DIARY])).await;
        let connection = rig.connect(DIARY, None, &both("main")).await;
        (rig, connection)
    }

    pub(crate) async fn with(store: Store, change: impl FnOnce(&mut Business)) -> Self {
        Self::beside(store, FixedClock::at(MONDAY_MORNING), None, change).await
    }

    /// With one more vendor, which goes by the same clock.
    pub(crate) async fn beside(
        store: Store,
        clock: FixedClock,
        more: Option<Vendor>,
        change: impl FnOnce(&mut Business),
    ) -> Self {
        let (diary, second) = (Arc::new(Notebook::default()), Arc::new(Notebook::default()));
        // Ten to four in New York.
        let hall = Arc::new(BookingHall::open(15..21));
        let mut known = vec![
            vendor(DIARY, Kind::Diary(Arc::<Notebook>::clone(&diary))),
            vendor(SECOND, Kind::Diary(Arc::<Notebook>::clone(&second))),
            vendor(HALL, Kind::Scheduler(Arc::<BookingHall>::clone(&hall))),
        ];
        // The one that is asked for takes the place of a double of its name.
        if let Some(more) = more {
            known.retain(|double| double.name != more.name);
            known.push(more);
        }
        let vendors = Vendors::new(known);
        let tasks = TaskTracker::new();
        let keyring = Arc::new(Keyring::new(&KeyBytes::new([7; 32]), &[]));
        let vault = Vault::new(store.clone(), Some(keyring));
        let opener = Opener::new(vault, vendors.clone(), Arc::new(clock.clone()), tasks.clone());
        let shared = Shared {
            store: store.clone(),
            opener: opener.clone(),
            clock: Arc::new(clock.clone()),
            tasks: tasks.clone(),
            alias_domain: Some("guests.example.com".into()),
        };
        let providers = Providers::new(&vendors, &shared);
        let mut business = salon();
        change(&mut business);
        let desk = rig::Rig::by(clock.clone(), store.clone(), business, providers.list()).await;
        let sms = Arc::new(RememberingSms::new());
        let clock = Arc::new(clock);
        let worker = OutboxWorker::new(
            store.clone(),
            Arc::<RememberingSms>::clone(&sms),
            desk.registry.clone(),
            Arc::<FixedClock>::clone(&clock),
            desk.desk.nudge(),
        );
        let nudge = desk.desk.nudge();
        let catching_up = CatchingUp::new(store.clone(), Arc::<FixedClock>::clone(&clock), nudge);
        let keeper = PlacementKeeper::new(store.clone(), desk.registry.clone(), Arc::<FixedClock>::clone(&clock));
        let front: Arc<dyn Desk> = Arc::<deskbell::desk::FrontDesk>::clone(&desk.desk);
        let second_look = SecondLook::new(store, front, clock);
        Self { desk, diary, second, hall, opener, sms, tasks, providers, catching_up, worker, keeper, second_look }
    }

    pub(crate) fn deed(&self) -> Deed {
        Deed {
            id: DeedId(self.desk.clock.new_id()),
            business: Some(self.desk.business.id),
            user: None,
            actor: "Maria".into(),
            deed: "calendar.connected".into(),
            subject: String::new(),
            detail: String::new(),
            at: self.desk.clock.now(),
        }
    }

    /// Connects an account and chooses at once.
    pub(crate) async fn connect(&self, provider: &str, staff: Option<StaffId>, choice: &Choice) -> Connection {
        let account = Account { subject: Uuid::now_v7().to_string(), label: "maria@example.com".into(), home: None };
        self.connect_as(provider, staff, choice, account, With::Key(Secret::new("key"))).await
    }

    /// The same, with what really opens it.
    pub(crate) async fn connect_as(
        &self,
        provider: &str,
        staff: Option<StaffId>,
        choice: &Choice,
        account: Account,
        with: With,
    ) -> Connection {
        // One after the other: of several the first counts.
        self.desk.clock.advance(SignedDuration::from_secs(1));
        let business = self.desk.business.id;
        let opened = Opened { business, provider: provider.into(), staff, account, with, renews: None };
        let kept = self.opener.keep(opened, &self.deed()).await.unwrap().unwrap();
        let Kept::New(kept) = kept else { panic!("it is new") };
        self.choose(&kept, choice).await
    }

    /// Says what is used of an account.
    pub(crate) async fn choose(&self, connection: &Connection, choice: &Choice) -> Connection {
        let now = self.desk.store.connection(connection.business, connection.id).await.unwrap().unwrap();
        let at = (now.business, now.id, now.version);
        match self.desk.store.choose(at, choice, now.staff, &self.deed()).await.unwrap() {
            Chosen::Saved(connection) => connection,
            other => panic!("{other:?}"),
        }
    }

    /// From now on its vendor does not let us in.
    pub(crate) async fn revoked(&self, connection: &Connection, why: Why) {
        let now = self.desk.store.connection(connection.business, connection.id).await.unwrap().unwrap();
        assert!(self.desk.store.mark_reconnect(&now, why, self.desk.clock.now()).await.unwrap());
    }

    /// Its owner connects it again.
    pub(crate) async fn renew(&self, connection: &Connection) -> Connection {
        let opened = Opened {
            business: connection.business,
            provider: connection.provider.clone(),
            staff: connection.staff,
            account: connection.account.clone(),
            with: With::Key(Secret::new("key")),
            renews: Some(connection.id),
        };
        match self.opener.keep(opened, &self.deed()).await.unwrap().unwrap() {
            Kept::Renewed(connection) => connection,
            other => panic!("{other:?}"),
        }
    }

    /// Its owner changes the settings.
    pub(crate) async fn set(&self, change: impl FnOnce(&mut Business)) -> Arc<Business> {
        let found = self.desk.store.business(self.desk.business.id).await.unwrap().unwrap();
        let mut business = found.business;
        change(&mut business);
        self.desk.store.save_business(&business, found.version, self.desk.clock.now()).await.unwrap();
        Arc::new(business)
    }

    pub(crate) async fn disconnect(&self, connection: &Connection) {
        assert!(self.opener.disconnect(connection, &self.deed()).await.unwrap());
    }

    /// What is to be caught up with, and all that is due in the outbox.
    pub(crate) async fn work(&self) {
        Box::pin(self.catching_up.work_off()).await;
        self.worker.work_off().await;
    }

    /// An hour goes by, in which everybody works.
    pub(crate) async fn an_hour_later(&self) {
        for _ in 0..12 {
            self.desk.clock.advance(SignedDuration::from_mins(5));
            self.work().await;
            while self.keeper.look().await > 0 {}
            self.second_look.look().await;
            self.work().await;
        }
    }

    /// The same in larger steps.
    pub(crate) async fn half_an_hour_later(&self) {
        self.desk.clock.advance(SignedDuration::from_mins(30));
        self.work().await;
        while self.keeper.look().await > 0 {}
        self.second_look.look().await;
        self.work().await;
    }

    /// Somebody looks whether unverified bookings can be verified, some minutes later.
    pub(crate) async fn look_again(&self) {
        self.desk.clock.advance(SignedDuration::from_mins(2));
        self.second_look.look().await;
    }

    /// Whoever keeps placements in order comes by after some minutes.
    pub(crate) async fn keep_in_order(&self) {
        self.desk.clock.advance(SignedDuration::from_mins(6));
        while self.keeper.look().await > 0 {}
    }

    /// The rows that count, of a booking.
    pub(crate) async fn placements(&self, booking: BookingId) -> Vec<Placement> {
        let rows = self.desk.store.placements_of(booking).await.unwrap();
        rows.into_iter().filter(|row| row.state != PlacementState::Gone).collect()
    }

    /// Everything that was begun in the background is done.
    pub(crate) async fn settle(&self) {
        for _ in 0..200 {
            if self.tasks.is_empty() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("something goes on and on");
    }
}

/// Which kind of the hall stands for which service: only the haircut.
pub(crate) fn haircuts(business: &Business) -> Choice {
    let kinds = BTreeMap::from([(business.services[0].id, calendar("cut"))]);
    Choice { kinds, ..Choice::default() }
}
