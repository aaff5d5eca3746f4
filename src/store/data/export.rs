//! Everything that is known of a business, in one file, as it was at one moment.
//!
//! Read piece by piece in one transaction that sees one state of the database, so that a large business needs no memory
//! and nothing in the file contradicts the rest. An erasure that is committed meanwhile wins: the file breaks off, and is
//! not whole JSON.

mod rows;
mod tables;

use std::time::Duration;

use jiff::Timestamp;
use thiserror::Error;
use tokio::{sync::mpsc::Sender, time::timeout};

use self::rows::PAGE;
use super::super::engine::{Db, Tx, begun, on};
use crate::{
    domain::ids::BusinessId,
    store::{Store, StoreError},
};

/// How long whoever downloads may leave a piece untaken: the transaction is open meanwhile.
const PATIENCE: Duration = Duration::from_secs(30);

/// Which file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// All of it, as JSON.
    Everything,
    /// A table of appointments, and one of customers, as CSV (RFC 4180).
    Bookings,
    Customers,
}

/// Why a file broke off.
#[derive(Debug, Error)]
pub enum Broken {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("there is no such business")]
    Missing,
    /// What the file would hold is no longer ours to hand out.
    #[error("something was erased meanwhile")]
    Erased,
    /// Whoever downloads has gone, or takes nothing.
    #[error("nobody takes it")]
    Untaken,
}

/// A file on its way to whoever asked for it.
struct Writer<'a> {
    store: &'a Store,
    tx: Tx,
    business: BusinessId,
    /// How many erasures there were when it was begun.
    erasures: i64,
    pieces: &'a Sender<String>,
}

impl Store {
    /// Writes a file in pieces. It is whole when this ends well.
    ///
    /// # Errors
    /// When it broke off; what has been handed on is then not whole.
    pub async fn export(
        &self,
        business: BusinessId,
        what: What,
        now: Timestamp,
        pieces: &Sender<String>,
    ) -> Result<(), Broken> {
        let erasures = self.erasures_of(business).await?;
        let tx = self.snapshot().await?;
        let writer = Writer { store: self, tx, business, erasures, pieces };
        match what {
            What::Everything => writer.everything(now).await,
            What::Bookings => writer.bookings_table().await,
            What::Customers => writer.customers_table().await,
        }
    }

    /// A transaction that reads one state of the database, and waits longer for whoever downloads than a caller's may.
    async fn snapshot(&self) -> Result<Tx, StoreError> {
        Ok(match &self.read {
            Db::Sqlite(pool) => Tx::Sqlite(pool.begin().await?),
            Db::Postgres(pool) => {
                let mut tx = begun(pool).await?;
                let sql = "set transaction isolation level repeatable read, read only;
                    set local statement_timeout = '10s';
                    set local idle_in_transaction_session_timeout = '60s'";
                sqlx::raw_sql(sql).execute(&mut *tx).await?;
                Tx::Postgres(tx)
            }
        })
    }
}

impl Writer<'_> {
    /// Hands a piece on, unless something was erased since.
    async fn put(&mut self, piece: String) -> Result<(), Broken> {
        if self.store.erasures_of(self.business).await? != self.erasures {
            return Err(Broken::Erased);
        }
        match timeout(PATIENCE, self.pieces.send(piece)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Broken::Untaken),
        }
    }

    async fn everything(mut self, now: Timestamp) -> Result<(), Broken> {
        let business = rows::business(&mut self.tx, self.business).await?.ok_or(Broken::Missing)?;
        let team = rows::team(&mut self.tx, self.business).await?;
        self.put(format!(
            "{{\n\"format\": \"deskbell-export-1\",\n\"exported\": \"{now}\",\n\"business\": {business},\n\"team\": {team}"
        ))
        .await?;
        for list in rows::LISTS {
            self.put(format!(",\n\"{}\": [", list.name())).await?;
            let (mut after, mut first) = (None, true);
            loop {
                let page = rows::page(&mut self.tx, *list, self.business, after).await?;
                let last = page.len() < PAGE;
                after = page.last().map(|(id, _)| *id).or(after);
                let mut piece = String::new();
                for (_, row) in page {
                    piece.push_str(if std::mem::take(&mut first) { "\n" } else { ",\n" });
                    piece.push_str(&row.to_string());
                }
                self.put(piece).await?;
                if last {
                    break;
                }
            }
            self.put("]".to_owned()).await?;
        }
        self.put("\n}\n".to_owned()).await
    }
}
