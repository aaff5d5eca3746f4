//! What nobody needs any more: sessions that are over, addresses that were used, guesses of yesterday.

use jiff::{SignedDuration, Timestamp};

use crate::store::{Store, StoreError, engine::on, values::at};

/// How long a used or expired address is kept, so that whoever opens it late is told that it was used.
const KEPT: SignedDuration = SignedDuration::from_hours(24 * 30);

impl Store {
    /// Removes it. `seen_before`: sessions that were not used since then are over; `forget`: guesses before it are forgotten.
    /// How many rows went.
    pub async fn tidy_accounts(
        &self,
        now: Timestamp,
        seen_before: Timestamp,
        forget: Timestamp,
    ) -> Result<u64, StoreError> {
        let sql = "delete from sessions where expires_at <= $1 or seen_at <= $2";
        let sessions = on!(&self.write, db => sqlx::query(sql)
            .bind(at(now)).bind(at(seen_before)).execute(db).await.map(|done| done.rows_affected()))?;
        let sql = "delete from one_time_links where expires_at <= $1";
        let links = on!(&self.write, db => sqlx::query(sql)
            .bind(at(now - KEPT)).execute(db).await.map(|done| done.rows_affected()))?;
        let sql = "delete from sign_in_attempts where last_at < $1 and next_at <= $2";
        let attempts = on!(&self.write, db => sqlx::query(sql)
            .bind(at(forget)).bind(at(now)).execute(db).await.map(|done| done.rows_affected()))?;
        let sql = "delete from identity_states where expires_at <= $1";
        let states = on!(&self.write, db => sqlx::query(sql)
            .bind(at(now)).execute(db).await.map(|done| done.rows_affected()))?;
        Ok(sessions + links + attempts + states)
    }
}
