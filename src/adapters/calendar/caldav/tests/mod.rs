//! The adapter against the double, in both of its dialects.

mod bookings;
mod busy;
mod changes;
mod door;
mod misdeeds;
mod reach;

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};

use super::{CalDav, Reach, reach::SystemNames, web::Web};
use crate::{
    domain::ids::BookingId,
    ports::{
        calendar::{Event, EventKey, Interval},
        clock::Clock,
    },
    testing::calendar::{
        Misdeed,
        caldav::{Dialect, FakeCalDav},
    },
};

/// On a machine that has a lot to do.
const PATIENCE: Duration = Duration::from_secs(8);
/// For what is waited for in vain.
const IMPATIENCE: Duration = Duration::from_millis(500);

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        at("2026-11-26T10:00Z")
    }
}

fn caldav() -> CalDav {
    waiting(PATIENCE)
}

fn waiting(patience: Duration) -> CalDav {
    let web = Web::new(Reach::ThisMachine, Arc::new(SystemNames), patience).unwrap();
    CalDav::over(web, Arc::new(Stopped))
}

/// As patient as a misdeed deserves.
fn meeting(misdeed: &Misdeed) -> CalDav {
    waiting(if matches!(misdeed, Misdeed::Unanswered | Misdeed::DoneUnanswered) { IMPATIENCE } else { PATIENCE })
}

async fn both() -> [FakeCalDav; 2] {
    [FakeCalDav::start(Dialect::ICloud).await, FakeCalDav::start(Dialect::Nextcloud).await]
}

fn at(text: &str) -> Timestamp {
    text.replace('Z', ":00Z").parse().unwrap()
}

fn hour(text: &str) -> Interval {
    Interval { from: at(text), to: at(text) + SignedDuration::from_hours(1) }
}

fn days(from: &str, days: i64) -> Interval {
    Interval { from: at(from), to: at(from) + SignedDuration::from_hours(24 * days) }
}

fn key(number: u128) -> EventKey {
    EventKey { booking: BookingId(uuid::Uuid::from_u128(number)), generation: 0 }
}

fn visit(number: u128, when: Interval) -> Event {
    Event {
        key: key(number),
        title: "Haircut – Ann, \"the\" one; and only".to_owned(),
        description: "Booked by phone.\nColour".to_owned(),
        location: Some("12, High Street".to_owned()),
        when,
        zone: "America/Vancouver".to_owned(),
        meeting: false,
    }
}
