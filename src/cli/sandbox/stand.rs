//! What the sandbox shows of a vendor that stands in for a real one, and what its page can do there.

use jiff::Timestamp;

use crate::testing::calendar::{Kit, Misdeed, Trap};

/// An account at a vendor.
pub(super) struct Account {
    /// The vendor's id of it.
    pub(super) subject: String,
    pub(super) label: String,
    pub(super) shelves: Vec<Shelf>,
}

/// A calendar, or the bookings of an account.
pub(super) struct Shelf {
    pub(super) id: String,
    pub(super) name: String,
    /// "Berlin", "read only".
    pub(super) note: String,
    pub(super) lines: Vec<Line>,
}

/// An event or a booking.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) all_day: bool,
    /// "busy", "free", "cancelled".
    pub(super) shown: String,
    /// Deskbell wrote it.
    pub(super) ours: bool,
    /// A place, a video meeting.
    pub(super) note: String,
    /// It can be moved and deleted.
    pub(super) stands: bool,
}

/// What somebody writes in by hand.
pub(super) struct New {
    pub(super) title: String,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    pub(super) free: bool,
}

/// What comes of a button, in a sentence for the page.
pub(super) type Done = Result<(), &'static str>;

/// One vendor.
pub(super) trait Stand: Send + Sync {
    /// As a part of a path: "google".
    fn name(&self) -> &'static str;

    /// "Google Calendar".
    fn label(&self) -> &'static str;

    /// What to do on Deskbell's page to connect it, and what to type there.
    fn how(&self) -> Vec<(&'static str, String)>;

    fn kit(&self) -> &Kit;

    fn accounts(&self) -> Vec<Account>;

    /// What its lines are called: "event", "booking".
    fn noun(&self) -> &'static str {
        "event"
    }

    fn add(&self, shelf: &str, new: New) -> Done;

    fn relocate(&self, shelf: &str, id: &str, from: Timestamp, to: Timestamp) -> Done;

    fn delete(&self, shelf: &str, id: &str) -> Done;

    /// The owner takes back what an account has allowed.
    fn revoke(&self, subject: &str);

    /// Whatever was done to it is over.
    fn recover(&self) {}
}

/// How a vendor behaves, until told otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Weather {
    #[default]
    Well,
    Limited,
    Slow,
    Down,
    Silent,
}

impl Weather {
    pub(super) const ALL: [Self; 5] = [Self::Well, Self::Limited, Self::Slow, Self::Down, Self::Silent];

    /// As a form says it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Limited => "limited",
            Self::Slow => "slow",
            Self::Down => "down",
            Self::Silent => "silent",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|weather| weather.name() == name)
    }

    /// On a button.
    pub(super) fn order(self) -> &'static str {
        match self {
            Self::Well => "Be well again",
            Self::Limited => "Answer 429",
            Self::Slow => "Be slow",
            Self::Down => "Be down",
            Self::Silent => "Say nothing",
        }
    }

    pub(super) fn told(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Limited => "over its limit: every answer is 429",
            Self::Slow => "slow: every answer takes 4 seconds",
            Self::Down => "down: every answer is 503",
            Self::Silent => "silent: it takes requests and never answers",
        }
    }

    pub(super) fn set(self, kit: &Kit) {
        kit.clear_traps();
        let misdeed = match self {
            Self::Well => return,
            Self::Limited => Misdeed::Status { status: 429, body: "{}".to_owned(), retry_after: Some(30) },
            Self::Slow => Misdeed::Slow(std::time::Duration::from_secs(4)),
            Self::Down => Misdeed::status(503, "{}"),
            Self::Silent => Misdeed::Unanswered,
        };
        kit.trap(Trap { method: "", path: String::new(), times: u32::MAX, misdeed });
    }
}
