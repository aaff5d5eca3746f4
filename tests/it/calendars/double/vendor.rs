//! What is the same at every vendor here: questions that go wrong as they are told to, and what they do all the same.

use std::{
    collections::BTreeMap,
    future::pending,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use deskbell::{domain::connection::Why, ports::calendar::Trouble};
use tokio::{sync::Notify, time::sleep};

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
    /// The answer is lost, and it is done when what was [under way](Vendor::arrives) arrives.
    Late,
    /// Revoked.
    Revoked,
    /// Never answers.
    Silent,
    /// Answers after a while that is longer than a question may take, and does what it is asked.
    Slow,
    /// 400, for good.
    Refused,
    /// A cursor is too old.
    Stale,
    /// It has left, and nothing is done until it [is let go](Vendor::goes_on); whoever asked may be dead by then.
    Held,
    /// The same, when it is done and not answered.
    HeldAfter,
}

impl Trap {
    fn trouble(self) -> Trouble {
        match self {
            Self::Down | Self::Silent | Self::Slow => Trouble::Unavailable(anyhow::anyhow!("503")),
            Self::Limited => Trouble::Limited { after: None },
            Self::Lost | Self::Vanished | Self::Late | Self::Held | Self::HeldAfter => {
                Trouble::Unknown(anyhow::anyhow!("timed out"))
            }
            Self::Revoked => Trouble::Reconnect(Why::Revoked),
            Self::Refused => Trouble::Refused("the double says so"),
            Self::Stale => Trouble::Stale,
        }
    }
}

type Deed<S> = Box<dyn FnOnce(&mut S) + Send>;

/// What it keeps, and its moods.
#[derive(Default)]
pub(crate) struct Vendor<S> {
    kept: Mutex<S>,
    traps: Mutex<Vec<(Asked, Trap, usize)>>,
    asked: Mutex<BTreeMap<Asked, usize>>,
    /// Requests that nobody waits for any more, and that are still on their way here.
    under_way: Mutex<Vec<Deed<S>>>,
    /// The one that is held.
    held: Mutex<Option<Deed<S>>>,
    holds: Notify,
    let_go: Notify,
}

fn locked<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap()
}

impl<S> Vendor<S> {
    pub(super) fn keeping(kept: S) -> Self
    where
        S: Default,
    {
        Self { kept: Mutex::new(kept), ..Self::default() }
    }

    pub(super) fn kept(&self) -> MutexGuard<'_, S> {
        locked(&self.kept)
    }

    /// The next such questions go wrong so.
    pub(crate) fn trap(&self, asked: Asked, trap: Trap, times: usize) {
        locked(&self.traps).push((asked, trap, times));
    }

    pub(crate) fn untrap(&self) {
        locked(&self.traps).clear();
    }

    pub(crate) fn count(&self, asked: Asked) -> usize {
        locked(&self.asked).get(&asked).copied().unwrap_or_default()
    }

    /// What was under way arrives.
    pub(crate) fn arrives(&self) {
        let under_way = std::mem::take(&mut *locked(&self.under_way));
        for deed in under_way {
            deed(&mut self.kept());
        }
    }

    /// Returns when a question is held.
    pub(crate) async fn holds(&self) {
        self.holds.notified().await;
    }

    /// The one that is held is let go, and answered.
    pub(crate) fn goes_on(&self) {
        locked(&self.held).take();
        self.let_go.notify_one();
    }

    /// Whoever asked for what is held is dead. It may be under way nevertheless.
    pub(crate) fn nobody_waits(&self, under_way: bool) {
        let held = locked(&self.held).take().filter(|_| under_way);
        locked(&self.under_way).extend(held);
    }

    fn spring(&self, asked: Asked) -> Option<Trap> {
        *locked(&self.asked).entry(asked).or_default() += 1;
        let mut traps = locked(&self.traps);
        let found = traps.iter_mut().find(|(what, _, times)| *what == asked && *times > 0)?;
        found.2 -= 1;
        Some(found.1)
    }
}

impl<S: Send + 'static> Vendor<S> {
    /// Does what it is asked, unless that goes wrong.
    pub(super) async fn ask<T: Send>(
        &self,
        asked: Asked,
        deed: impl FnOnce(&mut S) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, Trouble> {
        let Some(trap) = self.spring(asked) else { return deed(&mut self.kept()) };
        match trap {
            Trap::Lost => drop(deed(&mut self.kept())),
            Trap::Late => locked(&self.under_way).push(Box::new(|kept| drop(deed(kept)))),
            Trap::Silent => pending().await,
            Trap::Slow => {
                sleep(Duration::from_millis(1_600)).await;
                return deed(&mut self.kept());
            }
            Trap::Held => {
                let one = Arc::new(Mutex::new(Some(deed)));
                let same = Arc::clone(&one);
                *locked(&self.held) = Some(Box::new(move |kept| {
                    let deed = locked(&same).take();
                    if let Some(deed) = deed {
                        drop(deed(kept));
                    }
                }));
                self.holds.notify_one();
                self.let_go.notified().await;
                let deed = locked(&one).take();
                if let Some(deed) = deed {
                    return deed(&mut self.kept());
                }
            }
            Trap::HeldAfter => {
                let answer = deed(&mut self.kept());
                self.holds.notify_one();
                self.let_go.notified().await;
                return answer;
            }
            _ => {}
        }
        Err(trap.trouble())
    }
}
