//! The time of day and fresh ids. Only one place in the program reads the machine's clock, so that tests can turn it.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use uuid::{ContextV7, Uuid};

pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Timestamp;

    /// A fresh `UUIDv7` (RFC 9562). A clock with [`Ids`] of its own keeps those of one millisecond in order, too.
    fn new_id(&self) -> Uuid {
        Ids::new().fresh(self.now())
    }
}

/// Keeps ids that are made within one millisecond in order: lists are sorted by them.
#[derive(Debug, Default)]
pub struct Ids(Mutex<ContextV7>);

impl Ids {
    pub const fn new() -> Self {
        Self(Mutex::new(ContextV7::new()))
    }

    pub fn fresh(&self, now: Timestamp) -> Uuid {
        let seconds = u64::try_from(now.as_second()).unwrap_or_default();
        let nanos = u32::try_from(now.subsec_nanosecond()).unwrap_or_default();
        let order = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Uuid::new_v7(uuid::Timestamp::from_unix(&*order, seconds, nanos))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_moment_stand_in_the_order_they_were_made_in() {
        let (ids, now) = (Ids::new(), Timestamp::from_second(1_790_000_000).unwrap());
        let made: Vec<Uuid> = (0..1_000).map(|_| ids.fresh(now)).collect();
        assert!(made.is_sorted_by(|one, next| one < next));
    }
}
