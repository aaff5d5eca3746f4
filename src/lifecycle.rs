//! Stopping in two steps: first nothing new is taken on and live calls go on; then whoever is left says goodbye.

use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Shared by everything that has to stop. Cloning it shares it.
#[derive(Clone, Debug, Default)]
pub struct Lifecycle {
    /// Cancelled by the first signal: not ready, no new calls; live ones go on until the drain limit.
    pub draining: CancellationToken,
    /// Cancelled at the drain limit or by the second signal: calls say goodbye and end within seconds.
    pub stopping: CancellationToken,
    /// Everything that must have ended before the program does.
    pub tasks: TaskTracker,
}

impl Lifecycle {
    pub fn is_draining(&self) -> bool {
        self.draining.is_cancelled() || self.stopping.is_cancelled()
    }
}
