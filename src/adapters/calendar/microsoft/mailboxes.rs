//! Graph serves one program at most four requests at once for a mailbox, and answers 429 to a fifth: so the fifth waits here.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The limit `MailboxConcurrency` of Outlook.
const AT_ONCE: usize = 4;
/// So many mailboxes are remembered before those that nobody is at are forgotten.
const MANY: usize = 1_000;

#[derive(Default)]
pub(super) struct Mailboxes(Mutex<HashMap<String, Arc<Semaphore>>>);

impl Mailboxes {
    /// Waits for one's turn, which lasts until the permit is dropped. Whose account it is has to be known.
    pub(super) async fn enter(&self, subject: &str) -> Option<OwnedSemaphorePermit> {
        if subject.is_empty() {
            return None;
        }
        let places = {
            let mut mailboxes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if mailboxes.len() >= MANY {
                mailboxes.retain(|_, places| Arc::strong_count(places) > 1);
            }
            Arc::clone(mailboxes.entry(subject.to_owned()).or_insert_with(|| Arc::new(Semaphore::new(AT_ONCE))))
        };
        // It is never closed.
        places.acquire_owned().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_mailbox_that_nobody_is_at_is_forgotten_and_one_with_a_request_is_not() {
        let mailboxes = Mailboxes::default();
        let held = mailboxes.enter("ann").await;
        for number in 0..MANY {
            mailboxes.enter(&number.to_string()).await;
        }
        let known = mailboxes.0.lock().unwrap();
        assert!(known.len() < 5 && known["ann"].available_permits() == AT_ONCE - 1);
        drop(held);
    }
}
