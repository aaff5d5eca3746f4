//! The ledger: SQL, once for both engines. Rows become domain types here and nowhere else.
//!
//! SQLite is the embedded default, Postgres is production. The database decides every race; the code names the outcome.

pub mod bookings;
pub mod businesses;
pub mod calls;
pub mod idempotency;
pub mod notes;
pub mod outbox;
mod replacing;

use thiserror::Error;

/// What a caller of the store can do about it.
#[derive(Debug, Error)]
pub enum StoreError {
    /// No connection in time, a lock that was not given up in time, a lost connection. Nothing is known to have happened.
    #[error("the database does not answer")]
    Unavailable(#[source] sqlx::Error),
    /// A row that cannot be what it is: somebody wrote to the database by hand, or an older binary reads a newer schema.
    #[error("the database holds something unexpected in {what}")]
    Inconsistent { what: &'static str },
    #[error("the database refused a statement")]
    Refused(#[source] sqlx::Error),
}

/// A handle; cloning it shares the pool.
#[derive(Clone)]
pub struct Store {}

impl Store {
    /// Opens `sqlite://path` (made when it is not there) or `postgres://…` with budgets that fit a call: 250 ms to get
    /// a connection, 500 ms for a statement, 300 ms for a lock.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let _ = url;
        todo!()
    }

    /// Brings the schema up to date; safe to run from several processes at once.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        todo!()
    }

    /// Whether the schema is the one this binary knows.
    pub async fn migrated(&self) -> Result<bool, StoreError> {
        todo!()
    }

    /// Writes and reads one row, as readiness needs both.
    pub async fn probe(&self) -> Result<(), StoreError> {
        todo!()
    }

    /// 32 random bytes under a name, the same on every node: made by whoever asks first.
    pub async fn secret(&self, name: &str) -> Result<[u8; 32], StoreError> {
        let _ = name;
        todo!()
    }
}
