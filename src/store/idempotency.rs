//! Answers of the API under their Idempotency-Key, for 24 hours, so that a request sent twice acts once.

use jiff::{SignedDuration, Timestamp};

use super::{Store, StoreError, engine::on, values::at};

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// An attempt that has not finished by now never will.
const DEAD: SignedDuration = SignedDuration::from_secs(60);

/// What an Idempotency-Key has been used for.
#[derive(Debug, PartialEq, Eq)]
pub enum Begun {
    /// Never, or its first attempt died more than a minute ago: go on, then call `finish_request`.
    Fresh,
    /// The same request was answered with this.
    Replay { status: u16, body: String },
    /// The same request is being worked on.
    InFlight,
    /// A different request used this key.
    Mismatch,
}

#[derive(sqlx::FromRow)]
struct Row {
    hash: String,
    status: Option<i32>,
    body: Option<String>,
}

impl Store {
    /// `hash` is of method, path and body.
    pub async fn begin_request(&self, key: &str, hash: &str, now: Timestamp) -> Result<Begun, StoreError> {
        let sql = "delete from idempotency_keys where started_at <= $1";
        on!(&self.write, db => sqlx::query(sql).bind(at(now - KEPT)).execute(db).await.map(drop))?;
        let sql =
            "insert into idempotency_keys (key, hash, started_at) values ($1, $2, $3) on conflict (key) do nothing";
        let fresh = on!(&self.write, db => sqlx::query(sql)
            .bind(key).bind(hash).bind(at(now)).execute(db).await.map(|done| done.rows_affected()))?;
        if fresh == 1 {
            return Ok(Begun::Fresh);
        }
        let sql = "select hash, status, body from idempotency_keys where key = $1";
        let row = on!(&self.write, db => sqlx::query_as::<_, Row>(sql).bind(key).fetch_optional(db).await)?;
        match row {
            // Forgotten between the two statements: whoever forgot it will not mind that this one waits a moment.
            None => Ok(Begun::InFlight),
            Some(row) if row.hash != hash => Ok(Begun::Mismatch),
            Some(Row { status: Some(status), body, .. }) => {
                let status = u16::try_from(status).map_err(|_| StoreError::Inconsistent { what: "a status" })?;
                Ok(Begun::Replay { status, body: body.unwrap_or_default() })
            }
            Some(_) => self.take_over(key, now).await,
        }
    }

    /// An attempt that died is taken over by exactly one other.
    async fn take_over(&self, key: &str, now: Timestamp) -> Result<Begun, StoreError> {
        let sql = "update idempotency_keys set started_at = $2
            where key = $1 and status is null and started_at < $3";
        let taken = on!(&self.write, db => sqlx::query(sql)
            .bind(key).bind(at(now)).bind(at(now - DEAD)).execute(db).await.map(|done| done.rows_affected()))?;
        Ok(if taken == 1 { Begun::Fresh } else { Begun::InFlight })
    }

    pub async fn finish_request(&self, key: &str, status: u16, body: &str) -> Result<(), StoreError> {
        let sql = "update idempotency_keys set status = $2, body = $3 where key = $1 and status is null";
        on!(&self.write, db => sqlx::query(sql)
            .bind(key).bind(i32::from(status)).bind(body).execute(db).await.map(drop))?;
        Ok(())
    }

    /// The request failed before it did anything: the key may be used again.
    pub async fn forget_request(&self, key: &str) -> Result<(), StoreError> {
        let sql = "delete from idempotency_keys where key = $1 and status is null";
        on!(&self.write, db => sqlx::query(sql).bind(key).execute(db).await.map(drop))?;
        Ok(())
    }
}
