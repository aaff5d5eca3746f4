//! Businesses as the doors need them: at once, two seconds old at most, and older rather than not at all.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

use super::patience::{Late, in_time};
use crate::{
    domain::{business::Business, ids::BusinessId, phone::PhoneNumber},
    store::Store,
};

/// How old an answer may be.
const FRESH: Duration = Duration::from_secs(2);
/// How many answers are kept, "there is none" included.
const KEPT: usize = 4_096;

/// The businesses, remembered.
pub struct Businesses {
    store: Store,
    by_id: Remembered<BusinessId, Arc<Business>>,
    by_number: Remembered<PhoneNumber, BusinessId>,
}

impl Businesses {
    pub fn new(store: Store) -> Self {
        Self { store, by_id: Remembered::default(), by_number: Remembered::default() }
    }

    /// Nothing when there is none. When the ledger does not answer, what it said before, however old.
    pub async fn get(&self, id: BusinessId) -> Result<Option<Arc<Business>>, Late> {
        let read = async { Ok(self.store.business(id).await?.map(|found| Arc::new(found.business))) };
        self.by_id.get(id, in_time("reading a business", read)).await
    }

    /// The business that answers a number.
    pub async fn by_number(&self, number: &PhoneNumber) -> Result<Option<Arc<Business>>, Late> {
        let read = in_time("looking up a number", self.store.business_by_number(number));
        match self.by_number.get(number.clone(), read).await? {
            Some(id) => self.get(id).await,
            None => Ok(None),
        }
    }

    /// To be called after an edit, so that this node shows it at once.
    pub fn forget(&self, id: BusinessId) {
        self.by_id.lock().remove(&id);
        // The edit may have changed its numbers; they are few and quickly read again.
        self.by_number.lock().clear();
    }
}

struct Remembered<K, V>(Mutex<HashMap<K, Answer<V>>>);

struct Answer<V> {
    value: Option<V>,
    read: Instant,
}

impl<K, V> Default for Remembered<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V: Clone> Remembered<K, V> {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<K, Answer<V>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn get(&self, key: K, read: impl Future<Output = Result<Option<V>, Late>>) -> Result<Option<V>, Late> {
        if let Some(answer) = self.lock().get(&key).filter(|answer| answer.read.elapsed() < FRESH) {
            return Ok(answer.value.clone());
        }
        match read.await {
            Ok(value) => {
                self.keep(key, value.clone());
                Ok(value)
            }
            Err(late) => self.lock().get(&key).map(|answer| answer.value.clone()).ok_or(late),
        }
    }

    fn keep(&self, key: K, value: Option<V>) {
        let mut answers = self.lock();
        if answers.len() >= KEPT && !answers.contains_key(&key) {
            // Somebody asks for one after another. What is used often comes back with its next request.
            answers.retain(|_, answer| answer.value.is_some() && answer.read.elapsed() < FRESH);
            if answers.len() >= KEPT {
                answers.clear();
            }
        }
        answers.insert(key, Answer { value, read: Instant::now() });
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_answer_is_remembered_for_two_seconds() {
        let remembered = Remembered::<u32, u32>::default();
        assert_eq!(remembered.get(1, ready(Ok(Some(10)))).await.unwrap(), Some(10));
        assert_eq!(remembered.get(1, ready(Ok(Some(11)))).await.unwrap(), Some(10));
        advance(FRESH).await;
        assert_eq!(remembered.get(1, ready(Ok(Some(11)))).await.unwrap(), Some(11));
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_known_is_told_while_the_ledger_is_down() {
        let remembered = Remembered::<u32, u32>::default();
        remembered.get(1, ready(Ok(Some(10)))).await.unwrap();
        advance(FRESH * 100).await;
        assert_eq!(remembered.get(1, ready(Err(Late))).await.unwrap(), Some(10));
        assert!(remembered.get(2, ready(Err(Late))).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn asking_for_a_million_that_do_not_exist_costs_no_memory() {
        let remembered = Remembered::<u32, u32>::default();
        for key in 0..1_000_000 {
            remembered.get(key, ready(Ok(None))).await.unwrap();
        }
        assert!(remembered.lock().len() <= KEPT);
    }
}
