//! How long saving takes for an owner who connects a calendar, by how many appointments are to come.

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, ensure};
use clap::Args;
use deskbell::{
    domain::{
        booking::{Customer, CustomerName, Slot},
        business::Business,
        connection::Why,
        ids::BookingId,
    },
    ports::clock::Clock,
    store::{
        Store,
        bookings::{Confirmed, Held, NewConfirmation, NewHold},
    },
    testing::clock::FixedClock,
};
use jiff::SignedDuration;
use tokio::time::Instant;

use crate::plain::{self, Ledger, Plain};

#[derive(Args)]
pub(crate) struct Options {
    /// How many appointments are to come.
    #[arg(long, value_delimiter = ',', default_values_t = [10, 1_000, 5_000])]
    appointments: Vec<u32>,
    /// Of an empty database; nothing: a file that is removed.
    #[arg(long)]
    database: Option<String>,
    /// Milliseconds that a save may take.
    #[arg(long, default_value_t = 100)]
    limit: u64,
}

const DIARY: &str = "google_calendar";

/// False: a save took longer than it may.
pub(crate) async fn run(options: &Options) -> anyhow::Result<bool> {
    let ledger = Ledger::open(options.database.as_deref()).await?;
    let (store, clock) = (&ledger.store, FixedClock::at("2026-11-23T07:00-05"));
    let vendors = vec![plain::vendor(DIARY, Plain::taking(Duration::ZERO))];
    let opener = plain::opener(store, vendors, Arc::new(clock.clone()));
    let mut slowest = Duration::ZERO;
    for count in &options.appointments {
        let business = plain::business(&[DIARY]);
        store.create_business(&business, clock.now()).await?;
        book(store, &business, *count, &clock).await?;
        let connection = plain::connect(&opener, business.id, DIARY, &clock).await?;
        clock.advance(SignedDuration::from_secs(1));
        let mut timed = async |what: &str, name: &str| {
            let known = store.connection(business.id, connection.id).await?.context("it is there")?;
            let begun = Instant::now();
            let saved = plain::choose(store, &known, name, &clock).await?;
            let took = begun.elapsed();
            slowest = slowest.max(took);
            println!("{count} appointments to come, {what}: saved in {took:?}");
            clock.advance(SignedDuration::from_secs(1));
            anyhow::Ok(saved)
        };
        timed("chosen for the first time", "main").await?;
        let chosen = timed("chosen again", "main").await?;
        ensure!(store.mark_reconnect(&chosen, Why::CalendarGone, clock.now()).await?, "it is gone");
        timed("chosen after its calendar was gone", "other").await?;
    }
    ledger.close().await?;
    Ok(slowest <= Duration::from_millis(options.limit))
}

/// One after the other, with everybody that works there.
async fn book(store: &Store, business: &Business, count: u32, clock: &FixedClock) -> anyhow::Result<()> {
    let (service, now) = (&business.services[0], clock.now());
    let customer = Customer { name: CustomerName::new("Ada Lovelace"), phone: None };
    for n in 0..count {
        let starts = now + SignedDuration::from_hours(2 + i64::from(n) * 2);
        let slot = Slot::at(service, business.staff[0].id, starts);
        let hold = NewHold {
            id: BookingId(clock.new_id()),
            business: business.id,
            slot,
            busy: slot.busy(service),
            capacity: service.capacity,
            wall: starts.to_zoned(business.zone.tz().clone()).datetime(),
            zone: business.zone.name().to_owned(),
            customer: customer.clone(),
            call: None,
            key: format!("{}/{n}", business.id),
            expires: now + SignedDuration::from_mins(3),
            replacing: None,
            now,
        };
        ensure!(matches!(store.hold(&hold).await?, Held::Held(_)), "it is taken");
        let confirmation = NewConfirmation {
            business: business.id,
            hold: hold.id,
            customer: customer.clone(),
            unverified: false,
            outbox: Vec::new(),
            link: None,
            now,
        };
        let confirmed = store.confirm(&confirmation).await?;
        ensure!(matches!(confirmed, Confirmed::Confirmed { .. }), "it cannot be confirmed");
    }
    Ok(())
}
