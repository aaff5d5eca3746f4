//! The time of day of a scenario: it begins where the scenario says and runs on, and the story may turn it forward.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::ports::clock::Clock;

/// Cloning it shares it.
#[derive(Clone, Debug)]
pub(super) struct StoryClock {
    began: Timestamp,
    since: Instant,
    /// Seconds it was turned forward.
    turned: Arc<AtomicI64>,
}

impl StoryClock {
    pub(super) fn starting_at(began: Timestamp) -> Self {
        Self { began, since: Instant::now(), turned: Arc::default() }
    }

    pub(super) fn turn_forward(&self, by: SignedDuration) {
        self.turned.fetch_add(by.as_secs(), Ordering::SeqCst);
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        let run = SignedDuration::try_from(self.since.elapsed()).unwrap_or(SignedDuration::MAX);
        let turned = SignedDuration::from_secs(self.turned.load(Ordering::SeqCst));
        self.began.saturating_add(run.saturating_add(turned)).unwrap_or(Timestamp::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_runs_on_and_can_be_turned_forward() {
        let began: Timestamp = "2026-10-25T00:30:00Z".parse().unwrap();
        let clock = StoryClock::starting_at(began);
        tokio::time::advance(std::time::Duration::from_secs(30)).await;
        clock.turn_forward(SignedDuration::from_mins(4));
        assert_eq!(clock.now(), began + SignedDuration::from_secs(270));
    }
}
