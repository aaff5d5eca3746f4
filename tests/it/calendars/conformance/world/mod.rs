//! A vendor's double as the suite needs it: whatever its name, its owner does the same things.

mod calcom;
mod caldav;
mod calendly;
mod google;
mod microsoft;

use std::sync::Arc;

use async_trait::async_trait;
use deskbell::{
    calendars::opener::With,
    domain::{
        business::Business,
        connection::{Account, Choice},
        secret::Secret,
    },
    ports::{calendar::Interval, consent::Tokens, vendors::Vendor},
    testing::{
        calendar::{Kit, Misdeed, agenda::Agenda},
        clock::FixedClock,
    },
};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

/// A method and a part of a path.
pub(super) type Request = (&'static str, &'static str);

/// What stands in an owner's calendar and is not simply busy from here to there.
#[derive(Clone, Debug)]
pub(super) enum Odd {
    AllDay(Date),
    /// Shown as free.
    Free(Interval),
    /// Every day for so many days, but not on the nth (from 0).
    Daily {
        first: Interval,
        days: u8,
        but: u8,
    },
    /// By the wall clock of Berlin: "2026-11-24T16:00:00".
    InBerlin {
        from: &'static str,
        to: &'static str,
    },
}

#[async_trait]
pub(super) trait World: Send + Sync {
    fn vendor(&self) -> Vendor;
    fn kit(&self) -> &Kit;
    /// What opens the account.
    fn opens(&self) -> (With, Account);
    fn choice(&self, business: &Business) -> Choice;

    /// The requests by which it says what is free, and by which something is made, changed and taken away.
    fn reads(&self) -> Request;
    fn makes(&self) -> Request;
    fn changes(&self) -> Request;
    fn removes(&self) -> Request;

    /// Somebody else has this time.
    fn busy(&self, when: Interval);
    /// False: it has nothing like it.
    fn odd(&self, odd: Odd) -> bool;
    /// What stands there of ours, in order of time.
    fn ours(&self) -> Vec<Interval>;
    fn revoke(&self);
    /// 403, as the vendor words it when it may not be asked.
    fn forbids(&self) -> Misdeed;
    /// 429, as the vendor words it.
    fn limits(&self, retry_after: Option<u64>) -> Misdeed {
        Misdeed::Status { status: 429, body: "{}".to_owned(), retry_after }
    }
    /// The owner moves or deletes what stands there of ours. False: not here.
    fn owner_moves(&self, to: Interval) -> bool;
    fn owner_deletes(&self) -> bool;
    /// False: it has none that could go.
    fn calendar_goes(&self) -> bool;

    fn is_scheduler(&self) -> bool {
        false
    }
}

pub(super) type Made = Arc<dyn World>;

/// The names of all of them.
pub(super) const ALL: [&str; 5] = ["google_calendar", "microsoft365", "caldav", "calendly", "calcom"];

pub(super) async fn made(name: &str, clock: &FixedClock) -> Made {
    match name {
        "google_calendar" => Arc::new(google::World::start(clock).await),
        "microsoft365" => Arc::new(microsoft::World::start(clock).await),
        "caldav" => Arc::new(caldav::World::start(clock).await),
        "calendly" => Arc::new(calendly::World::start(clock).await),
        "calcom" => Arc::new(calcom::World::start(clock).await),
        other => panic!("{other} is no vendor"),
    }
}

fn tokens((access, refresh): (String, String)) -> With {
    let good_for = SignedDuration::from_mins(55);
    With::Tokens(Tokens { access: Secret::new(access), good_for, refresh: Some(Secret::new(refresh)) })
}

fn of(mut times: Vec<(Timestamp, Timestamp)>) -> Vec<Interval> {
    times.sort_unstable();
    times.into_iter().map(|(from, to)| Interval { from, to }).collect()
}

/// Schedulers' own hours are the salon's, and its zone.
fn opens_as_the_salon(change_hours: impl FnOnce(fn(&mut Agenda))) {
    change_hours(|agenda| {
        agenda.zone = TimeZone::get("America/New_York").unwrap();
        (agenda.opens, agenda.closes) = (9, 19);
    });
}
