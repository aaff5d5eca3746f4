//! How long a caller waits for a calendar: nothing once it was read ahead, half a second at most when it was not, its access
//! token has run out, and its vendor takes 100 ms for each answer.

use std::{sync::Arc, time::Duration};

use anyhow::bail;
use clap::Args;
use deskbell::{
    adapters::calendar::{
        google::{Google, Places},
        native::Native,
    },
    calendars::{
        opener::{Opened, Opener, With},
        providers::{Providers, Shared},
    },
    desk::{FrontDesk, Links, Registry},
    domain::{
        business::Business,
        connection::Account,
        secret::{KeyBytes, Secret},
        slots::offer::Wish,
    },
    ports::{
        booking::BookingProvider,
        clock::Clock as _,
        consent::Tokens,
        desk::{Desk as _, Find},
        vendors::{Door, Kind, Vendor, Vendors},
    },
    secrets::Keyring,
    store::{
        Store,
        connections::{Kept, Vault},
    },
    testing::{
        calendar::{
            Misdeed, Trap,
            google::{ANN, ANNS, CLIENT, FakeGoogle, Planned, SECRET},
        },
        clock::FixedClock,
    },
};
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use crate::plain::{self, Ledger};

const PROVIDER: &str = "google_calendar";
/// A Monday morning in New York, before the salon opens.
const MONDAY: &str = "2026-11-23T07:00-05";
/// Processes that start with nothing in memory.
const COLD: usize = 50;

#[derive(Args)]
pub(crate) struct Options {
    /// Milliseconds that the vendor takes for each answer.
    #[arg(long, default_value_t = 100)]
    vendor: u64,
    /// Questions that are answered from memory.
    #[arg(long, default_value_t = 2_000)]
    times: usize,
    /// Milliseconds, the slowest one with nothing in memory.
    #[arg(long, default_value_t = 500)]
    cold_limit: u64,
    /// Milliseconds, p99 from memory.
    #[arg(long, default_value_t = 5)]
    warm_limit: u64,
}

/// A process of a server: its memory, over the ledger that all share.
struct Node {
    opener: Opener,
    desk: FrontDesk,
}

impl Node {
    fn start(store: &Store, vendors: &Vendors, clock: &FixedClock) -> Self {
        let clock = Arc::new(clock.clone());
        let keyring = Arc::new(Keyring::new(&KeyBytes::new([7; 32]), &[]));
        let tasks = TaskTracker::new();
        let vault = Vault::new(store.clone(), Some(keyring));
        let opener = Opener::new(vault, vendors.clone(), Arc::<FixedClock>::clone(&clock), tasks.clone());
        let shared = Shared {
            store: store.clone(),
            opener: opener.clone(),
            clock: Arc::<FixedClock>::clone(&clock),
            tasks,
            alias_domain: None,
        };
        let mut known: Vec<Arc<dyn BookingProvider>> = vec![Arc::new(Native)];
        known.extend(Providers::new(vendors, &shared).list());
        let links = Links::new("https://voice.example.com");
        let desk = FrontDesk::new(store.clone(), Registry::new(known), clock, links);
        Self { opener, desk }
    }

    /// How long the free times of a day took.
    async fn ask(&self, find: &Find) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        let free = self.desk.find(find.clone()).await?;
        let took = begun.elapsed();
        let private: Timestamp = "2026-11-24T14:00-05".parse()?;
        anyhow::ensure!(!free.is_empty() && free.iter().all(|slot| slot.starts != private), "it was not asked");
        Ok(took)
    }
}

/// False: one of the limits is passed.
pub(crate) async fn run(options: &Options) -> anyhow::Result<bool> {
    let clock = FixedClock::at(MONDAY);
    let google = FakeGoogle::start(Arc::new(clock.clone())).await;
    let ledger = Ledger::open(None).await?;
    let store = &ledger.store;
    let vendor = Arc::new(Google::new(Places::at(google.address()), CLIENT.into(), Secret::new(SECRET))?);
    let vendors = Vendors::new(vec![Vendor {
        name: PROVIDER,
        label: "Google Calendar",
        kind: Kind::Diary(Arc::<Google>::clone(&vendor)),
        door: Door::Consent(vendor),
    }]);
    let business = Arc::new(plain::business(&[PROVIDER]));
    store.create_business(&business, clock.now()).await?;
    connect(&Node::start(store, &vendors, &clock), store, &google, &business, &clock).await?;
    fill(&google)?;
    let slow = Misdeed::Slow(Duration::from_millis(options.vendor));
    google.kit().trap(Trap { method: "", path: String::new(), times: u32::MAX, misdeed: slow });

    let find = on_tuesday(&business)?;
    let mut cold = Vec::new();
    for _ in 0..COLD {
        cold.push(Node::start(store, &vendors, &clock).ask(&find).await?);
    }
    let node = Node::start(store, &vendors, &clock);
    node.ask(&find).await?;
    let asked = google.kit().count("", "");
    let mut warm = Vec::new();
    for _ in 0..options.times {
        warm.push(node.ask(&find).await?);
    }
    let again = google.kit().count("", "") - asked;
    ledger.close().await?;
    cold.sort_unstable();
    warm.sort_unstable();
    let (slowest, p99) = (cold[cold.len() - 1], warm[warm.len() * 99 / 100]);
    println!(
        "a new token and a look, at a vendor of {} ms: median {:?}, slowest of {COLD} {slowest:?}",
        options.vendor,
        cold[COLD / 2]
    );
    println!(
        "from memory: median {:?}, p99 {p99:?} of {}; the vendor was asked {again} times",
        warm[warm.len() / 2],
        warm.len()
    );
    Ok(slowest <= Duration::from_millis(options.cold_limit) && p99 <= Duration::from_millis(options.warm_limit))
}

async fn connect(
    node: &Node,
    store: &Store,
    google: &FakeGoogle,
    business: &Business,
    clock: &FixedClock,
) -> anyhow::Result<()> {
    let (access, refresh) = google.consent().let_in(ANN);
    let tokens =
        Tokens { access: Secret::new(access), good_for: SignedDuration::ZERO, refresh: Some(Secret::new(refresh)) };
    let opened = Opened {
        business: business.id,
        provider: PROVIDER.into(),
        staff: None,
        account: Account { subject: ANN.into(), label: ANNS.into(), home: None },
        with: With::Tokens(tokens),
        renews: None,
    };
    let kept = node.opener.keep(opened, &plain::deed(business.id, clock)).await?;
    let Some(Kept::New(kept)) = kept else { bail!("it could not be connected") };
    plain::choose(store, &kept, ANNS, clock).await?;
    Ok(())
}

/// Two weeks with a private appointment at two each day.
fn fill(google: &FakeGoogle) -> anyhow::Result<()> {
    let first: Timestamp = "2026-11-24T14:00-05".parse()?;
    for day in 0..14 {
        let from = first + SignedDuration::from_hours(24 * day);
        google.add_event(ANNS, Planned::timed("Private", from, from + SignedDuration::from_hours(1)));
    }
    Ok(())
}

/// Everything free on Tuesday for a haircut.
fn on_tuesday(business: &Arc<Business>) -> anyhow::Result<Find> {
    Ok(Find {
        business: Arc::clone(business),
        service: business.services[0].id,
        staff: Some(business.staff[0].id),
        from: "2026-11-24T00:00-05".parse()?,
        to: "2026-11-24T23:59-05".parse()?,
        within: Vec::new(),
        wish: Wish::Soonest,
        count: 500,
        replacing: None,
    })
}
