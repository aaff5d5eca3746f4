//! The live calls of this process, for those who watch them from outside: orders reach the session of a call, and whoever
//! watches is woken when something about it has been written down.
//!
//! What is true of a call stands in the ledger. A watcher on another node looks there by itself from time to time.

use std::{
    collections::HashMap,
    future::pending,
    sync::{Arc, Mutex, PoisonError},
};

use async_trait::async_trait;
use tokio::sync::{broadcast, mpsc};

use super::{
    journal::{Entry, Journal, JournalError},
    nudge::Nudge,
};
use crate::domain::{dialogue::Order, ids::CallId, phone::PhoneNumber};

/// News that a slow watcher may miss; then it looks by itself.
const NEWS: usize = 256;
/// Orders that may wait for a session. The first one counts.
const WAITING: usize = 2;

/// What the business wants done with a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ordered {
    pub order: Order,
    /// Whom to put it through to; none: the business's own number for that.
    pub to: Option<PhoneNumber>,
}

/// Cloning it shares it.
#[derive(Clone, Debug)]
pub struct LiveCalls {
    sessions: Arc<Mutex<HashMap<CallId, mpsc::Sender<Ordered>>>>,
    news: broadcast::Sender<CallId>,
    waiting: Nudge,
}

/// A session's end of it. Dropping it says that the session is over.
#[derive(Debug, Default)]
pub struct Orders(Option<Listening>);

#[derive(Debug)]
struct Listening {
    call: CallId,
    orders: mpsc::Receiver<Ordered>,
    calls: LiveCalls,
}

impl Default for LiveCalls {
    fn default() -> Self {
        Self { sessions: Arc::default(), news: broadcast::channel(NEWS).0, waiting: Nudge::default() }
    }
}

impl LiveCalls {
    /// A session listens for the orders of its call. A later connection of the same call takes over from an earlier one.
    pub fn listen(&self, call: CallId) -> Orders {
        let (sender, orders) = mpsc::channel(WAITING);
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).insert(call, sender);
        Orders(Some(Listening { call, orders, calls: self.clone() }))
    }

    /// Whether any call is live here.
    pub fn any(&self) -> bool {
        !self.sessions.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    pub fn is_here(&self, call: CallId) -> bool {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&call)
    }

    /// Hands an order to the session of a call. False: it is not here, or has as many as it needs.
    pub fn order(&self, call: CallId, ordered: Ordered) -> bool {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.get(&call).is_some_and(|session| session.try_send(ordered).is_ok())
    }

    /// Something about a call has been written down.
    pub fn tell(&self, call: CallId) {
        // An error says that nobody watches.
        let _ = self.news.send(call);
    }

    /// News of all calls of this process.
    pub fn watch(&self) -> broadcast::Receiver<CallId> {
        self.news.subscribe()
    }

    /// Woken when an order has been written down here.
    pub fn waiting(&self) -> &Nudge {
        &self.waiting
    }
}

impl Orders {
    /// The next order. Waits for ever when nobody can give one. May be dropped half-way.
    pub async fn next(&mut self) -> Option<Ordered> {
        match &mut self.0 {
            Some(listening) => match listening.orders.recv().await {
                Some(ordered) => Some(ordered),
                None => pending().await,
            },
            None => pending().await,
        }
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.orders.close();
        let mut sessions = self.calls.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        // A later connection of the call may have taken its place.
        if sessions.get(&self.call).is_some_and(mpsc::Sender::is_closed) {
            sessions.remove(&self.call);
        }
        drop(sessions);
        self.calls.tell(self.call);
    }
}

/// A journal whose readers are told.
pub struct Told {
    journal: Arc<dyn Journal>,
    calls: LiveCalls,
}

impl Told {
    pub fn new(journal: Arc<dyn Journal>, calls: LiveCalls) -> Self {
        Self { journal, calls }
    }
}

#[async_trait]
impl Journal for Told {
    async fn write(&self, entry: Entry) -> Result<(), JournalError> {
        let call = entry.lease.call;
        self.journal.write(entry).await?;
        self.calls.tell(call);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[tokio::test]
    async fn an_order_reaches_the_connection_that_has_the_call_now() {
        let calls = LiveCalls::default();
        let (call, end) = (CallId(Uuid::from_u128(1)), Ordered { order: Order::End, to: None });
        assert!(!calls.order(call, end.clone()), "nobody is there");
        let first = calls.listen(call);
        let mut second = calls.listen(call);
        drop(first);
        assert!(calls.order(call, end.clone()));
        assert_eq!(second.next().await, Some(end.clone()));
        let mut news = calls.watch();
        drop(second);
        assert_eq!(news.recv().await, Ok(call));
        assert!(!calls.any() && !calls.order(call, end));
    }
}
