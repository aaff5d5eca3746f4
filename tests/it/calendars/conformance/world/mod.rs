//! A vendor's double as the suite needs it: whatever its name, its owner does the same things.

mod calcom;
mod caldav;
mod calendly;
mod google;
mod microsoft;

use std::{sync::Arc, time::Duration};

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
        calendar::{Kit, Misdeed, Trap, agenda::Agenda},
        clock::FixedClock,
    },
};
use jiff::{
    SignedDuration, Timestamp, Zoned,
    civil::{Date, Weekday},
    tz::TimeZone,
};

/// A method and a part of a path.
pub(super) type Request = (&'static str, &'static str);

/// What stands in an owner's calendar and is not simply busy from here to there. Wall times: "2026-11-24T16:00:00".
#[derive(Clone, Debug)]
pub(super) enum Odd {
    AllDay(Date),
    /// Shown as free.
    Free(Interval),
    /// By the wall clock of a zone.
    Wall {
        zone: &'static str,
        from: &'static str,
        to: &'static str,
    },
    /// Every day for so many days, by the wall clock of New York; but not on one of them (from 0), and at another time on
    /// another.
    Daily {
        from: &'static str,
        to: &'static str,
        days: u8,
        but: u8,
        moved: (u8, Interval),
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

    /// By which it is looked up what a writing with a lost answer came to; and the answer that there is nothing.
    fn finds(&self) -> Request;
    fn finds_nothing(&self) -> Misdeed;

    /// Somebody else has this time.
    fn busy(&self, when: Interval);
    /// Not for those that the matrix leaves out.
    fn odd(&self, odd: Odd) {
        unreachable!("{odd:?}: the matrix says why");
    }
    /// Whoever has hours of their own works at night, too, and on Sundays.
    fn works_nights(&self) {}
    /// What stands there of ours, in order of time.
    fn ours(&self) -> Vec<Interval>;
    /// A name that was used is never free again, where that is a question of settings.
    fn burns_names(&self) {}

    /// How it answers when a name is used up.
    fn used_up(&self) -> u16 {
        409
    }

    fn revoke(&self);
    /// What opens it when it was taken back and is given again.
    fn opens_again(&self) -> (With, Account) {
        self.opens()
    }
    /// How often a new token was asked for.
    fn refreshes(&self) -> usize {
        0
    }
    /// 403, as the vendor words it when it may not be asked.
    fn forbids(&self) -> Misdeed;
    /// What was allowed is allowed no more, though we are let in.
    fn forbid(&self) {
        let (method, path) = self.reads();
        self.kit().trap(Trap { method, path: path.to_owned(), times: 1_000, misdeed: self.forbids() });
    }
    /// 429, as the vendor words it.
    fn limits(&self, retry_after: Option<u64>) -> Misdeed {
        Misdeed::Status { status: 429, body: "{}".to_owned(), retry_after }
    }

    /// The owner writes something into what stands there of ours, moves it, or deletes it; each time the first of them.
    fn owner_edits(&self) {
        unreachable!("the matrix says why");
    }
    fn owner_moves(&self, to: Interval);
    fn owner_deletes(&self);
    /// What receives appointments is deleted.
    fn calendar_goes(&self);
    /// Cursors that are out now are too old.
    fn forgets_cursors(&self) {
        unreachable!("the matrix says why");
    }

    fn is_scheduler(&self) -> bool {
        false
    }
}

pub(super) type Made = Arc<dyn World>;

/// For one request. Those that are never answered cost a test so much.
const PATIENCE: Duration = Duration::from_secs(2);

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

fn work_at_night(agenda: &mut Agenda) {
    (agenda.opens, agenda.closes) = (0, 12);
    agenda.days = Weekday::Monday.cycle_forward().take(7).collect();
}

/// A wall time as a moment; of two that it can be, the first one.
fn moment(zone: &str, wall: &str) -> Timestamp {
    format!("{wall}[{zone}]").parse::<Zoned>().unwrap().timestamp()
}

/// A wall time some days later.
fn later(wall: &str, days: u8) -> String {
    let wall = wall.parse::<jiff::civil::DateTime>().unwrap() + jiff::Span::new().days(i64::from(days));
    wall.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

const NEW_YORK: &str = "America/New_York";
