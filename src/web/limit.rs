//! How often somebody may do something: counted per minute or so, for a bounded number of somebodies, in this process.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// Keys that are remembered; more within a window and all start anew.
const REMEMBERED: usize = 10_000;

/// So many times within a window, for each key.
#[derive(Debug)]
pub(in crate::web) struct Limit<K> {
    most: u32,
    window: Duration,
    counted: Mutex<HashMap<K, (Instant, u32)>>,
}

impl<K: Hash + Eq> Limit<K> {
    pub(in crate::web) fn new(most: u32, window: Duration) -> Self {
        Self { most, window, counted: Mutex::default() }
    }

    /// Counts one more, unless it is one too many.
    pub(in crate::web) fn admits(&self, key: K) -> bool {
        let now = Instant::now();
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        if counted.len() >= REMEMBERED {
            counted.retain(|_, (since, _)| now.duration_since(*since) < self.window);
            if counted.len() >= REMEMBERED {
                counted.clear();
            }
        }
        let (since, count) = counted.entry(key).or_insert((now, 0));
        if now.duration_since(*since) >= self.window {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        *count <= self.most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn somebody_may_so_often_within_a_window() {
        let limit = Limit::new(30, Duration::from_mins(1));
        assert!((0..30).all(|_| limit.admits("one")));
        assert!(!limit.admits("one"));
        assert!(limit.admits("another"), "others are not concerned");
        tokio::time::advance(Duration::from_mins(1)).await;
        assert!(limit.admits("one"));
    }
}
