//! Whether each of thousands of calendars is read every minute, also beside a vendor that takes questions and answers none.

use std::{sync::Arc, time::Duration};

use clap::Args;
use deskbell::{
    adapters::calendar::native::Native,
    adapters::clock::SystemClock,
    desk::{FrontDesk, Links, Registry},
    jobs::following::{Follower, Lanes},
    ports::{booking::BookingProvider, clock::Clock, desk::Desk, nudge::Nudge},
};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

use crate::plain::{self, Ledger, Plain};

#[derive(Args)]
pub(crate) struct Options {
    /// Calendars that answer.
    #[arg(long, default_value_t = 5_000)]
    connections: u32,
    /// Calendars of another vendor, which does not.
    #[arg(long, default_value_t = 0)]
    hanging: u32,
    /// Milliseconds that the vendor takes for each answer.
    #[arg(long, default_value_t = 100)]
    vendor: u64,
    /// How long it is followed, in seconds.
    #[arg(long, default_value_t = 200)]
    seconds: u64,
    /// Seconds that may lie between two readings of a calendar, 99 of 100.
    #[arg(long, default_value_t = 70)]
    limit: u64,
    /// Of an empty database; nothing: a file that is removed.
    #[arg(long)]
    database: Option<String>,
}

const ANSWERS: &str = "google_calendar";
const HANGS: &str = "caldav";

/// False: calendars are read too seldom.
pub(crate) async fn run(options: &Options) -> anyhow::Result<bool> {
    let ledger = Ledger::open(options.database.as_deref()).await?;
    let (store, clock): (_, Arc<dyn Clock>) = (&ledger.store, Arc::new(SystemClock));
    let (answers, hangs) = (Plain::taking(Duration::from_millis(options.vendor)), Plain::hanging());
    let vendors = vec![plain::vendor(ANSWERS, Arc::clone(&answers)), plain::vendor(HANGS, Arc::clone(&hangs))];
    let opener = plain::opener(store, vendors, Arc::clone(&clock));
    // The first that are due are those that hang.
    for n in 0..options.hanging + options.connections {
        let provider = if n < options.hanging { HANGS } else { ANSWERS };
        let business = plain::business(&[provider]);
        store.create_business(&business, clock.now()).await?;
        let connection = plain::connect(&opener, business.id, provider, clock.as_ref()).await?;
        plain::choose(store, &connection, "main", clock.as_ref()).await?;
    }
    println!("{} are connected, and {} that hang", options.connections, options.hanging);
    let native: Vec<Arc<dyn BookingProvider>> = vec![Arc::new(Native)];
    let links = Links::new("https://voice.example.com");
    let desk: Arc<dyn Desk> = Arc::new(FrontDesk::new(store.clone(), Registry::new(native), Arc::clone(&clock), links));
    let follower = Follower {
        store: store.clone(),
        opener,
        desk,
        clock,
        forget: Arc::new(|_| {}),
        nudge: Nudge::default(),
        lanes: Lanes::default(),
        // No vendor reports anything, so each calendar is read every minute.
        origin: None,
        key: [7; 32],
    };
    let (stop, begun) = (CancellationToken::new(), Instant::now());
    let mut working = JoinSet::new();
    working.spawn(follower.run(stop.clone()));
    sleep(Duration::from_secs(options.seconds)).await;
    stop.cancel();
    working.join_all().await;
    let ended = Instant::now();

    let readings = answers.readings();
    let mut first: Vec<_> = readings.values().map(|times| times[0] - begun).collect();
    // The last one is still going on.
    let pauses = |times: &Vec<Instant>| {
        times.windows(2).map(|pair| pair[1] - pair[0]).chain(times.last().map(|last| ended - *last)).collect::<Vec<_>>()
    };
    let mut pauses: Vec<_> = readings.values().flat_map(pauses).collect();
    first.sort_unstable();
    pauses.sort_unstable();
    let missed = usize::try_from(options.connections)? - readings.len();
    let at = |sorted: &[Duration], hundredths: usize| {
        sorted.get((sorted.len() * hundredths / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
    };
    println!("never read: {missed}; read for the first time: median {:?}, last {:?}", at(&first, 50), at(&first, 100));
    println!(
        "{} readings; between two of a calendar: median {:?}, p99 {:?}, longest {:?}",
        readings.values().map(Vec::len).sum::<usize>(),
        at(&pauses, 50),
        at(&pauses, 99),
        at(&pauses, 100)
    );
    println!("those that hang were asked {} times", hangs.readings().values().map(Vec::len).sum::<usize>());
    ledger.close().await?;
    Ok(missed == 0 && at(&pauses, 99) <= Duration::from_secs(options.limit))
}
