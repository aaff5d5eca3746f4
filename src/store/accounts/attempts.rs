//! Guesses at a password, counted for all nodes together.

use jiff::{SignedDuration, Timestamp};

use super::SecretHash;
use crate::store::{
    Store, StoreError,
    engine::on,
    values::{Moment, at, moment},
};

/// Whether an attempt is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    Admitted,
    /// It comes too early, and was not counted: whoever guesses does not make the wait longer by going on.
    Wait {
        until: Timestamp,
    },
}

impl Store {
    /// Counts an attempt before it is looked at, so that many at once are not looked at all together. `account`: whom it is
    /// for; `wait`: how long the next one has to wait after so many; those before `forget` no longer count.
    pub async fn attempt(
        &self,
        account: &SecretHash,
        now: Timestamp,
        forget: Timestamp,
        wait: fn(i32) -> SignedDuration,
    ) -> Result<Attempt, StoreError> {
        let mut tx = self.write.begin().await?;
        let sql = "insert into sign_in_attempts (account, attempts, last_at, next_at) values ($1, 1, $2, $2)
            on conflict (account) do update set
                attempts = case when sign_in_attempts.last_at < $3 then 1 else sign_in_attempts.attempts + 1 end,
                last_at = $2, next_at = $2
            where sign_in_attempts.next_at <= $2 returning attempts";
        let counted = on!(&mut tx, tx => sqlx::query_scalar::<_, i32>(sql)
            .bind(&account[..]).bind(at(now)).bind(at(forget)).fetch_optional(&mut **tx).await)?;
        let Some(attempts) = counted else {
            drop(tx);
            let sql = "select next_at from sign_in_attempts where account = $1";
            let next = on!(&self.write, db =>
                sqlx::query_scalar::<_, Moment>(sql).bind(&account[..]).fetch_optional(db).await)?;
            return Ok(next.map_or(Attempt::Admitted, |next| Attempt::Wait { until: moment(next) }));
        };
        let wait = wait(attempts);
        if !wait.is_zero() {
            let sql = "update sign_in_attempts set next_at = $2 where account = $1";
            on!(&mut tx, tx => sqlx::query(sql)
                .bind(&account[..]).bind(at(now + wait)).execute(&mut **tx).await.map(drop))?;
        }
        tx.commit().await?;
        Ok(Attempt::Admitted)
    }

    /// The right password was given, or a new one set.
    pub async fn forget_attempts(&self, account: &SecretHash) -> Result<(), StoreError> {
        let sql = "delete from sign_in_attempts where account = $1";
        on!(&self.write, db => sqlx::query(sql).bind(&account[..]).execute(db).await.map(drop))?;
        Ok(())
    }
}
