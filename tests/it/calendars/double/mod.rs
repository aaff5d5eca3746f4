//! Vendors in memory that keep their promises and break them when they are told to: what is about the desk, the ledger and
//! the calendars' own logic needs no HTTP. The vendors' own ways are in `testing/calendar`.

mod diary;
mod door;
mod scheduler;

pub(crate) use diary::Notebook;
pub(crate) use door::Latchkey;
pub(crate) use scheduler::BookingHall;

use deskbell::ports::calendar::Trouble;

/// What is asked of a vendor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Asked {
    Busy,
    Place,
    Revise,
    Withdraw,
    Find,
    Kinds,
    Changes,
    Watch,
    Watches,
}

/// How the next such question goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trap {
    /// 503, and nothing was done.
    Down,
    /// 429.
    Limited,
    /// Done, and the answer is lost.
    Lost,
    /// Not done, and the answer is lost.
    Vanished,
    /// Revoked.
    Revoked,
    /// Never answers.
    Silent,
    /// Answers after two seconds, and does what it is asked.
    Slow,
    /// 400, for good.
    Refused,
    /// A cursor is too old.
    Stale,
}

impl Trap {
    fn trouble(self) -> Trouble {
        use deskbell::domain::connection::Why;
        match self {
            Self::Down | Self::Silent | Self::Slow => Trouble::Unavailable(anyhow::anyhow!("503")),
            Self::Limited => Trouble::Limited { after: None },
            Self::Lost | Self::Vanished => Trouble::Unknown(anyhow::anyhow!("timed out")),
            Self::Revoked => Trouble::Reconnect(Why::Revoked),
            Self::Refused => Trouble::Refused("the double says so"),
            Self::Stale => Trouble::Stale,
        }
    }
}

/// Traps that are set, and a count of what was asked.
#[derive(Default)]
pub(crate) struct Traps {
    set: Vec<(Asked, Trap, usize)>,
    asked: std::collections::BTreeMap<Asked, usize>,
}

impl Traps {
    fn set(&mut self, asked: Asked, trap: Trap, times: usize) {
        self.set.push((asked, trap, times));
    }

    fn spring(&mut self, asked: Asked) -> Option<Trap> {
        *self.asked.entry(asked).or_default() += 1;
        let found = self.set.iter_mut().find(|(what, _, times)| *what == asked && *times > 0)?;
        found.2 -= 1;
        Some(found.1)
    }
}
