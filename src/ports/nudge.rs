//! A tap on the shoulder: whoever committed work wakes whoever does it, so that nobody has to look often.

use std::sync::Arc;

use tokio::sync::Notify;

/// Cloning it shares it. One that comes while nobody waits is kept for the next who does; several are one.
#[derive(Clone, Debug, Default)]
pub struct Nudge(Arc<Notify>);

impl Nudge {
    pub fn wake(&self) {
        self.0.notify_one();
    }

    /// Returns at the next [`wake`](Self::wake), or at once if there was one since the last.
    pub async fn woken(&self) {
        self.0.notified().await;
    }
}
