//! A text message vendor with a memory, which fails as it is told to.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use jiff::Timestamp;

use crate::{
    domain::phone::PhoneNumber,
    ports::sms::{SentId, Sms, SmsError},
};

/// What happens to the next message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    /// It will never be delivered there.
    Refused,
    /// The vendor is down, and says so.
    NotTaken,
    /// The vendor takes it, and its answer is lost.
    AnswerLost,
    /// It never reaches the vendor, and nobody can tell.
    RequestLost,
    /// The adapter has a bug.
    Panics,
}

/// A message the vendor took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub id: SentId,
    pub to: PhoneNumber,
    pub body: String,
    pub key: String,
}

#[derive(Debug, Default)]
pub struct RememberingSms {
    taken: Mutex<Vec<Taken>>,
    mishaps: Mutex<VecDeque<Mishap>>,
    deaf: Mutex<bool>,
    asked: Mutex<usize>,
}

impl RememberingSms {
    pub fn new() -> Self {
        Self::default()
    }

    /// The next messages meet these, one each; after them all is well.
    #[must_use]
    pub fn with(self, mishaps: impl IntoIterator<Item = Mishap>) -> Self {
        lock(&self.mishaps).extend(mishaps);
        self
    }

    pub fn then(&self, mishap: Mishap) {
        lock(&self.mishaps).push_back(mishap);
    }

    /// Whether `find` fails.
    pub fn deaf(&self, deaf: bool) {
        *lock(&self.deaf) = deaf;
    }

    /// Everything that was taken, in order.
    pub fn taken(&self) -> Vec<Taken> {
        lock(&self.taken).clone()
    }

    /// How often it was asked to send.
    pub fn asked(&self) -> usize {
        *lock(&self.asked)
    }

    fn take(&self, to: &PhoneNumber, body: &str, key: &str) -> SentId {
        let mut taken = lock(&self.taken);
        let id = SentId(format!("SM{:032x}", taken.len() + 1));
        taken.push(Taken { id: id.clone(), to: to.clone(), body: body.to_owned(), key: key.to_owned() });
        id
    }
}

#[async_trait]
impl Sms for RememberingSms {
    fn name(&self) -> &'static str {
        "remembering"
    }

    async fn send(&self, to: &PhoneNumber, body: &str, key: &str) -> Result<SentId, SmsError> {
        *lock(&self.asked) += 1;
        let mishap = lock(&self.mishaps).pop_front();
        match mishap {
            None => Ok(self.take(to, body, key)),
            Some(Mishap::Refused) => Err(SmsError::Refused("the number cannot get text messages")),
            Some(Mishap::NotTaken) => Err(SmsError::NotTaken(anyhow::anyhow!("503"))),
            Some(Mishap::AnswerLost) => {
                self.take(to, body, key);
                Err(SmsError::Unknown(anyhow::anyhow!("timed out")))
            }
            Some(Mishap::RequestLost) => Err(SmsError::Unknown(anyhow::anyhow!("timed out"))),
            Some(Mishap::Panics) => panic!("a poisonous message"),
        }
    }

    async fn find(&self, to: &PhoneNumber, body: &str, _: Timestamp) -> Result<Option<SentId>, SmsError> {
        if *lock(&self.deaf) {
            return Err(SmsError::NotTaken(anyhow::anyhow!("503")));
        }
        let taken = lock(&self.taken);
        Ok(taken.iter().find(|taken| taken.to == *to && taken.body == body).map(|taken| taken.id.clone()))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
