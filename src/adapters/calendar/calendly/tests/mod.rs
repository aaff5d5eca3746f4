//! Against the double that keeps Calendly's rules.

mod booking;
mod consent;
mod faults;
mod filled;
mod hooks;
mod reading;

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::*;
use crate::{
    domain::{connection::Account, ids::BookingId},
    ports::calendar::EventKey,
    testing::{
        calendar::calendly::{FakeCalendly, Kind},
        clock::FixedClock,
    },
};

/// A Thursday morning; the owner works in New York, so that Friday's first hour is 14:00Z.
const NOW: &str = "2026-11-26T12:00:00Z";

struct World {
    fake: FakeCalendly,
    clock: FixedClock,
    calendly: Calendly,
    access: Access,
    /// "Haircut", 30 minutes.
    kind: CalendarId,
}

async fn world() -> World {
    world_with(Duration::from_secs(10)).await
}

async fn world_with(patience: Duration) -> World {
    let clock = FixedClock::at(NOW);
    let fake = FakeCalendly::serve(Arc::new(clock.clone())).await;
    let kind = CalendarId::new(fake.add_kind(Kind::new("Haircut", 30))).unwrap();
    let calendly = Calendly::with_timeout(fake.address(), Arc::new(clock.clone()), patience).unwrap();
    let access = access(&fake);
    World { fake, clock, calendly, access, kind }
}

fn access(fake: &FakeCalendly) -> Access {
    let account = Account { subject: fake.subject(), label: "ann@example.com".to_owned(), home: None };
    Access { secret: Secret::new(fake.token()), account }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn range(from: &str, to: &str) -> Interval {
    Interval { from: at(from), to: at(to) }
}

/// Bea wants a haircut. Each number is another booking.
fn visit(number: u128, starts: &str) -> Visit {
    Visit {
        key: EventKey { booking: BookingId(Uuid::from_u128(number)), generation: 1 },
        starts: at(starts),
        minutes: 30,
        zone: "America/New_York".to_owned(),
        name: "Bea Bright".to_owned(),
        email: Some(format!("b{number}@guests.example.com")),
        phone: Some("+12125550123".to_owned()),
        language: "en-US".to_owned(),
        notes: "The usual, please.".to_owned(),
    }
}

fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}
