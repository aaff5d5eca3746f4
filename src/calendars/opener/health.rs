//! How connected accounts do, as their owners see it. Written down beside the question, and not with each.

use std::sync::Arc;

use jiff::SignedDuration;
use tracing::warn;

use super::Inner;
use crate::{domain::connection::Connection, ports::calendar::Trouble};

/// The same is written down so often at most.
const EVERY: SignedDuration = SignedDuration::from_secs(60);

/// What an owner is told about it: nothing when the account itself is well.
fn problem(trouble: &Trouble) -> Option<&'static str> {
    match trouble {
        Trouble::Unavailable(_) | Trouble::Unknown(_) => Some("It does not answer, or not as it should."),
        Trouble::Limited { .. } => Some("It turns requests away, because there were too many."),
        Trouble::Refused(_) => Some("It refuses what it is asked."),
        Trouble::Unauthorized | Trouble::Reconnect(_) => Some("It does not let us in."),
        Trouble::Gone | Trouble::Conflict | Trouble::Taken | Trouble::Stale => None,
    }
}

impl Inner {
    pub(super) fn noticed(self: &Arc<Self>, connection: &Connection, trouble: Option<&Trouble>) {
        let (problem, now) = (trouble.and_then(problem), self.clock.now());
        if !self.memory.is_news(connection.id, problem, now, EVERY) {
            return;
        }
        let (inner, business, id) = (Arc::clone(self), connection.business, connection.id);
        self.tasks.spawn(async move {
            let store = inner.vault.store();
            let noted = match problem {
                None => store.mark_well(business, id, now).await,
                Some(problem) => store.mark_problem(business, id, problem, now).await,
            };
            if let Err(error) = noted {
                warn!(%error, connection.id = %id, "how connection {id} does could not be written down");
            }
        });
    }
}
