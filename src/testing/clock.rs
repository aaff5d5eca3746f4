//! A clock that stands still until a test turns it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::{SignedDuration, Timestamp};

use uuid::Uuid;

use crate::ports::clock::{Clock, Ids};

/// Shows one time, to the second, until told another. Cloning it shares it.
#[derive(Clone, Debug)]
pub struct FixedClock(Arc<AtomicI64>, Arc<Ids>);

impl FixedClock {
    /// "2026-11-24T15:00:00Z"; anything a [`Timestamp`] can be read from.
    pub fn at(text: &str) -> Self {
        let now: Timestamp = text.parse().expect("a moment in time");
        Self(Arc::new(AtomicI64::new(now.as_second())), Arc::default())
    }

    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_second(), Ordering::SeqCst);
    }

    pub fn advance(&self, by: SignedDuration) {
        self.0.fetch_add(by.as_secs(), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).expect("a moment in time")
    }

    fn new_id(&self) -> Uuid {
        self.1.fresh(self.now())
    }
}
