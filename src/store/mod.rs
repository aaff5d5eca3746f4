//! The ledger: SQL, once for both engines. Rows become domain types here and nowhere else.
//!
//! SQLite is the embedded default, Postgres is production. The database decides every race; the code names the outcome.

pub mod accounts;
pub mod audit;
pub mod blocks;
pub mod bookings;
pub mod businesses;
pub mod calls;
pub mod connections;
pub mod customers;
pub mod data;
pub mod drafts;
mod engine;
mod error;
pub mod following;
pub mod idempotency;
pub mod insights;
pub mod links;
pub mod notes;
pub mod outbox;
pub mod placements;
mod replacing;
pub mod reports;
mod schema;
pub mod search;
pub mod sightings;
pub mod spending;
pub mod today;
mod values;

use jiff::Timestamp;

pub use error::StoreError;

use engine::{Db, Pools, on};

/// A handle; cloning it shares the pools.
#[derive(Clone)]
pub struct Store {
    read: Db,
    write: Db,
}

impl Store {
    /// Opens `sqlite://path` (made when it is not there) or `postgres://…` with budgets that fit a call: 250 ms to get
    /// a connection, 500 ms for a statement, 300 ms for a lock. SQLite's single writer is queued for up to 1 s instead,
    /// and has no limit per statement.
    ///
    /// A Postgres server need not answer yet; everything is [`StoreError::Unavailable`] until it does.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let Pools { read, write } = Pools::open(url).await?;
        Ok(Self { read, write })
    }

    /// Waits for the statements under way and closes every connection. The handle and its clones are useless after it.
    pub async fn close(&self) {
        on!(&self.read, pool => pool.close().await);
        on!(&self.write, pool => pool.close().await);
    }

    /// Writes and reads one row, as readiness needs both.
    pub async fn probe(&self) -> Result<(), StoreError> {
        let write = "insert into probe (id, n) values (1, 1) on conflict (id) do update set n = probe.n + 1";
        on!(&self.write, db => sqlx::query(write).execute(db).await.map(drop))?;
        let read = "select n from probe where id = 1";
        on!(&self.read, db => sqlx::query_scalar::<_, i64>(read).fetch_one(db).await)?;
        Ok(())
    }

    /// The time by the database server's clock. Nothing for an embedded database, which has no clock of its own.
    pub async fn server_time(&self) -> Result<Option<Timestamp>, StoreError> {
        let Db::Postgres(pool) = &self.read else { return Ok(None) };
        let sql = "select cast(extract(epoch from now()) as bigint)";
        let seconds = sqlx::query_scalar::<_, i64>(sql).fetch_one(pool).await?;
        let time = Timestamp::from_second(seconds);
        time.map(Some).map_err(|_| StoreError::Inconsistent { what: "the server's clock" })
    }

    /// 32 random bytes under a name, the same on every node: made by whoever asks first.
    pub async fn secret(&self, name: &str) -> Result<[u8; 32], StoreError> {
        let mut fresh = [0; 32];
        getrandom::fill(&mut fresh).map_err(|error| StoreError::Unavailable(sqlx::Error::Io(error.into())))?;
        let write = "insert into server_secrets (name, value) values ($1, $2) on conflict (name) do nothing";
        on!(&self.write, db => sqlx::query(write).bind(name).bind(&fresh[..]).execute(db).await.map(drop))?;
        let read = "select value from server_secrets where name = $1";
        let stored = on!(&self.write, db => sqlx::query_scalar::<_, Vec<u8>>(read).bind(name).fetch_one(db).await)?;
        stored.try_into().map_err(|_| StoreError::Inconsistent { what: "server_secrets.value" })
    }
}
