//! Errors, sorted by what the caller of the store can do about them.

use sqlx::error::DatabaseError;
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

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error::{
            BeginFailed, ColumnDecode, ColumnNotFound, Database, Decode, Io, PoolClosed, PoolTimedOut, Protocol,
            RowNotFound, Tls, WorkerCrashed,
        };
        match &error {
            PoolTimedOut | PoolClosed | Io(_) | Tls(_) | Protocol(_) | WorkerCrashed | BeginFailed => {
                Self::Unavailable(error)
            }
            Database(refusal) if passes(refusal.as_ref()) => Self::Unavailable(error),
            Decode(_) | ColumnDecode { .. } | ColumnNotFound(_) => Self::Inconsistent { what: "a column" },
            RowNotFound => Self::Inconsistent { what: "a row that is always there" },
            _ => Self::Refused(error),
        }
    }
}

impl StoreError {
    /// Two transactions wanted the same rows, and this one was told to step back. Trying again is safe and useful.
    pub(super) fn contended(&self) -> bool {
        let Self::Unavailable(error) = self else { return false };
        let code = error.as_database_error().and_then(DatabaseError::code);
        match code.as_deref() {
            // lock_not_available, deadlock_detected, serialization_failure
            Some("55P03" | "40P01" | "40001") => true,
            other => other.and_then(sqlite_primary) == Some(5),
        }
    }
}

/// Whether a row was refused because another has its place: a unique or exclusion constraint, or our trigger.
pub(super) fn is_conflict(error: &sqlx::Error) -> bool {
    let Some(refusal) = error.as_database_error() else { return false };
    // 1811 is SQLITE_CONSTRAINT_TRIGGER (sqlite.org/rescode.html).
    refusal.is_unique_violation() || matches!(refusal.code().as_deref(), Some("23P01" | "1811"))
}

/// Whether a table is missing: nothing was ever migrated here.
pub(super) fn is_missing_table(error: &sqlx::Error) -> bool {
    let Some(refusal) = error.as_database_error() else { return false };
    refusal.code().as_deref() == Some("42P01") || refusal.message().starts_with("no such table")
}

/// Whether a refusal is about the state of the server rather than about the statement, so that it may pass: Postgres's
/// classes 08, 25P03, 40, 53, 55P03, 57 and a standby's 25006 (its manual, appendix A); SQLite's BUSY, LOCKED, READONLY,
/// INTERRUPT, IOERR, FULL, CANTOPEN.
fn passes(refusal: &dyn DatabaseError) -> bool {
    let Some(code) = refusal.code() else { return false };
    if refusal.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
        return matches!(code.as_ref(), "25006" | "25P03" | "55P03")
            || ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class));
    }
    matches!(sqlite_primary(&code), Some(5 | 6 | 8 | 9 | 10 | 13 | 14))
}

/// SQLite's extended result codes carry the primary one in their lowest byte.
fn sqlite_primary(code: &str) -> Option<i32> {
    code.parse::<i32>().ok().map(|code| code & 0xff)
}
