//! A clock that stands still until a test turns it.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
};

use jiff::{SignedDuration, Timestamp};

use uuid::Uuid;

use super::dice::Dice;
use crate::ports::clock::{Clock, Ids};

/// Shows one time, to the second, until told another. Cloning it shares it.
#[derive(Clone, Debug)]
pub struct FixedClock(Arc<AtomicI64>, Arc<Source>);

#[derive(Debug)]
enum Source {
    Random(Ids),
    /// With how many it has given out.
    Thrown(Mutex<(u32, Dice)>),
}

impl FixedClock {
    /// "2026-11-24T15:00:00Z"; anything a [`Timestamp`] can be read from.
    pub fn at(text: &str) -> Self {
        Self::with(text, Source::Random(Ids::new()))
    }

    /// The same, and its ids are the same for the same seed: for one that is the only clock of a database.
    pub fn seeded(text: &str, seed: u64) -> Self {
        Self::with(text, Source::Thrown(Mutex::new((0, Dice::named("ids", seed)))))
    }

    fn with(text: &str, source: Source) -> Self {
        let now: Timestamp = text.parse().expect("a moment in time");
        Self(Arc::new(AtomicI64::new(now.as_second())), Arc::new(source))
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
        match self.1.as_ref() {
            Source::Random(ids) => ids.fresh(self.now()),
            Source::Thrown(thrown) => {
                let mut thrown = thrown.lock().unwrap_or_else(PoisonError::into_inner);
                thrown.0 += 1;
                let mut bytes = [0; 10];
                // The version and the variant take the first bits of each pair (RFC 9562, 5.7).
                let pair = |bits: u32| u16::try_from(bits).unwrap_or_default().to_be_bytes();
                bytes[..2].copy_from_slice(&pair((thrown.0 >> 14) & 0x0fff));
                bytes[2..4].copy_from_slice(&pair(thrown.0 & 0x3fff));
                bytes[4..].copy_from_slice(&thrown.1.roll().to_be_bytes()[..6]);
                let millis = u64::try_from(self.now().as_millisecond()).unwrap_or_default();
                uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
            }
        }
    }
}
