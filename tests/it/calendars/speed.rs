//! How long a caller waits for a calendar: nothing once it was read ahead, and half a second when it was not and its vendor
//! takes 100 ms for each answer.
//!
//! The limits are for a build that is optimised, on a machine that does nothing else; others get ten times as long. What was
//! measured is printed: `cargo test --release --test it calendars::speed -- --nocapture`.

use std::{sync::Arc, time::Duration};

use deskbell::{
    adapters::calendar::google::{Google, Places},
    calendars::opener::With,
    domain::{connection::Account, secret::Secret},
    ports::{
        consent::Tokens,
        desk::Desk as _,
        vendors::{Door, Kind, Vendor},
    },
    testing::{
        calendar::{
            Misdeed, Trap,
            google::{ANN, ANNS, CLIENT, FakeGoogle, Planned, SECRET},
        },
        clock::FixedClock,
    },
};
use jiff::SignedDuration;
use tokio::time::Instant;

use super::rig::{Rig, both, tuesday, uses};
use crate::{desk::rig::MONDAY_MORNING, support::database::Database};

const GENEROUS: u32 = if cfg!(debug_assertions) { 10 } else { 1 };

#[tokio::test]
async fn free_times_come_at_once_when_they_were_read_ahead_and_within_half_a_second_when_not() {
    let clock = FixedClock::at(MONDAY_MORNING);
    let google = FakeGoogle::start(Arc::new(clock.clone())).await;
    let vendor = Google::new(Places::at(google.address()), CLIENT.into(), Secret::new(SECRET)).unwrap();
    let vendor = Arc::new(vendor);
    let vendor = Vendor {
        name: "google_calendar",
        label: "Google Calendar",
        kind: Kind::Diary(Arc::<Google>::clone(&vendor)),
        door: Door::Consent(vendor),
    };
    let database = Database::sqlite();
    let change = |business: &mut _| uses(business, &["google_calendar"]);
    let rig = Rig::beside(database.store().await, clock, Some(vendor), change).await;
    let (access, refresh) = google.consent().let_in(ANN);
    // The access token has run out.
    let good_for = SignedDuration::ZERO;
    let with = With::Tokens(Tokens { access: Secret::new(access), good_for, refresh: Some(Secret::new(refresh)) });
    let account = Account { subject: ANN.into(), label: ANNS.into(), home: None };
    rig.connect_as("google_calendar", None, &both(ANNS), account, with).await;
    for day in 0..14 {
        let later = SignedDuration::from_hours(24 * day);
        let busy = tuesday("14:00", "15:00");
        google.add_event(ANNS, Planned::timed("Private", busy.from + later, busy.to + later));
    }
    let misdeed = Misdeed::Slow(Duration::from_millis(100));
    google.kit().trap(Trap { method: "", path: String::new(), times: 1_000, misdeed });

    let begun = Instant::now();
    let found = rig.desk.desk.find(rig.desk.on_tuesday()).await.unwrap();
    let cold = begun.elapsed();
    assert!(!found.is_empty() && found.iter().all(|slot| slot.starts != tuesday("14:00", "15:00").from));
    let asked = google.kit().asked().len();
    assert_eq!(asked, 2, "a token and a look");

    let mut took = Vec::with_capacity(1_000);
    for _ in 0..1_000 {
        let begun = Instant::now();
        rig.desk.desk.find(rig.desk.on_tuesday()).await.unwrap();
        took.push(begun.elapsed());
    }
    took.sort_unstable();
    let (median, p99) = (took[500], took[990]);
    assert_eq!(google.kit().asked().len(), asked, "from memory");
    println!("cold, with a new token, at a vendor of 100 ms: {cold:?}; from memory: median {median:?}, p99 {p99:?}");
    assert!(cold <= Duration::from_millis(500) * GENEROUS, "{cold:?}");
    assert!(p99 <= Duration::from_millis(5) * GENEROUS, "{p99:?}");
}
